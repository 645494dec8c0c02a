"""The cost of orders: per order, vendor, number and instance, and the platform fee. Exact, CNY, to the fen.

Every sum adds up: an order's cost is split over the numbers it bought (declared ones first, the rest is
`undeclared`), an instance's is its numbers', a vendor's its orders'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from ccc_numbers.vendors.catalogue.price import Scope
from ccc_numbers.vendors.money import ZERO, rounded, shares
from ccc_numbers.vendors.orders import NumberOnOrder, Order, by_order
from ccc_numbers.vendors.platform_fee import Mode, Tier, platform_fee
from ccc_numbers.vendors.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Cost:
    """CNY of an average month, and of the first twelve months: the sums actually paid in them."""

    monthly: Decimal = ZERO
    first_year: Decimal = ZERO

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.monthly + other.monthly, self.first_year + other.first_year)

    def as_outputs(self) -> dict[str, str]:
        return {"monthly": str(rounded(self.monthly)), "firstYear": str(rounded(self.first_year))}


@dataclass(frozen=True, slots=True)
class OrderCost:
    """One order's cost.

    `calls` is the bill for calls: the expected minutes, or the minimum spend or the prepaid package
    where that is more. `package_minutes` where the package sets the price. `priced` is False when the
    catalogue has no price for it yet (a 400 number without a package).
    """

    order: Order
    rent: Cost
    calls: Cost
    platform: Cost
    package_minutes: int | None
    priced: bool

    @property
    def whole(self) -> Cost:
        return self.rent + self.calls + self.platform

    @property
    def monthly(self) -> Decimal:
        return self.whole.monthly

    @property
    def first_year(self) -> Decimal:
        return self.whole.first_year

    def as_outputs(self) -> dict[str, object]:
        """Plain data for a stack's outputs."""
        parts = {"rent": self.rent, "calls": self.calls, "platformFee": self.platform}
        return {
            **self.whole.as_outputs(),
            "monthlyParts": {name: str(part.monthly) for name, part in parts.items()},
            "firstYearParts": {name: str(part.first_year) for name, part in parts.items()},
            "packageMinutes": self.package_minutes,
            "priced": self.priced,
        }


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of a set of orders, cut in each way people ask for."""

    orders: Mapping[str, OrderCost]
    vendors: Mapping[str, Cost]
    numbers: Mapping[str, Cost]
    instances: Mapping[str, Cost]
    undeclared: Mapping[str, Cost]

    @classmethod
    def of(cls, orders: Mapping[str, OrderCost], numbers: Iterable[NumberOnOrder]) -> Self:
        """The cost of these orders, by the key that the numbers name; in the cuts, of those that were bought."""
        bought = {key: cost for key, cost in orders.items() if cost.order.bought}
        by_number, undeclared = _per_number(bought, numbers)
        return cls(
            orders,
            _grouped((cost.order.vendor, cost.whole) for cost in bought.values()),
            _grouped((number.number, pair) for number, pair in by_number),
            _grouped((number.instance, pair) for number, pair in by_number),
            undeclared,
        )

    @property
    def all(self) -> Cost:
        return total(self.orders.values())

    @property
    def planned(self) -> Cost:
        return planned(self.orders.values())

    def as_outputs(self, mode: Mode) -> dict[str, object]:
        """Plain data for a stack's outputs; amounts as text, so that no reader makes floats of them.

        The platform fee is these orders' part of their account's, by their expected minutes.
        """

        def plain(costs: Mapping[str, Cost | OrderCost]) -> dict[str, object]:
            return {key: cost.as_outputs() for key, cost in costs.items()}

        bought = [cost for cost in self.orders.values() if cost.order.bought]
        fee = sum((cost.platform.monthly for cost in bought), rounded(ZERO))
        minutes = sum(cost.order.expected_minutes or 0 for cost in bought)
        return {
            "currency": "CNY",
            "total": self.all.as_outputs(),
            "planned": self.planned.as_outputs(),
            "platformFee": {"monthly": str(fee), "minutes": minutes, "mode": mode},
            "vendors": plain(self.vendors),
            "orders": plain(self.orders),
            "instances": plain(self.instances),
            "numbers": plain(self.numbers),
            "undeclared": plain(self.undeclared),
        }


def total(costs: Iterable[OrderCost]) -> Cost:
    """The cost together of those that were bought."""
    return sum((cost.whole for cost in costs if cost.order.bought), Cost())


def planned(costs: Iterable[OrderCost]) -> Cost:
    """The cost that those would have which are only intended."""
    return sum((cost.whole for cost in costs if not cost.order.bought), Cost())


def account_costs(
    tariffs: Sequence[Tariff], mode: Mode = Mode.GRADUATED, tiers: tuple[Tier, ...] | None = None
) -> Iterator[OrderCost]:
    """The cost of each of one account's orders, in their order: they share its minimum spends and its platform fee."""
    used = [tariff.minutes for tariff in tariffs]
    fees = shares(platform_fee(sum(used), mode, tiers), used)
    for tariff, top_up, fee in zip(tariffs, _account_top_ups(tariffs), fees, strict=True):
        yield _order_cost(tariff, top_up, fee)


