"""The orders of the report: the ledger's rows, and the part of their cost that is paid for nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from ccc_numbers.fleet.drift.run import DriftRun
from ccc_numbers.fleet.orders.ledger_input import live_number
from ccc_numbers.fleet.report.number_rows import NumberRow, State
from ccc_numbers.fleet.report.page_findings import PageFinding
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.plan_number import Elsewhere, Unassigned
from ccc_numbers.vendors.cost import OrderCost
from ccc_numbers.vendors.ledger import Ledger, LedgerOrder, StackOrders, ledger, unique
from ccc_numbers.vendors.money import ZERO
from ccc_numbers.vendors.orders import Ending, Stage
from ccc_numbers.vendors.progress import Live, LiveNumber

_IDLE = frozenset({State.DEAD, State.MISSING, State.NOT_IN_ACCOUNT, State.PENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow(LedgerOrder):
    """One vendor order: its row of the ledger, how near its end is, and its idle cost.

    `idle` is the part of its monthly cost paid for numbers that no instance has, that nobody can call or be called
    with, or that nobody did as far as the call records were read. `scene` is what its calls are for, `accepted` who
    stands for a word in it, `said` what `check` says of it; as the pages may show them.
    """

    idle: Decimal
    scene: str = ""
    accepted: tuple[str, ...] = ()
    said: tuple[PageFinding, ...] = ()

    @property
    def ending(self) -> Ending:
        """How near its end it is."""
        return self.order.ending(self.today, self.lapsing_days)

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return f"order-{self.stack}-{self.order.key}"

    @property
    def name(self) -> str:
        """The product's name; "" when it is in no catalogue."""
        return self.entry.name if self.entry else ""

    @property
    def company(self) -> str:
        """The vendor's company, where it is known."""
        return (self.entry and self.entry.company) or ""

    @property
    def price(self) -> OrderCost | None:
        """Its cost; None when it has no price, or has lapsed."""
        return self.cost if self.cost and self.cost.priced else None

    @property
    def monthly(self) -> Decimal | None:
        """Rent, calls and platform fee of an average month."""
        return self.price.monthly if self.price else None


def book_of(run: DriftRun, stacks: Sequence[Stack], today: date, lapsing_days: int) -> Ledger:
    """The ledger, from what the drift run saw; a stack of which something was not read counts as not looked at."""
    parts = [stack.orders for stack in stacks]
    others = [stack.orders for name, stack in run.fleet.stacks.items() if stack not in stacks]
    live = {part.stack: found for part in parts if (found := _live(run, part)) is not None}
    return ledger(parts, today, live, lapsing_days=lapsing_days, neighbours=others)


def cost_of_numbers(book: Ledger) -> Mapping[tuple[str, str], Decimal]:
    """Each number's share of its order, CNY a month, by stack and number."""
    shares: dict[tuple[str, str], Decimal] = {}
    for key, pair in book.priced.numbers.items():
        stack, _, number = key.rpartition("/")
        shares[stack, number] = pair.monthly
    return shares


def order_rows(
    book: Ledger, numbers: Iterable[NumberRow], of_scenes: Iterable[PageFinding], hide: Callable[[str], str]
) -> list[OrderRow]:
    """Every order, the one that ends first at the top."""
    said: dict[str, list[PageFinding]] = defaultdict(list)
    for found in of_scenes:
        said[unique(found.stack, *found.subjects)].append(found)
    idle: dict[str, Decimal] = defaultdict(Decimal)
    for number in numbers:
        if number.cost is not None and (number.state in _IDLE or FindingKind.UNUSED_BUT_PAID in number.kinds):
            idle[unique(number.stack, number.order)] += number.cost
    for key, pair in book.priced.undeclared.items():
        idle[key] += pair.monthly
    rows = [
        OrderRow(
            **{each.name: getattr(row, each.name) for each in fields(row)},
            # Numbers that are on their way are not idle.
            idle=idle[unique(row.stack, row.order.key)] if row.order.stage is Stage.IMPORTED else ZERO,
            scene=hide(row.order.scene or ""),
            accepted=tuple(hide(str(each)) for each in row.order.accept),
            said=tuple(said[unique(row.stack, row.order.key)]),
        )
        for row in book.rows
    ]
    return sorted(rows, key=lambda row: (row.days_left is None, row.days_left or 0, row.stack, row.order.key))


def _live(run: DriftRun, part: StackOrders) -> Live | None:
    """What was seen of the numbers on a stack's orders; None when not everything could be."""
    snapshot, found = run.snapshot, dict[str, LiveNumber]()
    if part.stack not in snapshot.accounts:
        return None
    for number in part.numbers:
        view = snapshot.view(part.stack, number.instance)
        if view is None:
            return None
        row = view.numbers.get(number.number)
        if row is not None:
            found[number.number] = live_number(row, view.groups)
            continue
        match snapshot.where.get((view.place.account, number.number)):
            case Elsewhere(row):
                found[number.number] = live_number(row, {})
            case Unassigned():
                found[number.number] = LiveNumber(number.number)
            case _:
                pass
    return found
