"""An order costs the same whoever says it: `orders` of one stack, `orders` of all, `report`, and what `pulumi up` writes."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.declaration.names import discover
from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.report.build import ReportOptions, build
from ccc_numbers.vendors.platform_fee import platform_fee
from tests.components.mocked import Made, run
from tests.vendors.support import TODAY

# Three tiers of the fee: the account with two stacks reaches another one than each of them alone.
MINUTES = {"acme": 60_000, "beijing": 250_000, "globex": 60_000, "demo": 500_000, "local": 60_000}
ACCOUNT_1, ACCOUNT_2 = "1570000000000001", "1570000000000002"
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "acme": {"ccc:account": ACCOUNT_1, "ccc:region": "cn-shanghai"},
    "beijing": {"ccc:account": ACCOUNT_1, "ccc:region": "cn-beijing"},
    "globex": {"ccc:account": ACCOUNT_2, "ccc:region": "cn-shanghai"},
    "demo": {"ccc:endpoint": "embedded"},
    "local": {"ccc:endpoint": "http://127.0.0.1:18080", "ccc:account": ACCOUNT_1},
}


def declared(stack: str) -> str:
    order = f"{{vendor: A, product: mobile, stage: paid, quantity: 10, expectedMinutes: {MINUTES[stack]}}}"
    least = "{vendor: A, product: mobile-marketing, stage: paid, quantity: 30, prepaid: 10000}"
    return f"orders: {{{stack}-mobile: {order}, {stack}-least: {least}}}\n"


@pytest.fixture
def fleet(project: Path) -> Path:
    (project / "stacks").mkdir()
    (project / "Pulumi.yaml").write_text("name: x\nruntime: python\n", "utf-8")
    for stack, settings in SETTINGS.items():
        (project / "stacks" / f"{stack}.yaml").write_text(declared(stack), "utf-8")
        write_settings(project, stack, **settings)
    return project


def write_settings(project: Path, stack: str, **settings: str) -> None:
    text = json.dumps({"config": settings})
    (project / "stacks" / f"Pulumi.{stack}.yaml").write_text(text, "utf-8")


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str]) -> Any:
    """`orders --offline`: exit code, the JSON form, stderr."""

    def say(*words: str) -> tuple[int, dict[str, Any], str]:
        code = main(["orders", *words, "--offline", "--output", "json", "--today", str(TODAY)])
        said = capsys.readouterr()
        return code, json.loads(said.out), said.err

    return say


def up(project: Path, stack: str = "acme") -> Made:
    made = run(project, declared(stack))
    assert made.code == 0
    return made


def monthly(book: Mapping[str, Any]) -> dict[str, str]:
    return {row["order"]: row["monthly"] for row in book["orders"]}


def test_every_command_says_the_same_cost_as_up(fleet: Path, ledger: Any) -> None:
    _, everything, _ = ledger()
    costs = monthly(everything)
    each: dict[str, str] = {}
    for stack in SETTINGS:
        each |= monthly(ledger(stack)[1])
    assert each == costs
    site = build(fleet, discover(fleet), ReportOptions(offline=True), TODAY)
    assert {row.order.key: str(row.monthly) for row in site.fleet.orders} == costs
    alone = build(fleet, ["acme"], ReportOptions(offline=True), TODAY)
    assert {row.order.key: str(row.monthly) for row in alone.fleet.orders}.items() <= costs.items()
    made = up(fleet)
    written = {
        key: made["ccc:index:VendorOrder", key].inputs["monthlyCost"] for key in ("acme-mobile", "acme-least")
    }
    assert written.items() <= costs.items()
    assert {key: each["monthly"] for key, each in made.exports["cost"]["orders"].items()} == written
    # The fee of the two stacks' minutes together, shared by their minutes.
    fee = platform_fee(310_000) * 60_000 / 310_000
    assert abs(Decimal(made.exports["cost"]["platformFee"]["monthly"]) - fee) < Decimal("0.01")
    assert fee < platform_fee(60_000)


def test_a_simulated_stack_has_a_total_of_its_own(
    fleet: Path, ledger: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    _, book, _ = ledger()
    sums = {"no": Decimal(0), "yes": Decimal(0)}
    for row in book["orders"]:
        sums[row["simulated"]] += Decimal(row["monthly"])
    assert {row["stack"] for row in book["orders"] if row["simulated"] == "yes"} == {"demo", "local"}
    assert book["total"]["monthly"] == str(sums["no"])
    assert book["simulatedTotal"]["monthly"] == str(sums["yes"])
    main(["orders", "--offline", "--today", str(TODAY)])
    last = capsys.readouterr().out.splitlines()[-1]
    assert f"¥{sums['no']:,} a month" in last
    assert f"simulated: ¥{sums['yes']:,} a month" in last
    site = build(fleet, discover(fleet), ReportOptions(offline=True), TODAY)
    assert site.fleet.money.monthly == sums["no"]
    assert site.fleet.simulated_money is not None
    assert site.fleet.simulated_money.monthly == sums["yes"]


def test_a_neighbour_that_cannot_be_read_leaves_the_cost_open(fleet: Path, ledger: Any) -> None:
    (fleet / "stacks" / "beijing.yaml").write_text("orders: {a: {vendor: [}}\n", "utf-8")
    made = up(fleet)
    (warning,) = made.warnings
    assert "stack beijing of the account cannot be read: stacks/beijing.yaml:1:" in warning
    assert "beijing" in made.exports["cost"]["unknown"]
    assert "monthlyCost" not in made["ccc:index:VendorOrder", "acme-mobile"].inputs
    code, book, err = ledger("acme", "globex")
    assert (code, book["orders"][0]["monthly"]) == (2, None)
    assert list(book["unpriced"]) == ["acme"], "the other account has its cost"
    assert "acme: its orders have no cost: stack beijing of the account cannot be read" in err
    assert Decimal(book["total"]["monthly"]) > 0


def test_a_neighbour_without_orders_is_not_in_the_way(fleet: Path, ledger: Any) -> None:
    before = monthly(ledger("globex")[1])
    (fleet / "stacks" / "new.yaml").write_text("instances: {a: [}\n", "utf-8")
    write_settings(fleet, "new", **SETTINGS["globex"])
    assert monthly(ledger("globex")[1]) == before


def test_two_readings_of_one_accounts_fee_are_a_finding(
    fleet: Path, ledger: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for stack, mode in (
        ("acme", "graduated"),
        ("beijing", "wholeVolume"),
        ("globex", "wholeVolume"),
        ("local", "wholeVolume"),
    ):
        write_settings(fleet, stack, **SETTINGS[stack], **{"ccc-numbers:platformFee": mode})
    assert main(["check"]) == 2
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("stacks/")]
    assert line.startswith("stacks/Pulumi.beijing.yaml:1:")
    assert 'is graduated in stack "acme" of the same account, at stacks/Pulumi.acme.yaml:1:' in line
    code, book, err = ledger()
    assert code == 2
    assert set(book["unpriced"]) == {"acme", "beijing"}
    assert "in different ways (acme: graduated, beijing: wholeVolume)" in err
    assert ledger("--platform-fee", "graduated")[0] == 0
    assert "unknown" in up(fleet).exports["cost"]


def test_a_neighbour_says_how_the_fee_is_read(fleet: Path) -> None:
    write_settings(fleet, "beijing", **SETTINGS["beijing"], **{"ccc-numbers:platformFee": "wholeVolume"})
    assert up(fleet).exports["cost"]["platformFee"]["mode"] == "wholeVolume"
