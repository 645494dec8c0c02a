"""The order ledger for people and programs: a table, and the forms of `vendors.ledger`."""

import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from rich import box
from rich.console import Console
from rich.table import Table

from ccc_numbers.fleet.console import out
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import listed, sentences, some
from ccc_numbers.messages.terminal import Text
from ccc_numbers.vendors.cost import Cost
from ccc_numbers.vendors.findings import Severity
from ccc_numbers.vendors.ledger import (
    LAPSING_DAYS,
    Ledger,
    LedgerFinding,
    LedgerOrder,
    as_csv,
    as_ics,
    as_json,
)
from ccc_numbers.vendors.money import yuan

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


class LedgerForm(StrEnum):
    """A form of the ledger."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    ICS = "ics"


class FailOn(StrEnum):
    """The severity from which the exit code is 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"

    def fails(self, book: Ledger) -> bool:
        """Whether the ledger holds such a finding."""
        worst = [Severity.ERROR, Severity.WARNING]
        failing = {FailOn.ERROR: worst[:1], FailOn.WARNING: worst, FailOn.NEVER: []}[self]
        return any(finding.severity in failing for finding in book.findings)


def write_ledger(form: LedgerForm, book: Ledger, *, offline: bool) -> None:
    """The ledger to stdout."""
    if form is LedgerForm.TABLE:
        print_ledger(out(), book, offline=offline)
        return
    text = {LedgerForm.JSON: as_json, LedgerForm.CSV: as_csv, LedgerForm.ICS: as_ics}[form](book)
    # Bytes, for a calendar ends its lines with CR LF and a CSV with LF, on every system.
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def print_ledger(console: Console, book: Ledger, *, offline: bool) -> None:
    """The orders, the findings, and one line of counts."""
    if not book.rows:
        console.print(tr("No orders are declared."))
        return
    console.print(_table(book))
    if book.findings:
        console.print(Text(tr("Found"), style="bold"))
    for finding in book.findings:
        console.print(_finding(finding), soft_wrap=True)
    console.print(Text(tr("Next steps"), style="bold"))
    for row in book.rows:
        console.print(f"{row.stack}/{row.order.key}: {row.step}", soft_wrap=True)
    if book.due_of:
        console.print(_due_table(book))
    console.print()
    console.print(_summary(book, offline=offline), soft_wrap=True)


def _table(book: Ledger) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in (tr("stack"), tr("order"), tr("product"), tr("stage")):
        table.add_column(heading, overflow="fold")
    for heading in (
        *(tr("bought"), tr("declared"), tr("in CCC"), tr("bound")),
        *(tr("¥ a month"), tr("¥ 1st year")),
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(tr("ends"), overflow="fold")
    for row in book.rows:
        table.add_row(*_cells(row))
    return table


def _due_table(book: Ledger) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in (tr("account"), tr("product")):
        table.add_column(heading, overflow="fold")
    for heading in (tr("due now"), tr("this month"), tr("12 months")):
        table.add_column(heading, justify="right", no_wrap=True)
    for (account, vendor, product), sums in book.due_of.items():
        table.add_row(Text(account), Text(f"{vendor}/{product}"), *map(yuan, sums.values()))
    return table


def _cells(row: LedgerOrder) -> list[Text]:
    counts, cost, days = row.counts, row.cost, row.days_in_stage
    return [
        Text(row.stack + (tr(" (simulated)") if row.simulated else "")),
        Text(row.order.key),
        Text(f"{row.order.vendor}/{row.order.product}"),
        Text(row.order.stage if days is None else tr("{stage}, {days} d", stage=row.order.stage, days=days)),
        Text(str(row.order.quantity)),
        Text(str(row.declared), style="red" if row.declared > row.order.quantity else ""),
        Text(str(counts.imported) if counts else "–"),
        Text(str(counts.bound) if counts else "–"),
        Text(f"{cost.monthly:,.2f}" if cost else "–"),
        Text(f"{cost.first_year:,.2f}" if cost else "–"),
        _end(row),
    ]


def _end(row: LedgerOrder) -> Text:
    if row.order.expires is None or row.days_left is None:
        return Text("–")
    style = "red" if row.days_left <= 0 else "yellow" if row.days_left <= LAPSING_DAYS else ""
    return Text(tr("{end} ({days} d)", end=row.order.expires, days=row.days_left), style=style)


def _finding(finding: LedgerFinding) -> Text:
    line = Text()
    line.append(f"{tr(finding.severity.value):7} ", style=_STYLES[finding.severity])
    line.append(finding.kind.value, style="bold")
    line.append(f"  {finding.stack}/{finding.order}: {finding.message}")
    if finding.numbers:
        line.append(tr(" ({numbers})", numbers=some(finding.numbers, 5)))
    return line


def _summary(book: Ledger, *, offline: bool) -> str:
    counted = Counter(finding.severity for finding in book.findings)
    errors, warnings, infos = (counted[severity] for severity in _STYLES)
    counts = (
        trn("{count:,} error", "{count:,} errors", errors) if errors else "",
        trn("{count:,} warning", "{count:,} warnings", warnings) if warnings else "",
        tr("{count:,} info", count=infos) if infos else "",
    )
    said = (
        listed(
            [
                trn("{count:,} order", "{count:,} orders", len(book.rows)),
                trn(
                    "{count:,} number declared on them",
                    "{count:,} numbers declared on them",
                    sum(row.declared for row in book.rows),
                ),
                *([tr("{count:,} on none", count=book.without_order)] if book.without_order else []),
            ]
        ),
        _money(book),
        listed(filter(None, counts)) or tr("nothing to report"),
    )
    return sentences(said) + (tr(" (declarations alone; CCC was not asked)") if offline else "")


def _money(book: Ledger) -> str:
    """The totals: of real stacks, if there are any, and of simulated ones by themselves."""
    simulated, real = book.simulated_total, any(not row.simulated for row in book.rows)
    said = [_sum(book.total) + (tr(", without what is not known") if book.unknown else ""), *_dues(book)]
    if book.planned.monthly:
        said.append(tr("intended besides: {sum}", sum=_sum(book.planned)))
    return sentences(
        [
            *(said if real else []),
            *([tr("simulated: {sum}", sum=_sum(simulated))] if simulated is not None else []),
        ]
    )


def _dues(book: Ledger) -> Iterator[str]:
    """What is to be paid in one sum, on a day that is known."""
    due = book.due_sums
    if due["twelveMonths"]:
        yield tr(
            "due now {now}, this month {month}, in twelve months {year}",
            now=yuan(due["now"]),
            month=yuan(due["thisMonth"]),
            year=yuan(due["twelveMonths"]),
        )


def _sum(cost: Cost) -> str:
    return tr(
        "{monthly} a month, {first_year} in the first year",
        monthly=yuan(cost.monthly),
        first_year=yuan(cost.first_year),
    )
