"""The ledger as JSON and CSV. Amounts are text (`3000.00`), days whole numbers, what is unknown null or empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.spreadsheet import csv_text
from ccc_numbers.vendors.ledger.model import Ledger, LedgerOrder

_Cell = str | int | None

_COLUMNS: dict[str, Callable[[LedgerOrder], object]] = {
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
    "prepaid": lambda row: row.order.prepaid,
    "monthly": lambda row: row.cost and row.cost.monthly,
    "firstYear": lambda row: row.cost and row.cost.first_year,
    "orderId": lambda row: row.order.order_id,
    "nextBy": lambda row: row.step.who,
    "next": lambda row: row.step.what,
    "nextDue": lambda row: row.step.due,
}
"""The names that JSON and CSV share; they are kept stable."""


def cells(row: LedgerOrder) -> dict[str, _Cell]:
    """One row by column: whole numbers as they are, everything else as text."""
    values = {name: value(row) for name, value in _COLUMNS.items()}
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
    }
    return json_text(data) + "\n"


def as_csv(book: Ledger) -> str:
    """One line per order, and what was found about it in the last column."""
    lines: list[list[_Cell]] = [[*_COLUMNS, "findings"]]
    for row in book.rows:
        kinds = [
            finding.kind.value
            for finding in book.findings
            if (finding.stack, finding.order) == (row.stack, row.order.key)
        ]
        lines.append([*cells(row).values(), " ".join(dict.fromkeys(kinds))])
    return csv_text(lines)
