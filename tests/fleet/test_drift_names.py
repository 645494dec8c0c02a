"""Contact flows and skill groups: each made by hand in the simulator, found, named right, and gone after what it names."""

from tests.fleet.drift_world import INSTANCE, NUMBER, World, number

HEAL = "ccc-numbers heal acme --yes"


def test_a_flow_that_is_gone(world: World) -> None:
    world.here["contactFlows"] = world.here["contactFlows"][1:]
    for row in world.rows:
        row["contactFlow"] = "夜间流程"
    world.set()
    answer = world.drift()
    assert sorted(answer.kinds) == [("flow-gone", "主流程"), *[("wrong-flow", number(n)) for n in (1, 2, 3)]]
    found = answer.the("flow-gone")
    assert found["actual"] == 'none; did you mean "夜间流程"?'
    assert found["cause"] == "3 numbers are to be answered by it"
    assert (found["heal"], found["next"]["command"]) == ("refuses", HEAL)
    wrong = next(each for each in answer.report["findings"] if each["kind"] == "wrong-flow")
    assert wrong["cause"] == "the flow 主流程 is not there"


def test_a_number_bound_to_a_flow_that_was_deleted_is_a_dead_line(world: World) -> None:
    """As CCC keeps it after a forced deletion: the number still names the flow's id."""
    (row,) = world.simulator.api(
        "ListContactFlows", InstanceId=INSTANCE, PageNumber=1, PageSize=10, SearchPattern="夜间"
    )["Data"]["List"]
    world.simulator.switch(unknown_flow="stored")
    world.simulator.api(
        "ModifyPhoneNumber",
        InstanceId=INSTANCE,
        Number=NUMBER,
        Usage="Bidirection",
        ContactFlowId="gone-flow",
    )
    answer = world.drift()
    assert answer.kinds == [("dead-inbound", NUMBER)]
    assert answer.the("dead-inbound")["actual"] == "a flow that is gone (gone-flow): callers reach nothing"
    assert row["Published"] is True


def test_a_flow_that_was_never_published(world: World) -> None:
    world.here["contactFlows"][0]["published"] = False
    world.set()
    answer = world.drift()
    assert answer.kinds == [("flow-unpublished", "主流程")]
    assert answer.the("flow-unpublished")["next"] == {"command": HEAL, "do": "publish it in CCC's workbench"}
    world.here["contactFlows"][0]["published"] = True
    world.set()
    assert world.drift().code == 0


def test_a_sub_flow_answers_no_number(world: World) -> None:
    world.here["contactFlows"][1]["type"] = "SUB_FLOW"
    world.numbers[number(2)] = {"flow": "夜间流程"}
    world.set()
    assert ("flow-gone", "夜间流程") in world.drift().kinds


def test_a_group_that_is_gone(world: World) -> None:
    world.numbers[NUMBER] = {"skillGroups": ["sales", "vipp"]}
    world.set()
    answer = world.drift()
    assert answer.kinds == [("group-gone", "vipp"), ("wrong-groups", NUMBER)]
    assert answer.the("group-gone")["actual"] == 'none; did you mean "vip"?'
    assert answer.the("wrong-groups")["cause"] == "the skill group vipp is not there"


def test_a_group_without_agents(world: World) -> None:
    world.here["skillGroups"][0]["users"] = 0
    world.set()
    answer = world.drift()
    assert answer.kinds == [("group-empty", "sales")]
    found = answer.the("group-empty")
    assert (found["severity"], found["cause"]) == ("warning", "3 numbers are to be held by it")
    world.here["skillGroups"][0]["users"] = 1
    world.set()
    assert world.drift().code == 0


def test_managed_flows_and_groups_that_were_changed_or_deleted(world: World) -> None:
    flows = world.root / "stacks" / "flows"
    flows.mkdir()
    (flows / "main.json").write_text('{ "a": 1 }', "utf-8")
    (flows / "night.json").write_text('{"b": 2}', "utf-8")
    mine = world.declared["instances"][INSTANCE]
    mine["contactFlows"] = {
        "主流程": {"definition": "flows/main.json"},
        "周末流程": {"definition": "flows/night.json"},
    }
    mine["skillGroups"] = {
        "sales": {"displayName": "销售组"},
        "chat": {"displayName": "在线", "mediaType": "chat"},
    }
    world.set()
    # White space in a definition is no difference; what does not exist yet is made by `up`.
    answer = world.drift()
    assert answer.kinds == [("flow-gone", "周末流程"), ("group-gone", "chat")]
    assert {each["heal"] for each in answer.report["findings"]} == {"repairs"}
    world.here["contactFlows"][0]["definition"] = '{"a": 2}'
    world.here["contactFlows"].append(
        {"name": "周末流程", "type": "MAIN_FLOW", "published": False, "definition": '{"b": 2}'}
    )
    world.here["skillGroups"][0] |= {"displayName": "电销组", "description": "一线"}
    world.here["skillGroups"].append({"name": "chat", "displayName": "在线", "mediaType": "CHAT", "users": 1})
    world.set()
    answer = world.drift()
    assert answer.kinds == [
        ("flow-unpublished", "周末流程"),
        ("flow-changed", "主流程"),
        ("group-changed", "sales"),
        ("group-changed", "sales"),
    ]
    assert answer.the("flow-changed")["expected"] == "as in main.json"
    changed = [each for each in answer.report["findings"] if each["kind"] == "group-changed"]
    assert [(each["field"], each["expected"], each["actual"]) for each in changed] == [
        ("displayName", "销售组", "电销组"),
        ("description", "none", "一线"),
    ]
    assert {each["heal"] for each in answer.report["findings"]} == {"repairs"}
