"""The orders of the report: the ledger's rows with their money, and what of it is paid for nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ccc_numbers.fleet.drift.gather import InstanceKey
from ccc_numbers.fleet.drift.run import Seen
from ccc_numbers.fleet.orders.ledger_live import live_number
from ccc_numbers.fleet.report.model import NumberRow, OrderRow
from ccc_numbers.fleet.report.states import State
from ccc_numbers.numbers.plan_number import Elsewhere, Unassigned
from ccc_numbers.vendors.ledger import Ledger, LedgerOrder, StackOrders, ledger, unique
from ccc_numbers.vendors.money import ZERO
from ccc_numbers.vendors.orders import Stage
from ccc_numbers.vendors.platform_fee import Mode
from ccc_numbers.vendors.progress import Live, LiveNumber

_IDLE = frozenset({State.DEAD, State.MISSING, State.NOT_IN_ACCOUNT, State.PENDING})


def book_of(seen: Seen, parts: Sequence[StackOrders], today: date, lapsing_days: int, mode: Mode) -> Ledger:
    """The ledger, from what the drift run saw; a stack of which something was not read counts as not looked at."""
    live = {part.stack: found for part in parts if (found := _live(seen, part)) is not None}
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
    return sorted(rows, key=_urgency)


def _row(row: LedgerOrder, idle: Decimal, today: date, lapsing_days: int) -> OrderRow:
    order, cost = row.order, row.cost if row.cost is not None and row.cost.priced else None
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
        rent=cost.rent.monthly if cost else None,
        calls=cost.calls.monthly if cost else None,
        platform=cost.platform.monthly if cost else None,
        first_year=cost.first_year if cost else None,
        # What is on its way cannot be used yet, and that is how it should be.
        idle=idle if order.stage is Stage.IMPORTED else ZERO,
        prepaid=order.prepaid,
        order_id=order.order_id,
        step=str(row.step),
    )


def _urgency(row: OrderRow) -> tuple[bool, int, str, str]:
    return (row.days_left is None, row.days_left or 0, row.stack, row.key)


def _live(seen: Seen, part: StackOrders) -> Live | None:
    """What was seen of the numbers on a stack's orders; None when not everything could be."""
    stack, snapshot = seen.fleet.stacks[part.stack], seen.snapshot
    account = snapshot.accounts.get(part.stack)
    if account is None or stack.problems:
        return None
    found: dict[str, LiveNumber] = {}
    for number in part.numbers:
        view = snapshot.views.get(InstanceKey(account, number.instance))
        if view is None:
            return None
        row = view.numbers.get(number.number)
        if row is not None:
            found[number.number] = live_number(row, view.groups)
            continue
        match snapshot.where.get((account, number.number)):
            case Elsewhere(row):
                found[number.number] = live_number(row, {})
            case Unassigned():
                found[number.number] = LiveNumber(number.number)
            case _:
                pass
    return found
