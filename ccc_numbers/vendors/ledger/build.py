"""From declarations and live numbers to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from operator import add

from ccc_numbers.vendors.cost import Costs, costs
from ccc_numbers.vendors.ledger.findings import findings
from ccc_numbers.vendors.ledger.model import Ledger, LedgerOrder, StackOrders
from ccc_numbers.vendors.orders import by_order
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
    """The orders of each account priced together, whichever catalogue each uses; keyed by `unique`."""
    accounts: dict[str, list[StackOrders]] = defaultdict(list)
    for part in stacks:
        accounts[part.account].append(part)
    each = (_of_account(parts, today, mode) for parts in accounts.values())
    return reduce(add, each, _of_account((), today, mode))


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
