"""What has to be paid for an order, and on which day: the purchase, rents and packages of later years, the renewal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.money import ZERO, rounded
from ccc_numbers.vendors.orders import Order
from ccc_numbers.vendors.tariff import YEAR, Tariff
from ccc_numbers.vendors.terms import plus_months


class DueKind(StrEnum):
    """The reason why something is due."""

    PURCHASE = "purchase"
    RENT = "rent"
    PACKAGE = "package"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Due:
    """An amount in CNY that is to be paid on a day. What is billed by the month is not here."""

    day: date
    kind: DueKind
    amount: Decimal


def dues(order: Order, entry: Entry, today: date, until: date) -> tuple[Due, ...]:
    """Everything due on the days [today, until], the earliest first. An order that has lapsed has nothing due."""
    found = [due for due in _dues(order, entry, today) if today <= due.day <= until and due.amount]
    return tuple(sorted(found, key=lambda due: (due.day, due.kind)))


def _dues(order: Order, entry: Entry, today: date) -> Iterator[Due]:
    if not order.bought:
        rent, paid, _ = _again_and_again(order, entry)
        yield Due(today, DueKind.PURCHASE, rent + paid)
        return
    for term in order.terms:
        rent, paid, months = _again_and_again(term, entry)
        start, end = term.purchased, term.expires
        if start is None or end is None:
            return
        yield from (Due(day, DueKind.RENT, rent) for day in _days(start, end, int(YEAR)))
        if months:
            yield from (Due(day, DueKind.PACKAGE, paid) for day in _days(start, end, months))
        if end == order.expires:
            yield Due(end, DueKind.RENEWAL, rent + (paid if months is not None else ZERO))


def _again_and_again(order: Order, entry: Entry) -> tuple[Decimal, Decimal, int | None]:
    """A year's rent where it is paid by the year, and a package with its months: None for an advance, which has none."""
    tariff, prepaid = Tariff(order, entry), entry.price.prepaid
    by_year = entry.price.rent is not None and entry.price.rent.billed == "yearly"
    rent = rounded(tariff.monthly_rent * YEAR) if by_year else ZERO
    package = prepaid.term if prepaid is not None else None
    return rent, rounded(order.paid_ahead or ZERO), package.months if package is not None else None


def _days(start: date, end: date, months: int) -> Iterator[date]:
    """The days, every so many months after the start and before the end, on which it is paid once more."""
    count = 1
    while (day := plus_months(start, count * months)) < end:
        yield day
        count += 1
