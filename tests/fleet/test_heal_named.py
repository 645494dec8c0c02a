"""`ccc-numbers heal --number`, `--kind`, `--only`: exactly what was named is written, by the real `pulumi up`."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.healing import Healing
from ccc_numbers.fleet.drift.picked import targets_of
from ccc_numbers.fleet.drift.run import DriftOptions, look
from ccc_numbers.fleet.engine.events import EventLog
from ccc_numbers.fleet.engine.states import State
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.numbers.finding_kinds import FindingKind
from tests.fleet.drift_world import INSTANCE, World, instance, number
from tests.fleet.real_stack import Real
from tests.fleet.test_answers import validated
from tests.fleet.test_heal import Unhelpful
from tests.gitops.test_fleet_run import URN, pre

WRITES = ("AddPhoneNumbers", "RemovePhoneNumbers", "ModifyPhoneNumber")


def _rows(real: Real) -> dict[str, dict[str, Any]]:
    return {row["number"]: row for row in real.simulator.state()["instances"][INSTANCE]["numbers"]}


def test_heal_repairs_what_was_named_and_touches_nothing_else(real: Real) -> None:
    numbers: dict[str, dict[str, Any]] = {number(index): {} for index in range(1, 9)}
    declared: dict[str, Any] = {
        "removalBudget": 1,
        "skillGroups": {"night": {"displayName": "夜班"}},
        "defaults": {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]},
        "numbers": numbers,
    }
    real.stack.declare({"instances": {INSTANCE: declared}})
    real.simulator.put_state(
        {"instances": {INSTANCE: instance()}, "unassigned": [{"number": each} for each in numbers]}
    )
    up = real.stack.up()
    assert up.code == 0, up.text

    state = real.simulator.state()
    here = state["instances"][INSTANCE]
    rows = {row["number"]: row for row in here["numbers"]}
    for index in (1, 2, 3):
        rows[number(index)]["contactFlow"] = "夜间流程"
    rows[number(3)]["skillGroups"] = ["vip"]
    rows[number(4)]["usage"] = "Inbound"
    state["unassigned"].append({"number": rows.pop(number(5))["number"]})
    here["numbers"] = list(rows.values())
    next(group for group in here["skillGroups"] if group["name"] == "night")["displayName"] = "白班"
    real.simulator.put_state(state)
    real.simulator.import_numbers(number(9))
    # Nobody has deployed these: one number more, and one that the file gives up.
    numbers[number(9)] = {}
    del numbers[number(8)]
    real.stack.declare({"instances": {INSTANCE: declared}})

    before = _rows(real)
    writes = real.simulator.count(*WRITES)
    healed = real.run("heal", "dev", "--kind", "wrong-flow", "--yes")
    assert (healed.code, _rows(real)) == (
        1,
        before | {n: before[n] | {"contactFlow": "主流程"} for n in (number(1), number(2))},
    )
    assert f"left alone: wrong-flow: {number(3)}: it has wrong-groups too" in healed.out
    assert "looked again: 1 wrong-flow left, as far as named; not named, left as they are:" in healed.out
    assert "2 missing" in healed.out
    assert real.simulator.count(*WRITES) - writes <= 2

    removals = real.simulator.count("RemovePhoneNumbers")
    refused = real.run("heal", "dev", "--number", number(9), "--yes")
    assert refused.code == 2
    assert refused.err == (
        f"ccc-numbers: stack dev: {number(9)}: not in Pulumi's state, so not repaired alone; heal the whole stack\n"
    )
    healed = real.run(
        "heal", "dev", "--only", f"missing:{number(5)}", "--only", "group-changed:night", "--yes"
    )
    assert healed.code == 0, healed.out
    assert _rows(real).keys() == before.keys() | {number(5)}
    (night,) = [
        g for g in real.simulator.state()["instances"][INSTANCE]["skillGroups"] if g["name"] == "night"
    ]
    assert night["displayName"] == "夜班"
    healed = real.run("heal", "dev", "--number", number(3), "--yes")
    assert healed.code == 0, healed.out
    assert "looked again: all repaired, as far as named" in healed.out
    # The rest waits for the whole heal, and for a person: what was given up is still a live line.
    assert sorted(real.kinds("--skip", "group-empty")) == [
        ("missing", number(9)),
        ("unmanaged", number(8)),
        ("wrong-usage", number(4)),
    ]
    assert _rows(real)[number(8)] == before[number(8)]
    assert real.simulator.count("RemovePhoneNumbers") == removals


def test_heal_counts_what_was_named_against_the_change_budget(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ccc_numbers.fleet.engine.automation.Engine", Unhelpful)
    Unhelpful.deployed.clear()
    world.declared["instances"][INSTANCE]["changeBudget"] = 1
    for row in world.rows[:2]:
        row["contactFlow"] = "夜间流程"
    world.set()
    answer = world.run("heal", "--kind", "wrong-flow", "--yes")
    assert answer.code == 1
    assert "this update would rebind 2 of 3 lines of acme-support; its change budget allows 1" in answer.out
    assert Unhelpful.deployed == []
    monkeypatch.setenv("CCC_ALLOW_CHANGES", "2")
    assert "change budget" not in world.run("heal", "--kind", "wrong-flow").out


def test_heal_leaves_an_ignored_finding_of_a_named_number(world: World) -> None:
    world.rows[0]["contactFlow"], world.rows[0]["skillGroups"] = "夜间流程", ["vip"]
    world.set()
    rule = (
        f'rules: [{{subject: "{number(1)}", kind: wrong-groups, reason: r, owner: o, until: 2099-01-01}}]\n'
    )
    (world.root / "drift-ignore.yaml").write_text(rule, "utf-8")
    answer = world.run("heal", "--number", number(1), "--yes")
    assert answer.code == 1
    assert (
        f"left alone: wrong-flow: {number(1)}: it has wrong-groups too, which was not named or is ignored"
        in answer.out
    )
    found = validated(world, "heal", "--number", number(1), code=1)
    (stack,) = found["stacks"]
    assert (stack["possible"], found["ran"], found["named"], found["verdict"]) == (
        False,
        False,
        True,
        "drift",
    )
    assert [each["finding"]["kind"] for each in stack["leftAlone"]] == ["wrong-flow"]
    assert [each["kind"] for each in found["left"]] == ["wrong-flow"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            ("--number", "02180001009"),
            '--number "02180001009": is not a number of these stacks; did you mean',
        ),
        (
            ("--kind", "wrong-flaw"),
            '--kind "wrong-flaw": no such kind of finding; did you mean "wrong-flow"?',
        ),
        (("--only", "wrong-flow"), '--only "wrong-flow": is not KIND:SUBJECT (wrong-flow:02180001001)'),
    ],
)
def test_heal_refuses_a_name_that_nothing_has(world: World, words: tuple[str, str], error: str) -> None:
    answer = world.run("heal", *words, "--yes")
    assert (answer.code, error in answer.err) == (2, True), answer.err
    assert world.run("heal", "--number", number(1)).out.startswith(
        "nothing to repair, as far as named; clean"
    )


class Replacing(Unhelpful):
    """Plans to take a skill group away and make it again."""

    def plan(self, stack: str, save: Path, log: EventLog) -> None:
        log.take(pre("replace", "night", stack, type="ccc:index:SkillGroup"))
        save.write_text('{"resourcePlans": {}}', "utf-8")


def test_heal_of_what_was_named_refuses_a_replacement(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    state = json.dumps(
        {
            "deployment": {
                "resources": [{"urn": URN.format("acme", number(1)), "inputs": {"instanceId": INSTANCE}}]
            }
        }
    )
    monkeypatch.setattr("ccc_numbers.fleet.engine.states.export", lambda _, stack: State(stack, state))
    monkeypatch.setattr("ccc_numbers.fleet.engine.automation.Engine", Replacing)
    Unhelpful.deployed.clear()
    world.rows[0]["contactFlow"] = "夜间流程"
    world.set()
    answer = world.run("heal", "--number", number(1), "--yes")
    assert answer.code == 2, answer.out
    assert "1 removals in all stacks together, and --max-removals allows 0" in answer.out
    assert Unhelpful.deployed == []


def test_heal_refuses_a_name_that_the_engine_takes_for_many(world: World) -> None:
    world.rows[0]["contactFlow"] = "夜间流程"
    world.set()
    finding = replace(_finding(world), subject="vip*", kind=FindingKind.GROUP_CHANGED)
    urn = f"urn:pulumi:acme::p::ccc:index:SkillGroup::{INSTANCE}/vip*"
    state = State(
        "acme",
        json.dumps({"deployment": {"resources": [{"urn": urn, "inputs": {"instanceId": INSTANCE}}]}}),
    )
    with pytest.raises(FleetError, match=r"stack acme: vip\*: not in Pulumi's state"):
        targets_of(Healing("acme", (finding,), (), (), (), unseen=False), state)


def _finding(world: World) -> Finding:
    found = look(world.root, ["acme"], DriftOptions(), date(2027, 1, 1)).report.findings
    return found[0]
