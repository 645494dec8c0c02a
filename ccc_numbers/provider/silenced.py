"""What `drift-ignore.yaml` silences, an update repairs all the same: it says so before it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import listed, some
from ccc_numbers.numbers.faults import binding_faults
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.guards import Outlook
from ccc_numbers.numbers.plan_number import Bound, Standing
from ccc_numbers.provider.run import Run

if TYPE_CHECKING:
    from ccc_numbers.declaration.ignore_rules import IgnoreRule


@dataclass(frozen=True, slots=True)
class Repair:
    """One difference that an update repairs, as drift would report it."""

    stack: str
    instance: str
    kind: FindingKind
    subject: str
    field: str | None = None


async def say_silenced_numbers(
    run: Run, urn: str, instance_id: str, seen: Outlook, standings: Mapping[str, Standing]
) -> None:
    """For all that an update does to the numbers of an instance."""
    if not await _rules(run, urn):
        return
    repairs: list[tuple[FindingKind, str, str | None]] = [
        *((FindingKind.MISSING, number, None) for number in seen.add),
        *((FindingKind.ELSEWHERE, number, None) for number in seen.move),
    ]
    flows = await run.inventory.contact_flows(instance_id) if seen.bindings else {}
    ids = {flow.id for flow in flows.values()}
    for number, (_, due) in seen.bindings.items():
        if isinstance(standing := standings[number], Bound):
            faults = binding_faults(standing.row, due, flow_there=standing.row.contact_flow_id in ids)
            repairs += [(kind, number, part) for kind, part in faults]
    await say_silenced(run, urn, instance_id, repairs)


async def say_silenced(
    run: Run, urn: str, instance_id: str, repairs: Iterable[tuple[FindingKind, str, str | None]]
) -> None:
    """Warn of the repairs (kind, subject, field) that a rule of the ignore file silences."""
    rules = await _rules(run, urn)
    silenced: dict[tuple[IgnoreRule, FindingKind], list[str]] = defaultdict(list)
    for each in (Repair(run.declared.stack, instance_id, *each) for each in repairs):
        if rule := next((rule for rule in rules if rule.hides(each)), None):
            silenced[rule, each.kind].append(each.subject)
    if not silenced:
        return
    said = listed(
        tr(
            "{kind} of {names}, until {until} ({reason}, {owner})",
            kind=kind,
            names=some(names),
            until=rule.until,
            reason=rule.reason,
            owner=rule.owner,
        )
        for (rule, kind), names in silenced.items()
    )
    message = trn(
        "{instance}: this update repairs {count:,} difference that drift-ignore.yaml silences: {said}. To keep it, declare "
        "what is there, or write `ignoreChanges`",
        "{instance}: this update repairs {count:,} differences that drift-ignore.yaml silences: {said}. To keep them, "
        "declare what is there, or write `ignoreChanges`",
        sum(map(len, silenced.values())),
        instance=instance_id,
        said=said,
    )
    await run.warn(message, urn)


async def _rules(run: Run, urn: str) -> tuple[IgnoreRule, ...]:
    """Those in force. A file that cannot be read silences nothing that is known, and stops nobody: `drift` refuses it."""
    found = run.declared.ignore_rules
    if isinstance(found, str):
        said = tr("which differences are silenced is not known: {problem}", problem=found)
        await run.warn_once(said, urn)
        return ()
    return found
