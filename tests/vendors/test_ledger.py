"""The ledger's findings, each made and each absent, and its files."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import icalendar
import pytest

from ccc_numbers.vendors.catalogue import built_in
from ccc_numbers.vendors.findings import Severity
from ccc_numbers.vendors.ledger import Ledger, StackOrders, as_csv, as_ics, as_json, ledger
from ccc_numbers.vendors.orders import ByWay, NumberOnOrder, Order, PrepaidPer, Stage
from ccc_numbers.vendors.progress import LiveNumber
from ccc_numbers.vendors.terms import Term
from tests.vendors.support import TODAY, number, order

SOUND: dict[str, Any] = {"prepaid": "3000", "since": date(2026, 8, 12)}
IN_SERVICE = LiveNumber("02180001001", "i", "A", in_service=True, agents=1)


def book(one: Order, *numbers: NumberOnOrder, live: list[LiveNumber] | None = None, **options: int) -> Ledger:
    part = StackOrders("acme", (one,), numbers, built_in())
    seen = None if live is None else {"acme": {row.number: row for row in live}}
    return ledger([part], TODAY, seen, **options)  # type: ignore[arg-type]  # days only


def kinds(found: Ledger) -> list[tuple[str, str]]:
    return [(finding.kind.value, finding.severity.value) for finding in found.findings]


def test_a_sound_order_has_nothing_to_report() -> None:
    assert kinds(book(order(**SOUND), number(), live=[IN_SERVICE])) == []
    assert kinds(book(order(**SOUND), number())) == []


@pytest.mark.parametrize(
    ("one", "numbers", "live", "finding"),
    [
        (order(**SOUND, vendor="A").__class__(key="o", vendor="A", product="x", stage=Stage.INTENDED), [], None, ("unknown-product", "error")),
        (order(**SOUND), [number(), number("02180001002")], None, ("over-quantity", "error")),
        (order(**SOUND), [number()], [LiveNumber("02180001001", "i", "B", True)], ("wrong-vendor", "error")),
        (order(**SOUND), [number()], [LiveNumber("02180001001", "i", "ali", True)], ("vendor-name", "info")),
        (order(**SOUND, quantity=2), [number()], None, ("paid-unbound", "warning")),
        (order(**SOUND), [number()], [LiveNumber("02180001001", "i", "A", False)], ("paid-unbound", "warning")),
        (order(since=date(2026, 8, 12), prepaid=None), [number()], [LiveNumber("02180001001", "other")], ("paid-unbound", "error")),
        (order(since=date(2026, 8, 12), prepaid=None), [number()], [LiveNumber("02180001001")], ("paid-unbound", "error")),
        (order(since=date(2026, 8, 12), prepaid=None), [number()], [], ("paid-unbound", "error")),
        (order(**SOUND, purchased=date(2025, 11, 23)), [number()], [IN_SERVICE], ("bound-lapsed", "error")),
        (order(**SOUND, purchased=date(2025, 11, 23)), [number()], None, ("bound-lapsed", "error")),
        (order(stage=Stage.OPENED, purchased=date(2025, 11, 23)), [], None, ("lapsed", "warning")),
        (order(**SOUND, purchased=date(2025, 12, 23)), [number()], [IN_SERVICE], ("lapsing", "warning")),
        (order(stage=Stage.PAID, purchased=date(2026, 10, 1), prepaid="3000"), [number()], None, ("late", "warning")),
        (order(stage=Stage.PAID, purchased=TODAY, prepaid="3000"), [], None, ("no-numbers", "info")),
        (order(stage=Stage.OPENED, since=TODAY, prepaid=None), [], None, ("no-numbers", "warning")),
        (order(stage=Stage.INTENDED, purchased=None), [], None, None),
        (order(**SOUND, term=None), [number()], [IN_SERVICE], ("no-end", "warning")),
        (order(**SOUND, expected_minutes=100) , [number()], [IN_SERVICE], None),
        (order(since=date(2026, 8, 12), prepaid="5000", expected_minutes=100), [number()], [IN_SERVICE], ("prepaid-for-nothing", "warning")),
        (order(since=date(2026, 8, 12), prepaid="5000", expected_minutes=4000), [number()], [IN_SERVICE], ("prepaid-too-small", "warning")),
        (order(since=date(2026, 8, 12), prepaid="3000", expected_minutes=9000, minutes_by_way=ByWay(9000)), [number()], [IN_SERVICE], None),
        (order(stage=Stage.OPENED, since=TODAY, prepaid="5000"), [number()], [], ("prepaid-for-nothing", "warning")),
        (order("mobile", quantity=10, prepaid=None, stage=Stage.OPENED, since=TODAY), [number("13800138000")], [LiveNumber("13800138000", "i", "A", True, agents=3)], ("shared-number", "error")),
    ],
)  # fmt: skip
def test_each_kind_of_finding(
    one: Order, numbers: list[NumberOnOrder], live: list[LiveNumber] | None, finding: tuple[str, str] | None
) -> None:
    assert kinds(book(one, *numbers, live=live)) == ([] if finding is None else [finding])


def test_a_running_package_without_numbers_shows_its_loss() -> None:
    found = book(order(prepaid="3230", since=date(2026, 8, 1)), number(), live=[LiveNumber("02180001001")])
    messages = {finding.kind.value: finding.message for finding in found.findings}
    # 420 + 3230 over 365 days, 114 of them gone
    assert messages["prepaid-for-nothing"].startswith("¥3,230.00 prepaid")
    assert "¥1,140.00" in messages["prepaid-for-nothing"]


def test_a_package_too_small_names_the_one_that_would_do() -> None:
    minutes = ByWay(inbound=50_000, outbound=4_000)
    one = order(prepaid="5000", since=date(2026, 8, 12), expected_minutes=54_000, minutes_by_way=minutes)
    (finding,) = book(one, number(), live=[IN_SERVICE]).findings
    assert finding.message == (  # 4000 × 12 × 0.11; what is received is free
        "¥5,000.00 prepaid per 1y, but 54,000 minutes a month come to ¥5,280.00; the package of 7000 would do"
    )
    hotline = order("400", prepaid="3000", term=Term(months=36), expected_minutes=1000)
    (finding,) = (each for each in book(hotline, number("4008001001", "inbound")).findings)
    assert "1,000 minutes a month come to ¥4,320.00; the package of 5000 would do" in finding.message


@pytest.mark.parametrize(
    ("prepaid", "said"),
    [  # 10,000 × 36 × 0.08 = 28,800, which lies within 15000–50000
        ("3000", "the package of 29000 would do"),
        ("15000", "come to ¥28,800.00; the package of 29000 would do"),
        ("30000", None),
        ("50000", "need no more than the package of 29000 per 3y"),
    ],
)
def test_a_package_of_any_amount_is_held_against_what_is_needed(prepaid: str, said: str | None) -> None:
    hotline = order("400", prepaid=prepaid, term=Term(months=36), expected_minutes=10_000)
    found = [each.message for each in book(hotline, number("4008001001", "inbound")).findings]
    assert [said in each for each in found if said] == [True] * len(found)
    assert len(found) == (said is not None)


def test_packages_of_each_number_are_added_up() -> None:
    one = order(quantity=2, prepaid="3000", prepaid_per=PrepaidPer.NUMBER, expected_minutes=5_000)
    lines = [number(), number("02180001002")]
    (finding,) = book(one, *lines).findings
    assert finding.message == (  # 5000 × 12 × 0.11, and two packages of 5000 are 10000
        "¥6,000.00 prepaid per 1y, but 5,000 minutes a month come to ¥6,600.00; the package of 5000 would do"
    )
    assert book(replace(one, prepaid=Decimal(5000)), *lines).findings == ()


def test_late_names_the_days_and_who_is_asked() -> None:
    one = order("landline-invitation", stage=Stage.SUBMITTED, since=date(2026, 10, 1), prepaid="3000")
    (finding,) = book(one, number()).findings
    assert finding.message == (
        "submitted since 2026-10-01, 11 days past 30 working days (the catalogue's 资料审核申请通过后7-30个工作日). "
        "Next: vendor A (优音): checks the materials and opens the numbers (资料审核申请通过后7-30个工作日); "
        "then set stage: opened and since"
    )
    (finding,) = book(
        order(stage=Stage.PAID, purchased=TODAY - timedelta(days=20)), number(), patience=5
    ).findings
    assert "the ledger's own limit" in finding.message


def test_importing_is_not_measured_by_the_vendors_days() -> None:
    """Support imports what the vendor has opened: the 7 to 30 working days are for the step before."""
    one = order("landline-invitation", stage=Stage.OPENED, since=TODAY - timedelta(days=9), prepaid=None)
    (finding,) = book(one, number(), patience=5).findings
    assert finding.kind.value == "late"
    assert "past 5 working days (the ledger's own limit" in finding.message


def test_the_window_of_lapsing_can_be_set() -> None:
    one = order(**SOUND, purchased=date(2026, 1, 1))  # ends on 2027-01-01, in 39 days
    assert kinds(book(one, number())) == []
    assert kinds(book(one, number(), lapsing_days=39)) == [("lapsing", "warning")]


def test_a_row_says_where_the_order_stands() -> None:
    (row,) = book(order(**SOUND, quantity=2), number(), live=[IN_SERVICE]).rows
    assert (row.days_in_stage, row.days_left, row.declared) == (103, 251, 1)
    assert row.counts is not None
    assert (row.counts.pending, row.counts.imported, row.counts.bound) == (0, 1, 1)
    assert row.cost is not None
    assert str(row.cost.monthly) == "320.00"
    assert row.step.what.startswith("declare the numbers")


def test_the_minimum_spend_of_an_account_is_counted_once_over_its_stacks() -> None:
    parts = [StackOrders(stack, (order("mobile", key="same"),), (), built_in()) for stack in ("acme", "demo")]
    found = ledger(parts, TODAY)
    assert [str(row.cost.calls.monthly) for row in found.rows if row.cost] == ["1000.00", "1000.00"]
    assert str(found.total.monthly) == "2500.00"  # 2 × 250 of rent


def test_each_account_has_a_minimum_spend_of_its_own() -> None:
    parts = [
        StackOrders(stack, (order("mobile", key="same"),), (), built_in(), account)
        for stack, account in (("acme", "1"), ("demo", "2"), ("more", "1"))
    ]
    found = ledger(parts, TODAY)
    calls = {row.stack: str(row.cost.calls.monthly) for row in found.rows if row.cost}
    assert calls == {"acme": "1000.00", "demo": "2000.00", "more": "1000.00"}
    assert str(found.total.monthly) == "4750.00"  # 3 × 250 of rent


def test_a_stack_nobody_looked_at_has_no_counts() -> None:
    parts = [StackOrders(stack, (order(**SOUND),), (number(),), built_in()) for stack in ("acme", "demo")]
    found = ledger(parts, TODAY, {"acme": {IN_SERVICE.number: IN_SERVICE}})
    assert [row.counts is None for row in found.rows] == [False, True]
    assert found.looked == {"acme"}


def test_json_and_csv_say_the_same() -> None:
    found = book(order(**SOUND, quantity=2, order_id="=1+1"), number(), live=[IN_SERVICE])
    data = json.loads(as_json(found))
    (row,) = csv.DictReader(io.StringIO(as_csv(found)))
    (same,) = data["orders"]
    assert row.pop("findings") == "paid-unbound"
    assert row.pop("orderId") == "'=1+1"  # a spreadsheet must not run it
    assert same.pop("orderId") == "=1+1"
    assert row == {key: "" if value is None else str(value) for key, value in same.items()}
    assert (same["monthly"], same["expires"], same["bound"]) == ("320.00", "2027-08-01", 1)
    assert data["total"] == {"monthly": "320.00", "firstYear": "3840.00"}
    assert [finding["kind"] for finding in data["findings"]] == ["paid-unbound"]


def test_renewals_are_a_calendar() -> None:
    parts = [
        StackOrders(
            "acme",
            (
                order(**SOUND),
                order(key="wish", stage=Stage.INTENDED),
                order(key="endless", term=None),
                order("400", key="hotline", prepaid="5000"),
            ),
            (number(),),
            built_in(),
        )
    ]
    text = as_ics(ledger(parts, TODAY))
    assert text == as_ics(ledger(parts, TODAY))
    events: list[Any] = list(icalendar.Calendar.from_ical(text).walk("VEVENT"))
    assert [str(event["uid"]) for event in events] == ["acme.o@ccc-numbers", "acme.hotline@ccc-numbers"]
    assert events[0]["dtstart"].dt == date(2027, 8, 1)
    assert events[0]["dtend"].dt == date(2027, 8, 2)
    assert "售后（回访）类业务固话" in str(events[0]["summary"])
    assert [alarm["trigger"].dt for alarm in events[0].walk("VALARM")] == [
        timedelta(days=-30),
        timedelta(days=-7),
    ]
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_errors_weigh_more_than_warnings() -> None:
    found = book(order(**SOUND), number(), number("02180001002"))
    assert {finding.severity for finding in found.findings} == {Severity.ERROR}


def test_later_years_stand_in_the_calendar_and_in_the_sums() -> None:
    found = book(order(prepaid="3000", since=date(2026, 8, 12), term=Term(months=36)), number())
    events: list[Any] = list(icalendar.Calendar.from_ical(as_ics(found)).walk("VEVENT"))
    assert [str(event["uid"]) for event in events] == [
        "acme.o@ccc-numbers",
        "acme.o.package.2027-08-01@ccc-numbers",
        "acme.o.rent.2027-08-01@ccc-numbers",
    ]
    assert str(events[2]["summary"]) == "Pay ¥420.00: rent of o, vendor A"
    data = json.loads(as_json(found))
    assert data["due"] == {"now": "0.00", "thisMonth": "0.00", "twelveMonths": "3420.00"}
    assert [each["kind"] for each in data["dues"]] == ["package", "rent"]


def test_simulated_orders_are_due_in_no_sum() -> None:
    part = StackOrders("demo", (order(prepaid="3000"),), (), built_in(), simulated=True)
    found = ledger([part], TODAY)
    assert str(found.due_sums["twelveMonths"]) == "0.00"
    assert [each.kind.value for each in found.rows[0].dues] == ["renewal"]