def _order_cost(tariff: Tariff, top_up: Decimal, fee: Decimal) -> OrderCost:
    months, billed = tariff.first_year_months, tariff.calls + top_up
    year_of_calls = max(billed * months, tariff.first_year_prepaid)
    return OrderCost(
        tariff.order,
        rent=Cost(rounded(tariff.monthly_rent), rounded(tariff.first_year_rent)),
        calls=Cost(rounded(max(billed, tariff.monthly_advance)), rounded(year_of_calls)),
        platform=Cost(fee, rounded(fee * months)),
        package_minutes=tariff.package_minutes,
        priced=tariff.per_minute is not None,
    )


def _account_top_ups(tariffs: Sequence[Tariff]) -> list[Decimal]:
    """The sum each order adds so that the account reaches a product's minimum; shared by numbers bought."""
    by_product: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, tariff in enumerate(tariffs):
        by_product[tariff.entry.key].append(index)
    top_ups = [ZERO] * len(tariffs)
    for members in by_product.values():
        floor = max(tariffs[index].floor(Scope.ACCOUNT) for index in members)
        missing = max(ZERO, floor - sum((tariffs[index].calls for index in members), ZERO))
        parts = shares(missing, [tariffs[index].order.quantity for index in members])
        for index, part in zip(members, parts, strict=True):
            top_ups[index] = part
    return top_ups


def _per_number(
    of_orders: Mapping[str, OrderCost], numbers: Iterable[NumberOnOrder]
) -> tuple[list[tuple[NumberOnOrder, Cost]], dict[str, Cost]]:
    """Each declared number's equal share of its order, and the rest for the numbers nobody declared."""
    standing = by_order(numbers)
    found: list[tuple[NumberOnOrder, Cost]] = []
    undeclared: dict[str, Cost] = {}
    for key, cost in of_orders.items():
        declared = sorted(standing.get(key, ()), key=lambda number: number.number)
        parts = max(cost.order.quantity, len(declared))
        monthly, year = (shares(value, [1] * parts) for value in (cost.monthly, cost.first_year))
        pairs = [Cost(month, whole) for month, whole in zip(monthly, year, strict=True)]
        found.extend(zip(declared, pairs, strict=False))
        if parts > len(declared):
            undeclared[key] = sum(pairs[len(declared) :], Cost())
    return found, undeclared


def _grouped(pairs: Iterable[tuple[str, Cost]]) -> dict[str, Cost]:
    sums: dict[str, Cost] = defaultdict(Cost)
    for key, pair in pairs:
        sums[key] += pair
    return dict(sorted(sums.items()))
