"""Vendor orders: typed exactly, and every malformed value one line. The catalogue's rules are tested in vendors."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ccc_numbers.vendors.orders import ByWay, Contact, Invoice, Quoted, Renewal, Stage
from ccc_numbers.vendors.terms import Term
from tests.declaration.conftest import Folder

ORDER = """\
orders:
  o-1:
    vendor: A
    product: landline-aftersales
    stage: submitted
    quantity: 12
"""


def test_every_field_of_an_order_is_read_and_typed(folder: Folder) -> None:
    order = folder.declared(
        ORDER
        + """\
    regions: [上海, 北京]
    calledRegions: [全国]
    purchased: 2026-08-01
    since: 2026-08-03
    term: 18m
    prepaid: 3000.50
    rates: {inbound: 0, outbound: 0.0499, rent: 35, minimumSpend: 2000}
    expectedMinutes: 20000
    orderId: 0220660
    scene: 售后回访
    company: 云河科技
    contact: {name: 李, phone: 13900001001, email: li@example.com, dingtalk: cccsupport2}
    invoiceTitle: 云河科技有限公司
    materials: {script: materials/script.docx, contract: contract.pdf}
    notes: |-
      paid by card
      receipt follows
    reopen: true
    purchase:
      iUnderstandThisPays: true
      productCode: cmgj00012345
      packageVersion: yuncode6
      duration: 1
      components: {package_version: p}
    materialsBucket: acme-materials
