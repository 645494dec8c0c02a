"""What orders cost: per order, vendor, number and instance, and the platform fee. Exact, CNY, to the fen.

Every sum adds up: an order's cost is split over the numbers it bought (declared ones first, the rest is
`undeclared`), an instance's is its numbers', a vendor's its orders'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ccc_numbers.vendors.catalogue import Catalogue, Entry, Scope
from ccc_numbers.vendors.money import ZERO, rounded, shares, total
from ccc_numbers.vendors.orders import NumberOnOrder, Order
from ccc_numbers.vendors.platform_fee import Mode, platform_fee
from ccc_numbers.vendors.tariff import Tariff


@dataclass(frozen=True, slots=True)
class OrderCost:
    """One order's cost. `monthly_*` is an average month; `first_year_*` what leaves the purse in twelve.

    `calls` holds what calls are billed at: the expected minutes, or the minimum spend or the prepaid package
    where that is more. `package_minutes` where the package sets the price. `priced` is False when the
    catalogue has no price for it yet (a 400 number without a package).
    """

    key: str
    vendor: str
    product: str
    quantity: int
    monthly_rent: Decimal
    monthly_calls: Decimal
    monthly_platform: Decimal
    first_year_rent: Decimal
    first_year_calls: Decimal
    first_year_platform: Decimal
    package_minutes: int | None
    priced: bool

    @property
    def monthly(self) -> Decimal:
        return self.monthly_rent + self.monthly_calls + self.monthly_platform

    @property
    def first_year(self) -> Decimal:
        return self.first_year_rent + self.first_year_calls + self.first_year_platform


@dataclass(frozen=True, slots=True)
class Pair:
    """A monthly cost and a first year's."""

    monthly: Decimal = ZERO
    first_year: Decimal = ZERO

    def __add__(self, other: Pair) -> Pair:
        return Pair(self.monthly + other.monthly, self.first_year + other.first_year)


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of a set of orders, cut in each way people ask for."""

    orders: Mapping[str, OrderCost]
    vendors: Mapping[str, Pair]
    numbers: Mapping[str, Pair]
    instances: Mapping[str, Pair]
    undeclared: Mapping[str, Pair]
    platform_monthly: Decimal
    minutes: int
    mode: Mode

    def __add__(self, other: Costs) -> Costs:
        """The costs of two accounts together."""
        return Costs(
            {**self.orders, **other.orders},
            _grouped([*self.vendors.items(), *other.vendors.items()]),
            _grouped([*self.numbers.items(), *other.numbers.items()]),
            _grouped([*self.instances.items(), *other.instances.items()]),
            {**self.undeclared, **other.undeclared},
            self.platform_monthly + other.platform_monthly,
            self.minutes + other.minutes,
            self.mode,
        )

    @property
    def all(self) -> Pair:
        return _sum(Pair(cost.monthly, cost.first_year) for cost in self.orders.values())

    def as_outputs(self) -> dict[str, object]:
        """Plain data for a stack's outputs; amounts as text, so that no reader makes floats of them."""
        return {
            "currency": "CNY",
            "total": _plain(self.all),
            "platformFee": {
                "monthly": str(self.platform_monthly),
                "minutes": self.minutes,
                "mode": self.mode,
            },
            "vendors": {key: _plain(pair) for key, pair in self.vendors.items()},
            "orders": {key: order_outputs(cost) for key, cost in self.orders.items()},
            "instances": {key: _plain(pair) for key, pair in self.instances.items()},
            "numbers": {key: _plain(pair) for key, pair in self.numbers.items()},
            "undeclared": {key: _plain(pair) for key, pair in self.undeclared.items()},
        }


def order_outputs(cost: OrderCost) -> dict[str, object]:
    """One order's cost as plain data."""
    return {
        "monthly": str(cost.monthly),
        "firstYear": str(cost.first_year),
        "monthlyParts": {
            "rent": str(cost.monthly_rent),
            "calls": str(cost.monthly_calls),
            "platformFee": str(cost.monthly_platform),
        },
        "firstYearParts": {
            "rent": str(cost.first_year_rent),
            "calls": str(cost.first_year_calls),
            "platformFee": str(cost.first_year_platform),
        },
        "packageMinutes": cost.package_minutes,
        "priced": cost.priced,
    }


