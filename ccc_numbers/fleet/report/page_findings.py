"""Findings as the pages show them: those of the drift run, and those of the ledger about money and papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from ccc_numbers.fleet.drift.findings import grouped
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.drift.run import DriftRun
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import quoted, some
from ccc_numbers.numbers.finding_kinds import Severity
from ccc_numbers.vendors.findings import Finding
from ccc_numbers.vendors.ledger import Ledger, LedgerFinding, LedgerKind
from ccc_numbers.vendors.rules import check

_OF_DRIFT = frozenset(
    {
        *(LedgerKind.LAPSED, LedgerKind.BOUND_LAPSED, LedgerKind.LAPSING),
        *(LedgerKind.WRONG_VENDOR, LedgerKind.VENDOR_NAME),
    }
)
_LABELS = {"next": mark("then")}

LEDGER_MEANS: Mapping[LedgerKind, str] = MappingProxyType(
    {
        LedgerKind.UNKNOWN_PRODUCT: mark("the order's product is in no catalogue"),
        LedgerKind.OVER_QUANTITY: mark("more numbers are declared on the order than were bought"),
        LedgerKind.SHARED_NUMBER: mark("more agents can use the number than its product allows"),
        LedgerKind.NO_NUMBERS: mark("bought, and no number of it is declared"),
        LedgerKind.PAID_UNBOUND: mark("paid for, and not in use"),
        LedgerKind.PREPAID_FOR_NOTHING: mark("prepaid more than is used"),
        LedgerKind.PREPAID_TOO_SMALL: mark("prepaid less than the expected minutes come to"),
        LedgerKind.LATE: mark("the order is longer in its stage than it should be"),
        LedgerKind.NO_END: mark("when the order ends is unknown"),
    }
)
"""The meaning of each kind of ledger finding, save those that a drift run makes as well."""

SCENE_MEANS: Mapping[str, str] = MappingProxyType(
    {
        "forbidden-business": mark("the scene says a business that the product is not for"),
        "doubtful-business": mark("the scene may say a business that the product is not for"),
        "accept-of-no-use": mark("an accepted word that the product does not forbid"),
    }
)
"""The meaning of each rule of `check` about what an order's calls are for."""


@dataclass(frozen=True, slots=True)
class PageFinding:
    """A finding, about one or many subjects. `means` explains its kind, `lines` are the texts of this case by label.

    `of_order`: about money, papers or scenes: CCC holds what is declared all the same.
    """

    kind: str
    severity: Severity
    means: str
    stack: str
    instance: str | None
    subjects: tuple[str, ...]
    lines: Mapping[str, str]
    field: str | None = None
    place: str | None = None
    of_order: bool = False

    @property
    def where(self) -> str:
        """Its instance; blank for a finding about none."""
        return self.instance or ""

    def from_project(self, folder: str) -> PageFinding:
        """The finding with its files as the project calls them: the machine's folders are nobody's business."""
        lines = {label: text.replace(folder, "") for label, text in self.lines.items()}
        return replace(self, lines=lines, place=self.place and self.place.replace(folder, ""))

    @property
    def count(self) -> int:
        """How many findings this stands for."""
        return max(1, len(self.subjects))


def of_drift(report: Report) -> list[PageFinding]:
    """The drift run's findings; those that say the same of many numbers, together."""
    return [
        PageFinding(
            kind=str(group.finding.kind),
            severity=group.finding.severity,
            means=group.finding.kind.means,
            stack=group.finding.stack,
            instance=group.finding.instance,
            subjects=group.subjects,
            lines={
                _LABELS.get(label, label): text
                for label, text in group.finding.lines.items()
                if text and label != "at"
            },
            field=group.finding.field,
            place=group.place,
        )
        for group in grouped(report.findings)
    ]


def of_ledger(book: Ledger, run: DriftRun, hide: Callable[[str], str]) -> list[PageFinding]:
    """The ledger's findings that a drift run does not make; `hide` masks the numbers in a text, or does not."""
    return [_ledger(each, run, hide) for each in book.findings if each.kind not in _OF_DRIFT]


def of_scenes(stacks: Iterable[Stack], today: date, hide: Callable[[str], str]) -> list[PageFinding]:
    """What `check` says of the orders' scenes, and of the words in them that somebody accepted."""
    return [
        _scene(stack, each, hide)
        for stack in stacks
        for each in check(stack.orders.orders, stack.orders.numbers, stack.catalogue, today)
        if each.rule in SCENE_MEANS
    ]


def _scene(stack: Stack, finding: Finding, hide: Callable[[str], str]) -> PageFinding:
    _, key, field = finding.path
    source = stack.declaration.orders[key].at(field)
    return PageFinding(
        kind=finding.rule,
        severity=Severity(finding.severity.value),
        means=tr(SCENE_MEANS[finding.rule]),
        stack=stack.name,
        instance=None,
        subjects=(key,),
        lines={
            mark("found"): hide(f"{quoted(finding.value or '')} {finding.message}"),
            "then": f"ccc-numbers check {stack.name}",  # not translated: a command
        },
        field=field,
        place=f"{source.file}:{source.line}",
        of_order=True,
    )


def _ledger(finding: LedgerFinding, run: DriftRun, hide: Callable[[str], str]) -> PageFinding:
    source = run.fleet.stacks[finding.stack].declaration.orders[finding.order].source
    lines = {mark("found"): hide(finding.message)}
    if finding.numbers:
        lines[mark("about")] = some([hide(number) for number in finding.numbers], 12)
    return PageFinding(
        kind=str(finding.kind),
        severity=Severity(finding.severity.value),
        means=tr(LEDGER_MEANS[finding.kind]),
        stack=finding.stack,
        instance=None,
        subjects=(finding.order,),
        lines={**lines, "then": f"ccc-numbers orders {finding.stack}"},  # not translated: a command
        place=f"{source.file}:{source.line}",
        of_order=True,
    )
