"""One row for each number: declared ones as they stand in CCC, and those nobody declares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.declaration.model import NumberDeclaration
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.gather import InstanceKey, InstanceView
from ccc_numbers.fleet.drift.run import DriftRun
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.numbers import plan_number as planned
from ccc_numbers.numbers.finding_kinds import ABOUT_CALLS, ABOUT_REACH, FindingKind
from ccc_numbers.vendors.places import area_code_of

_DEAD = frozenset({FindingKind.DEAD_INBOUND, FindingKind.DEAD_OUTBOUND, FindingKind.INACTIVE})
_ALLOWED = frozenset({FindingKind.CO_MANAGED})
_Key = tuple[str, str | None, str]


class State(StrEnum):
    """Where one number stands, the gravest first."""

    _means: str

    def __new__(cls, name: str, means: str) -> State:
        state = str.__new__(cls, name)
        state._value_, state._means = name, means
        return state

    @property
    def means(self) -> str:
        """Where such a number stands, in a few words for the reader."""
        return tr(self._means)

    DEAD = mark("dead"), mark("nobody can reach it, or call out with it")
    ELSEWHERE = mark("elsewhere"), mark("declared for one instance, but in another")
    MISSING = mark("missing"), mark("in the account, but in no instance")
    NOT_IN_ACCOUNT = mark("not in account"), mark("declared, but the account does not have it")
    DIFFERS = mark("differs"), mark("bound otherwise than declared")
    TO_LOOK_AT = (
        mark("to look at"),
        mark("bound as declared, but its calls or its way to an agent say otherwise"),
    )
    NOT_READ = mark("not read"), mark("nothing is known: its instance could not be read")
    UNMANAGED = mark("unmanaged"), mark("in an instance, but declared by no stack")
    PENDING = mark("pending"), mark("still to be imported by CCC support, as its order says")
    ACCEPTED = mark("accepted"), mark("differs, and an ignore rule, the baseline or ignoreChanges accepts it")
    AS_DECLARED = mark("as declared"), mark("in CCC as the stack file says")
    NOT_ASKED = mark("not asked"), mark("declared; CCC was not asked (--offline)")


@dataclass(frozen=True, slots=True)
class Binding:
    """How a number is used. Both sides of one number are kept: as declared, and as it is in CCC."""

    usage: str = ""
    flow: str = ""
    groups: str = ""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number. `declared` is None for an unmanaged one, `live` for one that is not in its instance.

    `kinds` are the findings about it, `cost` its share of its order, CNY a month.
    """

    number: str
    stack: str
    instance: str
    state: State
    declared: Binding | None
    live: Binding | None
    place: str = ""
    agent: str = ""
    order: str = ""
    vendor: str = ""
    cost: Decimal | None = None
    kinds: tuple[str, ...] = ()


