"""`ccc-numbers heal`: what it prints, what it leaves alone, and what the real `pulumi up` makes of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ccc_numbers.fleet.engine.automation import Engine
from ccc_numbers.fleet.engine.events import EventLog
from tests.fleet.drift_world import INSTANCE, NUMBER, OTHER, World, instance, live, number
from tests.fleet.real_stack import Real
from tests.gitops.test_fleet_run import URN, pre
from tests.support.worlds import Json


class Unhelpful(Engine):
    """Remembers what it should have deployed, and changes nothing."""

    deployed: ClassVar[list[str]] = []

    def __init__(
        self,
        project: Path,
        *,
        refresh: bool = False,
        at: datetime | None = None,
        targets: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        assert refresh, "what the state keeps is looked at too"
        assert at, "what was looked at and what is deployed are of one moment"
        self.project = project

    def plan(self, stack: str, save: Path, log: EventLog) -> None:
        log.take(pre("update", NUMBER, stack))
        save.write_text(json.dumps({"resourcePlans": {URN.format(stack, NUMBER): {"steps": ["update"]}}}))

    def apply(self, stack: str, plan: Path, log: EventLog) -> None:
        self.deployed.append(stack)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stacks that `heal` has deployed, by an engine that changes nothing."""
    Unhelpful.deployed.clear()
    monkeypatch.setattr("ccc_numbers.fleet.engine.automation.Engine", Unhelpful)
    return Unhelpful.deployed


def test_nothing_to_repair_says_what_was_looked_at(world: World) -> None:
    answer = world.run("heal")
    assert (answer.code, answer.out) == (
        0,
        "nothing to repair; clean\n3 of 3 numbers managed (100 %) in 1 instance of 1 stack\n",
    )
    world.rows.append(live(number(9)))
    world.set()
    answer = world.run("heal")
    assert (answer.code, answer.out.splitlines()[0]) == (0, "nothing to repair; drift: 1 finding: 1 warning")


def test_errors_that_up_leaves_are_never_nothing_to_repair(world: World, deployed: list[str]) -> None:
    del world.rows[0]
    world.set()
    answer = world.run("heal", "--yes")
    assert answer.code == 1
    assert f"cannot repair not-in-account: {NUMBER}: have CCC support" in answer.out
    assert "nothing that `up` can repair; 1 not-in-account left; drift: 1 finding: 1 error" in answer.out
    assert "2 of 2 numbers managed (100 %), 1 declared number is not there" in answer.out
    assert "nothing to repair" not in answer.out
    assert deployed == []
    world.rows[0]["contactFlow"] = "夜间流程"
    world.set()
    answer = world.run("heal", "--yes")
    assert (answer.code, deployed) == (1, ["acme"])
    assert "looked again: 1 wrong-flow, 1 not-in-account left" in answer.out


def test_without_yes_it_prints_what_would_be_run_on_exactly_the_stacks_concerned(
    world: World, deployed: list[str]
) -> None:
    world.rows[0]["contactFlow"] = "夜间流程"
    world.state["instances"][OTHER]["numbers"] = [live(number(50), usage="Inbound", skillGroups=[])]
    world.set()
    world.stack(
        "beta", {"instances": {OTHER: {"numbers": {number(50): {"usage": "inbound", "flow": "主流程"}}}}}
    )
    answer = world.run("heal")
    assert answer.code == 1
    assert f"wrong-flow flow: {NUMBER}: 夜间流程 → 主流程" in answer.out
    assert "pulumi up --refresh --yes --stack acme" in answer.out
    assert "beta" not in answer.out
    assert "nothing was run; --yes runs it" in answer.out
    assert deployed == []


def test_yes_runs_it_and_looks_again(world: World, deployed: list[str]) -> None:
    world.rows[0]["contactFlow"] = "夜间流程"
    world.set()
    answer = world.run("heal", "--yes")
    assert deployed == ["acme"]
    assert "acme: done: 1 changed" in answer.out
    # This engine repairs nothing, and heal does not take its word for it.
    assert (answer.code, "looked again: 1 wrong-flow left" in answer.out) == (1, True)


