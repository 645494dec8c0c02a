"""Which of an instance's live numbers can be declared as they are, and how. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ccc_numbers.api.rows import FlowType, PhoneNumber
from ccc_numbers.fleet.drift.gather import InstanceView
from ccc_numbers.fleet.stacks import DeclaredNumber
from ccc_numbers.messages.visible import cut, visible
from ccc_numbers.numbers.plan_number import Binding
from ccc_numbers.numbers.rules import unanswered, unusable

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Adopted:
    """One number as it shall be declared. `agent` is whose personal number it is, `remark` is for people."""

    number: str
    binding: Binding
    agent: str | None
    order: str | None
    remark: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A number that is not declared, and why."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdoptionPlan:
    """What is written: `adopted` are in the instance now, `coming` are not, and join at the next `up`.

    `defaults` is the binding most numbers have; a new instance gets it as its defaults.
    `vendors` counts the adopted numbers by the vendor CCC names, "" for none.
    """

    instance: str
    adopted: tuple[Adopted, ...]
    coming: tuple[Adopted, ...]
    left_out: tuple[LeftOut, ...]
    already: int
    defaults: Binding | None
    vendors: Mapping[str, int]

    @property
    def found(self) -> bool:
        """Whether there is anything to declare."""
        return bool(self.adopted or self.coming)

    def without(self, refused: Mapping[str, str]) -> AdoptionPlan:
        """The same without some numbers, by the reason why."""
        return replace(
            self,
            adopted=tuple(each for each in self.adopted if each.number not in refused),
            coming=tuple(each for each in self.coming if each.number not in refused),
            left_out=(*self.left_out, *(LeftOut(number, why) for number, why in sorted(refused.items()))),
        )

    @property
    def written(self) -> tuple[Adopted, ...]:
        """Every number that is written, in order."""
        return tuple(sorted((*self.adopted, *self.coming), key=lambda each: each.number))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller asks for: these numbers alone (None: all of the instance), put on this order."""

    numbers: Collection[str] | None = None
    order: str | None = None


def plan_adoption(
    view: InstanceView,
    owners: Mapping[str, Sequence[DeclaredNumber]],
    wanted: Wanted,
    elsewhere: Mapping[str, str],
) -> AdoptionPlan:
    """What to declare for an instance. `elsewhere` has the instance of wanted numbers that are in another.

    `owners` says who declares which number already, in the same world.
    """
    left_out: list[LeftOut] = []
    adopted: list[Adopted] = []
    already = 0
    for number, row in view.numbers.items():
        if wanted.numbers is not None and number not in wanted.numbers:
            continue
        if number in owners:
            already += 1
            left_out.extend(_foreign(number, owners[number], view.place.instance))
        elif reason := _undeclarable(row, view):
            left_out.append(LeftOut(number, reason))
        else:
            adopted.append(Adopted(number, Binding.of(row), row.user_id, wanted.order, _remark(row)))
    common = _most_common(each.binding for each in adopted if not each.agent) or _most_common(
        Binding.of(row) for row in view.numbers.values() if not row.user_id and not _undeclarable(row, view)
    )
    coming, more, known = _coming(view, owners, wanted, elsewhere, common)
    return AdoptionPlan(
        instance=view.place.instance,
        adopted=tuple(adopted),
        coming=tuple(coming),
        left_out=(*left_out, *more),
        already=already + known,
        defaults=common,
        vendors=Counter(view.numbers[each.number].provider or "" for each in adopted),
    )


def _coming(
    view: InstanceView,
    owners: Mapping[str, Sequence[DeclaredNumber]],
    wanted: Wanted,
    elsewhere: Mapping[str, str],
    binding: Binding | None,
) -> tuple[list[Adopted], list[LeftOut], int]:
    """Numbers that were asked for and are not in the instance: to be bound like most of the others."""
    coming: list[Adopted] = []
    left_out: list[LeftOut] = []
    known = 0
    for number in sorted(set(wanted.numbers or ()) - view.numbers.keys()):
        if number in owners:
            known += 1
        elif number in elsewhere:
            reason = f"is in {elsewhere[number]}; to move it, declare it by hand with `adopt: true`"
            left_out.append(LeftOut(number, reason))
        elif binding is None:
            reason = "is not in the instance, and no number there shows how to bind it: declare it by hand"
            left_out.append(LeftOut(number, reason))
        else:
            coming.append(Adopted(number, binding, None, wanted.order, "not in the instance yet"))
    return coming, left_out, known


def _foreign(number: str, owners: Sequence[DeclaredNumber], instance: str) -> Iterable[LeftOut]:
    """DeclaredNumber somewhere else than here: worth a word. DeclaredNumber here is simply done."""
    first = owners[0]
    if first.instance != instance:
        where = f"{first.number.source.file}:{first.number.source.line}"
        yield LeftOut(number, f"is declared for {first.instance} at {where}")


def _undeclarable(row: PhoneNumber, view: InstanceView) -> str | None:
    """Why a number cannot be declared as it is: the declaration refuses what no call could use."""
    if unanswered(row.usage, row.contact_flow_id):
        return f"is {row.usage} without a contact flow: a dead line; bind one in CCC's workbench first"
    if unusable(row.usage, row.skill_groups, row.user_id):
        return f"is {row.usage} without a skill group: nobody can use it; bind one in CCC's workbench first"
    if row.usage.takes_calls and (reason := _unfit_flow(row, view)):
        return reason
    unknown = sorted(group.name for group in row.skill_groups if group.name not in view.groups)
    return f"is held by {', '.join(unknown)}, which is no skill group for calls" if unknown else None


def _unfit_flow(row: PhoneNumber, view: InstanceView) -> str | None:
    flow = next((flow for flow in view.flows.values() if flow.id == row.contact_flow_id), None)
    if flow is None:
        return "is answered by a contact flow that is gone; bind another in CCC's workbench first"
    if not flow.published:
        return f"is answered by {flow.name}, which was never published; publish it first"
    return None if flow.type is FlowType.MAIN else f"is answered by {flow.name}, a {flow.type} flow"


def _most_common(bindings: Iterable[Binding]) -> Binding | None:
    """The binding most numbers have; of equals the one that reads first, so that two runs write the same."""
    counted = Counter(bindings)
    if not counted:
        return None
    return min(counted, key=lambda binding: (-counted[binding], str(binding)))


def _remark(row: PhoneNumber) -> str:
    place = row.city if row.city == row.province or not row.province else f"{row.province} {row.city or ''}"
    told = [(place or "").strip(), f"vendor {row.provider}" if row.provider else ""]
    return ", ".join(cut(visible(" ".join(part.split())), _LONGEST) for part in told if part)
