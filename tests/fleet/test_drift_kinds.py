"""Every kind of finding: made by hand in the simulator, found, named right, and gone after what it names.

What `heal` repairs with the real Pulumi is in test_heal.py, what `adopt` does in test_adopt.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ccc.rows import PhoneNumber
from fleet.drift.compare import compare
from fleet.drift.ignore import read_rules
from fleet.drift.kinds import ABOUT, ABOUT_RULES, Kind
from fleet.drift.live import InstanceView, Place, Snapshot
from fleet.drift.stacks import read_fleet
from tests.fleet.drift_world import INSTANCE, NUMBER, OTHER, World, live, number, simulator, world

__all__ = ["simulator", "world"]

HEAL = "ccc-numbers heal acme --yes"
LOOK = "ccc-numbers drift acme"
ADOPT = f"ccc-numbers adopt {INSTANCE} --stack acme"
TODAY = date.today()


def test_what_is_as_declared_is_clean(world: World) -> None:
    answer = world.drift()
    assert (answer.code, answer.kinds, answer.report["verdict"]) == (0, [], "clean")
    assert answer.report["total"] == {"declared": 3, "live": 3, "managed": 3}


def _differ(field: str, value: object) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.rows[0][field] = value

    return change


@pytest.mark.parametrize(
    ("change", "kind", "field", "expected", "actual"),
    [
        (_differ("usage", "Inbound"), "wrong-usage", "usage", "bidirectional", "inbound"),
        (_differ("contactFlow", "夜间流程"), "wrong-flow", "flow", "主流程", "夜间流程"),
        (_differ("skillGroups", ["vip"]), "wrong-groups", "skillGroups", "sales", "vip"),
        (_differ("skillGroups", ["sales", "vip"]), "wrong-groups", "skillGroups", "sales", "sales, vip"),
        (
            _differ("skillGroups", []),
            "dead-outbound",
            "skillGroups",
            "sales",
            "no skill group: nobody can call out with it",
        ),
    ],
)
def test_a_binding_changed_by_hand(
    world: World, change: Callable[[World], None], kind: str, field: str, expected: str, actual: str
) -> None:
    change(world)
    world.set()
    answer = world.drift()
    assert answer.code == 1
    found = answer.the(kind)
    assert answer.kinds == [(kind, NUMBER)]
    assert (found["severity"], found["stack"], found["instance"]) == ("error", "acme", INSTANCE)
    assert (found["field"], found["expected"], found["actual"]) == (field, expected, actual)
    assert (found["heal"], found["next"]["command"], found["next"]["do"]) == ("repairs", HEAL, None)
    assert found["source"] == {"file": "stacks/acme.yaml", "line": 9, "column": 7}


def test_a_number_that_lost_its_flow_is_a_dead_line(world: World) -> None:
    del world.rows[0]["contactFlow"]
    world.set()
    answer = world.drift()
    assert answer.kinds == [("dead-inbound", NUMBER)]
    assert answer.the("dead-inbound")["actual"] == "no flow: callers reach nothing"
    assert answer.the("dead-inbound")["next"]["command"] == HEAL


def test_a_usage_changed_by_hand_tells_nothing_about_the_flow_it_lost(world: World) -> None:
    world.rows[0] = live(NUMBER, usage="Outbound", contactFlow=None)
    world.set()
    assert world.drift().kinds == [("wrong-usage", NUMBER)]


def test_a_number_taken_out_by_hand_is_missing(world: World) -> None:
    del world.rows[0]
    world.state["unassigned"] = [{"number": NUMBER}]
    world.set()
    answer = world.drift()
    assert answer.kinds == [("missing", NUMBER)]
    assert answer.the("missing")["actual"] == "in no instance (among the account's unassigned numbers)"
    assert answer.the("missing")["next"]["command"] == HEAL


@pytest.mark.parametrize("listed", [False, True])
def test_a_number_in_another_instance(world: World, listed: bool) -> None:
    """Found in an instance the run reads anyway (`listed`), or by asking the account where it is."""
    world.state["instances"][OTHER]["numbers"].append(world.rows.pop(0))
    if listed:
        other = {"defaults": {"usage": "inbound", "flow": "主流程"}, "numbers": {number(9): {}}}
        world.declared["instances"][OTHER] = other
        world.state["instances"][OTHER]["numbers"].append(live(number(9), usage="Inbound", skillGroups=[]))
    world.set()
    answer = world.drift()
    assert answer.kinds == [("elsewhere", NUMBER)]
    found = answer.the("elsewhere")
    assert (found["expected"], found["actual"]) == (f"in {INSTANCE}", f"in {OTHER}")
    assert (found["heal"], found["next"]["command"]) == ("refuses", HEAL)
    assert found["next"]["do"] == "write `adopt: true` on it if it shall come back"
    world.numbers[NUMBER] = {"adopt": True}
    world.set()
    found = world.drift().the("elsewhere")
    assert (found["heal"], found["next"]["do"]) == ("repairs", None)


def test_a_number_that_is_not_imported_is_pending_and_no_drift(world: World) -> None:
    world.numbers[number(4)] = {}
    world.set()
    answer = world.drift()
    assert (answer.code, answer.kinds) == (0, [("pending", number(4))])
    assert answer.the("pending")["severity"] == "info"


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


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        (_order(), "its order o1 says imported"),
        (
            _order(stage="opened", since=str(TODAY - timedelta(days=90))),
            f"its order o1 is opened since {TODAY - timedelta(days=90)} and was due on",
        ),
    ],
)
def test_a_number_that_should_have_been_imported_is_pending_too_long(
    world: World, order: dict[str, object], cause: str
) -> None:
    world.declared["orders"] = {"o1": order | {"contact": {"dingtalk": "acme-group"}}}
    world.numbers[number(4)] = {"order": "o1"}
    world.set()
    answer = world.drift()
    assert (answer.code, answer.kinds) == (1, [("pending-too-long", number(4))])
    found = answer.the("pending-too-long")
    assert found["cause"].startswith(cause)
    assert found["next"]["do"] == "have CCC support (DingTalk acme-group) import it"
    world.simulator.import_numbers(number(4))
    assert world.drift().kinds == [("missing", number(4))]


def test_an_order_that_may_still_take_its_time_makes_a_number_pending(world: World) -> None:
    world.declared["orders"] = {"o1": _order(stage="opened", since=str(TODAY - timedelta(days=1)))}
    world.numbers[number(4)] = {"order": "o1"}
    world.set()
    assert world.drift().kinds == [("pending", number(4))]


def test_a_number_that_no_stack_declares_is_unmanaged(world: World) -> None:
    world.rows.append(live(number(9)))
    world.set()
    answer = world.drift()
    assert answer.kinds == [("unmanaged", number(9))]
    found = answer.the("unmanaged")
    assert found["actual"] == "bidirectional, flow 主流程, skill groups sales"
    assert (found["severity"], found["heal"], found["source"]) == ("warning", "leaves", None)
    assert (found["next"]["command"], found["next"]["do"]) == (ADOPT, None)
    assert answer.report["total"] == {"declared": 3, "live": 4, "managed": 3}


def test_what_another_stack_declares_is_not_unmanaged(world: World) -> None:
    world.rows.append(live(number(9)))
    world.set()
    second = {"instances": {INSTANCE: {"numbers": {number(9): {"usage": "inbound", "flow": "主流程"}}}}}
    world.stack("second", second)
    assert world.drift("acme").kinds == []
    assert world.drift("acme").report["total"]["managed"] == 4
    # The two together count the instance once.
    assert world.drift().report["total"] == {"declared": 4, "live": 4, "managed": 4}


def test_an_unmanaged_number_without_flow_or_group_is_told_as_dead_too(world: World) -> None:
    world.rows.append(live(number(9), contactFlow=None, skillGroups=[]))
    world.set()
    answer = world.drift()
    assert sorted(answer.kinds) == [
        ("dead-inbound", number(9)),
        ("dead-outbound", number(9)),
        ("unmanaged", number(9)),
    ]
    assert answer.the("dead-inbound")["heal"] == "leaves"
    assert answer.the("dead-inbound")["next"] == {
        "command": ADOPT,
        "do": "bind it in CCC's workbench or take it out of the instance",
    }


def test_an_inactive_number(world: World) -> None:
    world.rows[0]["active"] = False
    world.set()
    answer = world.drift()
    assert answer.kinds == [("inactive", NUMBER)]
    assert answer.the("inactive")["next"] == {
        "command": LOOK,
        "do": "ask CCC support (DingTalk cccsupport2) why",
    }
    world.rows[0]["active"] = True
    world.set()
    assert world.drift().code == 0


def test_a_number_given_to_an_agent_is_personal(world: World) -> None:
    world.rows[0] = live(NUMBER, skillGroups=[], user="wang")
    world.set()
    answer = world.drift()
    assert answer.kinds == [("personal", NUMBER)]
    found = answer.the("personal")
    assert found["actual"] == f"personal number of agent wang@{INSTANCE}"
    assert found["heal"] == "refuses"
    world.numbers[NUMBER] = {"agent": f"wang@{INSTANCE}"}
    world.set()
    assert world.drift().code == 0


@pytest.mark.parametrize(("user", "heal"), [("li", "refuses"), (None, "leaves")])
def test_a_personal_number_that_is_not_the_declared_agents(world: World, user: str | None, heal: str) -> None:
    world.numbers[NUMBER] = {"agent": "wang"}
    world.rows[0] = live(NUMBER, skillGroups=[], user=user)
    world.set()
    answer = world.drift()
    assert answer.kinds == [("personal", NUMBER)]
    assert answer.the("personal")["heal"] == heal


def test_an_agents_own_number_bound_otherwise_stops_a_healing(world: World) -> None:
    world.numbers[NUMBER] = {"agent": "wang"}
    world.rows[0] = live(NUMBER, skillGroups=[], user="wang", contactFlow="夜间流程")
    world.set()
    found = world.drift().the("wrong-flow")
    assert (found["heal"], found["next"]["do"]) == (
        "refuses",
        "change it in CCC's workbench: it is an agent's own",
    )


def test_a_number_declared_by_two_stacks_is_a_duplicate_for_both(world: World) -> None:
    world.stack("beta", {"instances": {OTHER: {"numbers": {NUMBER: {"usage": "inbound", "flow": "主流程"}}}}})
    answer = world.drift()
    assert answer.kinds == [("duplicate", NUMBER), ("duplicate", NUMBER)]
    first = answer.report["findings"][0]
    assert first["actual"] == f"declared by beta as well, for {OTHER}"
    assert (
        first["next"]["do"] == "take it out of one of the two: stacks/acme.yaml:9:7 or stacks/beta.yaml:4:7"
    )
    (world.root / "stacks" / "beta.yaml").unlink()
    (world.root / "stacks" / "Pulumi.beta.yaml").unlink()
    assert world.drift().code == 0


def test_stacks_of_different_worlds_share_no_numbers(world: World) -> None:
    declared = {"instances": {OTHER: {"numbers": {NUMBER: {"usage": "inbound", "flow": "主流程"}}}}}
    world.stack("beta", declared, endpoint="ccc.example.com")
    assert world.drift("acme").code == 0


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


def test_how_early_a_lapsing_order_is_told_can_be_chosen(world: World) -> None:
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
    for kind in ("inactive", "missing", "pending-too-long"):
        assert answer.the(kind)["cause"].startswith("its order o1 ended on"), kind


def test_many_numbers_are_read_in_one_call_that_a_count_confirms(world: World) -> None:
    world.begin(450)
    world.rows[7]["contactFlow"] = "夜间流程"
    world.rows.append(live(number(999)))
    world.set()
    world.simulator.reset()
    assert world.drift().kinds == [("wrong-flow", number(8)), ("unmanaged", number(999))]
    assert world.simulator.calls().keys() == {
        "GetInstance",
        "ListPhoneNumbers",
        "ListContactFlows",
        "ListSkillGroups",
    }
    assert world.simulator.count() == 4


def test_a_number_moved_while_ccc_was_listed_is_told_as_such(world: World) -> None:
    """CCC has no snapshot: two listings may both have a number that moved between them."""

    fleet = read_fleet(world.root, ["acme"])
    wire: dict[str, Any] = {
        "Number": NUMBER,
        "Usage": "Bidirection",
        "ContactFlowId": "f",
        "ContactFlowName": "主流程",
    }
    row = PhoneNumber.from_wire({**wire, "SkillGroups": [{"SkillGroupId": "sales@x", "Name": "sales"}]})
    views = {
        place: InstanceView(place, {NUMBER: row}, {}, {})
        for place in (Place("here", INSTANCE), Place("here", OTHER))
    }
    found = compare(fleet, ["acme"], Snapshot({"acme": "here"}, {}, views, {}), TODAY, 30)
    told = next(each for each in found if each.kind is Kind.DUPLICATE)
    assert told.actual == f"listed in {OTHER}, {INSTANCE}"


def test_every_kind_says_what_it_means() -> None:
    assert set(ABOUT) == set(Kind)
    assert all(about.means for about in ABOUT.values())


DOCS = (Path(__file__).parents[2] / "docs" / "drift.md").read_text("utf-8")


@pytest.mark.parametrize("kind", list(Kind))
def test_the_documentation_tells_every_kind_with_its_severity(kind: Kind) -> None:
    (row,) = [
        line for line in DOCS.splitlines() if line.startswith("|") and f"`{kind}`" in line.split("|")[1]
    ]
    _, _, severity, heal, _, _ = row.split("|")
    assert severity.strip() == ABOUT[kind].severity
    assert heal.strip() == ("–" if kind in ABOUT_RULES else ABOUT[kind].heal)


def test_the_documented_ignore_file_is_one(tmp_path: Path) -> None:
    example = DOCS.partition("```yaml\n")[2].partition("```")[0]
    file = tmp_path / "drift-ignore.yaml"
    file.write_text(example, "utf-8")
    (rule,) = read_rules(file)
    assert (rule.subjects, rule.owner, rule.field) == (("0218000*",), "wang.li", "flow")
