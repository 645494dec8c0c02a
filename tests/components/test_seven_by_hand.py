"""One order of each product, reckoned by hand, in two accounts and a simulated stack: everybody who says its cost says this.

The platform fee's tiers are 0.0499 to 200,000 minutes of an account and month, then 0.0449. Each term of a sum is written out:
rent, calls, platform fee; what is in the first year is what leaves the purse.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.report.build import ReportOptions, build
from ccc_numbers.fleet.report.render import pages
from ccc_numbers.vendors.catalogue import built_in
from tests.components.mocked import project, run
from tests.vendors.support import TODAY

__all__ = ["project"]

NORTH, SOUTH = {"ccc:account": "1570000000000001", "ccc:region": "cn-beijing"}, "cn-shanghai"
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "north": NORTH,
    "south": NORTH | {"ccc:region": SOUTH},
    "other": {"ccc:account": "1570000000000002", "ccc:region": SOUTH},
    "demo": {"ccc:endpoint": "embedded"},
}
BOUGHT = "stage: imported, purchased: 2026-08-01, term: 1y"
ORDERS: Mapping[str, Mapping[str, str]] = {
    "north": {
        "aftersales": f"vendor: A, product: landline-aftersales, {BOUGHT}, quantity: 3, prepaid: 5000, expectedMinutes: 200000",
        "hotline": f"vendor: A, product: '400', {BOUGHT.replace('1y', '3y')}, quantity: 1, prepaid: 5000, expectedMinutes: 2000",
        "mobile-n": f"vendor: A, product: mobile, {BOUGHT}, quantity: 10, expectedMinutes: 9000",
    },
    "south": {
        "mobile-s": f"vendor: A, product: mobile, {BOUGHT}, quantity: 10, expectedMinutes: 1000",
        "invitation": f"vendor: A, product: landline-invitation, {BOUGHT}, quantity: 2, prepaid: 12000, "
        "expectedMinutes: {inbound: 30000, outbound: 8000}",
        "wish": "vendor: A, product: mobile, stage: intended, quantity: 10, expectedMinutes: 150000",
    },
    "other": {
        "marketing": f"vendor: A, product: mobile-marketing, {BOUGHT}, quantity: 50, prepaid: 10000, expectedMinutes: 8000",
        "sip": f"vendor: B, product: sip-marketing, {BOUGHT}, quantity: 10, expectedMinutes: 1000",
    },
    "demo": {
        "virtual": f"vendor: B, product: virtual-number, {BOUGHT}, quantity: 20, expectedMinutes: 7000",
    },
}
# The first account: 200,000 + 2,000 + 9,000 + 1,000 + 38,000 = 250,000 minutes,
# 200,000 × 0.0499 + 50,000 × 0.0449 = 9,980 + 2,245 = 12,225, for a minute 12,225 / 250,000 = 0.0489.
FEE, FEE_1 = D("0.0499"), D("0.0489")
BY_HAND: Mapping[str, tuple[D, D]] = {
    # 3 × 35 rent; 200,000 × 0.11 calls, more than a twelfth of 5,000.
    "aftersales": (
        3 * D(35) + 200_000 * D("0.11") + 200_000 * FEE_1,
        3 * D(420) + 200_000 * D("0.11") * 12 + 200_000 * FEE_1 * 12,
    ),
    # No rent; 2,000 × 0.10 calls, more than 5,000 / 36; the package of three years is paid whole, and they are in it.
    "hotline": (2_000 * D("0.10") + 2_000 * FEE_1, D(5_000) + 2_000 * FEE_1 * 12),
    # 10 × 25 rent; 9,000 × 0.12 calls. The account's mobiles make 10,000 × 0.12 = 1,200 of at least 2,000: 800 are missing,
    # shared by the numbers, 10 of 20.
    "mobile-n": (
        10 * D(25) + (9_000 * D("0.12") + D(800) * 10 / 20) + 9_000 * FEE_1,
        (10 * D(25) + (9_000 * D("0.12") + D(800) * 10 / 20) + 9_000 * FEE_1) * 12,
    ),
    "mobile-s": (
        10 * D(25) + (1_000 * D("0.12") + D(800) * 10 / 20) + 1_000 * FEE_1,
        (10 * D(25) + (1_000 * D("0.12") + D(800) * 10 / 20) + 1_000 * FEE_1) * 12,
    ),
    # 2 × 35 rent; a twelfth of 12,000, more than 8,000 × 0.11 = 880, for calls in are free; the fee is on both ways.
    "invitation": (
        2 * D(35) + D(12_000) / 12 + (30_000 + 8_000) * FEE_1,
        2 * D(420) + D(12_000) + (30_000 + 8_000) * FEE_1 * 12,
    ),
    # No rent; 8,000 × 0.15 calls, more than 1,000 an account; drawn from the advance of 10,000 first.
    "marketing": (
        8_000 * D("0.15") + 8_000 * FEE,
        (8_000 * D("0.15") + 8_000 * FEE) * 12,
    ),
    # 10 × 35 rent; 10 × 20 at least, more than 1,000 × 0.13 = 130.
    "sip": (10 * D(35) + 10 * D(20) + 1_000 * FEE, (10 * D(35) + 10 * D(20) + 1_000 * FEE) * 12),
    # 20 × 35 rent; 7,000 × 0.08 calls, more than 20 × 20. Its account is the simulator's.
    "virtual": (
        20 * D(35) + 7_000 * D("0.08") + 7_000 * FEE,
        (20 * D(35) + 7_000 * D("0.08") + 7_000 * FEE) * 12,
    ),
}
"""Order -> a month, the first year."""
TOTAL = D("40299.10"), D("486189.20")
SIMULATED = D("1609.30"), D("19311.60")


@pytest.fixture
def fleet(project: Path) -> Path:
    (project / "stacks").mkdir()
    (project / "Pulumi.yaml").write_text("name: x\nruntime: python\n", "utf-8")
    for stack, settings in SETTINGS.items():
        (project / "stacks" / f"{stack}.yaml").write_text(declared(stack), "utf-8")
        (project / "stacks" / f"Pulumi.{stack}.yaml").write_text(json.dumps({"config": settings}), "utf-8")
    return project


def declared(stack: str) -> str:
    return "orders:\n" + "".join(f"  {key}: {{{said}}}\n" for key, said in ORDERS[stack].items())


def test_every_product_is_among_them() -> None:
    said = {key: text for orders in ORDERS.values() for key, text in orders.items()}
    products = {said[key].split("product: ")[1].split(",")[0].strip("'") for key in BY_HAND}
    assert products == {each.product for each in built_in().entries}
    real = [pair for key, pair in BY_HAND.items() if key != "virtual"]
    assert (sum(month for month, _ in real), sum(year for _, year in real)) == TOTAL
    assert BY_HAND["virtual"] == SIMULATED


def test_orders_report_and_up_say_what_was_reckoned_by_hand(
    fleet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["orders", "--offline", "-o", "json", "--today", str(TODAY), "--fail-on", "never"]) == 0
    book: Any = json.loads(capsys.readouterr().out)
    rows = {row["order"]: (D(row["monthly"]), D(row["firstYear"])) for row in book["orders"]}
    wish = rows.pop("wish")
    assert rows == BY_HAND
    sums = {
        name: (D(book[name]["monthly"]), D(book[name]["firstYear"])) for name in ("total", "simulatedTotal")
    }
    assert (sums["total"], sums["simulatedTotal"]) == (TOTAL, SIMULATED)
    assert (D(book["planned"]["monthly"]), D(book["planned"]["firstYear"])) == wish

    # On 2027-08-01: 3 × 420 + 5,000 and 2 × 420 + 12,000 again; what is billed by the month has no day, 400 runs on.
    first, due = "CCC, account 1570000000000001", {"now": "0.00", "thisMonth": "0.00"}
    assert book["dueOf"] == [
        {"account": first, "vendor": "A", "product": "landline-aftersales", **due, "twelveMonths": "6260.00"},
        {
            "account": first,
            "vendor": "A",
            "product": "landline-invitation",
            **due,
            "twelveMonths": "12840.00",
        },
    ]
    assert main(["orders", "--offline", "--today", str(TODAY), "--fail-on", "never"]) == 0
    table = capsys.readouterr().out
    assert " ".join([first, "A/landline-invitation", "¥0.00", "¥0.00", "¥12,840.00"]) in " ".join(
        table.split()
    )

    site = build(fleet, list(SETTINGS), ReportOptions(offline=True), TODAY)
    shown = {row.order.key: (row.monthly, row.price and row.price.first_year) for row in site.fleet.orders}
    assert shown == {**BY_HAND, "wish": wish}
    money, simulated = site.fleet.money, site.fleet.simulated_money
    assert (money.orders, money.monthly, money.first_year) == (7, *TOTAL)
    assert simulated is not None
    assert (simulated.orders, simulated.monthly, simulated.first_year) == (1, *SIMULATED)
    assert site.fleet.planned == wish[0]
    page = next(page.text for page in pages(site) if page.path == "orders.html")
    (by_account,) = re.findall('id="accounts".*?</table>', page, re.DOTALL)
    assert ("account 1570000000000002" in by_account, "¥19,100.00" in by_account) == (True, True)

    written = {}
    for stack in SETTINGS:
        made = run(fleet, declared(stack), stack=stack)
        assert (made.code, made.errors) == (0, [])
        cost = made.exports["cost"]
        own = {key: BY_HAND[key] for key in ORDERS[stack] if key != "wish"}
        of_stack = [sum(column, D(0)) for column in zip(*own.values(), strict=True)]
        assert [D(cost["total"][name]) for name in ("monthly", "firstYear")] == of_stack
        for key in own:
            inputs = made["ccc:index:VendorOrder", key].inputs
            written[key] = D(inputs["monthlyCost"]), D(inputs["firstYearCost"])
    assert written == BY_HAND
