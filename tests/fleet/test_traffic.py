"""Lines that work: what their calls say, in `drift --traffic`."""

import json
from pathlib import Path

import pytest

from tests.fleet.drift_world import INSTANCE, OTHER, World, number
from tests.fleet.traffic_world import (
    BLOCKED,
    BUSY,
    NEW,
    NOW,
    SILENT,
    UNANSWERED,
    UNUSED,
    begin,
    calls,
    drift,
    lines,
)

ACTION = "ListCallDetailRecordsV2"
NOTHING = {"inbound": 0, "unanswered": 0, "outbound": 0, "blocked": 0}


def test_calls_say_which_lines_do_not_work(world: World) -> None:
    begin(world)
    answer = drift(world)
    assert (answer.code, answer.kinds) == (
        1,
        [
            ("blocked", BLOCKED),
            ("unanswered", UNANSWERED),
            ("unused-but-paid", UNUSED),
            ("silent", SILENT),
            ("silent", UNUSED),
        ],
    )
    assert lines(answer) == {
        BUSY: {"inbound": 14, "unanswered": 4, "outbound": 10, "blocked": 0},
        SILENT: {"inbound": 0, "unanswered": 0, "outbound": 10, "blocked": 0},
        UNANSWERED: {"inbound": 10, "unanswered": 10, "outbound": 0, "blocked": 0},
        BLOCKED: {"inbound": 3, "unanswered": 0, "outbound": 3, "blocked": 3},
        UNUSED: NOTHING,
        NEW: NOTHING,
    }
    assert answer.report["traffic"]["instances"][0]["others"] == 7
    paid = answer.the("unused-but-paid")
    assert (paid["field"], paid["actual"]) == ("order", "no call; paid with august")
    assert "due for the order on 2025-08-01" in paid["cause"]
    assert "7 calls of the instance are by none of its numbers" in paid["cause"]
    assert answer.report["notes"] == [
        "30d: 27 calls in, 14 of them without an agent; 23 out, 3 of them not let through; 4 of 6 numbers had calls"
    ]
    assert "30d: 27 calls in" in world.run("drift", "--traffic", "30d", "--today", NOW).out


def test_what_calls_say_changes_no_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(world)
    monkeypatch.setenv("CCC_NOW", NOW)
    before = world.simulator.state()
    assert {each["heal"] for each in drift(world).report["findings"]} == {"leaves"}
    healed = world.run("heal", "--yes")
    assert (healed.code, healed.out.partition(";")[0]) == (0, "nothing to repair")
    assert world.simulator.state() == before


def test_days_that_are_over_are_read_once(world: World) -> None:
    begin(world)
    world.simulator.reset()
    first = drift(world)
    assert world.simulator.count(ACTION) == 31
    world.simulator.reset()
    again = drift(world)
    assert world.simulator.count(ACTION) == 1, "today is not over"
    assert again.report["traffic"] == first.report["traffic"]
    # A broken day, and one of another place under its name, are read again.
    one, other, *_ = sorted((world.root / ".ccc-numbers" / "calls").glob("*/*.json"))
    one.write_text(one.read_text("utf-8")[:-3], "utf-8")
    other.write_text(other.read_text("utf-8").replace(INSTANCE, OTHER), "utf-8")
    world.simulator.reset()
    assert drift(world).report["traffic"] == first.report["traffic"]
    assert world.simulator.count(ACTION) == 3
    kept = "".join(each.read_text("utf-8") for each in (world.root / ".ccc-numbers").rglob("*.json"))
    assert "13800138000" not in kept, "who called is kept"
    # Another account has the same instance, and other calls.
    world.state["accessKeys"] = [{"id": "simulator", "secret": "simulator", "account": "1570000000000009"}]
    for each in world.state["instances"].values():
        each["account"] = "1570000000000009"
    world.here["calls"] = []
    world.set()
    assert {row["inbound"] for row in lines(drift(world)).values()} == {0}