def _elsewhere(world: World) -> None:
    world.state["instances"][OTHER]["numbers"].append(world.rows.pop(1))


def _personal(world: World) -> None:
    world.rows[1] = live(number(2), skillGroups=[], user="wang")


def _unpublished(world: World) -> None:
    world.here["contactFlows"][1]["published"] = False
    world.numbers[number(2)] = {"flow": "夜间流程"}


@pytest.mark.parametrize(
    ("change", "stops"),
    [
        (_elsewhere, f"stops at elsewhere: {number(2)}: in {OTHER}; first write `adopt: true` on it"),
        (
            _personal,
            f"stops at personal: {number(2)}: personal number of agent wang@{INSTANCE}; first write `agent: wang",
        ),
        (_unpublished, "stops at flow-unpublished: 夜间流程: never published; first publish it"),
    ],
)
def test_where_up_would_stop_the_stack_is_left_alone(
    world: World, deployed: list[str], change: Callable[[World], None], stops: str
) -> None:
    world.rows[0]["usage"] = "Inbound"
    change(world)
    world.set()
    answer = world.run("heal", "--yes")
    assert answer.code == 1
    assert stops in answer.out
    assert deployed == []


def test_a_stack_that_could_not_be_read_whole_is_left_alone(world: World, deployed: list[str]) -> None:
    world.rows[0]["usage"] = "Inbound"
    world.declared["instances"][OTHER] = {"numbers": {number(50): {"usage": "inbound", "flow": "主流程"}}}
    world.state["instances"][OTHER]["status"] = "STOPPED"
    world.set()
    answer = world.run("heal", "--yes")
    assert answer.code == 2
    assert "not all of it could be read, so it is left alone" in answer.out
    assert deployed == []


def test_what_a_rule_ignores_but_up_would_repair_is_said(world: World) -> None:
    world.rows[0]["usage"] = "Inbound"
    world.rows[1]["contactFlow"] = "夜间流程"
    world.set()
    until = date.today() + timedelta(days=9)
    text = f'rules: [{{subject: "{number(2)}", reason: r, owner: o, until: {until}}}]\n'
    Path("drift-ignore.yaml").write_text(text, "utf-8")
    answer = world.run("heal")
    assert f"repaired as well, though ignored: wrong-flow: {number(2)}\n" in answer.out


def test_without_pulumi_it_says_where_to_get_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.rows[0]["usage"] = "Inbound"
    world.set()
    monkeypatch.setenv("PATH", "/nowhere")
    answer = world.run("heal", "--yes")
    assert answer.code == 2
    assert answer.err.startswith("ccc-numbers: the Pulumi CLI is not on PATH")