"""
    ).orders["o-1"]
    assert (order.key, order.vendor, order.product, order.stage, order.quantity) == (
        "o-1",
        "A",
        "landline-aftersales",
        Stage.SUBMITTED,
        12,
    )
    assert (order.regions, order.called_regions) == (("上海", "北京"), ("全国",))
    assert (order.purchased, order.since, order.term) == (date(2026, 8, 1), date(2026, 8, 3), Term(months=18))
    assert order.expires == date(2028, 2, 1)
    assert (order.prepaid, order.expected_minutes, order.order_id) == (Decimal("3000.50"), 20000, "0220660")
    assert order.rates == Quoted(Decimal(35), Decimal(0), Decimal("0.0499"), Decimal(2000))
    assert order.contact == Contact("李", "13900001001", "li@example.com", "cccsupport2")
    assert order.materials == {
        "script": Path("stacks/materials/script.docx"),
        "contract": Path("stacks/contract.pdf"),
    }
    assert (order.scene, order.company, order.invoice_title) == ("售后回访", "云河科技", "云河科技有限公司")
    assert (order.notes, order.reopen) == ("paid by card\nreceipt follows", True)
    assert order.purchase is not None
    assert (order.purchase.product_code, order.purchase.pricing_cycle) == ("cmgj00012345", "Year")
    assert (order.purchase.duration, order.purchase.components) == (1, {"package_version": "p"})
    assert (order.purchase.pay_type, order.purchase.quantity) == ("PrePaid", 1)
    assert order.materials_bucket == "acme-materials"


def test_expected_minutes_may_say_which_way_they_go(folder: Folder) -> None:
    order = folder.declared(ORDER + "    expectedMinutes: {inbound: 8000, outbound: 02000}\n").orders["o-1"]
    assert (order.expected_minutes, order.minutes_by_way) == (10_000, ByWay(8000, 2000))
    assert str(order.at("expectedMinutes.outbound")).startswith("stacks/acme.yaml:7:")
    plain = folder.declared(ORDER + "    expectedMinutes: 500\n").orders["o-1"]
    assert (plain.expected_minutes, plain.minutes_by_way) == (500, None)


def test_an_order_keeps_its_renewals_and_its_invoice(folder: Folder) -> None:
    order = folder.declared(
        ORDER
        + "    purchased: 2026-08-01\n    term: 1y\n    owner: 财务组\n    invoice: {number: '0253', received: 2026-08-09}\n"
        "    renewals:\n    - {purchased: 2027-07-01, prepaid: 5000.50, orderId: '022'}\n"
    ).orders["o-1"]
    assert order.renewals == (Renewal(date(2027, 7, 1), None, Decimal("5000.50"), "022"),)
    assert (order.invoice, order.owner) == (Invoice("0253", date(2026, 8, 9)), "财务组")
    assert order.expires == date(2028, 8, 1)
    assert str(order.at("renewals[0]")).startswith("stacks/acme.yaml:12:")


def test_an_order_knows_where_each_of_its_keys_is_written(folder: Folder) -> None:
    order = folder.declared(ORDER + "    regions: [上海, 北京]\n    contact: {phone: '1'}\n").orders["o-1"]
    assert str(order.source) == "stacks/acme.yaml:2:3"
    assert str(order.at("stage")) == "stacks/acme.yaml:5:12"
    assert str(order.at("regions[1]")) == "stacks/acme.yaml:7:19"
    assert str(order.at("contact.phone")) == "stacks/acme.yaml:8:22"
    assert order.at("scene") == order.source


MISTAKES = {
    "an unknown key": ("prepayed: 1", '7:5: orders.o-1.prepayed: unknown key; did you mean "prepaid"?'),
    "prepaid for what there is not": (
        "prepaidPer: line",
        '7:17: orders.o-1.prepaidPer: "line" is not a kind of prepayment; one of: order, number',
    ),
    "minutes of an unknown way": (
        "expectedMinutes: {in: 5}",
        '7:23: orders.o-1.expectedMinutes.in: unknown key; did you mean "inbound"?',
    ),
    "minutes that are not whole": (
        "expectedMinutes: {inbound: 1.5}",
        '7:32: orders.o-1.expectedMinutes.inbound: "1.5" is not a whole number: digits only, 0 or more',
    ),
    "three decimals": ("prepaid: 1.999", '7:14: orders.o-1.prepaid: "1.999" has 3 decimals; 2 are the most'),
    "negative money": ("prepaid: -5", '7:14: orders.o-1.prepaid: "-5" is negative; an amount is 0 or more'),
    "a thousands separator": (
        "prepaid: 3,000",
        '7:14: orders.o-1.prepaid: "3,000" is not an amount in CNY: digits, and a point before the decimals '
        "(3000 or 3000.50)",
    ),
    "money with its currency": (
        "prepaid: ¥3000",
        '7:14: orders.o-1.prepaid: "¥3000" is not an amount in CNY: digits, and a point before the decimals '
        "(3000 or 3000.50)",
    ),
    "an exponent": (
        "prepaid: 3e3",
        '7:14: orders.o-1.prepaid: "3e3" is not an amount in CNY: digits, and a point before the decimals '
        "(3000 or 3000.50)",
    ),
    "a rate of five decimals": (
        "rates: {outbound: 0.12345}",
        '7:23: orders.o-1.rates.outbound: "0.12345" has 5 decimals; 4 are the most',
    ),
    "an unknown rate": (
        "rates: {outbond: 1}",
        '7:13: orders.o-1.rates.outbond: unknown key; did you mean "outbound"?',
    ),
    "a day in words": (
        "purchased: yesterday",
        '7:16: orders.o-1.purchased: "yesterday" is not a date; write year-month-day, as in 2026-08-01',
    ),
    "a day that is none": (
        "purchased: 2026-02-30",
        '7:16: orders.o-1.purchased: "2026-02-30" is not a date; write year-month-day, as in 2026-08-01',
    ),
    "a day without zeros": (
        "purchased: 2026-8-1",
        '7:16: orders.o-1.purchased: "2026-8-1" is not a date; write year-month-day, as in 2026-08-01',
    ),
    "a day with a time": (
        "purchased: 2026-08-01T10:00:00",
        '7:16: orders.o-1.purchased: "2026-08-01T10:00:00" is not a date; '
        "write year-month-day, as in 2026-08-01",
    ),
    "another century": (
        "since: 1926-08-01",
        '7:12: orders.o-1.since: "1926-08-01" lies in the year 1926; that is not a date of an order',
    ),
    "a term in words": (
        "term: 1 year",
        '7:11: orders.o-1.term: "1 year" is not a term; write years, months or days, as in 1y, 6m or 30d',
    ),
    "a term of nothing": (
        "term: 0m",
        '7:11: orders.o-1.term: "0m" is not a term; write years, months or days, as in 1y, 6m or 30d',
    ),
    "a term of a lifetime": ("term: 99y", '7:11: orders.o-1.term: "99y" is longer than any contract'),
    "a region without brackets": (
        "regions: 上海",
        '7:14: orders.o-1.regions: "上海" is text; a list is needed here; write [上海]',
    ),
    "minutes in words": (
        "expectedMinutes: many",
        '7:22: orders.o-1.expectedMinutes: "many" is not a whole number: digits only, 0 or more',
    ),
    "a contact in words": (
        "contact: cccsupport2",
        '7:14: orders.o-1.contact: "cccsupport2" is text; a mapping is needed here',
    ),
    "materials outside": (
        "materials: {script: ../../script.docx}",
        '7:25: orders.o-1.materials.script: "../../script.docx" leads out of "stacks"; keep the file below it',
    ),
    "materials from the root": (
        "materials: {script: /script.docx}",
        '7:25: orders.o-1.materials.script: "/script.docx" must be given from this file\'s folder, '
        "not from the root of a machine",
    ),
    "materials on a drive": (
        "materials: {script: 'C:/script.docx'}",
        '7:25: orders.o-1.materials.script: "C:/script.docx" must be given from this file\'s folder, '
        "not from the root of a machine",
    ),
    "a bucket in capitals": (
        "materialsBucket: Acme",
        '7:22: orders.o-1.materialsBucket: "Acme" is not a bucket name: '
        "3 to 63 lower-case letters, digits and hyphens",
    ),
    "a purchase nobody confirmed": (
        "purchase: {iUnderstandThisPays: false, productCode: a, packageVersion: b}",
        '7:37: orders.o-1.purchase.iUnderstandThisPays: "false" must be true: '
        "this order pays at once and can be neither changed nor undone",
    ),
    "a purchase without consent": (
        "purchase: {productCode: a, packageVersion: b}",
        "7:5: orders.o-1.purchase.iUnderstandThisPays: is missing: must be true",
    ),
    "a pricing cycle of another language": (
        "purchase: {iUnderstandThisPays: true, productCode: a, packageVersion: b, pricingCycle: Yearly}",
        '7:92: orders.o-1.purchase.pricingCycle: "Yearly" is not a pricing cycle; did you mean "Year"?',
    ),
    "a pay type of another spelling": (
        "purchase: {iUnderstandThisPays: true, productCode: a, packageVersion: b, payType: prepaid}",
        '7:87: orders.o-1.purchase.payType: "prepaid" is not a pay type; did you mean "PrePaid"?',
    ),
    "a purchase of what is paid already": (
        "purchase: {iUnderstandThisPays: true, productCode: a, packageVersion: b}",
        "7:5: orders.o-1.purchase: would pay again for an order that is submitted already; write the orderId it "
        "was bought with (`pulumi stack output orders`), or take purchase out if it was bought by hand",
    ),
}


@pytest.mark.parametrize(("field", "line"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_an_order_is_one_line(folder: Folder, field: str, line: str) -> None:
    assert folder.lines(f"{ORDER}    {field}\n") == [f"stacks/acme.yaml:{line}"]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (
            ("stage: submitted", "stage: payed"),
            '5:12: orders.o-1.stage: "payed" is not a stage; did you mean "paid"?',
        ),
        (("12", "0"), '6:15: orders.o-1.quantity: "0" is not a whole number: digits only, 1 or more'),
        (("12", "1.5"), '6:15: orders.o-1.quantity: "1.5" is not a whole number: digits only, 1 or more'),
        (("12", "-1"), '6:15: orders.o-1.quantity: "-1" is not a whole number: digits only, 1 or more'),
        (("    vendor: A\n", ""), "2:3: orders.o-1.vendor: is missing: who sells it: a catalogue key"),
        (("o-1", "o/1"), "2:3: orders.o/1: is not an order key: up to 64 characters without spaces, : and /"),
    ],
)
def test_what_every_order_needs_is_checked(folder: Folder, wrong: tuple[str, str], line: str) -> None:
    assert folder.lines(ORDER.replace(*wrong)) == [f"stacks/acme.yaml:{line}"]


def test_an_order_with_mistakes_is_still_an_order_for_its_numbers(folder: Folder) -> None:
    lines = folder.lines(
        "instances: {acme: {numbers: {95518: {usage: inbound, flow: f, order: o-1}}}}\n"
        + ORDER.replace("12", "0")
    )
    assert [line.split(":")[1] for line in lines] == ["7"]
