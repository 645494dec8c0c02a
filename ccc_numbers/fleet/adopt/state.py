"""The Pulumi half of `adopt`: import what is declared into the state, then prove by a preview that CCC was not touched."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.fleet.engine.pulumi import answer
from ccc_numbers.fleet.engine.resources import COMPONENT, FLOW, GROUP, NUMBER, state_resources
from ccc_numbers.fleet.engine.states import export_or_make
from ccc_numbers.fleet.engine.up_preview import UpPreview, preview_up, up_without_preview
from ccc_numbers.fleet.files import write_text
from ccc_numbers.messages.language import markn, tr, trn
from ccc_numbers.messages.names import listed

Row = tuple[str, str, str]
"""Type, name and id of a resource to import."""


def import_text(parts: Mapping[str, Sequence[Row]], components: Mapping[str, str]) -> str:
    """The bulk import of instances: their rows below their components, whose URNs are known or which have to be made."""
    resources: list[dict[str, object]] = []
    for instance, rows in parts.items():
        if instance not in components:
            resources.append({"type": COMPONENT, "name": instance, "component": True})
        resources += [
            {"type": kind, "name": name, "id": id, "parent": instance} for kind, name, id in sorted(rows)
        ]
    known = {"nameTable": {each: components[each] for each in parts if each in components}}
    return (
        json.dumps(
            {**(known if known["nameTable"] else {}), "resources": resources}, indent=1, ensure_ascii=False
        )
        + "\n"
    )


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many resources of each type were imported, and what an `up` would still do."""

    imported: Mapping[str, int]
    left: UpPreview


def take_over(
    project: Path,
    stack: str,
    parts: Mapping[str, Sequence[Row]],
    coming: Collection[str],
    report: Callable[[str], None],
) -> TakenOver:
    """Import what is not in the state yet, make the stack's bookkeeping resources, and preview what is left.

    An `up` is run only when its preview shows nothing that reaches CCC. Raises FleetError with Pulumi's reason.
    """
    held = state_resources(export_or_make(project, stack, report).text)
    there = {(each.type, each.name): each.urn for each in held}
    new = {instance: [row for row in rows if row[:2] not in there] for instance, rows in parts.items()}
    new = {instance: rows for instance, rows in new.items() if rows}
    counts = Counter(kind for rows in new.values() for kind, _, _ in rows)
    if new:
        report(tr("importing {counted} into Pulumi's state", counted=counted(counts)))
        file = project / "stacks" / f"{stack}.import.json"
        components = {name: urn for (kind, name), urn in there.items() if kind == COMPONENT}
        write_text(file, import_text(new, components))
        words = ["import", "--file", str(file.relative_to(project)), "--yes", "--skip-preview"]
        words += ["--generate-code=false", "--protect=false", "--stack", stack]
        answer(project, words, tr("pulumi import (the file {file} is kept for another try)", file=file))
        file.unlink()
    report(tr("previewing what `pulumi up` would do now"))
    left = preview_up(project, stack, coming)
    if left.bookkeeping and not left.reaches_ccc:
        report(tr("making the roster and the latch, which exist only in Pulumi's state"))
        up_without_preview(project, stack)
        report(tr("previewing once more, as the proof"))
        left = preview_up(project, stack, coming)
    return TakenOver(counts, left)


WORDS = {
    NUMBER: markn("{count:,} number", "{count:,} numbers"),
    GROUP: markn("{count:,} skill group", "{count:,} skill groups"),
    FLOW: markn("{count:,} contact flow", "{count:,} contact flows"),
}

NAMES = {NUMBER: "number", GROUP: "skill group", FLOW: "contact flow"}  # not translated: in JSON


def counted(counts: Mapping[str, int]) -> str:
    """`2 numbers, 1 skill group`; "" for none."""
    return listed(trn(*words, counts[kind]) for kind, words in WORDS.items() if counts.get(kind))
