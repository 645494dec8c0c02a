"""From declarations and live numbers to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from operator import add

from ccc_numbers.vendors.cost import Costs, OrderCost, costs
from ccc_numbers.vendors.ledger.findings import findings
from ccc_numbers.vendors.ledger.model import Ledger, LedgerOrder, LedgerRow, StackOrders
from ccc_numbers.vendors.orders import by_order
from ccc_numbers.vendors.platform_fee import Mode
from ccc_numbers.vendors.progress import PATIENCE, Live, count, next_step

LAPSING_DAYS = 30


def ledger(
    stacks: Sequence[StackOrders],
    today: date,
    live: Mapping[str, Live] | None = None,
    mode: Mode = Mode.GRADUATED,
    lapsing_days: int = LAPSING_DAYS,
    patience: int = PATIENCE,
) -> Ledger:
    """The ledger of these stacks.

    `live` has what CCC shows, by stack; a stack that is not in it was not looked at.
    """
    seen = live or {}
    cases = [
        case for part in stacks for case in _cases(part, seen.get(part.stack), today, lapsing_days, patience)
    ]
    priced = _priced(stacks, today, mode)
    rows = tuple(_row(case, priced.orders.get(unique(case.stack, case.order.key))) for case in cases)
    found = tuple(finding for case in cases for finding in findings(case))
    return Ledger(today, frozenset(seen), rows, found, priced)


def _priced(stacks: Sequence[StackOrders], today: date, mode: Mode) -> Costs:
    """The orders of each account priced together, whichever catalogue each uses; keyed by `unique`."""
    accounts: dict[str, list[StackOrders]] = defaultdict(list)
    for part in stacks:
        accounts[part.account].append(part)
    each = (_of_account(parts, today, mode) for parts in accounts.values())
    return reduce(add, each, _of_account((), today, mode))


def _cases(
    part: StackOrders, live: Live | None, today: date, lapsing_days: int, patience: int
) -> Iterable[LedgerOrder]:
    standing = by_order(part.numbers)
    for order in part.orders:
        numbers = tuple(sorted(standing.get(order.key, ()), key=lambda number: number.number))
        counts = None if live is None else count(numbers, live)
        entry = part.catalogue.find(order.vendor, order.product)
        yield LedgerOrder(part.stack, order, entry, numbers, live, counts, today, lapsing_days, patience)


def _row(case: LedgerOrder, cost: OrderCost | None) -> LedgerRow:
    order, today = case.order, case.today
    return LedgerRow(
        stack=case.stack,
        order=order,
        entry=case.entry,
        declared=len(case.numbers),
        counts=case.counts,
        days_in_stage=(today - order.stage_since).days if order.stage_since else None,
        days_left=order.days_left(today),
        cost=cost,
        step=next_step(order, case.entry, today, case.counts, case.patience, len(case.numbers)),
    )


def _of_account(stacks: Sequence[StackOrders], today: date, mode: Mode) -> Costs:
    entries = {
        unique(part.stack, order.key): part.catalogue.find(order.vendor, order.product)
        for part in stacks
        for order in part.orders
    }
    orders = [replace(order, key=unique(part.stack, order.key)) for part in stacks for order in part.orders]
    numbers = [
        replace(number, number=unique(part.stack, number.number), order=unique(part.stack, number.order))
        for part in stacks
        for number in part.numbers
    ]
    return costs(orders, numbers, lambda order: entries[order.key], today, mode)


def unique(stack: str, key: str) -> str:
    """The name of a stack's order, or number, among those of all stacks."""
    return f"{stack}/{key}"
