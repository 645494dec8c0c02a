"""Who is planned and applied in which order, and what stops a run; the engine is a stand-in here."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from pulumi.automation.events import EngineEvent

from ccc_numbers.fleet.engine.automation import Engine, Locked
from ccc_numbers.fleet.engine.events import EventLog
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StackTask, StopRules
from ccc_numbers.fleet.gitops.saved_plans import SavedPlan
from ccc_numbers.fleet.plan.result import Outcome, Result, summary_line

URN = "urn:pulumi:{}::p::ccc:components:InstanceNumbers$ccc:index:PhoneNumber::{}"


def pre(op: str, number: str, stack: str = "acme", **more: object) -> EngineEvent:
    """The engine begins a step on a number."""
    metadata = {"op": op, "urn": URN.format(stack, number), "type": "ccc:index:PhoneNumber", **more}
    return EngineEvent.from_json(
        {"sequence": 1, "timestamp": 1, "resourcePreEvent": {"metadata": {"provider": "", **metadata}}}
    )


def roster_foresees(instance: str, **said: object) -> EngineEvent:
    """What the roster of an instance answers in a preview."""
    outputs = {"instanceId": instance, "foreseen": said}
    metadata = {
        "op": "update",
        "urn": URN.format("acme", f"{instance}-roster"),
        "provider": "",
        "type": "ccc:index:InstanceRoster",
        "new": {
            "type": "",
            "urn": "",
            "id": "",
            "parent": "",
            "provider": "",
            "inputs": {},
            "outputs": outputs,
        },
    }
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "resOutputsEvent": {"metadata": metadata}})


class StandIn(Engine):
    """Plans what it is told per stack; remembers what was applied."""

    def __init__(
        self, plans: Mapping[str, Mapping[str, str]], failing: Mapping[str, Exception] | None = None
    ):
        self.plans = plans
        self.failing = dict(failing or {})
        self.applied: list[str] = []
        self.planned: list[str] = []

    def plan(self, stack: str, save: Path, log: EventLog) -> None:
        self.planned.append(stack)
        if stack in self.failing:
            raise self.failing[stack]
        steps = {}
        gone = [number for number, op in self.plans[stack].items() if op == "delete"]
        log.take(roster_foresees(stack, remove=gone))
        for number, op in self.plans[stack].items():
            log.take(pre(op, number, stack))
            steps[URN.format(stack, number)] = {"steps": [op]}
        save.write_text(json.dumps({"resourcePlans": steps}))

    def apply(self, stack: str, plan: Path, log: EventLog) -> None:
        assert plan.exists()
        self.applied.append(stack)
        for number, op in self.plans[stack].items():
            log.take(pre(op, number, stack))


def tasks(folder: Path, *stacks: str) -> list[StackTask]:
    return [StackTask(stack, folder / f"{stack}.json") for stack in stacks]


def saved(plan: Path, files: Mapping[str, str] = {}) -> SavedPlan:
    return SavedPlan(plan, Result("a", "plan", Outcome.DONE, files=files))


def silence(_: Result) -> None: ...


def outcomes(results: list[Result]) -> dict[str, str]:
    return {each.stack: str(each.outcome) for each in results}


def test_all_are_planned_before_the_first_is_applied(tmp_path: Path) -> None:
    engine = StandIn({"a": {"1": "create"}, "b": {"2": "update"}})
    results = FleetRun(engine, StopRules(), 2).apply(tasks(tmp_path, "a", "b"), silence)
    assert outcomes(results) == {"a": "done", "b": "done"}
    assert summary_line(results) == "2 stacks: 2 done; +1 ~1"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (StopRules(max_changes=2), "3 changes in all stacks together, and --max-changes allows 2"),
        (StopRules(max_removals=0), "1 removals in all stacks together, and --max-removals allows 0"),
    ],
)
def test_a_broken_rule_stops_every_stack_before_anything_is_changed(
    tmp_path: Path, rules: StopRules, said: str
) -> None:
    engine = StandIn({"a": {"1": "create", "2": "delete"}, "b": {"3": "update"}})
    results = FleetRun(engine, rules, 2).apply(tasks(tmp_path, "a", "b"), silence)
    assert outcomes(results) == {"a": "refused", "b": "refused"}
    assert results[0].errors[0].startswith(said)
    assert engine.applied == []


def test_a_stack_that_cannot_be_planned_keeps_no_other_from_being_applied(tmp_path: Path) -> None:
    engine = StandIn({"b": {"2": "create"}}, {"a": FleetError("no contact flow")})
    results = FleetRun(engine, StopRules(), 1).apply(tasks(tmp_path, "a", "b"), silence)
    assert outcomes(results) == {"a": "failed", "b": "done"}
    assert results[0].errors == ("no contact flow",)


def test_a_stack_as_declared_is_not_touched(tmp_path: Path) -> None:
    engine = StandIn({"a": {"1": "same"}, "b": {}})
    reported: list[Result] = []
    results = FleetRun(engine, StopRules(), 1).apply(tasks(tmp_path, "a", "b"), reported.append)
    assert summary_line(results) == "2 stacks: 2 done; no changes"
    assert engine.applied == []
    assert reported == results


def test_with_fail_fast_it_does(tmp_path: Path) -> None:
    engine = StandIn({"b": {"2": "create"}, "c": {}}, {"a": FleetError("no contact flow")})
    results = FleetRun(engine, StopRules(fail_fast=True), 1).apply(tasks(tmp_path, "a", "b", "c"), silence)
    assert outcomes(results) == {"a": "failed", "b": "left out", "c": "left out"}
    assert engine.planned == ["a"]
    assert engine.applied == []


def test_a_first_try_that_got_halfway_may_be_repeated(tmp_path: Path) -> None:
    reviewed = tmp_path / "reviewed.json"
    steps = {URN.format("a", number): {"steps": ["create"]} for number in "12"}
    reviewed.write_text(json.dumps({"resourcePlans": steps}))
    engine = StandIn({"a": {"1": "same", "2": "create"}})
    results = FleetRun(engine, StopRules(), 1).apply(
        [StackTask("a", tmp_path / "a", reviewed=saved(reviewed))], silence
    )
    assert outcomes(results) == {"a": "done"}


def test_more_than_was_reviewed_is_refused_with_the_files_that_changed(tmp_path: Path) -> None:
    reviewed = tmp_path / "reviewed.json"
    reviewed.write_text(json.dumps({"resourcePlans": {URN.format("a", "1"): {"steps": ["create"]}}}))
    engine = StandIn({"a": {"1": "create", "2": "delete"}})
    before, now = {"stacks/a.yaml": "old", "stacks/n.csv": "x"}, {"stacks/a.yaml": "new", "stacks/n.csv": "x"}
    task = StackTask("a", tmp_path / "a", now, saved(reviewed, before))
    (result,) = FleetRun(engine, StopRules(), 1).apply([task], silence)
    assert result.outcome is Outcome.REFUSED
    assert result.errors[0] == (
        "the plan no longer fits, nothing was changed; changed since: stacks/a.yaml. Plan and review it again"
    )
    assert result.errors[1] == "2: delete, which was not reviewed"
    assert engine.applied == []


def test_a_lock_is_waited_for_as_long_as_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccc_numbers.fleet.gitops.fleet_run._LOCK_PAUSE_SECONDS", 0.01)
    engine = StandIn({"a": {}}, {"a": Locked("locked by runner@h7")})
    run = FleetRun(engine, StopRules(lock_wait=30), 1)
    released = threading.Timer(0.05, engine.failing.clear)
    released.start()
    assert outcomes(run.plan(tasks(tmp_path, "a"), silence)) == {"a": "done"}
    engine.failing["a"] = Locked("locked by runner@h7")
    (result,) = FleetRun(engine, StopRules(), 1).plan(tasks(tmp_path, "a"), silence)
    assert result.errors == ("locked by runner@h7",)


def test_an_error_nobody_expects_is_a_bug_and_ends_the_run(tmp_path: Path) -> None:
    engine = StandIn({}, {"a": ZeroDivisionError()})
    with pytest.raises(ZeroDivisionError):
        FleetRun(engine, StopRules(), 1).plan(tasks(tmp_path, "a"), silence)
