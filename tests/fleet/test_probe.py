"""`ccc-numbers probe`: it finds every behaviour that can be told, and leaves no trace of having looked."""

import json
import random
import re
from typing import Any

import pytest

from ccc_numbers.fleet.probe.run import NOT_TRIED
from tests.fleet.drift_world import INSTANCE, NUMBER, World, instance, live, number
from tests.support.simulator import start_simulator
from tests.support.switches import AS_SUPPOSED, SWITCHES

SPARE = "02180001999"
TOLD_BY_READING = {
    "error-status",
    "list-order",
    "search",
    "unset",
    "missing-parameter",
    "blank-parameter",
    "list-draft-id",
    "get-flow-draft",
    "abnormal-instance",
    "page-past-end",
    "enumeration-case",
    "instance-numbers",
}


def dashed(switch: str) -> str:
    return switch.replace("_", "-")


@pytest.fixture
def probed(world: World) -> World:
    """An instance with numbers of different days, a sub-flow, a stopped neighbour and a number to spare."""
    here = instance(
        live(number(2)), live(NUMBER), live(number(3), usage="Outbound", contactFlow=None), live(number(9))
    )
    here["contactFlows"].append({"name": "子流程", "type": "SUB_FLOW", "published": True})
    world.state = {
        "instances": {INSTANCE: here, "closed": {"status": "STOPPED"}},
        "unassigned": [{"number": SPARE, "province": "上海"}],
    }
    world.simulator.put_state(world.state)
    world.simulator.reset()
    return world


def held(world: World) -> dict[str, Any]:
    """The whole state but how it behaves."""
    return {name: each for name, each in world.simulator.state().items() if name != "switches"}


def probe(world: World, *words: str) -> dict[str, Any]:
    answer = world.run("probe", "acme", "--instance", INSTANCE, "--output", "json", *words)
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_reading_alone_tells_and_writes_nothing(probed: World) -> None:
    before = probed.simulator.state()
    found = probe(probed)
    assert found["switches"].keys() >= TOLD_BY_READING - {"list-order"}, found["untold"]
    assert found["switches"].keys() <= TOLD_BY_READING
    assert found["untold"]["remove-bound"] == "only a trial tells"
    assert probed.simulator.state() == before
    assert {each for each in probed.simulator.calls() if not each.startswith(("List", "Get"))} == set()


@pytest.mark.parametrize("chance", range(10))
def test_ten_random_behaviours_are_found(probed: World, chance: int) -> None:
    tellable = [(name, value) for name, value in SWITCHES if dashed(name) not in NOT_TRIED]
    chosen = AS_SUPPOSED | dict(random.Random(chance).sample(tellable, 10))  # no secret
    probed.simulator.switch(**chosen)
    before = held(probed)
    found = probe(probed, "--expendable", SPARE, "--yes")
    expected = {dashed(name): value for name, value in chosen.items()}
    wrong = {name: value for name, value in found["switches"].items() if value != expected[name]}
    assert wrong == {}
    assert expected.keys() - found["switches"].keys() - set(NOT_TRIED) <= {
        "usage-of-400",
        "list-order",
        "no-failures",
    }
    assert held(probed) == before


@pytest.mark.parametrize(("name", "value"), [each for each in SWITCHES if dashed(each[0]) not in NOT_TRIED])
def test_no_behaviour_is_told_wrongly(probed: World, name: str, value: str) -> None:
    probed.simulator.switch(**{name: value})
    found = probe(probed, "--expendable", SPARE, "--yes")["switches"]
    assert found.get(dashed(name), value) == value


def test_a_declared_number_is_refused_before_anything(probed: World) -> None:
    answer = probed.run("probe", "acme", "--instance", INSTANCE, "--expendable", NUMBER, "--yes")
    assert answer.code == 2
    assert f"{NUMBER} is declared by stack acme" in answer.err
    assert probed.simulator.count() == 0


def test_a_number_in_an_instance_is_refused_before_anything(probed: World) -> None:
    answer = probed.run("probe", "acme", "--instance", INSTANCE, "--expendable", number(9), "--yes")
    assert answer.code == 2
    assert f"{number(9)} is not unassigned" in answer.err
    assert probed.simulator.state()["instances"][INSTANCE]["numbers"]
    assert not any(each.startswith(("Add", "Modify", "Remove")) for each in probed.simulator.calls())


def test_without_a_terminal_trials_are_shown_and_not_made(probed: World) -> None:
    answer = probed.run("probe", "acme", "--instance", INSTANCE, "--expendable", SPARE)
    assert answer.code == 1
    assert "take it out of the instance while it is bound" in answer.err
    assert "--yes" in answer.err
    assert probed.simulator.count() == 0


def test_a_failure_midway_is_undone(probed: World) -> None:
    before = probed.simulator.state()
    probed.simulator.faults([{"action": "ModifyPhoneNumber", "fault": "unavailable"}])
    found = probe(probed, "--expendable", SPARE, "--yes")
    assert "no usable answer" in found["untold"]["modify-without-flow"]
    probed.simulator.faults([])
    assert probed.simulator.state() == before


def test_what_cannot_be_undone_is_an_error(probed: World) -> None:
    probed.simulator.faults(
        [{"action": "RemovePhoneNumbers", "fault": "error", "code": "InternalService.DB"}]
    )
    answer = probed.run("probe", "acme", "--instance", INSTANCE, "--expendable", SPARE, "--yes")
    assert answer.code == 2
    assert f"{SPARE} is not unassigned again" in answer.err
    assert probed.simulator.numbers(INSTANCE)[SPARE]["skillGroups"] == []


def test_the_profile_and_the_recording_hold_nobodys_data(probed: World) -> None:
    profile, recording = probed.root / "profile.json", probed.root / "calls.json"
    probed.simulator.switch(search="prefix")
    probe(probed, "--expendable", SPARE, "--yes", "--save", str(profile), "--record", str(recording))
    with start_simulator(profile=profile) as another:
        assert another.state()["switches"] == {"search": "prefix"}
    text = recording.read_text("utf-8")
    for secret in (SPARE, NUMBER, INSTANCE, "主流程", "sales", "wang"):
        assert secret not in text
    assert not re.search(r"\d{7}", text)
    assert {each["action"] for each in json.loads(text)} >= {
        "GetInstance",
        "AddPhoneNumbers",
        "RemovePhoneNumbers",
    }
