"""Heals drift: shows how `pulumi up` would repair each stack of a drift report, and runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from ccc_numbers.fleet.drift.findings import Finding, FindingKind, Heal, grouped
from ccc_numbers.fleet.drift.output.table import print_unseen
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.engine.pulumi import pulumi_path, show
from ccc_numbers.fleet.engine.way_back import way_back
from ccc_numbers.messages.names import plural, quoted, some
from ccc_numbers.messages.terminal import Text

_LEFT, _COULD_NOT = 1, 2
_SUBJECTS = 6


@dataclass(frozen=True, slots=True)
class Healing:
    """One stack: the findings that `up` repairs, refuses over, and leaves; those it would repair unasked.

    `ignored` are findings that a rule or the baseline hides: `up` makes all of a stack as declared, those too.
    """

    stack: str
    repairs: tuple[Finding, ...]
    refuses: tuple[Finding, ...]
    leaves: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    unseen: bool

    @classmethod
    def of(cls, report: Report) -> Healing:
        """From the report on one stack."""
        repairs, refuses, leaves = (
            tuple(each for each in report.findings if each.heal is heal)
            for heal in (Heal.REPAIRS, Heal.REFUSES, Heal.LEAVES)
        )
        ignored = tuple(each.finding for each in report.ignored if each.finding.heal is Heal.REPAIRS)
        return cls(report.stacks[0], repairs, refuses, leaves, ignored, bool(report.unseen))

    @property
    def possible(self) -> bool:
        """Whether running `up` makes sense: there is something to repair, and nothing it stops at."""
        return bool(self.repairs) and not self.refuses and not self.unseen

    @property
    def lost(self) -> tuple[Finding, ...]:
        """Declared numbers that the account does not have: `up` cannot bring them back, so they are never "repaired"."""
        return tuple(finding for finding in self.leaves if finding.kind is FindingKind.NOT_IN_ACCOUNT)

    @property
    def pending(self) -> tuple[Finding, ...]:
        """Everything that still has to be repaired, by `up` or by a person."""
        return (*self.repairs, *self.refuses, *self.lost)

    @property
    def words(self) -> tuple[str, ...]:
        """The words after `pulumi`."""
        return ("up", "--refresh", "--yes", "--stack", self.stack)

    @property
    def line(self) -> str:
        """The whole command, as a person would type it."""
        return " ".join(["pulumi", *(word if word.isascii() else quoted(word) for word in self.words)])


def healings(report: Report) -> list[Healing]:
    """Every stack of the report with findings, in its order."""
    return [Healing.of(part) for part in map(report.of_stack, report.stacks) if part.findings]


@dataclass(frozen=True, slots=True)
class Healer:
    """The work of `heal`: `look` compares stacks with CCC; findings and repairs go to `out`, failures to `err`."""

    project: Path
    look: Callable[[list[str]], Report]
    out: Console
    err: Console

    def heal(self, stacks: list[str], *, yes: bool) -> int:
        """Show the repairs that `up` would make, and run them with `yes`; the exit code."""
        report = self.look(stacks)
        plans = healings(report)
        for plan in plans:
            _print(self.out, plan)
        print_unseen(self.out, report)
        possible = [plan for plan in plans if plan.possible]
        if not any(plan.pending for plan in plans):
            self.out.print("nothing to repair")
        elif possible and not yes:
            self.out.print()
            self.out.print("nothing was run; --yes runs it")
        if yes and possible and (code := self._run(possible)):
            return code
        if report.unseen or report.problems:
            return _COULD_NOT
        left = any(
            plan.refuses or plan.lost or (plan.repairs and not (yes and plan.possible)) for plan in plans
        )
        return _LEFT if left else 0

    def _run(self, plans: Sequence[Healing]) -> int:
        """Run `up` on each, then look again; 0 when all is repaired."""
        pulumi_path()
        failed = []
        for plan in plans:
            self.out.print()
            self.out.print(Text(plan.line, style="bold"))
            if show(self.project, plan.words) != 0:
                failed.append(plan.stack)
        report = self.look([plan.stack for plan in plans])
        left = [finding for plan in healings(report) for finding in plan.pending]
        print_unseen(self.out, report)
        if failed:
            self.err.print(f"pulumi up failed for {', '.join(failed)}; see its output above")
        for line in (line for stack in failed for line in way_back(stack, self.project)):
            self.err.print(line, soft_wrap=True)
        self.out.print()
        outcome = f"{_counts(left)} left" if left else "all repaired"
        self.out.print(Text(f"looked again: {outcome}", style="bold"))
        if failed or report.unseen or report.problems:
            return _COULD_NOT
        return _LEFT if left else 0


def _print(console: Console, plan: Healing) -> None:
    if not plan.pending:
        return
    repairs = f"{_counts(plan.repairs)} to repair" if plan.repairs else "nothing that `up` can repair"
    console.print(Text(f"{plan.stack}: {repairs}", style="bold"))

    def show_line(line: str, style: str = "") -> None:
        console.print(Text(f"  {line}", style=style), soft_wrap=True)

    for group in grouped(plan.repairs):
        found = group.finding
        field = f" {found.field}" if found.field else ""
        show_line(
            f"{found.kind}{field}: {some(group.subjects, _SUBJECTS)}: {found.actual or 'none'} → {found.expected or 'none'}"
        )
    if plan.ignored:
        show_line(
            f"{plural(len(plan.ignored), 'ignored finding')} of this stack would be repaired as well",
            "yellow",
        )
    for group in grouped(plan.refuses):
        found = group.finding
        first = found.next.do or found.next.command
        show_line(
            f"stops at {found.kind}: {some(group.subjects, _SUBJECTS)}: {found.actual}; first {first}", "red"
        )
    for group in grouped(plan.lost):
        show_line(
            f"cannot repair {group.finding.kind}: {some(group.subjects, _SUBJECTS)}: {group.finding.next.do}",
            "red",
        )
    if plan.unseen:
        show_line("not all of it could be read, so it is left alone", "magenta")
    if plan.possible:
        show_line(plan.line, "green")
    if others := len(plan.leaves) - len(plan.lost):
        show_line(
            f"{plural(others, 'other finding')} `up` leaves alone: ccc-numbers drift {plan.stack}", "dim"
        )


def _counts(findings: Sequence[Finding]) -> str:
    counted = Counter(finding.kind for finding in findings)
    return ", ".join(f"{count} {kind}" for kind, count in counted.items())
