"""Numbers are live phone lines: what may not happen by accident."""

from tests.provider.conftest import Begin
from tests.provider.test_up import DEFAULT, held, writes
from tests.support.worlds import INSTANCE, bound, declaration, instance, number, numbers, seed


def test_a_protected_instance_survives_destroy_and_a_meant_one_gives_back_every_number(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(24)))
    before = simulator.state()["unassigned"]
    stack.declare(declaration(numbers(24), protected=True))
    assert stack.up().code == 0
    refused = stack.destroy()
    assert refused.code != 0
    assert held(simulator) == dict.fromkeys(numbers(24), DEFAULT)
    meant = stack.destroy("--ignore-protect")
    assert meant.code == 0, meant.text
    after = simulator.state()["unassigned"]
    assert sorted(after, key=lambda row: row["number"]) == sorted(before, key=lambda row: row["number"])
    (shown,) = [line for line in meant.messages("info") if "contract" in line]
    assert shown.startswith(f"removed from {INSTANCE}: {number(1)}, ")
    assert shown.endswith("and 14 more; unassigned now, their vendor contracts go on")


def test_an_update_that_removes_more_than_the_budget_is_refused_before_anything_is_done(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(12)))
    stack.declare(declaration(numbers(10)))
    assert stack.up().code == 0
    simulator.reset()
    stack.declare(declaration([*numbers(8), number(11)]))
    for refused in (stack.preview(), stack.up()):
        assert refused.code != 0
        assert any(
            f"would take 2 of 10 numbers out of {INSTANCE}" in error
            and f"budget allows 1: {number(9)}, {number(10)}. Nothing was changed" in error
            for error in refused.errors
        ), refused.text
    assert writes(simulator) == {}

    stack.declare(declaration([*numbers(8), number(11)], removalBudget=2))
    allowed = stack.up()
    assert allowed.code == 0, allowed.text
    assert sorted(held(simulator)) == [*numbers(8), number(11)]


def test_nothing_is_removed_where_the_roster_is_passed_by(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(10)))
    stack.declare(declaration(numbers(10)))
    assert stack.up().code == 0
    stack.declare(declaration(numbers(9)))
    assert stack.up("--target", f"**{number(10)}").code == 0
    assert len(held(simulator)) == 10, "a removal waits while the latch is not targeted"
    stack.declare(declaration(numbers(5)))
    result = stack.up("--exclude", "**acme-support-roster")
    assert result.code != 0, result.text
    assert any("its roster was left out of this run" in error for error in result.errors), result.text
    assert len(held(simulator)) == 10
    refused = stack.up()
    assert any("would take 5 of 10 numbers out" in error for error in refused.errors), refused.text
    meant = stack.up(CCC_ALLOW_REMOVALS="5")
    assert meant.code == 0, meant.text
    assert sorted(held(simulator)) == numbers(5)


def test_an_agents_own_number_is_left_alone(begin: Begin) -> None:
    personal = bound(number(1)) | {"user": "agent", "skillGroups": []}
    stack, simulator = begin(seed([], support=instance([personal], users=["agent"])))
    stack.declare(declaration({number(1): {"adopt": True}}))
    before = simulator.state()
    preview = stack.preview()
    assert any(f"personal number of agent agent@{INSTANCE}" in error for error in preview.errors), (
        preview.text
    )
    assert stack.up().code != 0
    assert simulator.state() == before


def test_keep_on_removal_only_forgets(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(3)))
    stack.declare(declaration(numbers(3), keepOnRemoval=True))
    assert stack.up().code == 0
    stack.declare(declaration(numbers(1), keepOnRemoval=True))
    result = stack.up()
    assert result.code == 0, result.text
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)
    assert stack.outputs()["instances"][INSTANCE]["unmanaged"] == numbers(2, start=2)  # type: ignore[index]


def test_a_killed_run_without_checkpoints_is_taken_up_again(begin: Begin) -> None:
    """State lost after everything was done: the next `up` finds it as declared and writes nothing."""
    stack, simulator = begin(seed(numbers(5)))
    stack.declare(declaration(numbers(5)))
    empty = stack.keep()
    assert stack.up().code == 0
    stack.restore(empty)
    simulator.reset()
    result = stack.up()
    assert result.code == 0, result.text
    assert writes(simulator) == {}
    assert held(simulator) == dict.fromkeys(numbers(5), DEFAULT)
