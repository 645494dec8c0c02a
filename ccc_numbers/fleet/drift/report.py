"""The result of a drift run: findings, coverage, places that were not read. `words` says it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import ConfigDict

from ccc_numbers.fleet.drift.findings import Finding, Next
from ccc_numbers.fleet.traffic.model import Traffic, masked_traffic
from ccc_numbers.messages.masking import mask_numbers, mask_path
from ccc_numbers.messages.problem import Problem
from ccc_numbers.numbers.finding_kinds import FindingKind, Severity


class Verdict(StrEnum):
    """`incomplete` wins over `drift`: who has not seen everything cannot say what differs."""

    CLEAN = "clean"
    DRIFT = "drift"
    INCOMPLETE = "incomplete"

    @property
    def exit_code(self) -> int:
        return {Verdict.CLEAN: 0, Verdict.DRIFT: 1, Verdict.INCOMPLETE: 2}[self]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of an instance is declared; `live`, `managed` and `absent` are null when it was not read.

    `absent`: numbers declared for it that are not in it.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    stack: str
    instance: str
    declared: int
    live: int | None
    managed: int | None
    absent: int | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that could not be looked at."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    stack: str
    instance: str | None
    """None for a whole stack."""
    reason: str
    """In one line, the same wherever the cause is the same."""
    detail: str | None = None
    """More about this case, such as the call and its request id."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that a rule or the baseline keeps out of the count."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    finding: Finding
    reason: str
    owner: str
    until: date | None

    @property
    def stack(self) -> str:
        return self.finding.stack


@dataclass(frozen=True, slots=True)
class Report:
    """One run. `kinds` and `numbers` are those that were looked for, None for all of them; `notes` are for people.

    Findings below `fail_on` do not count as drift; None: no finding does.
    """

    looked_at: datetime
    seconds: float
    stacks: tuple[str, ...]
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    unseen: tuple[Unseen, ...]
    problems: tuple[Problem, ...]
    coverage: tuple[Coverage, ...]
    kinds: tuple[FindingKind, ...] | None = None
    notes: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.WARNING
    traffic: Traffic | None = None
    numbers: tuple[str, ...] | None = None
    unlooked: tuple[str, ...] = ()
    """What only an option looks at, and this run did not: `traffic`, `reachability`."""

    @property
    def verdict(self) -> Verdict:
        """The outcome in one word."""
        if self.unseen or self.problems:
            return Verdict.INCOMPLETE
        least = self.fail_on
        drift = least is not None and any(each.severity.rank >= least.rank for each in self.findings)
        return Verdict.DRIFT if drift else Verdict.CLEAN

    def of_stack(self, stack: str) -> Report:
        """One stack's part of it; mistakes in files that are no stack's own belong to every stack."""
        return replace(
            self,
            stacks=(stack,),
            findings=of_stack(stack, self.findings),
            ignored=of_stack(stack, self.ignored),
            unseen=of_stack(stack, self.unseen),
            problems=tuple(each for each in self.problems if self.stack_of(each) in (stack, "")),
            coverage=of_stack(stack, self.coverage),
            traffic=self.traffic and replace(self.traffic, instances=of_stack(stack, self.traffic.instances)),
        )

    def stack_of(self, problem: Problem) -> str:
        """The stack whose file has the mistake; "" when the file is not a single stack's own."""
        stem = Path(problem.file).name.removesuffix(".yaml").removeprefix("Pulumi.")
        return stem if stem in self.stacks else ""

    @property
    def places(self) -> tuple[str, ...]:
        """The stacks, and "" when there are findings about no stack (about the ignore file)."""
        return (*self.stacks, *([""] if any(not each.stack for each in self.findings) else []))

    @property
    def severities(self) -> Mapping[Severity, int]:
        """Findings by severity, the gravest first, zeros included."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in Severity}

    @property
    def by_kind(self) -> Mapping[FindingKind, int]:
        """Findings by kind, most frequent of the gravest first."""
        counted = Counter(finding.kind for finding in self.findings)
        return dict(sorted(counted.items(), key=lambda each: (-each[0].severity.rank, -each[1], each[0])))

    @property
    def total(self) -> Coverage:
        """All instances together: those that were read."""
        declared = sum(each.declared for each in self.coverage)
        live = sum(each.live or 0 for each in self.coverage)
        managed = sum(each.managed or 0 for each in self.coverage)
        return Coverage("", "", declared, live, managed, sum(each.absent or 0 for each in self.coverage))


class _OfStack(Protocol):
    @property
    def stack(self) -> str: ...


Item = TypeVar("Item", bound=_OfStack)


def of_stack(stack: str, items: Iterable[Item]) -> tuple[Item, ...]:
    """Those of one stack."""
    return tuple(each for each in items if each.stack == stack)


class _WithReason(Protocol):
    @property
    def reason(self) -> str: ...


Unread = TypeVar("Unread", bound=_WithReason)


def by_reason(unread: Iterable[Unread]) -> list[tuple[str, list[Unread]]]:
    """Places that were not read, together where the reason is the same: one endpoint down is one thing to mend."""
    reasons: dict[str, list[Unread]] = defaultdict(list)
    for each in unread:
        reasons[each.reason].append(each)
    return list(reasons.items())


def masked(report: Report) -> Report:
    """The report with every number as `021****1001`. Places in files stay: they lead people there."""
    known = {finding.subject for finding in report.findings if finding.subject.isdigit()}
    known.update(report.numbers or ())

    def hide(text: str) -> str:
        return mask_numbers(text, known)

    return replace(
        report,
        findings=tuple(_hidden(finding, hide) for finding in report.findings),
        ignored=tuple(replace(each, finding=_hidden(each.finding, hide)) for each in report.ignored),
        unseen=tuple(
            replace(each, reason=hide(each.reason), detail=each.detail and hide(each.detail))
            for each in report.unseen
        ),
        problems=tuple(
            replace(
                each,
                path=mask_path(each.path),
                value=each.value and hide(each.value),
                message=hide(each.message),
            )
            for each in report.problems
        ),
        traffic=report.traffic and masked_traffic(report.traffic),
        numbers=report.numbers and tuple(map(hide, report.numbers)),
    )


def _hidden(finding: Finding, hide: Callable[[str], str]) -> Finding:
    return replace(
        finding,
        subject=hide(finding.subject),
        expected=finding.expected and hide(finding.expected),
        actual=finding.actual and hide(finding.actual),
        cause=finding.cause and hide(finding.cause),
        next=Next(finding.next.command, finding.next.do and hide(finding.next.do)),
    )
