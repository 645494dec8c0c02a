"""Two at once: stacks that want one number, runs of one stack, a person at the console, a look, a repair.

The order of a race is the simulator's: it holds one call until the other side has come to its end. One wins, the other says
plainly that it lost, and nothing is left half done.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.provider.conftest import Begin
from tests.provider.test_interruption import begin_up
from tests.provider.test_up import DEFAULT, free, held
from tests.support.simulator import Simulator, wait_until
from tests.support.stack import Stack
from tests.support.worlds import INSTANCE, OTHER, bound, declaration, instance, number, numbers, seed

NIGHT = ("Bidirectional", "夜间流程", ("sales",))


def held_at(simulator: Simulator, action: str, running: "subprocess.Popen[str]") -> None:
    """Wait until that call stands. CCC has not done it: it is sent again once the faults are gone."""
    wait_until(lambda: simulator.struck() or running.poll() is not None)
    assert running.poll() is None, f"it never came to {action}: {running.communicate()[0]}"


def hold(simulator: Simulator, action: str) -> None:
    simulator.faults([{"action": action, "times": 1, "fault": "hold", "done": False}])


def ended(simulator: Simulator, running: "subprocess.Popen[str]") -> tuple[int, str]:
    """Let the held call go on; how the run ends."""
    simulator.faults([])
    text, _ = running.communicate(timeout=120)
    return running.returncode, text


def said(stack: Stack, *words: str) -> "subprocess.CompletedProcess[str]":
    """`ccc-numbers` beside the runs, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ccc_numbers", *words],
        cwd=stack.folder,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def flow_ids(simulator: Simulator, place: str = INSTANCE) -> dict[str, str]:
    listed = simulator.api("ListContactFlows", InstanceId=place, PageNumber=1, PageSize=10)["Data"]["List"]
    return {row["Name"]: row["ContactFlowId"] for row in listed}


def begin_heal(stack: Stack) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "ccc_numbers", "heal", "dev", "--yes"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(words, cwd=stack.folder, env=stack.environment, **pipes)


@pytest.mark.parametrize(
    ("begun", "lost"),
    [(begin_up, "currently locked by 1 lock(s)"), (begin_heal, "the state is locked by")],
    ids=["up", "heal"],
)
def test_a_second_run_of_a_stack_is_refused_and_writes_nothing(
    begin: Begin, begun: Callable[[Stack], "subprocess.Popen[str]"], lost: str
) -> None:
    stack, simulator = begin(seed(numbers(3)))
    stack.declare(declaration(numbers(3)))
    hold(simulator, "AddPhoneNumbers")
    first = begun(stack)
    held_at(simulator, "AddPhoneNumbers", first)
    second = begun(stack)
    text, _ = second.communicate(timeout=120)
    assert second.returncode != 0
    assert lost in text
    assert held(simulator) == {}
    code, text = ended(simulator, first)
    assert code == 0, text
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)
    assert stack.up().changes == {}


def test_of_two_projects_the_later_to_add_a_number_is_refused(begin: Begin, tmp_path: Path) -> None:
    stack, simulator = begin(seed(numbers(2)))
    (tmp_path / "other").mkdir()
    other = Stack(tmp_path / "other", {"endpoint": simulator.url})
    stack.declare(declaration(numbers(2)))
    other.declare(declaration([number(1)], instance=OTHER))
    hold(simulator, "AddPhoneNumbers")
    slow = begin_up(stack)
    held_at(simulator, "AddPhoneNumbers", slow)
    quick = other.up()
    assert quick.code == 0, quick.text
    code, text = ended(simulator, slow)
    assert code != 0
    assert f"{number(1)} is in instance {OTHER}" in text
    assert (held(simulator), held(simulator, OTHER)) == ({number(2): DEFAULT}, {number(1): DEFAULT})
    assert other.up().changes == {}


def test_a_number_taken_out_by_hand_during_a_move_arrives(begin: Begin) -> None:
    stack, simulator = begin(seed([], support=instance([bound(number(1))])))
    both = declaration([number(1)])
    both["instances"] |= declaration({}, instance=OTHER)["instances"]
    stack.declare(both)
    assert stack.up().code == 0
    both["instances"][INSTANCE]["numbers"], both["instances"][OTHER]["numbers"] = {}, {number(1): {}}
    stack.declare(both)
    hold(simulator, "RemovePhoneNumbers")
    running = begin_up(stack)
    held_at(simulator, "RemovePhoneNumbers", running)
    simulator.api("RemovePhoneNumbers", InstanceId=INSTANCE, NumberList=[number(1)], Force=True)
    code, text = ended(simulator, running)
    assert code == 0, text
    assert (held(simulator), held(simulator, OTHER)) == ({}, {number(1): DEFAULT})


def test_an_up_beside_a_drift_and_a_person_ends_in_truth(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(4)))
    stack.declare(declaration(numbers(4)))
    assert stack.up().code == 0
    stack.declare(declaration({**{n: {} for n in numbers(3)}, number(4): {"flow": "夜间流程"}}))
    night = flow_ids(simulator)["夜间流程"]
    hold(simulator, "ModifyPhoneNumber")
    running = begin_up(stack)
    held_at(simulator, "ModifyPhoneNumber", running)

    def by_hand(action: str, **more: Any) -> None:
        assert simulator.api(action, InstanceId=INSTANCE, **more)["Code"] == "OK"

    # One that the run has looked at and does not write, one that it is about to write.
    by_hand("ModifyPhoneNumber", Number=number(1), Usage="Bidirection", ContactFlowId=night)
    by_hand("RemovePhoneNumbers", NumberList=[number(4)], Force=True)
    before = simulator.state()
    looked = said(stack, "drift", "dev")
    assert looked.returncode == 1
    assert number(1) in looked.stdout
    assert number(4) in looked.stdout
    assert simulator.state() == before
    code, text = ended(simulator, running)
    assert code != 0, "the number that was taken out is not called done"
    assert number(4) in text
    assert "Traceback" not in text
    assert held(simulator) == {number(1): NIGHT, number(2): DEFAULT, number(3): DEFAULT}
    assert free(simulator) == [number(4)]
    repaired = stack.up()
    assert repaired.code == 0, repaired.text
    assert repaired.ops() == {number(1): "update", number(4): "create"}
    assert held(simulator) == {**dict.fromkeys(numbers(3), DEFAULT), number(4): NIGHT}
    assert said(stack, "drift", "dev", "--only", "missing,wrong-flow").returncode == 0


def test_a_binding_made_by_hand_during_an_up_is_overwritten(
    begin: Begin,
) -> None:
    """CCC has no lock and no condition on a write: docs/reliability.md says how long the window is."""
    stack, simulator = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    assert stack.up().code == 0
    stack.declare(declaration({number(1): {"flow": "夜间流程"}}))
    hold(simulator, "ModifyPhoneNumber")
    running = begin_up(stack)
    held_at(simulator, "ModifyPhoneNumber", running)
    main = flow_ids(simulator)["主流程"]
    simulator.api(
        "ModifyPhoneNumber", InstanceId=INSTANCE, Number=number(1), Usage="Inbound", ContactFlowId=main
    )
    code, text = ended(simulator, running)
    assert code == 0, text
    assert held(simulator) == {number(1): NIGHT}
    assert stack.up().changes == {}
