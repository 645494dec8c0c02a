"""Rules about when things happened, and when the contract ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.orders import Ending, Order, Stage
from ccc_numbers.vendors.rules.case import ExaminedOrder, order_finding


def order_of_dates(case: ExaminedOrder) -> Iterator[Finding]:
    """Days that contradict each other or the calendar."""
    yield from order_of_dates_alone(case.order, case.today)


def order_of_dates_alone(order: Order, today: date) -> Iterator[Finding]:
    """The same for an order whose product is unknown."""
    bought, since = order.purchased, order.since
    if bought is not None and bought > today and order.stage.reached(Stage.PAID):
        why = f"lies in the future (today is {today}), yet the order is {order.stage.value}"
        yield order_finding(order, "date-in-future", "purchased", bought, why)
    if since is not None and since > today:
        why = f"lies in the future (today is {today}): since is the day the stage was reached"
        yield order_finding(order, "date-in-future", "since", since, why)
    if bought is not None and since is not None and since < bought and order.stage.reached(Stage.PAID):
        why = f"lies before the purchase on {bought}; an order is {order.stage.value} after it was bought"
        yield order_finding(order, "dates-reversed", "since", since, why)


def term_over(case: ExaminedOrder) -> Iterator[Finding]:
    """A contract that has ended, with numbers still standing on it."""
    order = case.order
    if order.ending(case.today) is not Ending.LAPSED:
        return
    count = len(case.numbers)
    standing = f"; {count} declared number{'s' if count != 1 else ''} may be dead" if count else ""
    yield case.finding(
        "term-over",
        "term",
        order.term,
        f"from {order.purchased} ended on {order.expires}{standing}: renew with the vendor and set purchased "
        "and term again, or take the order out",
        Severity.WARNING,
    )
