"""Vendor orders whose term is over or ends soon: the numbers on them go dead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ccc_numbers.declaration.model import OrderDeclaration
from ccc_numbers.fleet.drift.findings import Finding, Next
from ccc_numbers.fleet.drift.kinds import ABOUT, Kind
from ccc_numbers.fleet.drift.stacks import Stack, numbers_of
from ccc_numbers.vendors.orders import Ending


def order_findings(stack: Stack, today: date, lapsing_days: int) -> Iterator[Finding]:
    """One finding for each order of a stack that has ended, or ends within `lapsing_days`.

    What changes from day to day is in the cause, so that a baseline holds from one day to the next.
    """
    for order in stack.declaration.orders.values():
        ending, left = order.ending(today, lapsing_days), order.days_left(today) or 0
        if ending is Ending.LAPSED:
            yield _finding(
                Kind.ORDER_LAPSED, stack, order, f"ended on {order.expires}", f"{_days(-left)} ago"
            )
        elif ending is Ending.LAPSING:
            yield _finding(Kind.ORDER_LAPSING, stack, order, f"ends on {order.expires}", f"in {_days(left)}")


def _finding(kind: Kind, stack: Stack, order: OrderDeclaration, actual: str, when: str) -> Finding:
    count = sum(number.order == order.key for _, number in numbers_of(stack.declaration))
    numbers = "1 number stands" if count == 1 else f"{count} numbers stand"
    source = order.at("term")
    do = f"renew it with vendor {order.vendor} and set `purchased` and `term`"
    return Finding(
        kind=kind,
        severity=ABOUT[kind].severity,
        stack=stack.name,
        instance=None,
        subject=order.key,
        field="term",
        expected="a term that runs",
        actual=actual,
        cause=f"{when}; {numbers} on it",
        next=Next(f"ccc-numbers orders {stack.name}", do),
        heal=ABOUT[kind].heal,
        source=source,
    )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