def test_everything_up_can_repair_is_gone_after_heal_and_nothing_else_was_touched(real: Real) -> None:
    """Each kind made by hand in a stack that was as declared, then `heal --yes` as the findings say."""
    flows = real.stack.folder / "stacks" / "flows"
    flows.mkdir()
    (flows / "weekend.json").write_text('{"day": "weekend"}', "utf-8")
    numbers: dict[str, dict[str, Any]] = {number(index): {} for index in range(1, 9)}
    numbers[number(6)] = {"adopt": True}
    numbers[number(8)] = {"order": "o1"}
    declared = {
        "protected": False,
        "skillGroups": {"night": {"displayName": "夜班"}},
        "contactFlows": {"周末流程": {"definition": "flows/weekend.json"}},
        "defaults": {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]},
        "numbers": numbers,
    }
    order = {"vendor": "A", "product": "landline-aftersales", "stage": "opened", "quantity": 2}
    order |= {"purchased": str(date.today()), "term": "1y", "scene": "售后回访"}
    real.stack.declare({"instances": {INSTANCE: declared}, "orders": {"o1": order}})
    state: Json = {
        "instances": {INSTANCE: instance(), OTHER: instance()},
        "unassigned": [{"number": number(index), "provider": "A"} for index in range(1, 8)],
    }
    real.simulator.put_state(state)
    up = real.stack.up()
    assert up.code == 0, up.text
    assert real.kinds("--skip", "group-empty") == [("pending", number(8))]

    state = real.simulator.state()
    here = state["instances"][INSTANCE]
    rows = {row["number"]: row for row in here["numbers"]}
    rows[number(1)]["usage"] = "Inbound"
    rows[number(2)]["contactFlow"] = "夜间流程"
    rows[number(3)]["skillGroups"] = ["vip"]
    del rows[number(4)]["contactFlow"]
    rows[number(5)]["skillGroups"] = []
    state["instances"][OTHER]["numbers"].append(rows.pop(number(6)))
    state["unassigned"].append({"number": rows.pop(number(7))["number"]})
    here["numbers"] = [*rows.values(), live(number(99), skillGroups=["vip"])]
    weekend = next(flow for flow in here["contactFlows"] if flow["name"] == "周末流程")
    weekend["definition"] = '{"day": "monday"}'
    next(group for group in here["skillGroups"] if group["name"] == "night")["displayName"] = "白班"
    real.simulator.put_state(state)
    real.simulator.import_numbers(number(8), provider="A")

    assert sorted(real.kinds("--skip", "group-empty")) == [
        ("dead-inbound", number(4)),
        ("dead-outbound", number(5)),
        ("elsewhere", number(6)),
        ("flow-changed", "周末流程"),
        ("group-changed", "night"),
        ("missing", number(7)),
        ("missing", number(8)),
        ("unmanaged", number(99)),
        ("wrong-flow", number(2)),
        ("wrong-groups", number(3)),
        ("wrong-usage", number(1)),
    ]
    assert ("state-behind", number(2)) in real.kinds(
        "--state", "--only", "state-behind,state-lacks,state-keeps"
    )
    healed = real.run("heal", "dev", "--yes")
    assert (healed.code, "looked again: all repaired; drift: 1 finding: 1 warning" in healed.out) == (
        0,
        True,
    ), healed.out
    assert real.kinds("--state", "--skip", "group-empty") == [("unmanaged", number(99))]
    (untouched,) = [
        row for row in real.simulator.state()["instances"][INSTANCE]["numbers"] if row["number"] == number(99)
    ]
    assert untouched["skillGroups"] == ["vip"]

    # What the state lacks and keeps, when the file has moved on.
    numbers[number(9)] = {}
    del numbers[number(1)]
    real.stack.declare({"instances": {INSTANCE: declared}, "orders": {"o1": order}})
    found = json.loads(real.run("drift", "--state", "--only", "state-lacks,state-keeps", "-o", "json").out)
    told = [(each["kind"], each["subject"], each["next"]["command"]) for each in found["findings"]]
    command = "pulumi up --refresh --stack dev"
    assert told == [("state-keeps", number(1), command), ("state-lacks", number(9), command)]
    done = real.stack.pulumi(*command.split()[1:], "--yes")
    assert done.returncode == 0, done.stdout
    assert real.kinds("--state", "--only", "state-behind,state-lacks,state-keeps") == []


def test_a_state_that_cannot_be_read_is_incomplete(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    real.simulator.put_state({"instances": {INSTANCE: instance(live(NUMBER))}})
    real.stack.declare({"instances": {INSTANCE: {"numbers": {NUMBER: live_as_declared()}}}})
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///nowhere/at/all")
    answer = real.run("drift", "--state", "--output", "json")
    assert answer.code == 2
    assert answer.report["unseen"][0]["reason"].startswith("Pulumi state: ")
    assert answer.kinds == []


def live_as_declared() -> dict[str, Any]:
    """A number as `live` binds it."""
    return {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]}
