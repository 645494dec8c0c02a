"""The orders of the report: the ledger's rows, and the part of their cost that is paid for nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ccc_numbers.fleet.drift.run import DriftRun
from ccc_numbers.fleet.orders.ledger_live import live_number
from ccc_numbers.fleet.report.model import NumberRow, OrderRow, State
from ccc_numbers.numbers.plan_number import Elsewhere, Unassigned
from ccc_numbers.vendors.ledger import Ledger, LedgerRow, StackOrders, ledger, unique
from ccc_numbers.vendors.money import ZERO
from ccc_numbers.vendors.orders import Stage
from ccc_numbers.vendors.platform_fee import Mode
from ccc_numbers.vendors.progress import Live, LiveNumber

_IDLE = frozenset({State.DEAD, State.MISSING, State.NOT_IN_ACCOUNT, State.PENDING})


def book_of(
    run: DriftRun, parts: Sequence[StackOrders], today: date, lapsing_days: int, mode: Mode
) -> Ledger:
    """The ledger, from what the drift run saw; a stack of which something was not read counts as not looked at."""
    live = {part.stack: found for part in parts if (found := _live(run, part)) is not None}
    return ledger(parts, today, live, mode, lapsing_days=lapsing_days)


def cost_of_numbers(book: Ledger) -> Mapping[tuple[str, str], Decimal]:
    """Each number's share of its order, CNY a month, by stack and number."""
    shares: dict[tuple[str, str], Decimal] = {}
    for key, pair in book.priced.numbers.items():
        stack, _, number = key.rpartition("/")
        shares[stack, number] = pair.monthly
    return shares


def order_rows(book: Ledger, numbers: Iterable[NumberRow], lapsing_days: int) -> list[OrderRow]:
    """Every order, the one that ends first at the top."""
    idle: dict[str, Decimal] = defaultdict(Decimal)
    for number in numbers:
        if number.cost is not None and number.state in _IDLE:
            idle[unique(number.stack, number.order)] += number.cost
    for key, pair in book.priced.undeclared.items():
        idle[key] += pair.monthly
    rows = [_row(row, idle[unique(row.stack, row.order.key)], book.today, lapsing_days) for row in book.rows]
    return sorted(rows, key=lambda row: (row.days_left is None, row.days_left or 0, row.stack, row.key))


def _row(row: LedgerRow, idle: Decimal, today: date, lapsing_days: int) -> OrderRow:
    order = row.order
    return OrderRow(
        stack=row.stack,
        key=order.key,
        vendor=order.vendor,
        company=(row.entry.company if row.entry else None) or "",
        product=order.product,
        name=row.entry.name if row.entry else "",
        stage=order.stage,
        days_in_stage=row.days_in_stage,
        quantity=order.quantity,
        declared=row.declared,
        imported=row.counts.imported if row.counts else None,
        bound=row.counts.bound if row.counts else None,
        purchased=order.purchased,
        expires=order.expires,
        days_left=row.days_left,
        ending=order.ending(today, lapsing_days),
        cost=row.cost if row.cost and row.cost.priced else None,
        # What is on its way cannot be used yet, and that is how it should be.
        idle=idle if order.stage is Stage.IMPORTED else ZERO,
        step=str(row.step),
    )


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
