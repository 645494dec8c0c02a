"""Everything the pages say, decided and typed; `build` fills it, `render` only lays it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from ccc_numbers.fleet.drift.findings import Severity
from ccc_numbers.fleet.drift.report import Ignored
from ccc_numbers.fleet.report.states import State, Status
from ccc_numbers.vendors.money import ZERO
from ccc_numbers.vendors.orders import Ending, Stage


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
    """A finding, about one or many subjects. `means` explains its kind, `lines` say this case of it by label."""

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
    """One vendor order. `imported` and `bound` are None where nobody looked, money where it has no price.

    `monthly` is what it costs now: nothing once it has lapsed. `idle` is the part of it paid for numbers that no
    instance has, or that nobody can call or be called with.
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
    rent: Decimal | None
    calls: Decimal | None
    platform: Decimal | None
    first_year: Decimal | None
    idle: Decimal
    prepaid: Decimal | None
    order_id: str | None
    step: str

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return f"order-{self.stack}-{self.key}"

    @property
    def monthly(self) -> Decimal | None:
        """Rent, calls and platform fee of an average month."""
        if self.rent is None or self.calls is None or self.platform is None:
            return None
        return self.rent + self.calls + self.platform


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
    """What these orders cost together; those without a price are counted, not guessed."""
    rows = [each for each in orders if each.ending is not Ending.LAPSED]
    return Spend(
        label,
        detail,
        len(rows),
        sum(each.quantity for each in rows),
        sum((each.rent or ZERO for each in rows), ZERO),
        sum((each.calls or ZERO for each in rows), ZERO),
        sum((each.platform or ZERO for each in rows), ZERO),
        sum((each.first_year or ZERO for each in rows), ZERO),
        sum((each.idle for each in rows), ZERO),
        sum(each.monthly is None for each in rows),
    )


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One instance of one stack. `live`, `managed` are None when it was not read, and then `reason` says why."""

    stack: str
    instance: str
    declared: int
    live: int | None
    managed: int | None
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
    """What is told of one stack, or of all of them."""

    status: Status
    numbers: tuple[NumberRow, ...]
    findings: tuple[PageFinding, ...]
    ignored: tuple[Ignored, ...]
    instances: tuple[InstanceRow, ...]
    orders: tuple[OrderRow, ...]
    blind: tuple[Blind, ...]

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
        ends = [each for each in self.orders if each.ending in {Ending.LAPSING, Ending.RUNNING}]
        return min(ends, key=lambda each: each.days_left or 0, default=None)

    def ended(self, *endings: Ending) -> Sequence[OrderRow]:
        """The orders that stand so."""
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
    """The whole report. `made_at` is aware, in UTC; `offline`: CCC was not asked; `masked`: numbers are hidden."""

    title: str
    version: str
    made_at: datetime
    seconds: float
    today: date
    offline: bool
    masked: bool
    lapsing_days: int
    fleet: Part
    stacks: tuple[StackPart, ...]
    notes: tuple[str, ...] = field(default=())
