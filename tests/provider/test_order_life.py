"""The life of one order with the real CLI: declared, paid, opened, imported, bound, changed by hand, lapsed."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from ccc_numbers.fleet.cli import main
from tests.provider.conftest import Begin
from tests.provider.test_up import DEFAULT, held
from tests.support.stack import Stack
from tests.support.worlds import INSTANCE, declaration, number, numbers, seed

TODAY = date.today()
BOUGHT = TODAY - timedelta(days=40)
ORDER: dict[str, Any] = {
    "vendor": "A",
    "product": "landline-aftersales",
    "stage": "intended",
    "quantity": 2,
    "regions": ["上海"],
    "prepaid": 3000,
    "expectedMinutes": 1000,
    "scene": "售后回访",
}
PAID = {"stage": "paid", "purchased": str(BOUGHT), "term": "1y", "orderId": "2206600000001"}


def declare(stack: Stack, /, **changes: object) -> None:
    stack.declare(
        declaration(numbers(2), defaults={"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"], "order": "youyin"})
        | {"orders": {"youyin": ORDER | changes}}
    )  # fmt: skip


def exported(stack: Stack) -> dict[str, Any]:
    orders: Any = stack.outputs()["orders"]
    return orders["youyin"]  # type: ignore[no-any-return]  # JSON


def seen(stack: Stack) -> dict[str, Any]:
    """The resource's outputs as the last refresh left them."""
    outputs: Any = stack.state()["youyin"]["outputs"]
    return outputs  # type: ignore[no-any-return]  # JSON


def ledger(
    stack: Stack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, day: date
) -> dict[str, list[str]]:
    """Finding kind -> numbers, as `ccc-numbers orders` reports on `day`."""
    monkeypatch.chdir(stack.folder)
    main(["orders", "dev", "--output", "json", "--today", str(day)])
    out, err = capsys.readouterr()
    assert out, err
    return {finding["kind"]: finding["numbers"] for finding in json.loads(out)["findings"]}


def test_the_life_of_an_order(
    begin: Begin, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "simulator")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "simulator")
    stack, simulator = begin(seed([]))

    # Declared: nothing is bought, the numbers wait. Rent 2 × 420, prepaid 3000, platform 12 × 1000 × 0.0499.
    declare(stack)
    result = stack.up()
    assert result.code == 0, result.text
    assert held(simulator) == {}
    shown = exported(stack)
    assert shown["nextStep"].startswith(
        "you: agree on the purchase with CCC support (DingTalk cccsupport2), pay 2 ×"
    )
    assert (shown["declared"], shown["pending"], shown["stage"]) == (2, 2, "intended")
    assert stack.outputs()["cost"]["orders"]["youyin"]["firstYear"] == "4438.80"  # type: ignore[index]

    # Paid and handed in: only the order changes, field by field.
    declare(stack, **PAID | {"stage": "submitted", "since": str(BOUGHT)})
    result = stack.up()
    assert result.code == 0, result.text
    assert result.ops("ccc:index:VendorOrder") == {"youyin": "update"}
    assert result.ops() == {}
    assert {"stage", "purchased", "term", "orderId", "since"} <= set(result.diff("youyin"))
    assert exported(stack)["nextStep"].startswith(
        "vendor A (优音): checks the materials and opens the numbers"
    )

    # Opened by the carrier; CCC support imports one number, then the other. A refresh sees it.
    declare(stack, **PAID | {"stage": "opened", "since": str(TODAY)})
    assert stack.up().code == 0
    simulator.import_numbers(number(1), provider="A", province="上海", city="上海")
    assert stack.refresh().code == 0
    after = seen(stack)
    assert (after["importedCount"], after["pendingCount"], after["observedStage"]) == (1, 1, "opened")
    assert "imports what is missing (1 of 2 numbers)" in after["nextStep"]
    simulator.import_numbers(number(2), provider="A", province="上海", city="上海")

    # `up` binds them; nothing else was touched.
    declare(stack, **PAID | {"stage": "imported", "since": str(TODAY)})
    result = stack.up()
    assert result.code == 0, result.text
    assert result.ops() == dict.fromkeys(numbers(2), "update")
    assert held(simulator) == dict.fromkeys(numbers(2), DEFAULT)
    shown = exported(stack)
    assert (shown["bound"], shown["pending"], shown["observedStage"]) == (2, 0, "imported")
    assert shown["nextStep"] == f"you: renew it (by {shown['expires']})"
    assert ledger(stack, capsys, monkeypatch, TODAY) == {}

    # A stage does not go back.
    declare(stack, **PAID)
    back = stack.preview()
    assert any("youyin is imported and cannot go back to paid" in error for error in back.errors), back.text
    assert "Traceback" not in back.text

    # Changed by hand: another vendor's number, and one nobody can be called on. The ledger finds both.
    declare(stack, **PAID | {"stage": "imported", "since": str(TODAY)})
    state = simulator.state()
    first, second = state["instances"][INSTANCE]["numbers"]
    first["provider"] = "B"
    second.update(contactFlow=None, skillGroups=[])
    simulator.put_state(state)
    found = ledger(stack, capsys, monkeypatch, TODAY)
    assert found == {"wrong-vendor": [number(1)], "paid-unbound": [number(2)]}

    # Lapsed: the ledger names the numbers, `up` warns, heals, and goes through.
    assert ledger(stack, capsys, monkeypatch, BOUGHT + timedelta(days=370))["bound-lapsed"] == numbers(2)
    declare(stack, **PAID | {"stage": "imported", "since": str(BOUGHT), "term": "30d"})
    lapsed = stack.up()
    assert lapsed.code == 0, lapsed.text
    assert held(simulator) == dict.fromkeys(numbers(2), DEFAULT)
    assert any("orders.youyin.term" in warning and "ended on" in warning for warning in lapsed.warnings), (
        lapsed.text
    )
    assert any('CCC shows 1 number of "B"' in warning for warning in lapsed.warnings), lapsed.text