def costs(
    orders: Iterable[Order],
    numbers: Iterable[NumberOnOrder],
    entry_of: Callable[[Order], Entry | None],
    today: date,
    mode: Mode = Mode.GRADUATED,
) -> Costs:
    """The cost of all orders whose term is not over; those without an entry (see `in_catalogue`) are left out.

    The account's minimum spend and the platform fee are those of the orders given: pass all of an account's
    to get the account's.
    """
    running = [(order, entry_of(order)) for order in orders]
    tariffs = [Tariff(order, entry) for order, entry in running if entry and not order.lapsed(today)]
    fee = platform_fee(sum(tariff.minutes for tariff in tariffs), mode)
    fees = shares(fee, [tariff.minutes for tariff in tariffs])
    top_ups = _account_top_ups(tariffs)
    by_order = {
        tariff.order.key: _order_cost(tariff, top_up, fee)
        for tariff, top_up, fee in zip(tariffs, top_ups, fees, strict=True)
    }
    by_number, undeclared = _per_number(by_order, numbers)
    return Costs(
        by_order,
        _grouped((cost.vendor, Pair(cost.monthly, cost.first_year)) for cost in by_order.values()),
        _grouped((number.number, pair) for number, pair in by_number),
        _grouped((number.instance, pair) for number, pair in by_number),
        undeclared,
        fee,
        sum(tariff.minutes for tariff in tariffs),
        mode,
    )


def in_catalogue(catalogue: Catalogue) -> Callable[[Order], Entry | None]:
    """The usual `entry_of`: the order's vendor and product, looked up."""
    return lambda order: catalogue.find(order.vendor, order.product)


def _order_cost(tariff: Tariff, top_up: Decimal, fee: Decimal) -> OrderCost:
    order, months = tariff.order, tariff.first_year_months
    billed = tariff.calls + top_up
    return OrderCost(
        order.key,
        order.vendor,
        order.product,
        order.quantity,
        monthly_rent=rounded(tariff.monthly_rent),
        monthly_calls=rounded(max(billed, tariff.monthly_advance)),
        monthly_platform=fee,
        first_year_rent=rounded(tariff.first_year_rent),
        first_year_calls=rounded(max(billed * months, tariff.first_year_prepaid)),
        first_year_platform=rounded(fee * months),
        package_minutes=tariff.package_minutes,
        priced=tariff.per_minute is not None,
    )


def _account_top_ups(tariffs: Sequence[Tariff]) -> list[Decimal]:
    """What each order adds so that the account reaches a product's minimum; shared by numbers bought."""
    by_product: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, tariff in enumerate(tariffs):
        by_product[tariff.entry.key].append(index)
    top_ups = [ZERO] * len(tariffs)
    for members in by_product.values():
        floor = max(tariffs[index].floor(Scope.ACCOUNT) for index in members)
        missing = max(ZERO, floor - total(tariffs[index].calls for index in members))
        parts = shares(missing, [tariffs[index].order.quantity for index in members])
        for index, part in zip(members, parts, strict=True):
            top_ups[index] = part
    return top_ups


def _per_number(
    by_order: Mapping[str, OrderCost], numbers: Iterable[NumberOnOrder]
) -> tuple[list[tuple[NumberOnOrder, Pair]], dict[str, Pair]]:
    """Each declared number's equal share of its order, and what is left for the numbers nobody declared."""
    standing: dict[str, list[NumberOnOrder]] = defaultdict(list)
    for number in numbers:
        standing[number.order].append(number)
    found: list[tuple[NumberOnOrder, Pair]] = []
    undeclared: dict[str, Pair] = {}
    for key, cost in by_order.items():
        declared = sorted(standing[key], key=lambda number: number.number)
        parts = max(cost.quantity, len(declared))
        monthly, year = (shares(value, [1] * parts) for value in (cost.monthly, cost.first_year))
        pairs = [Pair(month, whole) for month, whole in zip(monthly, year, strict=True)]
        found.extend(zip(declared, pairs, strict=False))
        if parts > len(declared):
            undeclared[key] = _sum(pairs[len(declared) :])
    return found, undeclared


def _grouped(pairs: Iterable[tuple[str, Pair]]) -> dict[str, Pair]:
    sums: dict[str, Pair] = defaultdict(Pair)
    for key, pair in pairs:
        sums[key] += pair
    return dict(sorted(sums.items()))


def _sum(pairs: Iterable[Pair]) -> Pair:
    found = Pair()
    for pair in pairs:
        found += pair
    return found


def _plain(pair: Pair) -> dict[str, str]:
    return {"monthly": str(rounded(pair.monthly)), "firstYear": str(rounded(pair.first_year))}
