"""Heals drift: shows how `pulumi up` would repair each stack of a drift report, and runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console

from ccc_numbers.fleet.drift.findings import Finding, Heal, Severity, grouped
from ccc_numbers.fleet.drift.output.table import print_unseen
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.drift.words import headline, scope
from ccc_numbers.fleet.hints import pasted
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import listed, quoted, some
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
    def for_people(self) -> tuple[Finding, ...]:
        """Errors that `up` leaves, such as a number that the account lacks: they are never "repaired"."""
        return tuple(finding for finding in self.leaves if finding.severity is Severity.ERROR)

    @property
    def pending(self) -> tuple[Finding, ...]:
        """Everything that still has to be repaired, by `up` or by a person."""
        return (*self.repairs, *self.refuses, *self.for_people)

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
    """The work of `heal`: `look` compares stacks with CCC; `up` deploys stacks and shows how it went, and returns those
    that failed. Findings go to `out`."""

    look: Callable[[list[str]], Report]
    up: Callable[[list[str]], list[str]]
    out: Console

    def heal(self, stacks: list[str], *, yes: bool) -> int:
        """Show the repairs that `up` would make, and run them with `yes`; the exit code."""
        report = self.look(stacks)
        plans = healings(report)
        for plan in plans:
            _print(self.out, plan)
        print_unseen(self.out, report)
        possible = [plan for plan in plans if plan.possible]
        pending = [finding for plan in plans for finding in plan.pending]
        if not pending:
            self._say(tr("nothing to repair"), report)
        elif possible and not yes:
            self.out.print()
            self.out.print(tr("nothing was run; --yes runs it"))
        elif not possible:
            self._say(tr("nothing that `up` can repair; {counts} left", counts=_counts(pending)), report)
        if yes and possible:
            return self._run(stacks, possible)
        if report.unseen or report.problems:
            return _COULD_NOT
        return _LEFT if pending else 0

    def _run(self, stacks: list[str], plans: Sequence[Healing]) -> int:
        """Run `up` on each, then look again at all; 0 when nothing is left to repair."""
        self.out.print()
        failed = self.up([plan.stack for plan in plans])
        report = self.look(stacks)
        left = [finding for plan in healings(report) for finding in plan.pending]
        print_unseen(self.out, report)
        self.out.print()
        outcome = tr("looked again: {counts} left", counts=_counts(left))
        self._say(outcome if left else tr("looked again: all repaired"), report)
        if failed or report.unseen or report.problems:
            return _COULD_NOT
        return _LEFT if left else 0

    def _say(self, outcome: str, report: Report) -> None:
        """The outcome, and in drift's own words what was looked at, and what else was found there."""
        self.out.print(Text(tr("; ").join((outcome, headline(report))), style="bold"), soft_wrap=True)
        self.out.print(scope(report), soft_wrap=True)


def _print(console: Console, plan: Healing) -> None:
    if not plan.pending:
        return
    repairs = (
        tr("{counts} to repair", counts=_counts(plan.repairs))
        if plan.repairs
        else tr("nothing that `up` can repair")
    )
    console.print(Text(tr("{stack}: {said}", stack=plan.stack, said=repairs), style="bold"))

    def show_line(line: str, style: str = "") -> None:
        console.print(Text(f"  {pasted(line)}", style=style), soft_wrap=True)

    for group in grouped(plan.repairs):
        found = group.finding
        field = f" {found.field}" if found.field else ""
        show_line(
            f"{found.kind}{field}: {some(group.subjects, _SUBJECTS)}: "
            f"{found.lines.get('actual', tr('none'))} → {found.lines.get('expected', tr('none'))}"
        )
    if plan.ignored:
        show_line(
            trn(
                "{count:,} ignored finding of this stack would be repaired as well",
                "{count:,} ignored findings of this stack would be repaired as well",
                len(plan.ignored),
            ),
            "yellow",
        )
    for group in grouped(plan.refuses):
        found = group.finding
        first = found.next.do or found.next.command
        show_line(
            tr(
                "stops at {kind}: {names}: {actual}; first {first}",
                kind=found.kind,
                names=some(group.subjects, _SUBJECTS),
                actual=found.lines.get("actual", tr("none")),
                first=first,
            ),
            "red",
        )
    for group in grouped(plan.for_people):
        show_line(
            tr(
                "cannot repair {kind}: {names}: {do}",
                kind=group.finding.kind,
                names=some(group.subjects, _SUBJECTS),
                do=group.finding.next.do,
            ),
            "red",
        )
    if plan.unseen:
        show_line(tr("not all of it could be read, so it is left alone"), "magenta")
    if plan.possible:
        show_line(plan.line, "green")
    if others := len(plan.leaves) - len(plan.for_people):
        show_line(
            trn(
                "{count:,} other finding `up` leaves alone: ccc-numbers drift {stack}",
                "{count:,} other findings `up` leaves alone: ccc-numbers drift {stack}",
                others,
                stack=plan.stack,
            ),
            "dim",
        )


def _counts(findings: Sequence[Finding]) -> str:
    counted = Counter(finding.kind for finding in findings)
    return listed(f"{count} {kind}" for kind, count in counted.items())
