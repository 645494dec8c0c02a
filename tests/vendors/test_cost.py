"""What orders cost, each figure worked out by hand beside it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ccc_numbers.vendors.catalogue import built_in
from ccc_numbers.vendors.cost import Costs, OrderCost
from ccc_numbers.vendors.orders import ByWay, NumberOnOrder, Order, PrepaidPer, Quoted, Renewal
from ccc_numbers.vendors.platform_fee import Mode, platform_fee
from ccc_numbers.vendors.stack_orders import StackOrders, price
from ccc_numbers.vendors.tariff import Tariff
from ccc_numbers.vendors.terms import Term
from tests.vendors.support import TODAY, entry, number, order


def priced(*orders: Order, numbers: tuple[NumberOnOrder, ...] = ()) -> Costs:
    prices = price([StackOrders("acme", orders, numbers, built_in())], TODAY)
    return Costs.of(prices.of_stack("acme"), numbers)


def alone(one: Order) -> OrderCost:
    return priced(one).orders["o"]


@pytest.mark.parametrize(
    ("prepaid", "minutes"),
    [
        ("3000", 25_000),
        ("5000", 50_000),
        ("7000", 87_500),
        ("10000", 125_000),
        ("15000", 187_500),
        ("50000", 625_000),
    ],
)
def test_a_400_package_in_minutes(prepaid: str, minutes: int) -> None:
    assert alone(order("400", prepaid=prepaid, term=Term(months=36))).package_minutes == minutes


def test_two_landlines_with_a_package() -> None:
    cost = alone(order(quantity=2, prepaid="3000", expected_minutes=1000))
    assert cost.rent.monthly == Decimal("70.00")  # 2 × 35
    assert cost.calls.monthly == Decimal("250.00")  # 3000 / 12, more than 1000 × 0.11
    assert cost.platform.monthly == Decimal("49.90")  # 1000 × 0.0499
    assert cost.rent.first_year == Decimal("840.00")  # 2 × 420
    assert cost.calls.first_year == Decimal("3000.00")
    assert cost.first_year == Decimal("4438.80")  # 840 + 3000 + 12 × 49.90


FEE = Decimal("0.0499")  # platform fee of the first 200,000 minutes of a month
BY_HAND: dict[str, tuple[Order, Decimal]] = {
    # 3 numbers × 12 × 35 rent; 20,000 × 12 × 0.11 calls, more than the package of 5,000; fee of 20,000 × 12.
    "landline-aftersales": (
        order(quantity=3, prepaid="5000", expected_minutes=20_000),
        3 * 12 * 35 + 20_000 * 12 * Decimal("0.11") + 20_000 * 12 * FEE,
    ),
    # 2 × 420 rent; the package of 12,000, more than 8,000 × 12 × 0.11 = 10,560; fee of 8,000 + 2,000 (in, free) × 12.
    "landline-invitation": (
        order(
            "landline-invitation",
            quantity=2,
            prepaid="12000",
            expected_minutes=10_000,
            minutes_by_way=ByWay(2_000, 8_000),
        ),
        2 * 420 + 12_000 + 10_000 * 12 * FEE,
    ),
    # The three years' package of 5,000 (50,000 minutes) whole; 2,000 × 12 × 0.10 = 2,400 are in it; fee of 2,000 × 12.
    "400": (
        order("400", prepaid="5000", term=Term(months=36), expected_minutes=2_000),
        5_000 + 2_000 * 12 * FEE,
    ),
    # 12 × 12 × 25 rent; 2,000 × 12 minimum, more than 9,000 × 0.12 = 1,080 a month; fee of 9,000 × 12.
    "mobile": (
        order("mobile", quantity=12, expected_minutes=9_000),
        12 * 12 * 25 + 2_000 * 12 + 9_000 * 12 * FEE,
    ),
    # No rent; 8,000 × 12 × 0.15 calls, more than 1,000 a month; the first 10,000 are drawn from, no cost; fee of 8,000 × 12.
    "mobile-marketing": (
        order("mobile-marketing", quantity=50, prepaid="10000", expected_minutes=8_000),
        8_000 * 12 * Decimal("0.15") + 8_000 * 12 * FEE,
    ),
    # 10 × 12 × 35 rent; 10 × 20 × 12 minimum, more than 1,000 × 0.13 = 130 a month; fee of 1,000 × 12.
    "sip-marketing": (
        order("sip-marketing", quantity=10, expected_minutes=1_000),
        10 * 12 * 35 + 10 * 20 * 12 + 1_000 * 12 * FEE,
    ),
    # 20 × 12 × 35 rent; (3,000 + 4,000) × 12 × 0.08 calls both ways, more than 20 × 20 a month; fee of 7,000 × 12.
    "virtual-number": (
        order("virtual-number", quantity=20, expected_minutes=7_000, minutes_by_way=ByWay(3_000, 4_000)),
        20 * 12 * 35 + 7_000 * 12 * Decimal("0.08") + 7_000 * 12 * FEE,
    ),
}


@pytest.mark.parametrize("product", BY_HAND)
def test_an_order_of_each_product_costs_what_it_does_by_hand(product: str) -> None:
    one, by_hand = BY_HAND[product]
    assert one.product == product
    assert alone(one).first_year == by_hand


def test_every_product_was_reckoned_by_hand() -> None:
    assert BY_HAND.keys() == {each.product for each in built_in().entries}


def test_calls_beyond_the_package_are_paid_for() -> None:
    cost = alone(order(prepaid="3000", expected_minutes=5000))
    assert cost.calls.monthly == Decimal("550.00")  # 5000 × 0.11
    assert cost.calls.first_year == Decimal("6600.00")


def test_rent_by_the_year_is_paid_whole_for_half_a_year() -> None:
    cost = alone(order(term=Term(months=6), prepaid="3000"))
    assert cost.rent.first_year == Decimal("420.00")
    assert alone(order("sip-marketing", term=Term(months=6))).rent.first_year == Decimal(
        "2100.00"
    )  # 10 × 35 × 6


def test_a_400_number_pays_its_package_in_the_first_year() -> None:
    cost = alone(order("400", prepaid="5000", term=Term(months=36), expected_minutes=1200))
    assert cost.rent.monthly == 0
    assert cost.calls.monthly == Decimal("138.89")  # 5000 / 36, more than 1200 × 0.1
    assert cost.calls.first_year == Decimal("5000.00")
    assert cost.priced


def test_a_400_number_without_a_package_has_no_price_yet() -> None:
    cost = alone(order("400", expected_minutes=1000))
    assert (cost.priced, cost.calls.monthly, cost.package_minutes) == (False, Decimal(0), None)


def test_the_minimum_of_a_number_and_of_an_account() -> None:
    assert alone(order("sip-marketing")).calls.monthly == Decimal("200.00")  # 10 × 20
    assert alone(order("virtual-number", expected_minutes=5000)).calls.monthly == Decimal(
        "400.00"
    )  # 5000 × 0.08
    assert alone(order("mobile")).calls.monthly == Decimal("2000.00")
    assert alone(order("mobile", expected_minutes=20_000)).calls.monthly == Decimal("2400.00")  # × 0.12


def test_the_minimum_of_an_account_is_counted_once_and_shared() -> None:
    small, large = (
        order("mobile", key="a", quantity=10),
        order("mobile", key="b", quantity=30, expected_minutes=5000),
    )
    found = priced(small, large)
    # 2000 less 600 of calls are missing: 350 for 10 numbers, 1050 for 30.
    assert found.orders["a"].calls.monthly == Decimal("350.00")
    assert found.orders["b"].calls.monthly == Decimal("1650.00")


def test_a_first_advance_is_no_cost_of_its_own() -> None:
    cost = alone(order("mobile-marketing", prepaid="10000"))
    assert cost.calls.monthly == Decimal("1000.00")  # the minimum
    assert cost.calls.first_year == Decimal("12000.00")  # 12 × 1000, drawn from the advance first
    short = alone(order("mobile-marketing", prepaid="10000", term=Term(months=6)))
    assert short.calls.first_year == Decimal("10000.00")


def test_quoted_prices_win() -> None:
    quoted = Quoted(rent=Decimal(30), outbound=Decimal("0.09"), minimum_spend=Decimal(500))
    tariff = Tariff(order("mobile", rates=quoted), entry("mobile"))
    assert (tariff.rent, tariff.outbound, tariff.inbound) == (Decimal(30), Decimal("0.09"), Decimal("0.12"))
    assert alone(order("mobile", rates=quoted)).calls.monthly == Decimal("500.00")


def test_a_minute_is_priced_at_the_dearer_way() -> None:
    assert Tariff(order(), entry("landline-aftersales")).per_minute == Decimal("0.11")  # in is free
    assert Tariff(order("400", prepaid="7000"), entry("400")).outbound is None


def test_a_package_may_be_for_each_number() -> None:
    one = order(quantity=2, prepaid="3000", prepaid_per=PrepaidPer.NUMBER)
    assert alone(one).calls.first_year == Decimal("6000.00")
    assert alone(one).calls.monthly == Decimal("500.00")
    assert alone(replace(one, prepaid_per=PrepaidPer.ORDER)).calls.first_year == Decimal("3000.00")
    hotlines = order("400", quantity=2, prepaid="3000", prepaid_per=PrepaidPer.NUMBER)
    assert alone(hotlines).package_minutes == 50_000


def test_minutes_are_priced_by_the_way_they_go() -> None:
    """Two landlines that only receive 10,000 minutes a month: calls in are free, and used to cost 13,200 a year."""
    rent, fee = 2 * 420, Decimal("0.0499") * 10_000 * 12
    received = alone(order(quantity=2, prepaid="3000", expected_minutes=10_000, minutes_by_way=ByWay(10_000)))
    assert received.first_year == rent + 3_000 + fee == Decimal("9828.00")
    called = alone(
        order(quantity=2, prepaid="3000", expected_minutes=10_000, minutes_by_way=ByWay(0, 10_000))
    )
    assert called.first_year == rent + Decimal("0.11") * 10_000 * 12 + fee == Decimal("20028.00")
    unsaid = alone(order(quantity=2, prepaid="3000", expected_minutes=10_000))
    assert unsaid.first_year == called.first_year


def test_a_renewed_order_costs_what_its_running_term_does() -> None:
    bought = order(prepaid="3000", purchased=date(2025, 8, 1), renewals=(Renewal(date(2026, 7, 1)),))
    dearer = replace(bought, renewals=(Renewal(date(2026, 7, 1), prepaid=Decimal(5000)),))
    ahead = replace(
        dearer, purchased=date(2026, 8, 1), renewals=(Renewal(date(2026, 11, 1), prepaid=Decimal(7000)),)
    )
    assert alone(bought).first_year == Decimal(
        "3420.00"
    )  # 420 + 3000: on the first term alone it would have lapsed
    assert alone(dearer).first_year == Decimal("5420.00")  # 420 + 5000
    assert alone(ahead).first_year == Decimal("3420.00")  # the 7000 begin on 2027-08-01


def test_every_cut_adds_up_to_the_same_total() -> None:
    numbers = (number("02180001001"), number("02180001002", instance="j"), number("13800138000", order="m"))
    found = priced(
        order(quantity=3, prepaid="3000", expected_minutes=777),
        order("mobile", key="m", expected_minutes=12_345),
        order("sip-marketing", key="s"),
        numbers=numbers,
    )
    whole = found.all
    spread = [*found.instances.values(), *found.undeclared.values()]
    assert sum(pair.monthly for pair in spread) == whole.monthly
    assert sum(pair.first_year for pair in spread) == whole.first_year
    assert sum(pair.monthly for pair in found.vendors.values()) == whole.monthly
    assert sum(cost.platform.monthly for cost in found.orders.values()) == platform_fee(777 + 12_345)
    assert set(found.numbers) == {"02180001001", "02180001002", "13800138000"}
    assert set(found.instances) == {"i", "j"}
    assert set(found.undeclared) == {"o", "m", "s"}


def test_the_outputs_are_text_so_that_nobody_makes_floats_of_them() -> None:
    outputs = priced(order(prepaid="3000"), numbers=(number(),)).as_outputs(Mode.WHOLE_VOLUME)
    assert outputs["total"] == {"monthly": "285.00", "firstYear": "3420.00"}  # 35 + 250; 420 + 3000
    assert outputs["numbers"] == {"02180001001": {"monthly": "285.00", "firstYear": "3420.00"}}
    assert outputs["undeclared"] == {}
    assert outputs["platformFee"] == {"monthly": "0.00", "minutes": 0, "mode": "wholeVolume"}


def test_a_lapsed_order_costs_nothing_more() -> None:
    assert priced(order(purchased=date(2025, 8, 1))).orders == {}


def test_what_is_committed_runs_by_the_day() -> None:
    tariff = Tariff(order(prepaid="3230", purchased=date(2026, 1, 1)), entry("landline-aftersales"))
    # 420 rent + 3230 = 3650 for 365 days
    assert tariff.committed(date(2026, 1, 1), date(2026, 1, 11)) == Decimal(100)
    assert tariff.committed(date(2027, 1, 1), date(2028, 1, 1)) == 0
