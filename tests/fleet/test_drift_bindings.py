"""Numbers bound otherwise than declared: each made by hand in the simulator, found, named right, and gone after what it names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fleet.drift_world import INSTANCE, NUMBER, World, live, number

HEAL = "ccc-numbers heal acme --yes"
LOOK = "ccc-numbers drift acme"


def test_what_is_as_declared_is_clean(world: World) -> None:
    answer = world.drift()
    assert (answer.code, answer.kinds, answer.report["verdict"]) == (0, [], "clean")
    assert answer.report["total"] == {"declared": 3, "live": 3, "managed": 3, "absent": 0}


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


@pytest.mark.parametrize(("agent", "user"), [("wang", "li"), ("wang", None), (None, "wang")])
def test_a_personal_number_that_is_not_the_declared_agents(
    world: World, agent: str | None, user: str | None
) -> None:
    world.numbers[NUMBER] = {"agent": agent}
    world.rows[0] = live(NUMBER, skillGroups=[], user=user)
    world.set()
    answer = world.drift()
    assert answer.kinds == [("personal", NUMBER)]
    found = answer.the("personal")
    own = "personal number of agent {}"
    assert (found["expected"], found["actual"], found["heal"]) == (
        own.format(agent) if agent else "given to no agent",
        own.format(f"{user}@{INSTANCE}") if user else "given to no agent",
        "repairs",
    )


def test_an_agents_own_number_keeps_its_agent_while_its_flow_is_repaired(world: World) -> None:
    world.numbers[NUMBER] = {"agent": "wang"}
    world.rows[0] = live(NUMBER, skillGroups=[], user="wang", contactFlow="夜间流程")
    world.set()
    answer = world.drift()
    assert (answer.kinds, answer.the("wrong-flow")["heal"]) == ([("wrong-flow", NUMBER)], "repairs")


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


def test_drift_of_one_number_reports_that_alone(world: World) -> None:
    world.rows[0]["contactFlow"] = world.rows[1]["contactFlow"] = "夜间流程"
    world.rows.append(live(number(9)))
    world.set()
    Path("drift-ignore.yaml").write_text(
        "rules: [{subject: x, reason: r, owner: o, until: 2099-01-01}]\n", "utf-8"
    )
    answer = world.drift("--number", number(2), "--number", number(9))
    assert answer.kinds == [("wrong-flow", number(2)), ("unmanaged", number(9))]
    assert answer.report["numbers"] == [number(2), number(9)]
    said = world.run("drift", "--number", number(3))
    assert (said.code, f"clean as far as looked for ({number(3)})" in said.out) == (0, True)
    assert number(3) not in world.run("drift", "--number", number(3), "--mask").out
    wrong = world.run("drift", "--number", "02180009999")
    assert wrong.code == 2
    assert wrong.err.startswith('ccc-numbers: --number "02180009999": is not a number of these stacks; ')
    assert world.run("drift", "--number", number(2), "--accept").code == 2
    assert not Path("drift-baseline.yaml").exists()
