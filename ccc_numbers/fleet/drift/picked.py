"""Healing of exactly the findings that somebody named: which resources `up` may touch, and what it leaves.

`up` makes a resource as declared as a whole, so a number with another finding that nobody named stays as it is. A
number that stands in another instance is left alone too: its way back would take it out of there.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.healing import Healing
from ccc_numbers.fleet.drift.run import DriftRun
from ccc_numbers.fleet.drift.selection import Selection
from ccc_numbers.fleet.engine.resources import FLOW, GROUP, NUMBER, urn_name, urn_type
from ccc_numbers.fleet.engine.states import State
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.stacks import FileClaims
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import some
from ccc_numbers.numbers.finding_kinds import FindingKind, Heal
from ccc_numbers.numbers.guards import change_limit, outlook, too_many_changes
from ccc_numbers.numbers.plan_number import Bound, NotImported

_TYPES = {FindingKind.FLOW_CHANGED: FLOW, FindingKind.GROUP_CHANGED: GROUP}
_Subject = tuple[str, str | None, str]


def picked_healings(run: DriftRun, selection: Selection) -> list[Healing]:
    """Every stack that was looked at, with what of its findings was named."""
    selection.refuse_unknown({number for name in run.report.stacks for number in _numbers(run, name)})
    return [_picked(run, name, selection, selection.takes) for name in run.report.stacks]


def chosen_healings(
    run: DriftRun, chosen: Collection[Finding], settled: Collection[Finding]
) -> list[Healing]:
    """Every stack of which a finding was chosen. `settled` are those that a file will no longer disagree with."""
    found, wanted, gone = [], frozenset(chosen), frozenset(settled)
    for name in dict.fromkeys(each.stack for each in chosen):
        of_stack = [(each.kind, each.subject) for each in chosen if each.stack == name]
        selection = Selection(findings=tuple(dict.fromkeys(of_stack)))
        found.append(_picked(run, name, selection, wanted.__contains__, gone))
    return found


def targets_of(healing: Healing, state: State) -> tuple[str, ...]:
    """The URNs of the resources that the repairs of one stack are about. FleetError for one that the state lacks."""
    known = {
        (urn_type(each["urn"]), str(each.get("inputs", {}).get("instanceId")), _name(each["urn"])): str(
            each["urn"]
        )
        for each in state.resources
        if not each.get("delete")
    }
    wanted = {(_type(found), str(found.instance), found.subject) for found in healing.repairs}
    # To the engine a `*` stands for anything.
    lacking = sorted(name for key in wanted if "*" in known.get(key, "*") for name in key[2:])
    if lacking:
        raise FleetError(
            tr(
                "stack {stack}: {names}: not in Pulumi's state, so not repaired alone; heal the whole stack",
                stack=healing.stack,
                names=some(lacking),
            )
        )
    return tuple(sorted(known[key] for key in wanted))


def _picked(
    run: DriftRun,
    name: str,
    selection: Selection,
    takes: Callable[[Finding], bool],
    settled: Collection[Finding] = (),
) -> Healing:
    whole = Healing.of(run.report.of_stack(name))
    left = [each for each in (*whole.repairs, *whole.refuses, *whole.leaves) if each not in settled]
    named, others = _parted(left, takes)
    rest: dict[_Subject, list[str]] = defaultdict(list)
    for found in (*others, *whole.ignored):
        if found.heal is not Heal.LEAVES:
            rest[_subject(found)].append(str(found.kind))
    repairs, alone = [], []
    for found in named:
        if found.heal is not Heal.REPAIRS:
            continue
        if why := _why_alone(found, rest[_subject(found)]):
            alone.append((found, why))
        else:
            repairs.append(found)
    return Healing(
        name,
        tuple(repairs),
        tuple(found for found in named if found.heal is Heal.REFUSES),
        tuple(found for found in named if found.heal is Heal.LEAVES),
        (),
        whole.unseen,
        selection,
        tuple(found for found in others if found.heal is not Heal.LEAVES),
        tuple(alone),
        tuple(_over(run, name, repairs)),
    )


def _why_alone(found: Finding, rest: Sequence[str]) -> str | None:
    """Why a finding cannot be repaired by itself; None when it can."""
    if found.kind is FindingKind.ELSEWHERE:
        return tr("it would leave the instance it is in; only the heal of a whole stack does that")
    if rest:
        return tr(
            "it has {kinds} too, which was not named or is ignored", kinds=some(list(dict.fromkeys(rest)))
        )
    return None


def _over(run: DriftRun, name: str, repairs: Sequence[Finding]) -> Iterator[str]:
    """What the change budgets say, as the roster would: a run without the roster does not ask it."""
    stack = run.fleet.stacks[name]
    for instance in stack.declaration.instances.values():
        view = run.snapshot.view(name, instance.id)
        named = {found.subject for found in repairs if found.instance == instance.id}
        numbers = [number for key, number in instance.numbers.items() if key in named]
        if view is None or not numbers:
            continue
        standings = {
            each.number: Bound(row)
            if (row := view.numbers.get(each.number))
            else run.snapshot.where.get((view.place.account, each.number), NotImported())
            for each in numbers
        }
        declared = [each.declared_in(instance.id) for each in numbers]
        seen = outlook(declared, standings, frozenset(instance.numbers), FileClaims(run.fleet, stack))
        count = len(instance.numbers)
        limit = change_limit(instance.change_budget, count, os.environ)
        if said := too_many_changes(instance.id, seen, count, limit):
            yield said


def _parted(
    found: Sequence[Finding], takes: Callable[[Finding], bool]
) -> tuple[list[Finding], list[Finding]]:
    return [each for each in found if takes(each)], [each for each in found if not takes(each)]


def _numbers(run: DriftRun, stack: str) -> Iterator[str]:
    for instance in run.fleet.stacks[stack].declaration.instances.values():
        yield from instance.numbers


def _subject(found: Finding) -> _Subject:
    return _type(found), found.instance, found.subject


def _type(found: Finding) -> str:
    return _TYPES.get(found.kind, NUMBER)


def _name(urn: str) -> str:
    """The name of a number, or of a flow or group behind its instance: `acme-support/夜间流程`."""
    name = urn_name(urn)
    return name if urn_type(urn) == NUMBER else name.partition("/")[2]
