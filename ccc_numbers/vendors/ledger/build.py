"""From declarations and live numbers to the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ccc_numbers.vendors.cost import Costs
from ccc_numbers.vendors.ledger.findings import findings
from ccc_numbers.vendors.ledger.model import Ledger, LedgerOrder
from ccc_numbers.vendors.orders import by_order
from ccc_numbers.vendors.platform_fee import Mode
from ccc_numbers.vendors.progress import PATIENCE, Live, count
from ccc_numbers.vendors.stack_orders import Prices, StackOrders, price

LAPSING_DAYS = 30


def ledger(
    stacks: Sequence[StackOrders],
    today: date,
    live: Mapping[str, Live] | None = None,
    mode: Mode | None = None,
    lapsing_days: int = LAPSING_DAYS,
    patience: int = PATIENCE,
    neighbours: Sequence[StackOrders] = (),
) -> Ledger:
    """The ledger of these stacks.

    `live` holds CCC's numbers by stack; a stack that is not in it was not looked at. `neighbours` are the other stacks of
    their accounts, which the cost depends on. `mode`: see `price`.
    """
    seen = live or {}
    prices = price((*stacks, *neighbours), today, mode)
    priced = _cut(stacks, prices)

    def rows(part: StackOrders) -> Iterator[LedgerOrder]:
        standing, live = by_order(part.numbers), seen.get(part.stack)
        for order in part.orders:
            numbers = tuple(sorted(standing.get(order.key, ()), key=lambda number: number.number))
            counts = None if live is None else count(numbers, live)
            cost = priced.orders.get(unique(part.stack, order.key))
            looked = (live, counts, today, lapsing_days, patience)
            whose = (part.simulated, part.account or "")
            yield LedgerOrder(part.stack, order, part.catalogue, numbers, *looked, cost, *whose)

    found = tuple(row for part in stacks for row in rows(part))
    unknown = {
        part.stack: prices.unknown[part.stack]
        for part in stacks
        if part.stack in prices.unknown and part.orders
    }
    wrong = tuple(finding for row in found for finding in findings(row))
    without = sum(part.without_order for part in stacks)
    return Ledger(today, frozenset(seen), found, wrong, priced, unknown, without)


def _cut(stacks: Sequence[StackOrders], prices: Prices) -> Costs:
    """The cost of these stacks' orders and numbers, by `unique`."""
    orders = {
        unique(part.stack, key): cost for part in stacks for key, cost in prices.of_stack(part.stack).items()
    }
    numbers = [
        replace(each, number=unique(part.stack, each.number), order=unique(part.stack, each.order))
        for part in stacks
        for each in part.numbers
    ]
    return Costs.of(orders, numbers)


def unique(stack: str, key: str) -> str:
    """The name of a stack's order, or number, among those of all stacks."""
    return f"{stack}/{key}"