def number_rows(
    run: DriftRun, cost_of: Mapping[tuple[str, str], Decimal], shown: Callable[[str], str], *, offline: bool
) -> list[NumberRow]:
    """The rows of the run's stacks. `cost_of` by stack and number; `shown` masks a number, or does not.

    An undeclared number in an instance of two stacks is listed with the first.
    """
    kinds: dict[_Key, set[FindingKind]] = defaultdict(set)
    for finding in run.report.findings:
        kinds[_key(finding)].add(finding.kind)
    accepted = frozenset(_key(each.finding) for each in run.report.ignored)
    rows = _Rows(run, kinds, accepted, cost_of, shown, offline)
    listed: set[InstanceKey] = set()
    return [row for name in run.report.stacks for row in rows.of_stack(run.fleet.stacks[name], listed)]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Makes rows from a number and everything known beside it: findings by place and number, its cost."""

    run: DriftRun
    kinds: Mapping[_Key, set[FindingKind]]
    accepted: frozenset[_Key]
    cost_of: Mapping[tuple[str, str], Decimal]
    shown: Callable[[str], str]
    offline: bool

    def of_stack(self, stack: Stack, listed: set[InstanceKey]) -> Iterator[NumberRow]:
        """The rows of one stack. The undeclared numbers of instances in `listed` have theirs already."""
        for instance in stack.declaration.instances.values():
            view = self.run.snapshot.view(stack.name, instance.id)
            for number in instance.numbers.values():
                yield self._declared(stack, instance.id, number, view)
            if view is not None and view.place not in listed:
                listed.add(view.place)
                for name, row in view.numbers.items():
                    if not self.run.fleet.owners_of(stack.world, name):
                        kinds, accepted = self._found(stack, instance.id, name)
                        state = State.UNMANAGED if kinds or not accepted else State.ACCEPTED
                        yield self._row(stack, instance.id, name, state, None, row)

    def _declared(
        self, stack: Stack, instance: str, number: NumberDeclaration, view: InstanceView | None
    ) -> NumberRow:
        kinds, accepted = self._found(stack, instance, number.number)
        row = None if view is None else view.numbers.get(number.number)
        if view is None:
            # Nothing is compared with a file that has mistakes: its numbers are not known for sure.
            state = State.NOT_ASKED if self.offline and not stack.problems else State.NOT_READ
        elif row is None:
            where = self.run.snapshot.where.get((view.place.account, number.number))
            state = _absent(where, kinds, accepted=accepted)
        elif kinds & _DEAD:
            state = State.DEAD
        elif kinds - _ALLOWED:
            state = State.DIFFERS if kinds - _ALLOWED - ABOUT_CALLS - ABOUT_REACH else State.TO_LOOK_AT
        else:
            state = State.ACCEPTED if accepted or kinds else State.AS_DECLARED
        return self._row(stack, instance, number.number, state, number, row)

    def _found(self, stack: Stack, instance: str, number: str) -> tuple[set[FindingKind], bool]:
        """The kinds of the findings about a number, and whether others about it are accepted."""
        key = (stack.name, instance, number)
        return self.kinds.get(key, set()), key in self.accepted

    def _row(
        self,
        stack: Stack,
        instance: str,
        number: str,
        state: State,
        declared: NumberDeclaration | None,
        row: PhoneNumber | None,
    ) -> NumberRow:
        order = stack.declaration.orders.get((declared and declared.order) or "")
        return NumberRow(
            number=self.shown(number),
            stack=stack.name,
            instance=instance,
            state=state,
            declared=_binding(declared.declared_in(instance).binding) if declared else None,
            live=_binding(planned.Binding.of(row)) if row else None,
            place=_place(number, row),
            agent=(row and row.user_id) or (declared and declared.agent) or "",
            order=(declared and declared.order) or "",
            vendor=order.vendor if order else (row and row.provider) or "",
            cost=self.cost_of.get((stack.name, number)),
            kinds=tuple(sorted(self._found(stack, instance, number)[0])),
        )


def _absent(where: planned.Standing | None, kinds: set[FindingKind], *, accepted: bool) -> State:
    if FindingKind.NOT_IN_ACCOUNT in kinds:
        return State.NOT_IN_ACCOUNT
    match where:
        case planned.Elsewhere() | planned.Unassigned() if accepted:
            return State.ACCEPTED
        case planned.Elsewhere():
            return State.ELSEWHERE
        case planned.Unassigned():
            return State.MISSING
        case _:
            return State.PENDING if kinds or not accepted else State.ACCEPTED


def _binding(bound: planned.Binding) -> Binding:
    return Binding(str(bound.usage), bound.flow or "", ", ".join(sorted(bound.groups)))


def _place(number: str, row: PhoneNumber | None) -> str:
    """Where the number is from: as CCC says, else by the area code of a landline."""
    if row is not None and (row.city or row.province):
        return row.city or row.province or ""
    code = area_code_of(number) if number.startswith("0") else None
    return "、".join(place.city or place.province for place in code.places) if code else ""


def _key(finding: Finding) -> _Key:
    return (finding.stack, finding.instance, finding.subject)
