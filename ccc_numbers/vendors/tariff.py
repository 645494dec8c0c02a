"""The cost of one order by itself: the catalogue's prices, with the order's own quote over them.

All results are exact; whoever shows or splits them rounds to the fen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

from ccc_numbers.vendors.catalogue import Direction, Entry
from ccc_numbers.vendors.catalogue.price import Package, Scope
from ccc_numbers.vendors.money import ZERO
from ccc_numbers.vendors.orders import Order
from ccc_numbers.vendors.terms import pro_rata

YEAR = Decimal(12)


@dataclass(frozen=True, slots=True)
class Tariff:
    """The prices that hold for one order. CNY; rates per minute, rent per number and month."""

    order: Order
    entry: Entry

    @property
    def rent(self) -> Decimal:
        quoted, listed = self.order.rates.rent, self.entry.price.rent
        return quoted if quoted is not None else listed.per_month if listed else ZERO

    @property
    def package(self) -> Package | None:
        """The package the prepaid amount buys; None when it is not a package or none was bought."""
        prepaid, paid = self.entry.price.prepaid, self.order.prepaid
        return prepaid.package_for(paid) if prepaid is not None and paid is not None else None

    @property
    def inbound(self) -> Decimal | None:
        return self._rate(self.order.rates.inbound, self.entry.price.rates.inbound, Direction.INBOUND)

    @property
    def outbound(self) -> Decimal | None:
        return self._rate(self.order.rates.outbound, self.entry.price.rates.outbound, Direction.OUTBOUND)

    def _rate(self, quoted: Decimal | None, listed: Decimal | None, way: Direction) -> Decimal | None:
        if not self.entry.direction.covers(way):
            return None
        in_package = self.package.per_minute if self.package is not None else None
        return next((rate for rate in (quoted, in_package, listed) if rate is not None), None)

    @property
    def per_minute(self) -> Decimal | None:
        """The rate of an expected minute whose way is not declared: the dearer one's.

        None while the price depends on a package that was not bought.
        """
        rates = [rate for rate in (self.inbound, self.outbound) if rate is not None]
        return max(rates) if rates else None

    @property
    def package_minutes(self) -> int | None:
        """Whole minutes in the prepaid package, where the package sets the price: 3000 / 0.12 = 25000."""
        if self.package is None or self.package.per_minute is None or self.order.paid_ahead is None:
            return None
        return int(self.order.paid_ahead / (self.per_minute or self.package.per_minute))

    @property
    def minutes(self) -> int:
        return self.order.expected_minutes or 0

    @property
    def usage(self) -> Decimal:
        """A month's expected calls."""
        if by_way := self.order.minutes_by_way:
            return by_way.inbound * (self.inbound or ZERO) + by_way.outbound * (self.outbound or ZERO)
        return self.minutes * (self.per_minute or ZERO)

    def floor(self, scope: Scope) -> Decimal:
        """The month's minimum spend of this scope: of all the order's numbers, or of the whole account."""
        least = self.entry.price.minimum_spend
        if least is None or least.scope is not scope:
            return ZERO
        quoted = self.order.rates.minimum_spend
        value = quoted if quoted is not None else least.amount
        return value * self.order.quantity if scope is Scope.NUMBER else value

    @property
    def calls(self) -> Decimal:
        """A month's calls as billed, before any minimum of the account: calls of all numbers, spread evenly."""
        return max(self.usage, self.floor(Scope.NUMBER))

    @property
    def monthly_rent(self) -> Decimal:
        return self.rent * self.order.quantity

    @property
    def monthly_advance(self) -> Decimal:
        """The prepaid package's share of one month; an advance without a period is not a cost of its own."""
        prepaid = self.entry.price.prepaid
        if prepaid is None or prepaid.term is None or self.order.paid_ahead is None:
            return ZERO
        return self.order.paid_ahead / prepaid.term.in_months()

    @property
    def first_year_months(self) -> Decimal:
        """Months of the first year that the term covers; a whole year while no term is known."""
        return min(YEAR, self.order.term.in_months()) if self.order.term else YEAR

    @property
    def first_year_rent(self) -> Decimal:
        """Rent billed by the year (年租) is paid for the whole year however short the term."""
        rent = self.entry.price.rent
        months = YEAR if rent is not None and rent.billed == "yearly" else self.first_year_months
        return self.monthly_rent * months

    @property
    def first_year_prepaid(self) -> Decimal:
        """The sum paid for packages in the first twelve months."""
        return self._prepaid_over(self.first_year_months)

    def committed(self, since: date, until: date) -> Decimal:
        """Rent and prepaid that fall on the days [since, until) of the term, used or not; pro rata by days."""
        start, end = self.order.purchased, self.order.expires
        if start is None or end is None or self.order.term is None:
            return ZERO
        months = self.order.term.in_months()
        return pro_rata(self.monthly_rent * months + self._prepaid_over(months), start, end, since, until)

    def package_of(self, package: Package, months: Decimal) -> Tariff:
        """The same order with that package: of one that may be any amount, the thousands that its minutes of the months need."""
        amount = package.amount or package.from_
        made = replace(self, order=replace(self.order, prepaid=amount))
        if package.from_ is None or made.order.paid_ahead is None:
            return made
        each = made.usage * months * package.from_ / made.order.paid_ahead
        amount = max(package.from_, (each / 1000).to_integral_value(ROUND_CEILING) * 1000)
        return replace(self, order=replace(self.order, prepaid=min(amount, package.to or amount)))

    def _prepaid_over(self, months: Decimal) -> Decimal:
        """One package, unless it lasts less than these months."""
        paid, prepaid = self.order.paid_ahead, self.entry.price.prepaid
        if paid is None:
            return ZERO
        if prepaid is None or prepaid.term is None:
            return paid
        bought = (months / prepaid.term.in_months()).to_integral_value(ROUND_CEILING)
        return paid * max(Decimal(1), bought)
