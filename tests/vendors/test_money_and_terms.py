"""Exact money, and lengths of time."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccc_numbers.vendors.errors import MoneyError, TermError
from ccc_numbers.vendors.money import amount, plain, rate, rounded, shares, yuan
from ccc_numbers.vendors.platform_fee import Mode, platform_fee
from ccc_numbers.vendors.terms import Term, plus_months, plus_working_days, pro_rata

WHOLE = Mode.WHOLE_VOLUME


@pytest.mark.parametrize(
    ("minutes", "graduated", "whole"),
    [
        (0, "0", "0"),
        (1, "0.05", "0.05"),
        (200_000, "9980.00", "9980.00"),
        (200_001, "9980.04", "8980.04"),
        (500_000, "23450.00", "22450.00"),  # 9980 + 300000 × 0.0449
        (1_000_000, "43700.00", "40500.00"),  # + 500000 × 0.0405
        (2_000_000, "80200.00", "73000.00"),  # + 1000000 × 0.0365
        (4_000_000, "145600.00", "130800.00"),  # + 2000000 × 0.0327
        (10_000_000, "322600.00", "295000.00"),  # + 6000000 × 0.0295
        (10_000_001, "322600.03", "267000.03"),
        (11_000_000, "349300.00", "293700.00"),  # + 1000000 × 0.0267
    ],
)
def test_the_platform_fee_by_both_readings(minutes: int, graduated: str, whole: str) -> None:
    assert platform_fee(minutes) == Decimal(graduated)
    assert platform_fee(minutes, WHOLE) == Decimal(whole)


@given(st.integers(0, 20_000_000))
def test_the_whole_volume_reading_is_never_dearer(minutes: int) -> None:
    assert platform_fee(minutes, WHOLE) <= platform_fee(minutes)


@pytest.mark.parametrize("text", ["-1", "0.001", "abc", "NaN", "Infinity", "1e99", ""])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(MoneyError) as error:
        amount(text)
    assert "\n" not in str(error.value)


def test_amounts_are_exact() -> None:
    assert amount("3000") == Decimal(3000)
    assert amount("0.10") + amount("0.20") == Decimal("0.30")
    assert amount("1e3") == Decimal(1000)
    assert rate("0.0499") == Decimal("0.0499")
    assert (plain(Decimal("3000.00")), plain(Decimal("0.1")), plain(Decimal("0.0499"))) == (
        "3000",
        "0.10",
        "0.0499",
    )
    assert yuan(Decimal("12345.605")) == "¥12,345.61"


@given(st.decimals(0, 10**7, places=4), st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_shares_add_up_and_differ_by_no_more_than_a_fen(value: Decimal, weights: list[int]) -> None:
    parts = shares(value, weights)
    assert sum(parts, Decimal(0)) == rounded(value)
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = rounded(value) * weight / whole if whole else rounded(value) / len(weights)
        assert abs(part - exact) < Decimal("0.01")


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        ("1y", date(2026, 8, 1), date(2027, 8, 1)),
        ("3y", date(2024, 2, 29), date(2027, 2, 28)),
        ("6m", date(2026, 8, 31), date(2027, 2, 28)),
        ("1m", date(2026, 1, 31), date(2026, 2, 28)),
        ("90d", date(2026, 11, 23), date(2027, 2, 21)),
    ],
)
def test_the_end_of_a_term(term: str, start: date, end: date) -> None:
    assert Term.parse(term).end(start) == end


def test_terms_are_shown_as_they_are_written() -> None:
    for text in ("1y", "6m", "90d", "18m", "3y"):
        assert str(Term.parse(text)) == text
    assert str(Term.parse("12m")) == "1y"


@pytest.mark.parametrize("text", ["", "1", "y", "0y", "-1y", "1.5y", "99y", "a year", "1w"])
def test_what_is_no_term(text: str) -> None:
    with pytest.raises(TermError):
        Term.parse(text)


def test_working_days_leave_out_weekends() -> None:
    monday, friday = date(2026, 11, 23), date(2026, 11, 27)
    assert plus_working_days(monday, 4) == friday
    assert plus_working_days(friday, 1) == date(2026, 11, 30)
    assert plus_working_days(date(2026, 11, 28), 1) == date(2026, 11, 30)
    assert plus_working_days(monday, 30) == date(2027, 1, 4)
    assert plus_working_days(monday, 0) == monday


def test_pro_rata_is_by_days() -> None:
    start, end = date(2026, 1, 1), date(2027, 1, 1)
    assert pro_rata(Decimal(3650), start, end, date(2026, 1, 1), date(2026, 1, 31)) == Decimal(300)
    assert pro_rata(Decimal(3650), start, end, date(2025, 1, 1), date(2028, 1, 1)) == Decimal(3650)
    assert pro_rata(Decimal(3650), start, end, date(2027, 1, 1), date(2028, 1, 1)) == 0


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 600))
def test_a_month_later_is_never_in_a_later_month(day: date, months: int) -> None:
    later = plus_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
