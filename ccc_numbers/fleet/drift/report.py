"""What a drift run found out: findings, coverage, what it could not see; in the words that every form shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import ConfigDict

from ccc_numbers.fleet.drift.findings import Finding, FindingKind, Next, Severity
from ccc_numbers.fleet.drift.gather import InstanceKey, Snapshot
from ccc_numbers.fleet.drift.stacks import Fleet, Stack
from ccc_numbers.messages.masking import mask_numbers, mask_path
from ccc_numbers.messages.names import plural
from ccc_numbers.messages.problem import Problem


class Verdict(StrEnum):
    """`incomplete` wins over `drift`: who has not seen everything cannot say what differs."""

    CLEAN = "clean"
    DRIFT = "drift"
    INCOMPLETE = "incomplete"

    @property
    def exit_code(self) -> int:
        return {Verdict.CLEAN: 0, Verdict.DRIFT: 1, Verdict.INCOMPLETE: 2}[self]


class FailOn(StrEnum):
    """From which severity on findings are drift, for the exit code."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"

    @property
    def severity(self) -> Severity | None:
        return None if self is FailOn.NEVER else Severity(self.value)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of an instance is declared; `live` and `managed` are null when it was not read."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    stack: str
    instance: str
    declared: int
    live: int | None
    managed: int | None


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


