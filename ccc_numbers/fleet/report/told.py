"""Findings in the words of the pages: those of the drift run, and those of the ledger about money and papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ccc_numbers.fleet.drift.groups import Group, grouped
from ccc_numbers.fleet.drift.kinds import ABOUT, Severity
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.drift.run import Seen
from ccc_numbers.fleet.report.model import Told
from ccc_numbers.messages.names import some
from ccc_numbers.vendors.ledger import Ledger, LedgerFinding, LedgerKind

_TOLD_BY_DRIFT = frozenset(
    {LedgerKind.LAPSED, LedgerKind.BOUND_LAPSED, LedgerKind.LAPSING, LedgerKind.WRONG_VENDOR}
)

LEDGER_MEANS: Mapping[LedgerKind, str] = MappingProxyType(
    {
        LedgerKind.UNKNOWN_PRODUCT: "the order's product is in no catalogue",
        LedgerKind.OVER_QUANTITY: "more numbers stand on the order than were bought",
        LedgerKind.SHARED_NUMBER: "more agents can use the number than its product allows",
        LedgerKind.PAID_UNBOUND: "paid for, and not in use",
        LedgerKind.PREPAID_FOR_NOTHING: "prepaid more than is used",
        LedgerKind.LATE: "the order is longer in its stage than it should be",
        LedgerKind.NO_END: "nobody can be told when the order ends",
    }
)
"""What each kind of ledger finding means; those that a drift run tells as well are told by it."""


def told_of_drift(report: Report) -> list[Told]:
    """The drift run's findings; those that say the same of many numbers, together."""
    return [_drift(group) for group in grouped(report.findings)]


def told_of_ledger(book: Ledger, seen: Seen, hide: Callable[[str], str]) -> list[Told]:
    """The ledger's findings that a drift run does not make; `hide` masks the numbers in a text, or does not."""
    return [_ledger(each, seen, hide) for each in book.findings if each.kind not in _TOLD_BY_DRIFT]


def from_project(told: Told, folder: str) -> Told:
    """The finding with its files as they are called in the project: the machine's folders are nobody's business."""

    def short(text: str | None) -> str | None:
        return None if text is None else text.replace(folder, "")

    return replace(
        told,
        message=short(told.message),
        expected=short(told.expected),
        actual=short(told.actual),
        cause=short(told.cause),
        place=short(told.place),
        do=short(told.do),
    )


def _drift(group: Group) -> Told:
    finding = group.finding
    return Told(
        kind=str(finding.kind),
        severity=finding.severity,
        means=ABOUT[finding.kind].means,
        stack=finding.stack,
        instance=finding.instance,
        subjects=group.subjects,
        field=finding.field,
        expected=finding.expected,
        actual=finding.actual,
        cause=finding.cause,
        place=group.place,
        do=finding.next.do,
        command=finding.next.command,
    )


def _ledger(finding: LedgerFinding, seen: Seen, hide: Callable[[str], str]) -> Told:
    source = seen.fleet.stacks[finding.stack].declaration.orders[finding.order].source
    return Told(
        kind=str(finding.kind),
        severity=Severity(finding.severity.value),
        means=LEDGER_MEANS[finding.kind],
        stack=finding.stack,
        instance=None,
        subjects=(finding.order,),
        message=hide(finding.message),
        cause=_numbers(finding.numbers, hide),
        place=f"{source.file}:{source.line}",
        command=f"ccc-numbers orders {finding.stack}",
    )


def _numbers(numbers: tuple[str, ...], hide: Callable[[str], str]) -> str | None:
    return f"about {some([hide(number) for number in numbers], 12)}" if numbers else None
