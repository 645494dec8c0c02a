"""The content of all pages, decided and typed; `build` fills it, `render` only lays it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from ccc_numbers.fleet.drift.findings import Severity
from ccc_numbers.fleet.drift.report import Coverage, Ignored, of_stack
from ccc_numbers.vendors.cost import OrderCost
from ccc_numbers.vendors.money import ZERO
from ccc_numbers.vendors.orders import Ending, Stage


class State(StrEnum):
    """Where one number stands, the gravest first."""

    means: str

    def __new__(cls, name: str, means: str) -> State:
        state = str.__new__(cls, name)
        state._value_, state.means = name, means
        return state

    DEAD = "dead", "nobody can reach it, or call out with it"
    ELSEWHERE = "elsewhere", "declared for one instance, but in another"
    MISSING = "missing", "in the account, but in no instance"
    NOT_IN_ACCOUNT = "not in account", "declared, but the account does not have it"
    DIFFERS = "differs", "bound otherwise than declared"
    NOT_READ = "not read", "nothing is known: its instance could not be read"
    UNMANAGED = "unmanaged", "in an instance, but declared by no stack"
    PENDING = "pending", "still to be imported by CCC support, as its order says"
    ACCEPTED = "accepted", "differs, and an ignore rule or the baseline accepts it"
    AS_DECLARED = "as declared", "in CCC as the stack file says"
    NOT_ASKED = "not asked", "declared; CCC was not asked (--offline)"


class Status(StrEnum):
    """Where a stack, or the fleet, stands."""

    INCOMPLETE = "incomplete"
    DIFFERS = "differs"
    AS_DECLARED = "as declared"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Binding:
    """How a number is used. Both sides of one number are kept: as declared, and as it is in CCC."""

    usage: str = ""
    flow: str = ""
    groups: str = ""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number. `declared` is None for an unmanaged one, `live` for one that is not in its instance.

    `kinds` are the findings about it, `cost` its share of its order, CNY a month.
    """

    number: str
    stack: str
    instance: str
    state: State
    declared: Binding | None
    live: Binding | None
    place: str = ""
    agent: str = ""
    order: str = ""
    vendor: str = ""
    cost: Decimal | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFinding:
    """A finding, about one or many subjects. `means` explains its kind, `lines` are the texts of this case by label."""

    kind: str
    severity: Severity
    means: str
    stack: str
    instance: str | None
    subjects: tuple[str, ...]
    lines: Mapping[str, str]
    field: str | None = None
    place: str | None = None

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


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One vendor order. `imported` and `bound` are None where nobody looked, `cost` where it has no price or has lapsed.

    `idle` is the part of its monthly cost paid for numbers that no instance has, or that nobody can call or be called
    with.
    """

    stack: str
    key: str
    vendor: str
    company: str
    product: str
    name: str
    stage: Stage
    days_in_stage: int | None
    quantity: int
    declared: int
    imported: int | None
    bound: int | None
    purchased: date | None
    expires: date | None
    days_left: int | None
    ending: Ending
    cost: OrderCost | None
    idle: Decimal
    step: str

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return f"order-{self.stack}-{self.key}"

    @property
    def monthly(self) -> Decimal | None:
        """Rent, calls and platform fee of an average month."""
        return self.cost.monthly if self.cost else None


@dataclass(frozen=True, slots=True)
class Spend:
    """Money of some orders together: one vendor's, one product's, one stack's."""

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

    @property
    def monthly(self) -> Decimal:
        return self.rent + self.calls + self.platform


def spend(label: str, detail: str, orders: Iterable[OrderRow]) -> Spend:
    """The cost of these orders together; those without a price are counted, not guessed."""
    rows = [each for each in orders if each.ending is not Ending.LAPSED]
    costs = [each.cost for each in rows if each.cost]
    return Spend(
        label,
        detail,
        len(rows),
        sum(each.quantity for each in rows),
        sum((cost.monthly_rent for cost in costs), ZERO),
        sum((cost.monthly_calls for cost in costs), ZERO),
        sum((cost.monthly_platform for cost in costs), ZERO),
        sum((cost.first_year for cost in costs), ZERO),
        sum((each.idle for each in rows), ZERO),
        len(rows) - len(costs),
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
        )

    @property
    def status(self) -> Status:
        """`incomplete` wins: nothing can be called well that nobody looked at."""
        if self.blind:
            return Status.INCOMPLETE
        if self.offline:
            return Status.NOT_ASKED
        if self.unread:
            return Status.INCOMPLETE
        least = self.fail_on
        grave = least is not None and any(each.severity.rank >= least.rank for each in self.findings)
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
    def unread(self) -> int:
        """How many instances nothing is known about."""
        return sum(row.live is None for row in self.instances)

    @property
    def money(self) -> Spend:
        return spend("", "", self.orders)

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

    @property
    def offline(self) -> bool:
        """Whether CCC was not asked."""
        return self.fleet.offline
