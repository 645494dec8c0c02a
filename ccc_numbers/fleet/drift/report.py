"""What a drift run found out: findings, coverage, and what it could not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ccc_numbers.declaration.problem import Problem
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.kinds import Kind, Severity
from ccc_numbers.fleet.drift.live import Place, Snapshot
from ccc_numbers.fleet.drift.stacks import Fleet, Stack


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
    """How much of one instance is under control. `live` and `managed` are None when it was not read."""

    stack: str
    instance: str
    declared: int
    live: int | None
    managed: int | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that could not be looked at, and why, in one line. `instance` is None for a whole stack.

    `reason` is the same wherever the cause is the same; `detail` says more, such as the call and its request id.
    """

    stack: str
    instance: str | None
    reason: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that a rule of the ignore file, or the baseline, keeps out of the count."""

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
    kinds: tuple[Kind, ...] | None = None
    notes: tuple[str, ...] = ()

    def verdict(self, fail_on: Severity | None) -> Verdict:
        """What the run comes to; findings below `fail_on` (None: all) do not count as drift."""
        if self.unseen or self.problems:
            return Verdict.INCOMPLETE
        drift = fail_on is not None and any(f.severity.rank >= fail_on.rank for f in self.findings)
        return Verdict.DRIFT if drift else Verdict.CLEAN

    @property
    def severities(self) -> Mapping[Severity, int]:
        """Findings by severity, the gravest first, zeros included."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in Severity}

    @property
    def by_kind(self) -> Mapping[Kind, int]:
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
    told: set[Place] = set()
    for name in stacks:
        stack = fleet.stacks[name]
        account = snapshot.accounts.get(name, f"of {name}")
        for instance in stack.declaration.instances.values():
            place = Place(account, instance.id)
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
            unread = snapshot.unread.get(Place(account, instance))
            if unread is not None:
                detail = unread.detail if unread.detail != unread.reason else None
                found.append(Unseen(name, instance, unread.reason, detail))
    return found
