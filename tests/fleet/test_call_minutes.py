"""Minutes really used, out of CCC's call records: `orders --usage 30d`."""

import json

from tests.fleet.drift_world import World, number
from tests.fleet.traffic_world import BUSY, NOW, ORDER, begin, calls

WORDS = ("orders", "acme", "--today", NOW, "--usage", "73d", "--output", "json", "--fail-on", "never")


def test_an_order_is_reckoned_with_the_minutes_of_its_calls(world: World) -> None:
    begin(world)
    pending = number(8)
    world.declared["orders"] |= {
        "busy": ORDER | {"quantity": 2, "expectedMinutes": 100},
        "waiting": ORDER | {"expectedMinutes": 100},
    }
    world.numbers[BUSY] = {"order": "busy"}
    world.numbers[pending] = {"order": "waiting"}
    world.here["calls"] = [
        calls(BUSY, 100, talk=61),
        calls(BUSY, 50, type="OUTBOUND", talk=600, agent="wang"),
        calls(BUSY, 30, disposition="AbandonedInIVR"),
        calls(BUSY, 5, "2024-12-01T10:00", talk=60),  # before the window
        calls("02180009999", 7, talk=60),
    ]
    world.set()
    answer = world.run(*WORDS)
    assert answer.code == 0, answer.err
    rows = {row["order"]: row for row in json.loads(answer.out)["orders"]}
    # 73 days to the midnight before, and half a day: 73.5 × 12 / 365 months. In: 100 calls of two begun minutes; out: 50 × 10.
    months = 73.5 * 12 / 365
    assert rows["busy"]["minutes"] == -(-200 // months) + -(-500 // months) == 83 + 207
    assert rows["waiting"]["minutes"] == 100, "nobody can have called with a number that is not there yet"
    assert "acme/busy: 290 minutes a month used, 100 expected" in answer.err
    assert "02180009999" not in answer.err


def test_calls_that_were_not_read_price_nothing(world: World) -> None:
    begin(world)
    world.simulator.switch(call_numbers="masked")
    answer = world.run(*WORDS)
    world.simulator.switch(call_numbers="plain")
    assert (answer.code, answer.out) == (2, "")
    assert "acme: its calls were not read: CCC hides the numbers of " in answer.err
    answer = world.run(*WORDS, "--offline")
    assert (answer.code, "leave --offline out" in answer.err) == (2, True), answer.err
    answer = world.run("orders", "acme", "--usage", "900d")
    assert (answer.code, '--usage "900d": is not a span of time' in answer.err) == (2, True), answer.err
