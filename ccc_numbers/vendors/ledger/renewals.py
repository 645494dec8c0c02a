"""Renewals as a calendar: one whole-day event per order on the day its term ends, with reminders before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ccc_numbers.vendors.ledger.model import Ledger, LedgerOrder
from ccc_numbers.vendors.money import yuan
from ccc_numbers.vendors.orders import Stage

if TYPE_CHECKING:
    from icalendar import Event

_REMIND_DAYS = (30, 7)


def as_ics(book: Ledger) -> str:
    """An iCalendar file of all orders that were paid and have an end; the same ledger makes the same text.

    Each event keeps its UID from run to run, so that importing the file again moves it instead of adding one.
    """
    # Slow to import, and of no use to anybody but this file.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//ccc-numbers//order renewals//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "CCC number renewals")
    for row in book.rows:
        if row.order.expires is not None and row.order.stage.reached(Stage.PAID):
            calendar.add_component(_event(book, row))
    text: bytes = calendar.to_ical()
    return text.decode("utf-8")


def _event(book: Ledger, row: LedgerOrder) -> Event:
    from icalendar import Alarm, Event

    order, ends = row.order, row.order.expires
    assert ends is not None
    event, name = Event(), row.entry.name if row.entry else order.product
    event.add("uid", f"{row.stack}.{order.key}@ccc-numbers")
    event.add("dtstamp", datetime(book.today.year, book.today.month, book.today.day, tzinfo=UTC))
    event.add("dtstart", ends)
    event.add("dtend", ends + timedelta(days=1))
    event.add("summary", f"Renew {order.key}: {order.quantity} × {name}, vendor {order.vendor}")
    event.add("description", _description(row))
    event.add("transp", "TRANSPARENT")
    for days in _REMIND_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{order.key} ends in {days} days")
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    return event


def _description(row: LedgerOrder) -> str:
    order, cost = row.order, row.cost
    lines = [
        f"Stack {row.stack}, order {order.key}"
        + (f", marketplace {order.order_id}" if order.order_id else ""),
        f"Numbers declared on it, dead once the term has ended: {row.declared}.",
        f"Purchased {order.purchased}, term {order.term}.",
    ]
    if cost is not None:
        lines.append(f"Cost: {yuan(cost.monthly)} a month, {yuan(cost.first_year)} in the first year.")
    return "\n".join(lines)
