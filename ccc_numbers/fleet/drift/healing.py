"""What `pulumi up` would do about a drift report, stack by stack; and running it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from ccc_numbers.fleet.drift.findings import Finding, FindingKind, Heal, grouped
from ccc_numbers.fleet.drift.output.table import print_unseen
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.engine.pulumi import pulumi_path, show
from ccc_numbers.fleet.engine.way_back import way_back
from ccc_numbers.messages.names import plural, quoted
from ccc_numbers.messages.terminal import Text

_LEFT, _COULD_NOT = 1, 2


@dataclass(frozen=True, slots=True)
class Healing:
    """One stack: what `up` repairs, what it refuses over, what it leaves; what it would repair unasked.

    `ignored` are findings that a rule or the baseline hides: `up` makes all of a stack as declared, those too.
    """

    stack: str
    repairs: tuple[Finding, ...]
    refuses: tuple[Finding, ...]
    leaves: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    unseen: bool

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
        """All that somebody or something has to repair still."""
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
    blind = {each.stack for each in report.unseen}
    found = []
    for stack in report.stacks:
        mine = [finding for finding in report.findings if finding.stack == stack]
        hidden = [each.finding for each in report.ignored if each.finding.stack == stack]
        if mine:
            found.append(
                Healing(
                    stack=stack,
                    repairs=_that(mine, Heal.REPAIRS),
                    refuses=_that(mine, Heal.REFUSES),
                    leaves=_that(mine, Heal.LEAVES),
                    ignored=_that(hidden, Heal.REPAIRS),
                    unseen=stack in blind,
                )
            )
    return found


def _that(findings: Iterable[Finding], heal: Heal) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.heal is heal)


@dataclass(frozen=True, slots=True)
class Healer:
    """The work of `heal`: `look` compares stacks with CCC; what is found and done goes to `out`, failures to `err`."""

    project: Path
    look: Callable[[list[str]], Report]
    out: Console
    err: Console

    def heal(self, stacks: list[str], *, yes: bool) -> int:
        """Show what `up` would repair, and with `yes` let it; the exit code."""
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
            self.err.print(f"pulumi up failed for {', '.join(failed)}; what it said stands above")
        for line in (line for stack in failed for line in way_back(stack, self.project)):
            self.err.print(line, soft_wrap=True)
        self.out.print()
        outcome = f"{_told(left)} left" if left else "all repaired"
        self.out.print(Text(f"looked again: {outcome}", style="bold"))
        if failed or report.unseen or report.problems:
            return _COULD_NOT
        return _LEFT if left else 0


def _print(console: Console, plan: Healing) -> None:
    if not plan.pending:
        return
    repairs = f"{_told(plan.repairs)} to repair" if plan.repairs else "nothing that `up` can repair"
    console.print(Text(f"{plan.stack}: {repairs}", style="bold"))
    for group in grouped(plan.repairs):
        field = f" {group.finding.field}" if group.finding.field else ""
        change = f"{group.finding.actual or 'none'} → {group.finding.expected or 'none'}"
        console.print(Text(f"  {group.finding.kind}{field}: {group.some(6)}: {change}"), soft_wrap=True)
    if plan.ignored:
        told = plural(len(plan.ignored), "ignored finding")
        console.print(Text(f"  {told} of this stack would be repaired as well", style="yellow"))
    for group in grouped(plan.refuses):
        line = f"  stops at {group.finding.kind}: {group.some(6)}: {group.finding.actual}; first "
        line += group.finding.next.do or group.finding.next.command
        console.print(Text(line, style="red"), soft_wrap=True)
    for group in grouped(plan.lost):
        line = f"  cannot repair {group.finding.kind}: {group.some(6)}: {group.finding.next.do}"
        console.print(Text(line, style="red"), soft_wrap=True)
    if plan.unseen:
        console.print(Text("  not all of it could be read, so it is left alone", style="magenta"))
    if plan.possible:
        console.print(Text(f"  {plan.line}", style="green"))
    others = len(plan.leaves) - len(plan.lost)
    if others:
        told = plural(others, "other finding")
        console.print(Text(f"  {told} `up` leaves alone: ccc-numbers drift {plan.stack}", style="dim"))


def _told(findings: Sequence[Finding]) -> str:
    counted = Counter(finding.kind for finding in findings)
    return ", ".join(f"{count} {kind}" for kind, count in counted.items())
