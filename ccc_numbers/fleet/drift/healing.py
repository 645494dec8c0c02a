"""What `pulumi up` would do about a drift report, stack by stack. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.kinds import Heal, Kind
from ccc_numbers.fleet.drift.report import Report


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
        return tuple(finding for finding in self.leaves if finding.kind is Kind.NOT_IN_ACCOUNT)

    @property
    def words(self) -> tuple[str, ...]:
        """The words after `pulumi`."""
        return ("up", "--refresh", "--yes", "--stack", self.stack)


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
