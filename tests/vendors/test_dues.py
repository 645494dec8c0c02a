"""Rents, packages and renewals, each on the day it is due; the sums reckoned by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ccc_numbers.vendors.dues import dues
from ccc_numbers.vendors.orders import Order, PrepaidPer, Renewal, Stage
from ccc_numbers.vendors.terms import Term
from tests.vendors.support import TODAY, entry, order

FAR = date(2035, 1, 1)


def due(one: Order, since: date = date(2026, 8, 2), until: date = FAR) -> list[tuple[str, str, str]]:
    found = dues(one, entry(one.product), since, until)
    return [(str(each.day), each.kind.value, str(each.amount)) for each in found]


def test_a_term_of_three_years_pays_rent_and_package_in_each() -> None:
    one = order(quantity=2, prepaid="3000", term=Term(months=36))
    assert due(one) == [
        ("2027-08-01", "package", "3000.00"),
        ("2027-08-01", "rent", "840.00"),  # 2 × 420
        ("2028-08-01", "package", "3000.00"),
        ("2028-08-01", "rent", "840.00"),
        ("2029-08-01", "renewal", "3840.00"),
    ]
    assert due(one, until=date(2027, 12, 31))[-1] == ("2027-08-01", "rent", "840.00")


def test_a_package_of_three_years_is_paid_once() -> None:
    one = order("400", quantity=2, prepaid="5000", prepaid_per=PrepaidPer.NUMBER, term=Term(months=36))
    assert due(one) == [("2029-08-01", "renewal", "10000.00")]


def test_an_order_that_is_only_meant_is_due_now() -> None:
    one = order(stage=Stage.INTENDED, quantity=2, prepaid="3000", purchased=None)
    assert due(one, TODAY) == [(str(TODAY), "purchase", "3840.00")]
    assert due(order("mobile", stage=Stage.INTENDED, purchased=None), TODAY) == [], (
        "it is billed by the month"
    )


def test_what_is_billed_by_the_month_is_not_dated() -> None:
    assert due(order("mobile", term=Term(months=36))) == []
    assert due(order("mobile-marketing", prepaid="10000")) == [], "an advance is paid once"


def test_a_renewal_moves_what_is_due() -> None:
    """Renewed early, for another amount: rents of the term that runs stay due, the next renewal is two years later."""
    renewal = Renewal(date(2026, 11, 1), Term(months=24), Decimal(5000))
    one = order(quantity=2, prepaid="3000", term=Term(months=24), renewals=(renewal,))
    assert one.expires == date(2030, 8, 1)
    assert due(one) == [
        ("2027-08-01", "package", "3000.00"),
        ("2027-08-01", "rent", "840.00"),  # 2 × 420
        ("2029-08-01", "package", "5000.00"),
        ("2029-08-01", "rent", "840.00"),
        ("2030-08-01", "renewal", "5840.00"),  # 5000 + 840
    ]
    late = replace(one, renewals=(Renewal(date(2029, 1, 1)),))
    assert late.expires == date(2031, 1, 1), "the term had lapsed: it begins on the day it was paid"


def test_a_lapsed_order_has_nothing_due() -> None:
    assert due(order(prepaid="3000", purchased=date(2024, 8, 1))) == []


def test_the_rent_of_a_leap_day_is_due_in_february() -> None:
    one = order(purchased=date(2028, 2, 29), term=Term(months=24))
    assert [day for day, _, _ in due(one)] == ["2029-02-28", "2030-02-28"]
    assert sum(Decimal(amount) for _, _, amount in due(one)) == Decimal("840.00")
