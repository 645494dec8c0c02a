"""Findings about vendor orders: each made by hand in the simulator, found, named right, and gone after what it names."""

from datetime import date, timedelta

import pytest

from tests.fleet.drift_world import NUMBER, World, number

TODAY = date.today()


def _order(**changes: object) -> dict[str, object]:
    order = {
        "vendor": "A",
        "product": "landline-aftersales",
        "stage": "imported",
        "quantity": 9,
        "purchased": str(TODAY - timedelta(days=100)),
        "term": "1y",
    }
    return order | changes


def test_a_number_that_should_have_been_imported_is_pending_too_long(world: World) -> None:
    since = TODAY - timedelta(days=90)
    order = _order(stage="opened", since=str(since), contact={"dingtalk": "acme-group"})
    world.declared["orders"] = {"o1": order}
    world.numbers[number(4)] = {"order": "o1"}
    world.set()
    answer = world.drift()
    assert (answer.code, answer.kinds) == (1, [("pending-too-long", number(4))])
    found = answer.the("pending-too-long")
    assert found["cause"].startswith(f"its order o1 is opened since {since} and was due on")
    assert found["next"]["do"] == "have CCC support (DingTalk cccsupport2) import it"
    world.simulator.import_numbers(number(4))
    assert world.drift().kinds == [("missing", number(4))]


def test_an_imported_order_lets_no_number_be_pending(world: World) -> None:
    world.declared["orders"] = {"o1": _order(contact={"dingtalk": "acme-group"})}
    world.numbers[number(4)] = {"order": "o1"}
    world.set()
    answer = world.drift()
    assert (answer.code, answer.kinds) == (1, [("not-in-account", number(4))])
    found = answer.the("not-in-account")
    assert (found["severity"], found["cause"]) == ("error", "its order o1 says imported")
    assert found["next"]["do"] == (
        "have CCC support (DingTalk cccsupport2) import it, correct the order's stage, or take it out of the file"
    )


@pytest.mark.parametrize("stage", ["intended", "paid", "submitted", "opened"])
def test_an_order_before_its_import_makes_a_number_pending(world: World, stage: str) -> None:
    world.declared["orders"] = {"o1": _order(stage=stage, since=str(TODAY))}
    world.numbers[number(4)] = {"order": "o1"}
    world.set()
    answer = world.drift()
    assert (answer.code, answer.kinds) == (0, [("pending", number(4))])
    assert answer.the("pending")["severity"] == "info"


def test_an_order_that_may_still_take_its_time_makes_a_number_pending(world: World) -> None:
    world.declared["orders"] = {"o1": _order(stage="opened", since=str(TODAY - timedelta(days=1)))}
    world.numbers[number(4)] = {"order": "o1"}
    world.set()
    assert world.drift().kinds == [("pending", number(4))]


def test_a_number_of_another_vendor_than_its_orders(world: World) -> None:
    world.declared["orders"] = {"o1": _order()}
    world.numbers[NUMBER] = {"order": "o1"}
    world.rows[0]["provider"] = "B"
    world.set()
    answer = world.drift()
    assert answer.kinds == [("vendor-mismatch", NUMBER)]
    found = answer.the("vendor-mismatch")
    assert (found["expected"], found["actual"], found["field"]) == ("vendor A (优音)", "B", "order")
    world.numbers[NUMBER] = {}
    world.set()
    assert world.drift().code == 0


def test_a_vendor_name_that_nobody_knows_is_learnt(world: World) -> None:
    """CCC's documentation has `ali` as an example; whose name that is, the page on partner numbers does not say."""
    world.declared["orders"] = {"o1": _order()}
    world.numbers[NUMBER] = {"order": "o1"}
    world.rows[0]["provider"] = "ali"
    world.set()
    answer = world.drift()
    assert (answer.code, answer.kinds) == (0, [("vendor-name", NUMBER)])
    assert 'write providers: ["ali"] for A/landline-aftersales' in answer.the("vendor-name")["next"]["do"]
    prices = (
        "vendor: A\nproduct: landline-aftersales\nasOf: 2026-11-28\nsource: {title: CCC}\nproviders: [%s]\n"
    )
    world.declared["catalogue"] = "prices.yaml"
    for known, kinds in (("ali", []), ("youyin", [("vendor-mismatch", NUMBER)])):
        (world.root / "stacks" / "prices.yaml").write_text(prices % known, "utf-8")
        world.set()
        assert world.drift().kinds == kinds


@pytest.mark.parametrize(
    ("purchased", "kind", "severity"),
    [
        (TODAY - timedelta(days=400), "order-lapsed", "error"),
        (TODAY - timedelta(days=350), "order-lapsing", "warning"),
    ],
)
def test_an_order_whose_term_ends(world: World, purchased: date, kind: str, severity: str) -> None:
    world.declared["orders"] = {"o1": _order(purchased=str(purchased))}
    world.numbers[NUMBER] = {"order": "o1"}
    world.set()
    answer = world.drift()
    assert answer.kinds == [(kind, "o1")]
    found = answer.the(kind)
    assert (found["severity"], found["instance"], found["field"]) == (severity, None, "term")
    assert found["cause"].endswith("1 number stands on it")
    assert found["next"]["command"] == "ccc-numbers orders acme"
    world.declared["orders"]["o1"]["purchased"] = str(TODAY)
    world.set()
    assert world.drift().code == 0


def test_how_early_a_lapsing_order_is_reported_can_be_chosen(world: World) -> None:
    world.declared["orders"] = {"o1": _order(purchased=str(TODAY - timedelta(days=350)))}
    world.set()
    assert world.drift("--lapsing-days", "5").kinds == []


def test_an_ended_order_is_named_as_the_cause(world: World) -> None:
    world.declared["orders"] = {"o1": _order(purchased=str(TODAY - timedelta(days=400)))}
    for each in (1, 2, 4):
        world.numbers[number(each)] = {"order": "o1"}
    world.rows[0]["active"] = False
    world.state["unassigned"] = [{"number": world.rows.pop(1)["number"]}]
    world.set()
    answer = world.drift()
    for kind in ("inactive", "missing", "not-in-account"):
        assert answer.the(kind)["cause"].startswith("its order o1 ended on"), kind
