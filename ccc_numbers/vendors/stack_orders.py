"""The orders of many stacks and their cost: those of one account are priced together, whoever asks for which of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ccc_numbers.messages.language import mark, tr
from ccc_numbers.vendors.catalogue import Catalogue
from ccc_numbers.vendors.cost import OrderCost, account_costs
from ccc_numbers.vendors.orders import NumberOnOrder, Order
from ccc_numbers.vendors.platform_fee import Mode, Tier
from ccc_numbers.vendors.tariff import Tariff

_TWO_LISTS = mark(
    "stacks of one account have different tiers of its platform fee; let ccc-numbers:platformFeeTiers name the same in "
    "their Pulumi files"
)


@dataclass(frozen=True, slots=True)
class StackOrders:
    """The orders of one stack, the numbers that name them, the catalogue it uses.

    Stacks of the same `account` (any name that is the same for them alone) share its minimum spends and platform fee;
    None may be any. `platform_fee` is how the stack says its tiers are read, `fee_tiers` those of a price list of its own. `without_order` counts the declared numbers
    that name no order. `unread` says why not all of the stack's
    orders are known.
    """

    stack: str
    orders: tuple[Order, ...]
    numbers: tuple[NumberOnOrder, ...]
    catalogue: Catalogue
    account: str | None = ""
    simulated: bool = False
    platform_fee: Mode | None = None
    fee_tiers: tuple[Tier, ...] | None = None
    without_order: int = 0
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """The cost of orders by stack and key, without those that have lapsed or are in no catalogue.

    `modes` says how the platform fee of each stack's account is read; `unknown` why the orders of a stack have no cost.
    """

    orders: Mapping[tuple[str, str], OrderCost]
    modes: Mapping[str, Mode]
    unknown: Mapping[str, str]

    def of_stack(self, stack: str) -> dict[str, OrderCost]:
        """The costs of one stack's orders by their keys."""
        return {key: cost for (name, key), cost in self.orders.items() if name == stack}


def price(stacks: Iterable[StackOrders], today: date, mode: Mode | None = None) -> Prices:
    """The cost of every order; pass all stacks of each account. `mode` wins over the stacks' own `platform_fee`.

    An account's orders have no cost while one of its stacks cannot be read, or two read the platform fee differently:
    each order's share depends on all of them.
    """
    parts = sorted(stacks, key=lambda part: part.stack)
    anywhere = [part for part in parts if part.account is None]
    accounts: dict[str, list[StackOrders]] = defaultdict(list)
    for part in parts:
        accounts[part.account or ""].append(part)
    orders: dict[tuple[str, str], OrderCost] = {}
    modes: dict[str, Mode] = {}
    unknown: dict[str, str] = {}
    for members in accounts.values():
        said = [part.platform_fee for part in members if part.platform_fee]
        why = next((part.unread for part in (*members, *anywhere) if part.unread), None)
        if mode is None and len(set(said)) > 1:
            why = why or _at_odds(members)
        if why is not None:
            unknown |= dict.fromkeys([part.stack for part in members], why)
            continue
        own = {part.fee_tiers for part in members if part.fee_tiers}
        if len(own) > 1:
            unknown |= dict.fromkeys([part.stack for part in members], tr(_TWO_LISTS))
            continue
        read = mode or next(iter(said), Mode.GRADUATED)
        modes |= dict.fromkeys([part.stack for part in members], read)
        orders |= _account(members, today, read, next(iter(own), None))
    return Prices(orders, modes, unknown)


def _account(
    members: Sequence[StackOrders], today: date, mode: Mode, tiers: tuple[Tier, ...] | None
) -> dict[tuple[str, str], OrderCost]:
    tariffs = {
        (part.stack, order.key): Tariff(order.on(today), entry)
        for part in members
        for order in part.orders
        if (entry := part.catalogue.find(order.vendor, order.product)) and not order.lapsed(today)
    }
    bought = {key: tariff for key, tariff in tariffs.items() if tariff.order.bought}
    found = _costs(bought, mode, tiers)
    # A purchase that is only intended takes no share of what the others pay; its own figure is that beside them.
    return _costs(tariffs, mode, tiers) | found if len(bought) < len(tariffs) else found


def _costs(
    tariffs: Mapping[tuple[str, str], Tariff], mode: Mode, tiers: tuple[Tier, ...] | None
) -> dict[tuple[str, str], OrderCost]:
    return dict(zip(tariffs, account_costs(list(tariffs.values()), mode, tiers), strict=True))


def _at_odds(members: Iterable[StackOrders]) -> str:
    each = ", ".join(f"{part.stack}: {part.platform_fee}" for part in members if part.platform_fee)
    return tr(
        "stacks of one account read its platform fee's tiers in different ways ({each}); let "
        "ccc-numbers:platformFee say the same in their Pulumi files",
        each=each,
    )