@dataclass(frozen=True, slots=True)
class Report:
    """One run. `kinds` are those that were looked for, None for all of them; `notes` are for people."""

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

    def verdict(self, fail_on: Severity | None) -> Verdict:
        """What the run comes to; findings below `fail_on` (None: all) do not count as drift."""
        if self.unseen or self.problems:
            return Verdict.INCOMPLETE
        drift = fail_on is not None and any(f.severity.rank >= fail_on.rank for f in self.findings)
        return Verdict.DRIFT if drift else Verdict.CLEAN

    def of_stack(self, stack: str) -> Report:
        """One stack's part of it; mistakes in files that are no stack's own belong to every stack."""
        stems = {name for each in self.stacks if each != stack for name in (each, f"Pulumi.{each}")}
        others = {f"{stem}.yaml" for stem in stems}
        return replace(
            self,
            stacks=(stack,),
            findings=tuple(each for each in self.findings if each.stack == stack),
            ignored=tuple(each for each in self.ignored if each.finding.stack == stack),
            unseen=tuple(each for each in self.unseen if each.stack == stack),
            problems=tuple(each for each in self.problems if Path(each.file).name not in others),
            coverage=tuple(each for each in self.coverage if each.stack == stack),
        )

    @property
    def severities(self) -> Mapping[Severity, int]:
        """Findings by severity, the gravest first, zeros included."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in Severity}

    @property
    def by_kind(self) -> Mapping[FindingKind, int]:
        """Findings by kind, most frequent of the gravest first."""
        counted = Counter(finding.kind for finding in self.findings)
        worst = {finding.kind: finding.severity.rank for finding in self.findings}
        return dict(sorted(counted.items(), key=lambda item: (-worst[item[0]], -item[1], item[0])))

    @property
    def total(self) -> Coverage:
        """All instances together: those that were read."""
        read = [each for each in self.coverage if each.live is not None]
        return Coverage(
            stack="",
            instance="",
            declared=sum(each.declared for each in self.coverage),
            live=sum(each.live or 0 for each in read),
            managed=sum(each.managed or 0 for each in read),
        )


def coverage(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot) -> list[Coverage]:
    """How much of each instance some stack declares; an instance of two stacks counts for the first."""
    rows: list[Coverage] = []
    told: set[InstanceKey] = set()
    for name in stacks:
        stack = fleet.stacks[name]
        account = snapshot.accounts.get(name, f"of {name}")
        for instance in stack.declaration.instances.values():
            place = InstanceKey(account, instance.id)
            view = snapshot.views.get(place)
            live = None if view is None else () if place in told else tuple(view.numbers)
            told.add(place)
            rows.append(
                Coverage(
                    stack=name,
                    instance=instance.id,
                    declared=len(instance.numbers),
                    live=None if live is None else len(live),
                    managed=None if live is None else _managed(fleet, stack, live),
                )
            )
    return rows


def _managed(fleet: Fleet, stack: Stack, live: Iterable[str]) -> int:
    return sum(bool(fleet.owners_of(stack.world, number)) for number in live)


def unseen(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot) -> list[Unseen]:
    """Every stack without an account and every instance that could not be read."""
    found: list[Unseen] = []
    for name in stacks:
        account = snapshot.accounts.get(name)
        if account is None:
            if name in snapshot.failed:
                found.append(Unseen(name, None, snapshot.failed[name]))
            continue
        for instance in fleet.stacks[name].declaration.instances:
            unread = snapshot.unread.get(InstanceKey(account, instance))
            if unread is not None:
                detail = unread.detail if unread.detail != unread.reason else None
                found.append(Unseen(name, instance, unread.reason, detail))
    return found


def headline(report: Report, verdict: Verdict) -> str:
    """What the run comes to, in one sentence."""
    found = counts(report)
    if verdict is Verdict.INCOMPLETE:
        blind = []
        if report.unseen:
            blind.append(f"{plural(len(report.unseen), 'place')} could not be looked at")
        if report.problems:
            mistakes = sum(problem.count for problem in report.problems)
            blind.append(f"{plural(mistakes, 'mistake')} in the files")
        return f"incomplete: {' and '.join(blind)}; of the rest: {found}"
    if verdict is Verdict.CLEAN and not report.findings:
        return f"clean{_looked_for(report)}"
    return f"{verdict}{_looked_for(report)}: {found}"


def counts(report: Report) -> str:
    """`12 findings: 8 errors, 3 warnings, 1 info`."""
    found = by_severity(report.severities)
    return f"{plural(len(report.findings), 'finding')}: {found}" if found else "no findings"


def by_severity(severities: Mapping[Severity, int]) -> str:
    """`8 errors, 3 warnings, 1 info`; "" when there is none."""
    return ", ".join(
        f"{count:,} info" if severity is Severity.INFO else plural(count, severity)
        for severity, count in severities.items()
        if count
    )


class _WithReason(Protocol):
    @property
    def reason(self) -> str: ...


Unread = TypeVar("Unread", bound=_WithReason)


def by_reason(unread: Iterable[Unread]) -> list[tuple[str, list[Unread]]]:
    """What could not be looked at, together where the reason is the same: one endpoint down is one thing to mend."""
    reasons: dict[str, list[Unread]] = {}
    for each in unread:
        reasons.setdefault(each.reason, []).append(each)
    return list(reasons.items())


def scope(report: Report) -> str:
    """`598 of 600 numbers managed (99.7 %) in 2 instances of 1 stack`."""
    read = sum(each.live is not None for each in report.coverage)
    where = f"{plural(read, 'instance')} of {plural(len(report.stacks), 'stack')}"
    return f"{managed(report.total)} in {where}"


def managed(coverage: Coverage) -> str:
    """How much of what is live is declared."""
    if coverage.live is None:
        return "not read"
    if not coverage.live:
        return "no numbers"
    managed = coverage.managed or 0
    return f"{managed:,} of {plural(coverage.live, 'number')} managed ({percent(managed, coverage.live)})"


def percent(part: int, whole: int) -> str:
    """`99.9 %`. 99.96 % is not 100 %: rounding must not hide the last one."""
    return "100 %" if part == whole else f"{min(100 * part / whole, 99.9):.1f} %"


def _looked_for(report: Report) -> str:
    if report.kinds is None:
        return ""
    skipped = [kind for kind in FindingKind if kind not in report.kinds]
    if len(skipped) < len(report.kinds):
        return f" as far as looked for (all but {', '.join(skipped)})"
    return f" as far as looked for ({', '.join(report.kinds)})"


def masked(report: Report) -> Report:
    """The report with every number as `021****1001`. Places in files stay: they lead people there."""
    known = {finding.subject for finding in report.findings if finding.subject.isdigit()}

    def hide(text: str | None) -> str | None:
        return None if text is None else mask_numbers(text, known)

    def hidden(finding: Finding) -> Finding:
        return replace(
            finding,
            subject=hide(finding.subject) or "",
            expected=hide(finding.expected),
            actual=hide(finding.actual),
            cause=hide(finding.cause),
            next=Next(finding.next.command, hide(finding.next.do)),
        )

    return replace(
        report,
        findings=tuple(hidden(finding) for finding in report.findings),
        ignored=tuple(replace(each, finding=hidden(each.finding)) for each in report.ignored),
        unseen=tuple(
            replace(each, reason=hide(each.reason) or "", detail=hide(each.detail)) for each in report.unseen
        ),
        problems=tuple(
            replace(each, path=mask_path(each.path), value=hide(each.value), message=hide(each.message) or "")
            for each in report.problems
        ),
    )
