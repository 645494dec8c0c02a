"""Which of an instance's live numbers can be declared as they are, and how. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from ccc_numbers.api.rows import FlowType, PhoneNumber
from ccc_numbers.fleet.adopt.managed import NOTHING, Managed, matches
from ccc_numbers.fleet.drift.gather import InstanceView
from ccc_numbers.fleet.stacks import DeclaredNumber
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed
from ccc_numbers.messages.visible import cut, visible
from ccc_numbers.numbers.plan_number import Binding
from ccc_numbers.numbers.rules import unanswered, unusable

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class AdoptedNumber:
    """One number to declare. `agent` is whose personal number it is, `remark` is for people."""

    number: str
    binding: Binding
    agent: str | None
    order: str | None
    remark: str


@dataclass(frozen=True, slots=True)
class AdoptionPlan:
    """The numbers to write: `adopted` are in the instance now, `coming` join it at the next `up`.

    `left_out` has the reason for each number that is not declared. `defaults` is the binding most numbers have; a new
    instance gets it as its defaults. `vendors` counts the adopted numbers by the vendor CCC names, "" for none. `managed`
    are the groups and flows that the stack manages from now on.
    """

    instance: str
    adopted: tuple[AdoptedNumber, ...]
    coming: tuple[AdoptedNumber, ...]
    left_out: Mapping[str, str]
    already: int
    defaults: Binding | None
    vendors: Mapping[str, int]
    managed: Managed = NOTHING

    @property
    def found(self) -> bool:
        return bool(self.adopted or self.coming or self.managed.groups or self.managed.flows)

    @property
    def without_flows(self) -> Self:
        """The same with all flows referenced: their definitions are files that are not there yet."""
        return replace(self, managed=replace(self.managed, flows=()))

    def without(self, refused: Mapping[str, str]) -> Self:
        """The same without some numbers, each with the reason."""
        return replace(
            self,
            adopted=tuple(each for each in self.adopted if each.number not in refused),
            coming=tuple(each for each in self.coming if each.number not in refused),
            left_out={**self.left_out, **dict(sorted(refused.items()))},
            managed=replace(
                self.managed, groups=tuple(each for each in self.managed.groups if each.name not in refused)
            ),
        )

    @property
    def written(self) -> tuple[AdoptedNumber, ...]:
        return tuple(sorted((*self.adopted, *self.coming), key=lambda each: each.number))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to adopt: these numbers (None: all of the instance), of them those that fit a pattern; the groups and flows
    that fit one; and the order to put the numbers on."""

    numbers: Collection[str] | None = None
    order: str | None = None
    patterns: Sequence[str] = ("*",)
    groups: Sequence[str] = ()
    flows: Sequence[str] = ()

    def number(self, number: str) -> bool:
        """Whether the number is to be adopted."""
        return (self.numbers is None or number in self.numbers) and matches(number, self.patterns)


def plan_adoption(
    view: InstanceView,
    owners: Mapping[str, Sequence[DeclaredNumber]],
    wanted: Wanted,
    elsewhere: Mapping[str, str],
    managed: Managed = NOTHING,
) -> AdoptionPlan:
    """The numbers to declare for an instance. `elsewhere` has the instance of wanted numbers that are in another.

    `owners` has the declarations of each number that is declared already, in the same world.
    """
    left_out = dict(managed.left_out)
    adopted: list[AdoptedNumber] = []
    already = 0
    for number, row in view.numbers.items():
        if not wanted.number(number):
            continue
        if number in owners:
            already += 1
            first = owners[number][0]
            if first.instance != view.place.instance:
                where = f"{first.number.source.file}:{first.number.source.line}"
                left_out[number] = tr(
                    "is declared for {instance} at {where}", instance=first.instance, where=where
                )
        elif reason := _undeclarable(row, view):
            left_out[number] = reason
        else:
            adopted.append(AdoptedNumber(number, Binding.of(row), row.user_id, wanted.order, _remark(row)))
    common = _most_common(each.binding for each in adopted if not each.agent) or _most_common(
        Binding.of(row) for row in view.numbers.values() if not row.user_id and not _undeclarable(row, view)
    )
    coming: list[AdoptedNumber] = []
    for number in sorted(filter(wanted.number, set(wanted.numbers or ()) - view.numbers.keys())):
        if number in owners:
            already += 1
        elif number in elsewhere:
            left_out[number] = tr(
                "is in {elsewhere}; to move it, declare it by hand with `adopt: true`",
                elsewhere=elsewhere[number],
            )
        elif common is None:
            left_out[number] = tr("is not in the instance, which shows no binding for it: declare it by hand")
        else:
            coming.append(AdoptedNumber(number, common, None, wanted.order, tr("not in the instance yet")))
    return AdoptionPlan(
        instance=view.place.instance,
        adopted=tuple(adopted),
        coming=tuple(coming),
        left_out=left_out,
        already=already,
        defaults=common,
        vendors=Counter(view.numbers[each.number].provider or "" for each in adopted),
        managed=managed,
    )


def _undeclarable(row: PhoneNumber, view: InstanceView) -> str | None:
    """Why a number cannot be declared as it is: the declaration refuses what no call could use."""
    if unanswered(row.usage, row.contact_flow_id):
        return tr(
            "is {usage} without a contact flow: a dead line; bind one in CCC's workbench first",
            usage=row.usage,
        )
    if unusable(row.usage, row.skill_groups, row.user_id):
        return tr(
            "is {usage} without a skill group: nobody can use it; bind one in CCC's workbench first",
            usage=row.usage,
        )
    if row.usage.takes_calls and (reason := _unfit_flow(row, view)):
        return reason
    calling = {name for name, group in view.groups.items() if group.media_type == "AUDIO"}
    unknown = sorted(group.name for group in row.skill_groups if group.name not in calling)
    return (
        tr("is held by {names}, which is not a skill group for calls", names=listed(unknown))
        if unknown
        else None
    )


def _unfit_flow(row: PhoneNumber, view: InstanceView) -> str | None:
    flow = next((flow for flow in view.flows.values() if flow.id == row.contact_flow_id), None)
    if flow is None:
        return tr("is answered by a contact flow that is gone; bind another in CCC's workbench first")
    if not flow.published:
        return tr("is answered by {name}, which was never published; publish it first", name=flow.name)
    return (
        None
        if flow.type is FlowType.MAIN
        else tr("is answered by {name}, a {type} flow", name=flow.name, type=flow.type)
    )


def _most_common(bindings: Iterable[Binding]) -> Binding | None:
    """The binding most numbers have; of equals the one that reads first, so that two runs write the same."""
    counted = Counter(bindings)
    if not counted:
        return None
    return min(counted, key=lambda binding: (-counted[binding], str(binding)))


def _remark(row: PhoneNumber) -> str:
    place = row.city if row.city == row.province or not row.province else f"{row.province} {row.city or ''}"
    parts = [
        (place or "").strip(),
        # not translated: kept in the file
        f"vendor {row.provider}" if row.provider else "",
    ]
    return ", ".join(cut(visible(" ".join(part.split())), _LONGEST) for part in parts if part)
