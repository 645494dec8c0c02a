"""The ledger as JSON and CSV. Amounts are text (`3000.00`), days whole numbers, what is unknown null or empty."""

from __future__ import annotations

from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.spreadsheet import csv_text
from ccc_numbers.vendors.ledger.model import Ledger, LedgerRow
from ccc_numbers.vendors.money import rounded

_Cell = str | int | None


def cells(row: LedgerRow) -> dict[str, _Cell]:
    """One row under the names that JSON and CSV share; these names are kept stable."""
    order, counts, cost = row.order, row.counts, row.cost
    return {
        "stack": row.stack,
        "order": order.key,
        "vendor": order.vendor,
        "product": order.product,
        "stage": order.stage.value,
        "stageSince": _text(order.stage_since),
        "daysInStage": row.days_in_stage,
        "quantity": order.quantity,
        "declared": row.declared,
        "pending": counts.pending if counts else None,
        "imported": counts.imported if counts else None,
        "bound": counts.bound if counts else None,
        "purchased": _text(order.purchased),
        "term": _text(order.term),
        "expires": _text(order.expires),
        "daysLeft": row.days_left,
        "prepaid": _text(order.prepaid),
        "monthly": str(cost.monthly) if cost else None,
        "firstYear": str(cost.first_year) if cost else None,
        "orderId": order.order_id,
        "nextBy": row.step.who,
        "next": row.step.what,
        "nextDue": _text(row.step.due),
    }


def as_json(book: Ledger) -> str:
    """The whole ledger, `schemaVersion` 1."""
    data = {
        "schemaVersion": 1,
        "today": str(book.today),
        "currency": "CNY",
        "looked": sorted(book.looked),
        "orders": [cells(row) for row in book.rows],
        "findings": [
            {
                "kind": finding.kind.value,
                "severity": finding.severity.value,
                "stack": finding.stack,
                "order": finding.order,
                "message": finding.message,
                "numbers": list(finding.numbers),
            }
            for finding in book.findings
        ],
        "total": {
            "monthly": str(rounded(book.total.monthly)),
            "firstYear": str(rounded(book.total.first_year)),
        },
    }
    return json_text(data) + "\n"


def as_csv(book: Ledger) -> str:
    """One line per order, and what was found about it in the last column."""
    names = [*_EMPTY, "findings"]
    lines: list[list[_Cell]] = [list(names)]
    for row in book.rows:
        kinds = [
            finding.kind.value
            for finding in book.findings
            if (finding.stack, finding.order) == (row.stack, row.order.key)
        ]
        record = {**cells(row), "findings": " ".join(dict.fromkeys(kinds))}
        lines.append([record[name] for name in names])
    return csv_text(lines)


_EMPTY = (
    *("stack", "order", "vendor", "product", "stage", "stageSince", "daysInStage", "quantity", "declared"),
    *("pending", "imported", "bound", "purchased", "term", "expires", "daysLeft", "prepaid", "monthly"),
    *("firstYear", "orderId", "nextBy", "next", "nextDue"),
)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
