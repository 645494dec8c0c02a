"""Runs that are stopped, killed, or fail in the middle: what is kept, what is said, and how the next one mends it."""

import signal
import subprocess
from typing import Any

from tests.provider.conftest import Begin
from tests.provider.test_up import DEFAULT, held, writes
from tests.support.patience import HANG_S
from tests.support.simulator import wait_until
from tests.support.stack import Stack
from tests.support.worlds import INSTANCE, OTHER, Json, declaration, number, numbers, seed

SLOW = {"action": "AddNumbersToSkillGroup", "fault": "slow", "delayMs": 2000}


def begin_up(stack: Stack, **environment: str) -> "subprocess.Popen[str]":
    words = [
        "pulumi",
        "up",
        "--yes",
        "--skip-preview",
        "--stack",
        "dev",
        "--non-interactive",
        "--color",
        "never",
    ]
    return subprocess.Popen(
        words,
        cwd=stack.folder,
        env=stack.environment | {"PULUMI_PARALLEL": "4"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_one_interrupt_ends_cleanly_and_the_next_up_finishes(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(40)))
    stack.declare(declaration(numbers(40)))
    simulator.faults([SLOW])
    running = begin_up(stack)
    wait_until(lambda: simulator.count("AddPhoneNumbers"))
    running.send_signal(signal.SIGINT)
    text, _ = running.communicate(timeout=HANG_S)
    assert running.returncode == 1, text
    assert "Traceback" not in text
    simulator.faults([])
    assert 0 < len(held(simulator)) < 40
    assert set(held(simulator).values()) == {DEFAULT}, "a number was left between two states"
    result = stack.up()
    assert result.code == 0, result.text
    assert held(simulator) == dict.fromkeys(numbers(40), DEFAULT)


def test_a_killed_cli_leaves_nothing_that_the_next_up_does_not_finish(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(20)))
    stack.declare(declaration(numbers(20)))
    simulator.faults([SLOW])
    running = begin_up(stack)
    wait_until(lambda: simulator.count("AddPhoneNumbers"))
    running.kill()
    running.communicate(timeout=HANG_S)
    simulator.faults([])
    stack.pulumi("cancel", "--yes", "--stack", "dev", check=True)
    result = stack.up()
    assert result.code == 0, result.text
    assert held(simulator) == dict.fromkeys(numbers(20), DEFAULT)
    assert stack.up().changes == {}


def test_a_number_that_was_begun_when_the_cli_was_killed_gets_its_agents_all_the_same(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(20)))
    stack.declare(declaration(numbers(20)))
    simulator.faults([{"action": "AddPhoneNumbers", "fault": "slow", "delayMs": 2500}])
    running = begin_up(stack)
    wait_until(lambda: simulator.rates().get("AddPhoneNumbers"))
    running.kill()
    running.communicate(timeout=HANG_S)
    wait_until(lambda: set(held(simulator).values()) == {DEFAULT})
    assert 0 < len(held(simulator)) < 20


PROGRAM = """
import pulumi
from components.resources import PhoneNumber

PhoneNumber(
    "{number}", number="{number}", instance_id="{instance}", usage="bidirectional",
    contact_flow="主流程", skill_groups=["sales"],
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="{seconds}s", update="{seconds}s")),
)
"""


def program(stack: Stack, instance: str, seconds: int) -> None:
    """A program of somebody's own, whose number may take so many seconds."""
    main = stack.folder / "__main__.py"
    main.unlink(missing_ok=True)
    main.write_text(PROGRAM.format(number=number(1), instance=instance, seconds=seconds), encoding="utf-8")


def test_a_resources_own_timeout_never_cuts_a_move_in_two(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(1)))
    program(stack, INSTANCE, 60)
    assert stack.up().code == 0
    # On a busy machine what precedes the move, which counts, takes a second or two.
    simulator.faults([{"action": "AddPhoneNumbers", "fault": "slow", "delayMs": 6000}])
    program(stack, OTHER, 5)
    moved = stack.up()
    assert moved.code == 0, moved.text
    assert (held(simulator), held(simulator, OTHER)) == ({}, {number(1): DEFAULT})


