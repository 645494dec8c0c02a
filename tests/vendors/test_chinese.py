"""Orders in Chinese: no rule, finding or next step speaks English, and what is kept does not change."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import icalendar

from ccc_numbers.declaration.read import load
from ccc_numbers.declaration.vendor_rules import vendor_problems
from ccc_numbers.fleet.orders.catalogue_output import print_full, print_short
from ccc_numbers.fleet.orders.ledger_output import print_ledger
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem
from ccc_numbers.messages.terminal import Terminal
from ccc_numbers.vendors.catalogue import built_in
from ccc_numbers.vendors.ledger import StackOrders, as_ics, as_json, ledger
from ccc_numbers.vendors.orders import Order, Stage
from ccc_numbers.vendors.progress import Counts, LiveNumber, next_step, seller
from tests.support.languages import english_in, in_chinese
from tests.vendors.support import TODAY, entry, number, order

BROKEN = sorted(Path(__file__).with_name("broken").glob("*.yaml"))
LATE = date(2026, 8, 12)


def broken() -> list[Problem]:
    """What is wrong with the orders of every broken twin."""
    return [problem for file in BROKEN for problem in vendor_problems(load(file).sound, TODAY)]


def test_every_rule_speaks_chinese_at_the_same_place() -> None:
    before = broken()
    with in_chinese():
        found = broken()
    assert [(each.file, each.line, each.rule) for each in found] == [
        (each.file, each.line, each.rule) for each in before
    ]
    # The word search is not converted yet.
    assert english_in(each.message for each in found if each.rule != "forbidden-business") == []


def every_order() -> StackOrders:
    """Orders of every stage, some of them lapsed, each with one number."""

    def at(stage: Stage, **changes: Any) -> Order:
        return order(key=f"{stage}-{len(changes)}", stage=stage, since=LATE, **changes)

    orders = [
        *(at(stage, prepaid="3100", expected_minutes=90_000) for stage in Stage),
        *(at(stage, purchased=date(2025, 8, 1)) for stage in Stage),
        *(at(stage, purchased=None, term=None, order_id="2605", quantity=3) for stage in Stage),
        Order("unknown", "A", "x", Stage.IMPORTED),
    ]
    numbers = [number(f"0218000{index:04d}", order=each.key) for index, each in enumerate(orders)]
    return StackOrders("acme", tuple(orders), tuple(numbers), built_in(), "", without_order=2)


def test_the_ledger_of_every_stage_speaks_chinese() -> None:
    part = every_order()
    live = {
        each.number: LiveNumber(each.number, where, provider, in_service=False)
        for each, where, provider in zip(
            part.numbers, [None, "i", "other"] * 6, ["A", "B", "?"] * 6, strict=False
        )
    }
    with in_chinese():
        books = [ledger([part], TODAY, seen) for seen in (None, {"acme": live})]
        found = [json.loads(as_json(book)) for book in books]
        calendar = icalendar.Calendar.from_ical(as_ics(books[0]))
        print_ledger(Terminal(shown := StringIO(), width=200), books[0], offline=True)
    assert english_in(each["message"] for book in found for each in book["findings"]) == []
    assert english_in(f"{row['nextBy']}: {row['next']}" for book in found for row in book["orders"]) == []
    events = [
        str(event[key]) for event in calendar.events for key in ("SUMMARY", "DESCRIPTION") if key in event
    ]
    assert events
    assert english_in(events) == []
    assert english_in(shown.getvalue().splitlines()) == []
    assert "16 个订单、其上声明了 16 个号码、2 个号码没有订单；每月 ¥" in shown.getvalue()


def test_the_catalogue_speaks_chinese() -> None:
    entries = built_in().entries
    with in_chinese():
        console = Terminal(shown := StringIO(), width=200)
        print_short(console, entries, None)
        print_full(console, entries)
    assert english_in(shown.getvalue().splitlines()) == []


def test_a_next_step_and_a_seller_are_kept_in_english() -> None:
    one, sold, counts = order(), entry("landline-aftersales"), Counts(1, 0, 1, 1)
    with in_chinese():
        kept = str(next_step(one, sold, TODAY, counts)), seller(sold, one)
        shown = str(next_step(one, sold, TODAY, counts, say=tr)), seller(sold, one, tr)
    assert kept == ("you: renew it (by 2027-08-01)", "vendor A (优音)")
    assert shown == ("您：续费（截至 2027-08-01）", "供应商 A（优音）")
