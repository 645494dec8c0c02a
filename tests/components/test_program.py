"""What the program of a stack refuses, warns of and exports, before and after anything is registered."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from components import program
from tests.components.mocked import run

ORDERS = """\
orders:
  youyin:
    {vendor: A, product: landline-aftersales, stage: intended, quantity: 2, prepaid: 3000, regions: [上海],
     expectedMinutes: 300000}
"""


@pytest.mark.parametrize(("mode", "monthly"), [("graduated", "14470.00"), ("wholeVolume", "13470.00")])
def test_the_platform_fee_is_read_as_the_stack_says(project: Path, mode: str, monthly: str) -> None:
    made = run(project, ORDERS.replace("intended", "paid"), {"ccc-numbers:platformFee": mode})
    assert made.exports["cost"]["platformFee"] == {"monthly": monthly, "minutes": 300000, "mode": mode}


def test_graduated_is_the_default(project: Path) -> None:
    assert run(project, ORDERS).exports["cost"]["platformFee"]["mode"] == "graduated"


def test_another_word_is_one_line_and_nothing_is_registered(project: Path) -> None:
    made = run(project, ORDERS, {"ccc-numbers:platformFee": "whole"})
    assert (made.code, made.resources) == (32, {})
    assert made.errors == [
        'ccc-numbers:platformFee: "whole" is not a way to read the platform fee\'s tiers; did you mean "wholeVolume"?'
    ]


def test_the_program_spares_itself_what_the_sdk_does_for_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Mapping[str, str]] = []
    monkeypatch.setattr(program, "economise", asked.append)
    assert run(project, ORDERS).code == 0
    assert asked == [os.environ]


def test_a_warning_of_the_vendors_rules_is_reported_and_stops_nothing(project: Path) -> None:
    made = run(project, ORDERS.replace("stage: intended", "stage: imported, purchased: 2020-01-01, term: 1y"))
    assert made.code == 0
    assert made.of("ccc:index:VendorOrder") == ["youyin"]
    (warning,) = made.warnings
    assert "stacks/acme.yaml:3:" in warning
    assert "orders.youyin.term" in warning


def test_an_error_of_the_vendors_rules_ends_the_program_before_it_registers(project: Path) -> None:
    made = run(project, ORDERS.replace("上海", "上嗨"))
    assert (made.code, made.resources) == (32, {})
    (error,) = made.errors
    assert error.startswith('stacks/acme.yaml:3:102: orders.youyin.regions[0]: "上嗨" ')


def test_a_broken_catalogue_is_one_line(project: Path) -> None:
    made = run(project, f"catalogue: none.yaml\n{ORDERS}")
    assert (made.code, made.resources) == (32, {})
    assert [error.split(" does")[0] for error in made.errors] == ["stacks/none.yaml:1:1:"]


def test_the_stack_exports_how_far_its_orders_are(project: Path) -> None:
    numbers = "instances: {a: {numbers: {02180001001: {usage: inbound, flow: f, order: youyin}}}}\n"
    opened = ORDERS.replace("stage: intended", "stage: opened, purchased: 2025-03-03, term: 99m")
    assert run(project, numbers + opened).exports["orders"] == {
        "youyin": {
            "vendor": "A",
            "product": "landline-aftersales",
            "stage": "opened",
            "quantity": 2,
            "declared": 1,
            "pending": 0,
            "imported": 1,
            "bound": 1,
            "observedStage": "opened",
            "expires": "2033-06-03",
            "nextStep": "CCC support (DingTalk cccsupport2): imports the rest of the 2 numbers, all declared ones being "
            "there into CCC when asked in the group; the console's 号码管理 then lists them",
        }
    }


def test_what_finance_keeps_of_an_order_is_in_state(project: Path) -> None:
    kept = "invoice: {number: '0001', received: 2026-09-01}, owner: 财务组, renewals: [{purchased: 2026-07-01, prepaid: 5000}]"
    said = f"stage: imported, purchased: 2025-08-01, term: 1y, {kept}"
    made = run(project, ORDERS.replace("stage: intended", said))
    inputs = made["ccc:index:VendorOrder", "youyin"].inputs
    assert inputs["invoice"] == {"number": "0001", "received": "2026-09-01"}
    assert inputs["renewals"] == [{"purchased": "2026-07-01", "prepaid": "5000"}]
    assert (inputs["owner"], made.exports["orders"]["youyin"]["expires"]) == ("财务组", "2027-08-01")


def test_the_catalogues_place_in_state_is_the_same_on_every_machine(project: Path) -> None:
    (project / "stacks").mkdir()
    (project / "stacks/prices.yaml").write_text(
        "vendor: A\nproduct: mobile\nasOf: 2026-10-01\nsource: {title: t}\n", "utf-8"
    )
    made = run(project, f"catalogue: prices.yaml\n{ORDERS}")
    assert made["ccc:index:VendorOrder", "youyin"].inputs["catalogue"] == "stacks/prices.yaml"
