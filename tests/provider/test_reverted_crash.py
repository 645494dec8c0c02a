"""A run is killed in the middle and its change is taken back: one plain `up` reaches what is declared now.

Without checkpoints nothing of the dead run is in the state. Each case is one write call of one kind of change, and who is
killed at it: the CLI, or the plugin.
"""

import os
import shutil
import signal
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from tests.provider.conftest import Begin
from tests.provider.test_interruption import begin_up
from tests.provider.test_up import DEFAULT, held, writes
from tests.support.patience import HANG_S
from tests.support.simulator import Simulator, wait_until
from tests.support.stack import Stack
from tests.support.worlds import INSTANCE, OTHER, declaration, number, numbers, seed

ONE = numbers(4)
MORE = numbers(8)


def said(here: dict[str, Any], there: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Two instances of one stack."""
    found = declaration(here, removalBudget="100%", changeBudget="100%", **more)
    found["instances"] |= declaration(there, instance=OTHER, removalBudget="100%")["instances"]
    return found


BEFORE = said({n: {} for n in ONE}, {number(9): {}})
CHANGES = {
    # What the dead run was to bring about, and the call at which it dies.
    "added": (said({n: {} for n in MORE}, {number(9): {}}), "AddPhoneNumbers"),
    "added with groups": (said({n: {} for n in MORE}, {number(9): {}}), "AddNumbersToSkillGroup"),
    "moved": (said({n: {} for n in ONE[:2]}, {n: {} for n in [*ONE[2:], number(9)]}), "AddPhoneNumbers"),
    "moved out": (
        said({n: {} for n in ONE[:2]}, {n: {} for n in [*ONE[2:], number(9)]}),
        "RemovePhoneNumbers",
    ),
    "rebound": (said({n: {"flow": "夜间流程"} for n in ONE}, {number(9): {}}), "ModifyPhoneNumber"),
    "removed": (said({ONE[0]: {}}, {number(9): {}}), "RemovePhoneNumbers"),
}
# The others run nightly.
EACH_TIME = {("added with groups", "cli"), ("moved", "plugin"), ("rebound", "plugin"), ("removed", "cli")}


@pytest.fixture(scope="module")
def begun(
    running: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], tuple[Stack, Simulator]]:
    """Begins again from the stack as `BEFORE` says, which is brought up once."""
    running.begin_anew(seed([*MORE, number(9)]))
    stack = Stack(tmp_path_factory.mktemp("reverted"), {"endpoint": running.url})
    stack.declare(BEFORE)
    assert stack.up().code == 0
    live, state = running.state(), stack.keep()

    def begin() -> tuple[Stack, Simulator]:
        running.begin_anew(live)
        stack.restore(state)
        shutil.rmtree(stack.folder / ".ccc-numbers", ignore_errors=True)
        return stack, running

    return begin


@pytest.mark.parametrize("victim", ["cli", "plugin"])
@pytest.mark.parametrize("change", CHANGES)
def test_one_up_reaches_the_declaration_of_the_moment(
    begun: Callable[[], tuple[Stack, Simulator]], change: str, victim: str
) -> None:
    if (change, victim) not in EACH_TIME and not os.environ.get("CCC_NIGHTLY"):
        pytest.skip("runs nightly")
    stack, simulator = begun()
    after, call = CHANGES[change]
    stack.declare(after)
    simulator.reset()
    simulator.faults([{"action": call, "fault": "slow", "delayMs": 1500}])
    running = begin_up(stack)
    wait_until(lambda: simulator.rates().get(call))
    if victim == "cli":
        running.kill()
    else:
        os.kill(plugin_of(running.pid), signal.SIGKILL)
    running.communicate(timeout=HANG_S)
    simulator.faults([])
    wait_until(lambda: not orphans(stack.folder))
    stack.pulumi("cancel", "--yes", "--stack", "dev")

    stack.declare(BEFORE)
    result = stack.up()
    assert result.code == 0, result.text
    assert held(simulator) == dict.fromkeys(ONE, DEFAULT)
    assert held(simulator, OTHER) == {number(9): DEFAULT}
    simulator.reset()
    again = stack.up()
    assert (again.code, again.changes, writes(simulator)) == (0, {}, {}), again.text
    assert not [*(stack.folder / ".ccc-numbers").glob("journal/*/*.jsonl")], "the journal outlived its reason"


def test_what_people_add_after_a_crash_was_mended_is_not_removed(begin: Begin) -> None:
    """The journal is forgotten as soon as a state knows better."""
    stack, simulator = begin(seed([*MORE, number(9)]))
    stack.declare(said({n: {} for n in MORE}, {number(9): {}}))
    simulator.faults([{"action": "AddNumbersToSkillGroup", "fault": "slow", "delayMs": 1500}])
    running = begin_up(stack)
    wait_until(lambda: simulator.rates().get("AddNumbersToSkillGroup"))
    running.kill()
    running.communicate(timeout=HANG_S)
    simulator.faults([])
    wait_until(lambda: not orphans(stack.folder))
    stack.pulumi("cancel", "--yes", "--stack", "dev")
    assert stack.up().code == 0
    stack.declare(BEFORE)
    assert stack.up().code == 0
    assert sorted(held(simulator)) == ONE
    simulator.api(
        "AddPhoneNumbers",
        InstanceId=INSTANCE,
        Usage="Inbound",
        NumberList=f'["{number(8)}"]',
        ContactFlowId=flow(simulator),
    )
    assert stack.up().code == 0
    assert sorted(held(simulator)) == [*ONE, number(8)]


def flow(simulator: Any) -> str:
    flows = simulator.api("ListContactFlows", InstanceId=INSTANCE, PageNumber=1, PageSize=10)
    return str(flows["Data"]["List"][0]["ContactFlowId"])


def plugin_of(cli: int) -> int:
    """The plugin process below the CLI that has begun to write: the last one started."""
    found = [
        each
        for each in psutil.Process(cli).children(recursive=True)
        if "ccc_numbers.provider" in each.cmdline()
    ]
    return int(max(found, key=psutil.Process.create_time).pid)


def orphans(folder: Any) -> list[int]:
    """Plugins of this project that have outlived their CLI and are finishing what they had begun."""
    return [
        each.pid
        for each in psutil.process_iter(["cmdline", "cwd"])
        if "ccc_numbers.provider" in (each.info["cmdline"] or ()) and each.info["cwd"] == str(folder)
    ]
