"""The Pulumi half of `adopt`: import numbers into the state, then prove by a preview that CCC was not touched."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.fleet.engine.pulumi import answer, run
from ccc_numbers.fleet.engine.resources import (
    COMPONENT,
    LATCH,
    NUMBER,
    ORDER,
    ROSTER,
    PreviewStep,
    StateResource,
    preview_steps,
    short_type,
    state_resources,
)
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.messages.names import plural

# Resources that exist only in Pulumi's state: making or changing them makes no call that writes.
_VIRTUAL = frozenset({ROSTER, LATCH, ORDER, COMPONENT, "pulumi:pulumi:Stack", "pulumi:providers:ccc"})
# Properties of a number that CCC does not hold.
_SAID = frozenset({"order", "agent", "adopt", "keepOnRemoval"})
_IDLE = frozenset({"same", "refresh", "read"})


def import_text(instance: str, numbers: Iterable[str], component: str | None) -> str:
    """The bulk import of an instance's numbers, below their component: its URN, None where it has to be made."""
    parent = [] if component else [{"type": COMPONENT, "name": instance, "component": True}]
    rows = [
        {"type": NUMBER, "name": number, "id": f"{instance}/{number}", "parent": instance}
        for number in sorted(numbers)
    ]
    known = {"nameTable": {instance: component}} if component else {}
    return json.dumps({**known, "resources": [*parent, *rows]}, indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class UpPreview:
    """What an `up` would do. `bookkeeping` happens only in Pulumi's state, `joining` numbers are new in their
    instance, `others` would change CCC in another way; each as `operation type name`."""

    bookkeeping: tuple[str, ...]
    joining: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not (self.bookkeeping or self.joining or self.others)

    def count_others(self) -> str:
        """The other changes by kind: `2 update PhoneNumber, 1 delete SkillGroup`."""
        counted = Counter(each.rpartition(" ")[0] for each in self.others)
        return ", ".join(f"{count} {what}" for what, count in counted.items())


def parse_preview(text: str, coming: Collection[str]) -> UpPreview:
    """`coming` are the numbers that are expected to join their instance. Raises FleetError."""
    sorts: dict[str, list[str]] = {"bookkeeping": [], "joining": [], "others": []}
    for step in preview_steps(text, "preview"):
        if step.op not in _IDLE:
            sorts[_sort(step, coming)].append(f"{step.op} {short_type(step.type)} {step.name}")
    return UpPreview(**{name: tuple(found) for name, found in sorts.items()})


def _sort(step: PreviewStep, coming: Collection[str]) -> str:
    if step.type in _VIRTUAL and step.op in ("create", "update"):
        return "bookkeeping"
    if step.type == NUMBER and step.op == "create" and step.name in coming:
        return "joining"
    if step.type == NUMBER and step.op == "update" and step.fields and step.fields <= _SAID:
        return "bookkeeping"
    return "others"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many numbers were imported, and what an `up` would still do."""

    imported: int
    left: UpPreview


def take_over(
    project: Path,
    stack: str,
    instance: str,
    as_declared: Collection[str],
    coming: Collection[str],
    report: Callable[[str], None],
) -> TakenOver:
    """Import what is not in the state yet, make the stack's bookkeeping resources, and preview what is left.

    An `up` is run only when its preview shows nothing that reaches CCC. Raises FleetError with Pulumi's reason.
    """
    held = _state(project, stack, report)
    numbers = sorted({*as_declared} - {each.name for each in held if each.type == NUMBER})
    if numbers:
        report(f"importing {plural(len(numbers), 'number')} into Pulumi's state")
        file = project / "stacks" / f"{stack}.import.json"
        component = next((each.urn for each in held if (each.type, each.name) == (COMPONENT, instance)), None)
        write_text(file, import_text(instance, numbers, component))
        words = ["import", "--file", str(file.relative_to(project)), "--yes", "--skip-preview"]
        words += ["--generate-code=false", "--protect=false", "--stack", stack]
        answer(project, words, f"pulumi import (the file {file} is kept for another try)")
        file.unlink()
    report("previewing what `pulumi up` would do now")
    left = _preview(project, stack, coming)
    if left.bookkeeping and not (left.joining or left.others):
        report("making the roster and the latch, which exist only in Pulumi's state")
        answer(project, ["up", "--yes", "--skip-preview", "--stack", stack], "pulumi up")
        report("previewing once more, as the proof")
        left = _preview(project, stack, coming)
    return TakenOver(len(numbers), left)


def _state(project: Path, stack: str, report: Callable[[str], None]) -> tuple[StateResource, ...]:
    """The resources in the stack's state; a new stack is made in the backend."""
    exported = run(project, ["stack", "export", "--stack", stack])
    if exported.code == 0:
        return state_resources(exported.out)
    if "no stack named" not in exported.err:
        raise FleetError(f"pulumi stack export: {exported.reason}")
    report(f"making the stack {stack}")
    answer(project, ["stack", "init", stack, "--no-select"], "pulumi stack init")
    return ()


def _preview(project: Path, stack: str, coming: Collection[str]) -> UpPreview:
    return parse_preview(answer(project, ["preview", "--json", "--stack", stack], "pulumi preview"), coming)
