"""The ledger as JSON and CSV, and its renewals as a calendar.

Amounts are text (`3000.00`), days whole numbers, unknown values null or empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.spreadsheet import csv_text
from ccc_numbers.vendors.dues import Due, DueKind
from ccc_numbers.vendors.ledger.model import Ledger, LedgerOrder
from ccc_numbers.vendors.money import yuan

if TYPE_CHECKING:
    from icalendar import Event

_Cell = str | int | None
_REMIND_DAYS = (30, 7)
_PAYMENTS = {
    DueKind.RENT: mark("Pay {amount}: rent of {order}, vendor {vendor}"),
    DueKind.PACKAGE: mark("Pay {amount}: package of {order}, vendor {vendor}"),
}
"""What of the dues is in the calendar: each is an event of its own."""

COLUMNS: dict[str, Callable[[LedgerOrder], object]] = {
    "stack": lambda row: row.stack,
    "order": lambda row: row.order.key,
    "vendor": lambda row: row.order.vendor,
    "product": lambda row: row.order.product,
    "stage": lambda row: row.order.stage.value,
    "stageSince": lambda row: row.order.stage_since,
    "daysInStage": lambda row: row.days_in_stage,
    "quantity": lambda row: row.order.quantity,
    "declared": lambda row: row.declared,
    "pending": lambda row: row.counts and row.counts.pending,
    "imported": lambda row: row.counts and row.counts.imported,
    "bound": lambda row: row.counts and row.counts.bound,
    "purchased": lambda row: row.order.purchased,
    "term": lambda row: row.order.term,
    "expires": lambda row: row.order.expires,
    "daysLeft": lambda row: row.days_left,
    "prepaid": lambda row: row.order.paid_ahead,
    "monthly": lambda row: row.cost and row.cost.monthly,
    "firstYear": lambda row: row.cost and row.cost.first_year,
    "orderId": lambda row: row.order.order_id,
    "nextBy": lambda row: row.step.who,
    "next": lambda row: row.step.what,
    "nextDue": lambda row: row.step.due,
    "simulated": lambda row: "yes" if row.simulated else "no",
    "owner": lambda row: row.order.owner,
    "invoice": lambda row: row.order.invoice.number,
    "invoiceReceived": lambda row: row.order.invoice.received,
    "minutes": lambda row: row.order.expected_minutes,
    "renewals": lambda row: len(row.order.renewals),
}
"""The names that JSON and CSV share; they are kept stable."""


def cells(row: LedgerOrder) -> dict[str, _Cell]:
    """One row by column: whole numbers as they are, everything else as text."""
    values = {name: value(row) for name, value in COLUMNS.items()}
    return {
        name: each if each is None or isinstance(each, int) else str(each) for name, each in values.items()
    }


def as_json(book: Ledger) -> str:
    """The whole ledger, `schemaVersion` 1."""
    data = {
        "schemaVersion": 1,
        "today": str(book.today),
        "currency": "CNY",
        "looked": sorted(book.looked),
        "orders": [cells(row) for row in book.rows],
        "findings": [asdict(finding) for finding in book.findings],
        "total": book.total.as_outputs(),
        "planned": book.planned.as_outputs(),
        "simulatedTotal": book.simulated_total and book.simulated_total.as_outputs(),
        "due": {name: str(amount) for name, amount in book.due_sums.items()},
        "dueOf": [
            {"account": account, "vendor": vendor, "product": product}
            | {name: str(amount) for name, amount in sums.items()}
            for (account, vendor, product), sums in book.due_of.items()
        ],
        "dues": [_due(row, due) for row in book.rows for due in row.dues],
        "unpriced": book.unknown,
        "withoutOrder": book.without_order,
    }
    return json_text(data) + "\n"


def _due(row: LedgerOrder, due: Due) -> dict[str, str]:
    simulated = "yes" if row.simulated else "no"
    about = {
        "stack": row.stack,
        "order": row.order.key,
        "vendor": row.order.vendor,
        "product": row.order.product,
    }
    return {"day": str(due.day), "kind": due.kind, "amount": str(due.amount), **about, "simulated": simulated}


def as_csv(book: Ledger) -> str:
    """One line per order, and what was found about it in the last column."""
    lines: list[list[_Cell]] = [[*COLUMNS, "findings"]]
    for row in book.rows:
        kinds = [
            finding.kind.value
            for finding in book.findings
            if (finding.stack, finding.order) == (row.stack, row.order.key)
        ]
        lines.append([*cells(row).values(), " ".join(dict.fromkeys(kinds))])
    return csv_text(lines)


def as_ics(book: Ledger) -> str:
    """An iCalendar file: a whole-day event with reminders for each order that was paid and has an end.

    Each event keeps its UID from run to run, so that importing the file again moves it instead of adding one.
    """
    # Slow to import, and used only here.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//ccc-numbers//order renewals//EN")  # not translated: for programs
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", tr("CCC number renewals"))
    for row in book.rows:
        if row.order.expires is not None and row.order.bought:
            calendar.add_component(_event(book, row))
        for due in row.dues:
            if due.kind in _PAYMENTS:
                calendar.add_component(_payment(book, row, due))
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
    summary = tr(
        "Renew {order}: {count} × {product}, vendor {vendor}",
        order=order.key,
        count=order.quantity,
        product=name,
        vendor=order.vendor,
    )
    event.add("summary", summary)
    event.add("description", _description(row))
    event.add("transp", "TRANSPARENT")
    for days in _REMIND_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", tr("{order} ends in {days} days", order=order.key, days=days))
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    return event


def _payment(book: Ledger, row: LedgerOrder, due: Due) -> Event:
    """A whole-day event for a rent or package of a later year."""
    from icalendar import Event

    event, order = Event(), row.order
    event.add("uid", f"{row.stack}.{order.key}.{due.kind}.{due.day}@ccc-numbers")
    event.add("dtstamp", datetime(book.today.year, book.today.month, book.today.day, tzinfo=UTC))
    event.add("dtstart", due.day)
    event.add("dtend", due.day + timedelta(days=1))
    summary = tr(_PAYMENTS[due.kind], amount=yuan(due.amount), order=order.key, vendor=order.vendor)
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event


def _description(row: LedgerOrder) -> str:
    order, cost = row.order, row.cost
    lines = [
        tr(
            "Stack {stack}, order {order}, marketplace {id}"
            if order.order_id
            else "Stack {stack}, order {order}",
            stack=row.stack,
            order=order.key,
            id=order.order_id,
        ),
        tr("Numbers declared on it, dead once the term has ended: {count}.", count=row.declared),
        tr("Purchased {day}, term {term}.", day=order.purchased, term=order.term),
    ]
    if cost is not None:
        lines.append(
            tr(
                "Cost: {monthly} a month, {first_year} in the first year.",
                monthly=yuan(cost.monthly),
                first_year=yuan(cost.first_year),
            )
        )
    return "\n".join(lines)
