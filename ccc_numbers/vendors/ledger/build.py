"""From declarations and live numbers to the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.cost import Costs, costs
from ccc_numbers.vendors.ledger.findings import findings
from ccc_numbers.vendors.ledger.model import Ledger, LedgerOrder, StackOrders
from ccc_numbers.vendors.orders import NumberOnOrder, Order, by_order
from ccc_numbers.vendors.platform_fee import Mode
from ccc_numbers.vendors.progress import PATIENCE, Live, count

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

    `live` holds CCC's numbers by stack; a stack that is not in it was not looked at.
    """
    seen = live or {}
    priced = _priced(stacks, today, mode)

    def rows(part: StackOrders) -> Iterator[LedgerOrder]:
        standing, live = by_order(part.numbers), seen.get(part.stack)
        for order in part.orders:
            numbers = tuple(sorted(standing.get(order.key, ()), key=lambda number: number.number))
            counts = None if live is None else count(numbers, live)
            entry = part.catalogue.find(order.vendor, order.product)
            cost = priced.orders.get(unique(part.stack, order.key))
            looked = (live, counts, today, lapsing_days, patience)
            yield LedgerOrder(part.stack, order, entry, numbers, *looked, cost)

    found = tuple(row for part in stacks for row in rows(part))
    return Ledger(
        today, frozenset(seen), found, tuple(finding for row in found for finding in findings(row)), priced
    )


def _priced(stacks: Sequence[StackOrders], today: date, mode: Mode) -> Costs:
    """The orders of all stacks, each account's priced together, whichever catalogue each uses; keyed by `unique`."""
    parts: dict[str, StackOrders] = {}
    orders: list[Order] = []
    numbers: list[NumberOnOrder] = []
    for part in stacks:
        for order in part.orders:
            key = unique(part.stack, order.key)
            parts[key] = part
            orders.append(replace(order, key=key))
        for each in part.numbers:
            number, key = unique(part.stack, each.number), unique(part.stack, each.order)
            numbers.append(replace(each, number=number, order=key))

    def entry_of(order: Order) -> Entry | None:
        return parts[order.key].catalogue.find(order.vendor, order.product)

    return costs(orders, numbers, entry_of, today, mode, lambda order: parts[order.key].account)


def unique(stack: str, key: str) -> str:
    """The name of a stack's order, or number, among those of all stacks."""
    return f"{stack}/{key}"
