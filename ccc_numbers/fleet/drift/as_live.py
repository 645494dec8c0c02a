"""The text of a stack file that declares what a finding found. All other lines stay as people wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.declaration.model import Declaration, NumberDeclaration
from ccc_numbers.fleet.adopt.files import draft
from ccc_numbers.fleet.adopt.plan import Wanted, plan_adoption
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.gather import InstanceView
from ccc_numbers.fleet.drift.run import DriftRun
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.essence import NOWHERE, essence, sound_text
from ccc_numbers.fleet.yaml_text import child, compose, pairs, put
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed, some
from ccc_numbers.messages.problem import shown
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.plan_number import Binding, Part

_OF_A_NUMBER = (
    *(FindingKind.WRONG_USAGE, FindingKind.WRONG_FLOW, FindingKind.WRONG_GROUPS, FindingKind.CO_MANAGED),
)
DECLARABLE = frozenset({*_OF_A_NUMBER, FindingKind.UNMANAGED, FindingKind.GROUP_CHANGED})
"""Kinds of findings that go away when what is there is declared: nothing that leaves a line dead, or drops one."""


def declared_as_live(run: DriftRun, path: Path, text: str, findings: Sequence[Finding]) -> str:
    """The text in which the subjects of alike findings are declared as they are in CCC, and nothing else otherwise.

    Raises FleetError with the reason where no text says that.
    """
    first = findings[0]
    view, instance = run.snapshot.view(first.stack, str(first.instance)), str(first.instance)
    if view is None:
        raise FleetError(tr("{instance} was not read", instance=instance))
    names = [each.subject for each in findings]
    if first.kind is FindingKind.UNMANAGED:
        return _adopted(path, text, view, names)
    if first.kind is FindingKind.GROUP_CHANGED:
        return _groups(path, text, view, names, str(first.field))
    numbers = run.fleet.stacks[first.stack].declaration.instances[instance].numbers
    if overrides := sorted({str(o) for name in names for o in numbers[name].overrides}):
        raise FleetError(
            tr("an override says it until {overrides}: end that first", overrides=listed(overrides))
        )
    return _numbers(path, text, view, names, Part(str(first.field)))


def _adopted(path: Path, text: str, view: InstanceView, names: Sequence[str]) -> str:
    plan = plan_adoption(view, {}, Wanted(numbers=frozenset(names)), {})
    found = draft(path, text, plan)
    if left := found.plan.left_out:
        raise FleetError(*(f"{number}: {why}" for number, why in left.items()))
    return found.text


def _groups(path: Path, text: str, view: InstanceView, names: Sequence[str], field: str) -> str:
    before, instance = sound_text(path, text), view.place.instance
    changed: dict[tuple[str, ...], object] = {}
    for name in names:
        row, group = view.groups[name], before.instances[instance].skill_groups[name]
        value = row.display_name if field == "displayName" else row.description
        text = put(text, ("instances", instance, "skillGroups", name), {field: value})
        named = field == "displayName"
        group = replace(group, display_name=value) if named else replace(group, description=value)
        changed["group", instance, name] = replace(group, source=NOWHERE)
    return _proven(path, before, text, changed)


def _numbers(path: Path, text: str, view: InstanceView, names: Sequence[str], part: Part) -> str:
    before, instance = sound_text(path, text), view.place.instance
    changed: dict[tuple[str, ...], object] = {}
    for name in names:
        number = before.instances[instance].numbers[name]
        where, bound = ("instances", instance, "numbers", name), _bound(number, view.numbers[name], part)
        entry = child(compose(text), *where)
        if entry is None:
            raise FleetError(
                tr("{number} is declared at {place}: change it there", number=name, place=number.source)
            )
        said: dict[str, object] = {"usage": str(bound.usage)} if bound.usage is not number.usage else {}
        if bound.flow != number.flow and (bound.flow or any(key.value == "flow" for key, _ in pairs(entry))):
            said["flow"] = bound.flow
        groups = number.skill_groups
        if bound.groups != frozenset(groups):
            groups = tuple(sorted(bound.groups))
            said["skillGroups"] = list(groups)
        text = put(text, where, said)
        changed["number", instance, name] = replace(
            number, usage=bound.usage, flow=bound.flow, skill_groups=groups, source=NOWHERE
        )
    return _proven(path, before, text, changed)


def _bound(number: NumberDeclaration, row: PhoneNumber, part: Part) -> Binding:
    """The declared binding with a part as it is in CCC, and what another usage needs besides."""
    live = Binding.of(row)
    usage = live.usage if part is Part.USAGE else number.usage
    flow = live.flow if part is Part.FLOW else number.flow or live.flow
    groups = frozenset(number.skill_groups)
    if part is Part.GROUPS or (not groups and usage.makes_calls and not number.agent):
        groups = live.groups
    return Binding(usage, flow if usage.takes_calls else None, groups)


def _proven(path: Path, before: Declaration, text: str, changed: dict[tuple[str, ...], object]) -> str:
    """The text, where it declares what was `changed` and all else as before."""
    old, new = essence(before), essence(sound_text(path, text))
    wrong = [key for key in old.keys() | new.keys() if key not in changed and old.get(key) != new.get(key)]
    wrong += [key for key, said in changed.items() if new.get(key) != said]
    if wrong:
        raise FleetError(
            tr(
                "{path}: cannot be written without changing {names} too: change it by hand",
                path=shown(path),
                names=some(sorted(".".join(key[1:]) for key in wrong)),
            )
        )
    return text
