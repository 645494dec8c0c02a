"""A binding for a while, and parts that others may change, as `drift` and `check` see them."""

import re
from typing import Any

from tests.fleet.drift_world import INSTANCE, NUMBER, World, number

HOLIDAY: dict[str, Any] = {
    "numbers": [NUMBER],
    "flow": "夜间流程",
    "from": "2027-02-05",
    "until": "2027-02-12",
    "reason": "春节放假",
    "owner": "客服值班组",
}
WHY = "override until 2027-02-12 (春节放假, 客服值班组)"


def overridden(world: World, **changes: object) -> None:
    world.declared["overrides"] = [HOLIDAY | changes]
    world.set()


def test_drift_expects_an_override_while_it_is_in_force(world: World) -> None:
    overridden(world)
    found = world.drift("--today", "2027-02-12T23:59").the("wrong-flow")
    assert (found["expected"], found["cause"], found["heal"]) == ("夜间流程", WHY, "repairs")
    assert world.drift("--today", "2027-02-13T00:00").code == 0

    world.rows[0]["contactFlow"] = "夜间流程"
    world.set()
    assert world.drift("--today", "2027-02-12T15:59+00:00").code == 0
    ended = world.drift("--today", "2027-02-12T16:00+00:00").the("wrong-flow")
    assert (ended["expected"], ended["cause"]) == ("主流程", None)


def test_the_environment_gives_the_moment_too(world: World, monkeypatch: Any) -> None:
    overridden(world)
    monkeypatch.setenv("CCC_NOW", "2027-02-06T09:00")
    assert world.drift().code == 1
    assert "to repair" in world.run("heal").out
    monkeypatch.setenv("CCC_NOW", "tomorrow")
    answer = world.run("heal")
    assert answer.code == 2
    assert answer.err.startswith('ccc-numbers: CCC_NOW: "tomorrow" is not a time')


def test_check_warns_of_overrides_that_time_overtakes(world: World) -> None:
    overridden(world)

    def rules(day: str) -> list[str]:
        answer = world.run("check", "--today", day)
        assert answer.code == 0, answer.out
        return [line.partition(" (warning)")[0] for line in answer.out.splitlines() if "(warning)" in line]

    assert rules("2027-02-09") == []
    (soon,) = rules("2027-02-10")
    assert soon.startswith("stacks/acme.yaml:")
    assert 'overrides[0].until: "2027-02-12" ends soon (春节放假, 客服值班组)' in soon
    (ended,) = rules("2027-02-13")
    assert 'overrides[0].until: "2027-02-12" has ended' in ended


def test_check_warns_of_an_override_that_the_budget_stops(world: World) -> None:
    world.declared["instances"][INSTANCE]["changeBudget"] = "1"
    overridden(world, numbers=[number(1), number(2)])
    answer = world.run("check", "--today", "2027-01-01")
    assert "rebinds 2 of 3 lines of acme-support, whose change budget allows 1" in answer.out
    assert "write `changeBudget: 2`" in answer.out


def test_what_others_changed_is_reported_and_left(world: World) -> None:
    world.declared["instances"][INSTANCE]["defaults"]["ignoreChanges"] = ["flow", "skillGroups"]
    world.rows[0] |= {"contactFlow": "夜间流程", "skillGroups": ["vip"]}
    world.rows[1] |= {"usage": "Inbound", "contactFlow": "夜间流程"}
    del world.rows[2]["contactFlow"]
    world.set()
    answer = world.drift()
    found = {
        (each["subject"], each["kind"], each["field"], each["heal"]) for each in answer.report["findings"]
    }
    assert found == {
        (number(1), "co-managed", "flow", "leaves"),
        (number(1), "co-managed", "skillGroups", "leaves"),
        (number(2), "co-managed", "flow", "leaves"),
        (number(2), "wrong-usage", "usage", "repairs"),
        (number(3), "dead-inbound", "flow", "repairs"),
    }
    healed = world.run("heal").out
    assert "1 dead-inbound, 1 wrong-usage to repair" in healed


def test_the_report_names_overrides_and_since_when_others_hold_a_number(world: World) -> None:
    world.declared["instances"][INSTANCE]["defaults"]["ignoreChanges"] = ["flow"]
    world.numbers[NUMBER] = {"ignoreChanges": []}
    world.rows[1]["contactFlow"] = "夜间流程"
    overridden(world)

    def since(day: str) -> list[str]:
        found = world.drift("--today", day).report["findings"]
        return [each["cause"] for each in found if each["kind"] == "co-managed"]

    left = "left to others by ignoreChanges; seen since "
    assert since("2027-02-01") == [f"{left}2027-02-01"]
    assert since("2027-02-10") == [f"{left}2027-02-01"]
    assert world.run("report", "--out", "out", "--today", "2027-02-10", "--mask").code == 0
    page = " ".join(re.sub("<[^>]*>", " ", (world.root / "out/stacks/acme.html").read_text("utf-8")).split())
    row = "021****1001 flow 夜间流程 2027-02-05 00:00 2027-02-12 春节放假 客服值班组 ends soon"
    assert row in page
    assert f"{left}2027-02-01" in page
    assert "Overrides" in (world.root / "out/index.html").read_text("utf-8")
    # Another hand, another day; and what is as declared again is forgotten.
    world.rows[1]["contactFlow"] = "主流程"
    world.set()
    assert since("2027-02-11") == []
    world.rows[1]["contactFlow"] = "夜间流程"
    world.set()
    assert since("2027-02-12") == [f"{left}2027-02-12"]
    # A file that nobody can read is as good as none.
    (world.root / ".ccc-numbers/co-managed.json").write_text("{", "utf-8")
    assert since("2027-02-13") == [f"{left}2027-02-13"]
