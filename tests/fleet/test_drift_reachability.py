"""`drift --reachability`: what CCC offers to agents, and where calls end; each broken by hand in the simulator."""

import json
from typing import Any

import pytest

from tests.fleet.drift_world import INSTANCE, NUMBER, World, live, number


def flow(name: str, *properties: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A flow whose activities have these properties, in the form of CCC's own example."""
    activities = [{"type": "X", "id": str(n), "properties": each} for n, each in enumerate(properties)]
    definition = json.dumps({"activities": activities, "description": ""}, ensure_ascii=False)
    return {"name": name, "id": name, "definition": definition, **changes}


def group(name: str) -> dict[str, Any]:
    return {"skillGroupId": f"{name}@{INSTANCE}"}


def answers(world: World, *flows: dict[str, Any]) -> None:
    """The first flow answers all numbers; the others are there too."""
    world.here["contactFlows"] = list(flows)
    world.set()


def chains(world: World) -> list[str]:
    found = world.drift("--reachability").report["findings"]
    return [each["actual"] for each in found if each["kind"] == "chain-broken" and each["subject"] == NUMBER]


def test_lines_that_work_take_two_calls_a_group(world: World) -> None:
    rows = [live(number(n)) for n in range(1, 251)]
    world.here["numbers"] = rows
    world.declared["instances"][INSTANCE]["numbers"] = {each["number"]: {} for each in rows}
    world.set()
    world.simulator.reset()
    plain = world.drift()
    assert (plain.code, world.simulator.count("ListOutboundNumbersOfUser")) == (0, 0)
    without = world.simulator.count()
    world.simulator.reset()
    assert world.drift("--reachability").kinds == []
    assert world.simulator.count("ListUserLevelsOfSkillGroup") == 1
    assert world.simulator.count("ListOutboundNumbersOfUser") == 3  # pages of 100
    assert world.simulator.count() == without + 4


def test_a_number_that_agents_are_not_offered(world: World) -> None:
    world.rows[0]["offered"] = False
    world.set()
    assert world.drift().kinds == []
    answer = world.drift("--only", "not-offered")
    assert (answer.code, answer.kinds) == (1, [("not-offered", NUMBER)])
    found = answer.the("not-offered")
    assert (found["expected"], found["heal"]) == ("offered to the agents of sales", "leaves")
    assert world.run("heal", "acme").code == 0


@pytest.mark.parametrize(
    ("flows", "broken"),
    [
        ([flow("主", group("gone"))], "主 (published) → skill group gone: is gone"),
        ([flow("主", {"subFlowId": "x"})], "主 (published) → x: is gone"),
        (
            [
                flow("主", {"contactFlowId": "子"}),
                flow("子", {"queueId": "vip"}, group("lost"), type="SUB_FLOW"),
            ],
            "主 (published) → 子 (published) → skill group vip: has no agent; "
            "主 (published) → 子 (published) → skill group lost: is gone",
        ),
        (
            [flow("主", {"next": "新"}, group("sales")), flow("新", published=False, type="SUB_FLOW")],
            "主 (published) → 新: was never published",
        ),
        ([flow("主", {"target": json.dumps(group("gone"))})], "主 (published) → skill group gone: is gone"),
    ],
)
def test_a_broken_chain_is_named_link_by_link(world: World, flows: list[dict[str, Any]], broken: str) -> None:
    world.here["skillGroups"][1]["users"] = 0
    for each in world.rows:
        each["contactFlow"] = "主"
    world.declared["instances"][INSTANCE]["defaults"]["flow"] = "主"
    answers(world, *flows)
    assert chains(world) == [broken]


def test_flows_in_a_circle_end(world: World) -> None:
    answers(
        world,
        flow("主流程", {"flowId": "夜"}),
        flow("夜", {"flowId": "主流程"}, {"audioResourceId": "x", "say": "queueId"}, group("sales")),
    )
    assert chains(world) == []


def test_what_cannot_be_followed_is_never_clean(world: World) -> None:
    answers(world, flow("主流程", {"skillGroupId": "${vip}"}))
    answer = world.drift("--reachability")
    assert (answer.code, answer.kinds) == (0, [])
    assert "decided during the call in 主流程" in answer.report["notes"][0]
    answers(world, flow("主流程") | {"definition": "<xml/>"})
    answer = world.drift("--reachability")
    assert (answer.code, answer.report["verdict"]) == (2, "incomplete")
    assert "the definition of contact flow 主流程 is not JSON" in answer.report["unseen"][0]["reason"]
    assert world.drift().code == 0


def test_a_refused_question_is_not_seen_and_the_rest_is(world: World) -> None:
    world.rows[0]["contactFlow"] = "夜间流程"
    world.set()
    world.simulator.faults(
        [{"action": "ListOutboundNumbersOfUser", "fault": "error", "code": "Permission.Common"}]
    )
    answer = world.drift("--reachability")
    assert (answer.code, answer.kinds) == (2, [("wrong-flow", NUMBER)])
    assert "which numbers agents are offered: " in answer.report["unseen"][0]["reason"]


def test_a_number_whose_groups_are_empty_reaches_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.here["skillGroups"][0]["users"] = 0
    world.set()
    assert chains(world) == ["主流程 (published) → skill group sales: has no agent"]
    monkeypatch.setenv("CCC_LANG", "zh")
    answer = world.run("drift", "--only", "chain-broken")
    assert answer.code == 1
    assert "主流程（已发布） → 技能组 sales：没有坐席" in answer.out


def test_an_accepted_chain_stays_accepted_where_nobody_looked(world: World) -> None:
    world.rows[0]["offered"] = False
    world.set()
    assert world.drift("--reachability", "--accept").code in (0, 1)
    accepted = (world.root / "drift-baseline.yaml").read_text("utf-8")
    assert "not-offered" in accepted
    plain = world.drift("--accept")
    assert plain.report["notes"] == []
    assert (world.root / "drift-baseline.yaml").read_text("utf-8") == accepted
    assert world.drift("--reachability").kinds == []


def test_the_report_shows_a_broken_chain(world: World) -> None:
    answers(world, flow("主流程", group("gone")))
    assert world.run("report", "--out", "site", "--reachability").code == 0
    pages = "".join(each.read_text("utf-8") for each in (world.root / "site").rglob("*.html"))
    assert "skill group gone: is gone" in pages


def test_a_group_through_a_number_group_can_be_left_alone(world: World) -> None:
    for each in world.rows:
        each["numberGroup"] = "g"
    world.here["numberGroups"] = [{"id": "g", "skillGroups": ["vip"]}]
    world.set()
    assert {kind for kind, _ in world.drift().kinds} == {"wrong-groups"}
    world.declared["instances"][INSTANCE]["ignoreChanges"] = ["skillGroups"]
    world.set()
    answer = world.drift()
    assert (answer.code, {kind for kind, _ in answer.kinds}) == (0, {"co-managed"})
    assert answer.report["findings"][0]["actual"] == "sales, vip"