def test_a_number_that_cannot_be_looked_at_in_time_is_one_line(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(1)))
    simulator.faults([{"action": "ListUnassignedNumbers", "fault": "slow", "delayMs": 2500}])
    program(stack, INSTANCE, 1)
    late = stack.up()
    assert late.code != 0
    assert "not begun within the resource's timeout of 1 s" in late.errors, late.text
    assert held(simulator) == {}


def test_a_number_that_fails_is_named_and_mended_by_the_next_up(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(6)))
    stack.declare(declaration({**{n: {} for n in numbers(6)}, number(3): {"skillGroups": ["vip"]}}))
    simulator.faults(
        [
            {
                "action": "AddNumbersToSkillGroup",
                "numbers": [number(3)],
                "fault": "error",
                "code": "InternalService.DB",
            }
        ]
    )
    stack.configure({"endpoint": simulator.url, "timeouts": '{"operation": 1}'})
    failed = stack.up("--continue-on-error")
    assert failed.code != 0
    assert any(
        f"{number(3)} is in {INSTANCE} as bidirectional, flow 主流程, not as declared" in error
        for error in failed.errors
    ), failed.text
    assert held(simulator) == {n: DEFAULT for n in numbers(6) if n != number(3)} | {
        number(3): ("Bidirectional", "主流程", ())
    }
    assert stack.state()[number(3)]["initErrors"]
    simulator.faults([])
    simulator.reset()
    mended = stack.up()
    assert mended.code == 0, mended.text
    assert mended.ops() == {number(3): "update"}
    assert held(simulator)[number(3)] == ("Bidirectional", "主流程", ("vip",))
    assert sum(writes(simulator).values()) == 1


def test_a_number_is_imported_by_itself_and_the_next_preview_is_empty(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    assert stack.up().code == 0
    stack.pulumi(
        "state", "delete", "--yes", "--target-dependents", str(stack.state()[number(1)]["urn"]), check=True
    )
    simulator.reset()
    parent = f"support={stack.state()[INSTANCE]['urn']}"
    stack.pulumi(
        "import", "ccc:index:PhoneNumber", number(1), number(1), "--parent", parent, "--yes",
        "--generate-code=false", "--protect=false", "--stack", "dev", check=True,
    )  # fmt: skip
    preview = stack.preview()
    assert preview.ops() == {}, preview.text
    assert writes(simulator) == {}
    missing = stack.pulumi(
        "import",
        "ccc:index:PhoneNumber",
        number(8),
        number(8),
        "--yes",
        "--generate-code=false",
        "--stack",
        "dev",
    )
    assert missing.returncode != 0
    assert "does not exist" in missing.stdout + missing.stderr


def test_groups_and_flows_of_the_same_stack_are_made_before_the_numbers_that_name_them(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(2)))
    (stack.file.parent / "flows").mkdir()
    (stack.file.parent / "flows" / "night.json").write_text('{"activities": []}', encoding="utf-8")
    managed: dict[str, Any] = {
        "skillGroups": {"holiday": {"displayName": "节假日组"}},
        "contactFlows": {"节假日": {"type": "main", "definition": "flows/night.json"}},
    }
    each: Json = {"flow": "节假日", "skillGroups": ["holiday"]}
    stack.declare(declaration(dict.fromkeys(numbers(2), each), **managed))
    preview = stack.preview()
    assert preview.code == 0, preview.text
    result = stack.up()
    assert result.code == 0, result.text
    assert held(simulator) == dict.fromkeys(numbers(2), ("Bidirectional", "节假日", ("holiday",)))
    assert stack.up().changes == {}
    (stack.file.parent / "flows" / "night.json").write_text('{"activities": [{"id": "1"}]}', encoding="utf-8")
    changed = stack.up()
    assert changed.ops("ccc:index:ContactFlow") == {f"{INSTANCE}/节假日": "update"}, changed.text
    gone = stack.destroy()
    assert gone.code == 0, gone.text
    groups = [row["name"] for row in simulator.state()["instances"][INSTANCE]["skillGroups"]]
    assert "holiday" not in groups
