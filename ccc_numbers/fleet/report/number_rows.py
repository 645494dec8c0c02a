"""One row for each number: declared ones as they stand in CCC, and those nobody declares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.declaration.model import InstanceDeclaration, NumberDeclaration
from ccc_numbers.fleet.drift.findings import Finding, FindingKind
from ccc_numbers.fleet.drift.gather import InstanceKey, InstanceView, Snapshot
from ccc_numbers.fleet.drift.run import Seen
from ccc_numbers.fleet.drift.stacks import Stack
from ccc_numbers.fleet.report.model import Binding, NumberRow
from ccc_numbers.fleet.report.states import State
from ccc_numbers.numbers import plan_number as reconcile
from ccc_numbers.vendors.places import area_code_of

_DEAD = frozenset({FindingKind.DEAD_INBOUND, FindingKind.DEAD_OUTBOUND, FindingKind.INACTIVE})
_Key = tuple[str, str | None, str]


@dataclass(frozen=True, slots=True)
class RowContext:
    """What a row needs beside the number: findings by place and number, its cost, and how to show it."""

    seen: Seen
    told: Mapping[_Key, frozenset[FindingKind]]
    accepted: frozenset[_Key]
    cost_of: Mapping[tuple[str, str], Decimal]
    shown: Callable[[str], str]
    offline: bool


def context(
    seen: Seen,
    cost_of: Mapping[tuple[str, str], Decimal],
    shown: Callable[[str], str],
    *,
    offline: bool,
) -> RowContext:
    """`cost_of` by stack and number; `shown` masks a number, or does not."""
    told: dict[_Key, set[FindingKind]] = defaultdict(set)
    for finding in seen.report.findings:
        told[_key(finding)].add(finding.kind)
    accepted = frozenset(_key(each.finding) for each in seen.report.ignored)
    kinds = {key: frozenset(found) for key, found in told.items()}
    return RowContext(seen, kinds, accepted, cost_of, shown, offline)


def number_rows(around: RowContext, names: Iterable[str]) -> list[NumberRow]:
    """The rows of these stacks. What is in an instance of two stacks undeclared is told with the first."""
    told: set[InstanceKey] = set()
    rows: list[NumberRow] = []
    for name in names:
        stack = around.seen.fleet.stacks[name]
        for instance in stack.declaration.instances.values():
            place, view = _view(around.seen.snapshot, stack, instance)
            rows.extend(
                _declared(around, stack, instance, number, place, view)
                for number in instance.numbers.values()
            )
            if view is not None and view.place not in told:
                told.add(view.place)
                rows.extend(_unmanaged(around, stack, instance, view))
    return rows


def _view(
    snapshot: Snapshot, stack: Stack, instance: InstanceDeclaration
) -> tuple[InstanceKey | None, InstanceView | None]:
    account = snapshot.accounts.get(stack.name)
    # Of a file with mistakes nothing is compared: what it shall hold is not known.
    if account is None or stack.problems:
        return None, None
    place = InstanceKey(account, instance.id)
    return place, snapshot.views.get(place)


def _declared(
    around: RowContext,
    stack: Stack,
    instance: InstanceDeclaration,
    number: NumberDeclaration,
    place: InstanceKey | None,
    view: InstanceView | None,
) -> NumberRow:
    key = (stack.name, instance.id, number.number)
    kinds = around.told.get(key, frozenset())
    row = None if view is None else view.numbers.get(number.number)
    if view is None:
        state = State.NOT_ASKED if around.offline and not stack.problems else State.NOT_READ
    elif row is None:
        state = _absent(around.seen.snapshot, place, number.number, kinds, accepted=key in around.accepted)
    else:
        state = _present(kinds, accepted=key in around.accepted)
    order = stack.declaration.orders.get(number.order or "")
    return NumberRow(
        number=around.shown(number.number),
        stack=stack.name,
        instance=instance.id,
        state=state,
        declared=Binding(str(number.usage), number.flow or "", ", ".join(sorted(number.skill_groups))),
        live=None if row is None else _live(row),
        place=_place(number.number, row),
        agent=(row.user_id if row else None) or number.agent or "",
        order=number.order or "",
        vendor=order.vendor if order else (row.provider or "" if row else ""),
        cost=around.cost_of.get((stack.name, number.number)),
        kinds=tuple(sorted(kinds)),
    )


def _unmanaged(
    around: RowContext, stack: Stack, instance: InstanceDeclaration, view: InstanceView
) -> Iterator[NumberRow]:
    for number, row in view.numbers.items():
        if around.seen.fleet.owners_of(stack.world, number):
            continue
        key = (stack.name, instance.id, number)
        kinds = around.told.get(key, frozenset())
        yield NumberRow(
            number=around.shown(number),
            stack=stack.name,
            instance=instance.id,
            state=State.UNMANAGED if kinds or key not in around.accepted else State.ACCEPTED,
            declared=None,
            live=_live(row),
            place=_place(number, row),
            agent=row.user_id or "",
            vendor=row.provider or "",
            kinds=tuple(sorted(kinds)),
        )


def _present(kinds: frozenset[FindingKind], *, accepted: bool) -> State:
    if kinds & _DEAD:
        return State.DEAD
    if kinds:
        return State.DIFFERS
    return State.ACCEPTED if accepted else State.AS_DECLARED


def _absent(
    snapshot: Snapshot,
    place: InstanceKey | None,
    number: str,
    kinds: frozenset[FindingKind],
    *,
    accepted: bool,
) -> State:
    where = snapshot.where.get((place.account, number)) if place else None
    match where:
        case reconcile.Elsewhere():
            state = State.ELSEWHERE
        case reconcile.Unassigned():
            state = State.MISSING
        case _ if FindingKind.NOT_IN_ACCOUNT in kinds:
            return State.NOT_IN_ACCOUNT
        case _ if kinds or not accepted:
            return State.PENDING
        case _:
            return State.ACCEPTED
    return State.ACCEPTED if accepted else state


def _live(row: PhoneNumber) -> Binding:
    bound = reconcile.Binding.of(row)
    return Binding(str(bound.usage), bound.flow or "", ", ".join(sorted(bound.groups)))


def _place(number: str, row: PhoneNumber | None) -> str:
    """Where the number is from: as CCC says, else by the area code of a landline."""
    if row is not None and (row.city or row.province):
        return row.city or row.province or ""
    code = area_code_of(number) if number.startswith("0") else None
    return "、".join(place.city or place.province for place in code.places) if code else ""


def _key(finding: Finding) -> _Key:
    return (finding.stack, finding.instance, finding.subject)