def test_a_day_still_open_is_never_kept(world: World) -> None:
    begin(world)
    drift(world, now="2025-03-10T05:59")  # the 9th closes at six
    world.simulator.calls_happen(INSTANCE, calls(BUSY, 1, "2025-03-09T23:59", talk=9))
    assert lines(drift(world))[BUSY]["inbound"] == 15
    # A moment that is to come, taken as the present.
    drift(world, now="2099-03-10T12:00")
    world.simulator.calls_happen(INSTANCE, calls(BUSY, 2, "2099-03-01T10:00", talk=9))
    assert lines(drift(world, now="2099-03-10T12:00"))[BUSY]["inbound"] == 2


def test_calls_that_cannot_be_known_are_never_silence(world: World) -> None:
    begin(world)
    world.simulator.switch(call_numbers="masked")
    answer = drift(world)
    world.simulator.switch(call_numbers="plain")
    assert (answer.code, answer.kinds, answer.report["traffic"]["instances"]) == (2, [], [])
    (unseen,) = answer.report["unseen"]
    assert unseen["reason"].startswith("its calls: CCC hides the numbers of ")
    world.simulator.faults(
        [{"action": ACTION, "fault": "error", "code": "Permission.Common", "params": ["x"]}]
    )
    answer = drift(world)
    world.simulator.faults([])
    assert (answer.code, answer.kinds) == (2, [])
    assert lines(drift(world))[BUSY]["inbound"] == 14


@pytest.mark.parametrize(("switch", "position"), [("call_line", "broker"), ("call_window", "half-open")])
def test_calls_count_the_same_whatever_ccc_does(world: World, switch: str, position: str) -> None:
    begin(world)
    plain = drift(world).report["traffic"]
    for each in (world.root / ".ccc-numbers").rglob("*.json"):
        each.unlink()
    world.simulator.switch(**{switch: position})
    changed = drift(world).report["traffic"]
    world.simulator.switch(call_line="calling", call_window="inclusive")
    assert changed == plain


def test_what_is_accepted_about_calls_waits_for_them(world: World) -> None:
    begin(world)
    rule = {"subject": SILENT, "kind": "silent", "reason": "r", "owner": "wang", "until": "2099-01-01"}
    (world.root / "drift-ignore.yaml").write_text(json.dumps({"rules": [rule]}), "utf-8")
    assert drift(world, "--accept").code == 0
    assert drift(world).kinds == []
    plain = world.drift("--today", NOW, "--lapsing-days", "1")
    assert (plain.code, plain.kinds, plain.report["notes"], plain.report["traffic"]) == (0, [], [], None)
    assert world.drift("--today", NOW, "--lapsing-days", "1", "--accept").code == 0
    assert drift(world).kinds == [], "accepting without calls forgot them"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["drift", "--traffic", "1w"],
            '--traffic "1w": is not a span of time; write days (30d, at most 366)',
        ),
        (["drift", "--traffic", "0d"], '--traffic "0d": is not a span of time'),
        (["drift", "--only", "silent"], "--only silent: is about calls; add how far back to look"),
        (["heal", "--kind", "silent"], "silent: is about calls, which nothing here repairs"),
        (["heal", "--only", "blocked:02180001001"], "blocked: is about calls, which nothing here repairs"),
        (["report", "--out", "x", "--offline", "--traffic", "1d"], "--traffic: asks CCC for its calls"),
    ],
)
def test_a_window_that_is_none_is_one_line(world: World, words: list[str], said: str) -> None:
    answer = world.run(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"ccc-numbers: {said}")
    assert not Path("x").exists()


def test_hours_are_counted_back_from_now(world: World) -> None:
    begin(world)
    world.simulator.calls_happen(INSTANCE, calls(number(1), 3, "2025-03-10T08:59", talk=5))
    answer = world.drift("--traffic", "3h", "--today", NOW)
    assert lines(answer)[BUSY]["inbound"] == 2
