"""Declared against live: everything that differs. Pure: no network, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ccc_numbers.declaration.model import OrderDeclaration
from ccc_numbers.fleet.drift.comparison import Comparison
from ccc_numbers.fleet.drift.findings import Finding, FindingKind, Next
from ccc_numbers.fleet.drift.gather import InstanceKey, Snapshot
from ccc_numbers.fleet.drift.names import flow_findings, group_findings
from ccc_numbers.fleet.drift.numbers import number_findings, unmanaged_findings
from ccc_numbers.fleet.drift.stacks import Fleet, Stack, numbers_of
from ccc_numbers.messages.names import plural
from ccc_numbers.vendors.orders import Ending


def compare(
    fleet: Fleet, stacks: Sequence[str], snapshot: Snapshot, today: date, lapsing_days: int
) -> list[Finding]:
    """What differs in `stacks`, in order. Instances that were not read give no findings about themselves."""
    found = [*_instances(fleet, stacks, snapshot, today)]
    for name in stacks:
        found.extend(order_findings(fleet.stacks[name], today, lapsing_days))
    return sorted(found, key=lambda finding: finding.order)


def _instances(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot, today: date) -> Iterator[Finding]:
    told: set[InstanceKey] = set()
    for here in comparisons(fleet, stacks, snapshot, today):
        yield from number_findings(here)
        yield from flow_findings(here)
        yield from group_findings(here)
        # Of an instance in two stacks, the first tells what neither declares.
        if here.view.place not in told:
            told.add(here.view.place)
            yield from unmanaged_findings(here)


def comparisons(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot, today: date) -> Iterator[Comparison]:
    """Every instance of `stacks` that was read."""
    twice = _twice(snapshot)
    for name in stacks:
        stack, account = fleet.stacks[name], snapshot.accounts.get(name)
        if account is None:
            continue
        for instance in stack.declaration.instances.values():
            view = snapshot.views.get(InstanceKey(account, instance.id))
            if view is not None:
                yield Comparison(fleet, snapshot, stack, instance, view, twice, today)


def _twice(snapshot: Snapshot) -> dict[tuple[str, str], tuple[str, ...]]:
    """The numbers that more than one instance of an account lists."""
    listed: dict[tuple[str, str], list[str]] = {}
    for place, view in snapshot.views.items():
        for number in view.numbers:
            listed.setdefault((place.account, number), []).append(place.instance)
    return {key: tuple(sorted(places)) for key, places in listed.items() if len(places) > 1}


def order_findings(stack: Stack, today: date, lapsing_days: int) -> Iterator[Finding]:
    """One finding for each order of a stack that has ended, or ends within `lapsing_days`.

    What changes from day to day is in the cause, so that a baseline holds from one day to the next.
    """
    for order in stack.declaration.orders.values():
        ending, left = order.ending(today, lapsing_days), order.days_left(today) or 0
        if ending is Ending.LAPSED:
            yield _order_finding(
                FindingKind.ORDER_LAPSED,
                stack,
                order,
                f"ended on {order.expires}",
                f"{plural(-left, 'day')} ago",
            )
        elif ending is Ending.LAPSING:
            yield _order_finding(
                FindingKind.ORDER_LAPSING,
                stack,
                order,
                f"ends on {order.expires}",
                f"in {plural(left, 'day')}",
            )


def _order_finding(
    kind: FindingKind, stack: Stack, order: OrderDeclaration, actual: str, when: str
) -> Finding:
    count = sum(number.order == order.key for _, number in numbers_of(stack.declaration))
    numbers = "1 number stands" if count == 1 else f"{count} numbers stand"
    do = f"renew it with vendor {order.vendor} and set `purchased` and `term`"
    return Finding.of(
        kind,
        stack.name,
        order.key,
        Next(f"ccc-numbers orders {stack.name}", do),
        field="term",
        expected="a term that runs",
        actual=actual,
        cause=f"{when}; {numbers} on it",
        source=order.at("term"),
    )
