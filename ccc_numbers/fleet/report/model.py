"""The content of all pages; `build` fills it, `render` only lays it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from ccc_numbers.fleet.drift.report import Coverage, Ignored, of_stack
from ccc_numbers.fleet.report.number_rows import NumberRow, State
from ccc_numbers.fleet.report.order_rows import OrderRow
from ccc_numbers.fleet.report.override_rows import OverrideRow
from ccc_numbers.fleet.report.page_findings import PageFinding
from ccc_numbers.fleet.traffic.model import Traffic
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.numbers.finding_kinds import Severity
from ccc_numbers.vendors.money import ZERO
from ccc_numbers.vendors.orders import Ending


class Status(StrEnum):
    """Where a stack, or the fleet, stands."""

    INCOMPLETE = mark("incomplete")
    DIFFERS = mark("differs")
    AS_DECLARED = mark("as declared")
    NOT_ASKED = mark("not asked")


@dataclass(frozen=True, slots=True)
class Spend:
    """Money of some orders together: one vendor's, one product's, one stack's. `due` within twelve months."""

    label: str
    detail: str
    orders: int
    numbers: int
    rent: Decimal
    calls: Decimal
    platform: Decimal
    first_year: Decimal
    idle: Decimal
    unpriced: int
    due: Decimal

    @property
    def monthly(self) -> Decimal:
        return self.rent + self.calls + self.platform


def spend(label: str, detail: str, orders: Iterable[OrderRow]) -> Spend:
    """The cost of the running orders together; those without a price are counted, not guessed."""
    members = list(orders)
    rows = [each for each in members if each.ending not in (Ending.LAPSED, Ending.NOT_BOUGHT)]
    costs = [each.price for each in rows if each.price]
    return Spend(
        label,
        detail,
        len(rows),
        sum(each.order.quantity for each in rows),
        sum((cost.rent.monthly for cost in costs), ZERO),
        sum((cost.calls.monthly for cost in costs), ZERO),
        sum((cost.platform.monthly for cost in costs), ZERO),
        sum((cost.first_year for cost in costs), ZERO),
        sum((each.idle for each in rows), ZERO),
        len(rows) - len(costs),
        sum((due.amount for each in members for due in each.dues), ZERO),
    )


@dataclass(frozen=True, slots=True)
class InstanceRow(Coverage):
    """One instance of one stack, with the number of its findings; `reason` says why it was not read."""

    findings: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Blind:
    """Something nothing is known about: `where` it is (a place `in_file`, or an instance), `reason` in one line."""

    stack: str
    where: str
    reason: str
    in_file: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The content about one stack, or about all of them. `offline`: CCC was not asked."""

    numbers: tuple[NumberRow, ...]
    findings: tuple[PageFinding, ...]
    ignored: tuple[Ignored, ...]
    instances: tuple[InstanceRow, ...]
    orders: tuple[OrderRow, ...]
    blind: tuple[Blind, ...]
    offline: bool = False
    fail_on: Severity | None = Severity.WARNING
    overrides: tuple[OverrideRow, ...] = ()

    def of_stack(self, stack: str) -> Part:
        """One stack's part of it."""
        return Part(
            of_stack(stack, self.numbers),
            of_stack(stack, self.findings),
            of_stack(stack, self.ignored),
            of_stack(stack, self.instances),
            of_stack(stack, self.orders),
            of_stack(stack, self.blind),
            self.offline,
            self.fail_on,
            of_stack(stack, self.overrides),
        )

    @property
    def status(self) -> Status:
        """As a drift run says it. `incomplete` wins: nothing can be called well that nobody looked at."""
        if self.blind:
            return Status.INCOMPLETE
        if self.offline:
            return Status.NOT_ASKED
        if self.unread:
            return Status.INCOMPLETE
        least = self.fail_on
        grave = least is not None and any(
            each.severity.rank >= least.rank and not each.of_order for each in self.findings
        )
        return Status.DIFFERS if grave else Status.AS_DECLARED

    @property
    def severities(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity, the gravest first."""
        counted = Counter[Severity]()
        for each in self.findings:
            counted[each.severity] += each.count
        return {severity: counted[severity] for severity in Severity}

    @property
    def states(self) -> Mapping[State, int]:
        """How many numbers stand where, the gravest first, zeros left out."""
        counted = Counter(row.state for row in self.numbers)
        return {state: counted[state] for state in State if counted[state]}

    @property
    def declared(self) -> int:
        return sum(row.declared is not None for row in self.numbers)

    @property
    def live(self) -> int | None:
        """Numbers seen in CCC; None when no instance was read."""
        seen = [row.live for row in self.instances if row.live is not None]
        return sum(seen) if seen else None

    @property
    def managed(self) -> int:
        return sum(row.managed or 0 for row in self.instances)

    @property
    def absent(self) -> int:
        """Declared numbers that are not in their instance, as far as it was read."""
        return sum(row.absent or 0 for row in self.instances)

    @property
    def unread(self) -> int:
        """How many instances nothing is known about."""
        return sum(row.live is None for row in self.instances)

    @property
    def money(self) -> Spend:
        """The cost of its real orders; of the simulated ones, `detail` says so, where there are no others."""
        real = [each for each in self.orders if not each.simulated]
        return spend("", "", real) if real else spend("", tr("simulated"), self.orders)

    @property
    def simulated_money(self) -> Spend | None:
        """The cost of the simulated orders beside real ones; None when there are not both."""
        simulated = [each for each in self.orders if each.simulated]
        both = 0 < len(simulated) < len(self.orders)
        return spend("", tr("simulated"), simulated) if both else None

    @property
    def planned(self) -> Decimal:
        """What the purchases that are only intended would add a month."""
        return sum((each.monthly or ZERO for each in self.ended(Ending.NOT_BOUGHT)), ZERO)

    @property
    def next_end(self) -> OrderRow | None:
        """The running order that ends first."""
        return min(
            self.ended(Ending.LAPSING, Ending.RUNNING), key=lambda each: each.days_left or 0, default=None
        )

    def ended(self, *endings: Ending) -> Sequence[OrderRow]:
        """The orders that end like this."""
        return [each for each in self.orders if each.ending in endings]


@dataclass(frozen=True, slots=True)
class StackPart:
    """One stack and its declaration's file."""

    name: str
    file: str
    endpoint: str
    part: Part


@dataclass(frozen=True, slots=True)
class Site:
    """The whole report. `made_at` is aware, in UTC; `masked`: numbers are hidden."""

    title: str
    version: str
    made_at: datetime
    seconds: float
    today: date
    masked: bool
    lapsing_days: int
    fleet: Part
    stacks: tuple[StackPart, ...]
    notes: tuple[str, ...] = ()
    traffic: Traffic | None = None

    @property
    def offline(self) -> bool:
        """Whether CCC was not asked."""
        return self.fleet.offline
