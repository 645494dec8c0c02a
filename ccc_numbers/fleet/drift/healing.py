"""Heals drift: shows how `pulumi up` would repair each stack of a drift report, and runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import ascii_letters, digits

from rich.console import Console

from ccc_numbers.fleet.drift.findings import Finding, grouped
from ccc_numbers.fleet.drift.output.table import print_unseen
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.drift.run import DriftRun
from ccc_numbers.fleet.drift.selection import Selection
from ccc_numbers.fleet.drift.words import headline, scope
from ccc_numbers.fleet.hints import pasted
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import listed, quoted, some
from ccc_numbers.messages.terminal import Text
from ccc_numbers.numbers.finding_kinds import Heal, Severity

_LEFT, _COULD_NOT = 1, 2
_SUBJECTS = 6
# Of a word that no shell reads otherwise.
_PLAIN = frozenset(ascii_letters + digits + "-_./:@")


@dataclass(frozen=True, slots=True)
class Healing:
    """One stack: the findings that `up` repairs, refuses over, and leaves; those it would repair unasked.

    `ignored` are findings that a rule or the baseline hides: `up` makes all of a stack as declared, those too.
    With a `selection` only what was named is repaired, nothing unasked. `others` are findings that were not named and
    that `up` would do something about; `alone` are named ones that cannot be repaired by themselves, each with the
    reason; `over` says which change budgets stop all of it.
    """

    stack: str
    repairs: tuple[Finding, ...]
    refuses: tuple[Finding, ...]
    leaves: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    unseen: bool
    selection: Selection | None = None
    others: tuple[Finding, ...] = ()
    alone: tuple[tuple[Finding, str], ...] = ()
    over: tuple[str, ...] = ()

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
        stops = self.over if self.selection else self.refuses
        return bool(self.repairs) and not stops and not self.unseen

    @property
    def for_people(self) -> tuple[Finding, ...]:
        """Errors that `up` leaves, such as a number that the account lacks: they are never "repaired"."""
        return tuple(finding for finding in self.leaves if finding.severity is Severity.ERROR)

    @property
    def pending(self) -> tuple[Finding, ...]:
        """Everything that still has to be repaired, by `up` or by a person."""
        return (*self.repairs, *(found for found, _ in self.alone), *self.refuses, *self.for_people)

    @property
    def line(self) -> str:
        """The whole command, as a person would type it."""
        if self.selection:
            words = ["ccc-numbers", "heal", self.stack, *self.selection.words, "--yes"]
        else:
            words = ["pulumi", "up", "--refresh", "--yes", "--stack", self.stack]
        return " ".join(quoted(word) if set(word) - _PLAIN else word for word in words)


def healings(run: DriftRun) -> list[Healing]:
    """Every stack of the report with findings, in its order."""
    report = run.report
    return [Healing.of(part) for part in map(report.of_stack, report.stacks) if part.findings]


@dataclass(frozen=True, slots=True)
class Healed:
    """How a heal went: the stacks as they were found, those that failed, and the same stacks at the last look."""

    report: Report
    plans: Sequence[Healing]
    again: Sequence[Healing]
    ran: bool = False
    failed: Sequence[str] = ()

    @property
    def left(self) -> list[Finding]:
        """What still has to be repaired, by `up` or by a person."""
        return [finding for plan in self.again for finding in plan.pending]

    @property
    def exit_code(self) -> int:
        """0 when nothing is left to repair."""
        if self.failed or self.report.unseen or self.report.problems:
            return _COULD_NOT
        return _LEFT if self.left else 0


@dataclass(frozen=True, slots=True)
class Healer:
    """The work of `heal`: `look` compares stacks with CCC, `plans` makes of that what to repair; `up` deploys stacks and
    shows how it went, and returns those that failed. Findings go to `out`."""

    look: Callable[[list[str]], DriftRun]
    up: Callable[[Sequence[Healing]], list[str]]
    out: Console
    plans: Callable[[DriftRun], list[Healing]] = healings

    def heal(self, stacks: list[str], *, yes: bool) -> Healed:
        """Show the repairs that `up` would make, and run them with `yes`; how it went."""
        return self.heal_seen(self.look(stacks), stacks, yes=yes)

    def heal_seen(self, run: DriftRun, stacks: list[str], *, yes: bool) -> Healed:
        """The same after a look."""
        report, plans = run.report, self.plans(run)
        for plan in plans:
            print_healing(self.out, plan)
        print_unseen(self.out, report)
        possible = [plan for plan in plans if plan.possible]
        found = Healed(report, plans, plans)
        if not found.left:
            self.say(tr("nothing to repair"), plans, report)
        elif possible and not yes:
            self.out.print()
            self.out.print(tr("nothing was run; --yes runs it"))
        elif not possible:
            self.say(
                tr("nothing that `up` can repair; {counts} left", counts=_counts(found.left)), plans, report
            )
        return self.run(stacks, plans, possible) if yes and possible else found

    def run(self, stacks: list[str], plans: Sequence[Healing], possible: Sequence[Healing]) -> Healed:
        """Run `up` on each that it can repair, then look again at all."""
        self.out.print()
        failed = self.up(possible) if possible else []
        run = self.look(stacks)
        healed = Healed(run.report, plans, self.plans(run), ran=True, failed=tuple(failed))
        print_unseen(self.out, run.report)
        self.out.print()
        outcome = tr("looked again: {counts} left", counts=_counts(healed.left))
        self.say(outcome if healed.left else tr("looked again: all repaired"), healed.again, run.report)
        return healed

    def say(self, outcome: str, plans: Sequence[Healing], report: Report) -> None:
        """The outcome, and in drift's own words what was looked at, and what else was found there."""
        if any(plan.selection for plan in plans):
            outcome = tr("{outcome}, as far as named", outcome=outcome)
            if others := [finding for plan in plans for finding in plan.others]:
                not_named = tr("not named, left as they are: {counts}", counts=_counts(others))
                outcome = tr("; ").join((outcome, not_named))
        self.out.print(Text(tr("; ").join((outcome, headline(report))), style="bold"), soft_wrap=True)
        self.out.print(scope(report), soft_wrap=True)


def print_healing(console: Console, plan: Healing) -> None:
    """Show what would be repaired of a stack, and what not and why."""
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
            tr(
                "{kind}: {names}: {actual} → {expected}",
                kind=f"{found.kind}{field}",
                names=some(group.subjects, _SUBJECTS),
                actual=found.lines.get("actual", tr("none")),
                expected=found.lines.get("expected", tr("none")),
            )
        )
    for group in grouped(plan.ignored):
        show_line(
            tr(
                "repaired as well, though ignored: {kind}: {names}",
                kind=group.finding.kind,
                names=some(group.subjects, _SUBJECTS),
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
    for found, why in plan.alone:
        show_line(
            tr("left alone: {kind}: {name}: {why}", kind=found.kind, name=found.subject, why=why), "yellow"
        )
    for line in plan.over:
        show_line(line, "red")
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
