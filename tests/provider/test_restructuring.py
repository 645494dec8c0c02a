"""Stacks that are rearranged: instances lost, renamed, numbers handed from one stack to another."""

from pathlib import Path

from tests.provider.conftest import Begin
from tests.provider.test_up import DEFAULT, held, writes
from tests.support.stack import Stack
from tests.support.worlds import INSTANCE, OTHER, declaration, number, numbers, seed


def test_a_stack_file_that_lost_a_protected_instance_takes_out_nothing(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(6)))
    both = declaration(numbers(3), protected=True)
    rest = declaration(numbers(3, start=4), instance=OTHER)
    stack.declare({"instances": {**both["instances"], **rest["instances"]}})
    assert stack.up().code == 0
    stack.declare(rest)
    preview = stack.preview()
    assert preview.code != 0
    assert any("cannot be deleted" in error and "protect" in error for error in preview.errors), preview.text
    assert stack.up().code != 0
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)


def test_a_program_that_lost_everything_takes_out_nothing(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(3)))
    stack.declare(declaration(numbers(3), protected=True))
    assert stack.up().code == 0
    program = stack.folder / "__main__.py"
    program.unlink()
    program.write_text("import pulumi\n", encoding="utf-8")
    assert stack.up().code != 0
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)


def test_a_renamed_instance_moves_its_numbers_only_where_there_is_such_an_instance(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(3)))
    stack.declare(declaration(numbers(3)))
    assert stack.up().code == 0
    stack.declare(declaration(numbers(3), instance="acme-suport"))
    refused = stack.up()
    assert any('did you mean "acme-support"?' in error for error in refused.errors), refused.text
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)

    renamed = declaration(numbers(3), instance=OTHER)
    stack.declare(renamed)
    refused = stack.up()
    assert any(
        "3 numbers declared for acme-billing are in acme-support, which no stack file declares" in error
        for error in refused.errors
    ), refused.text
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)

    renamed["instances"][INSTANCE] = {"protected": False, "removalBudget": 3, "numbers": {}}
    stack.declare(renamed)
    preview = stack.preview()
    assert preview.ops() == dict.fromkeys(numbers(3), "update"), preview.text
    assert stack.up().code == 0
    assert held(simulator, OTHER) == dict.fromkeys(numbers(3), DEFAULT)
    assert held(simulator) == {}


def test_an_instance_is_split_in_two_and_merged_again_by_updates_alone(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(6)))
    whole = declaration(numbers(6), removalBudget=3)
    parts = {
        "instances": {
            **declaration(numbers(3), removalBudget=3)["instances"],
            **declaration(numbers(3, start=4), instance=OTHER, protected=True)["instances"],
        }
    }
    stack.declare(whole)
    assert stack.up().code == 0
    stack.declare(parts)
    split = stack.up()
    assert split.code == 0, split.text
    assert split.ops() == dict.fromkeys(numbers(3, start=4), "update")
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)
    assert held(simulator, OTHER) == dict.fromkeys(numbers(3, start=4), DEFAULT)

    stack.declare(whole)
    refused = stack.up(preview=True)
    assert refused.code != 0, "the second half is protected"
    assert held(simulator, OTHER) == dict.fromkeys(numbers(3, start=4), DEFAULT)
    emptied = {"protected": False, "removalBudget": 3, "numbers": {}}
    stack.declare({"instances": {**whole["instances"], OTHER: emptied}})
    merged = stack.up()
    assert merged.code == 0, merged.text
    assert merged.ops() == dict.fromkeys(numbers(3, start=4), "update")
    assert held(simulator) == dict.fromkeys(numbers(6), DEFAULT)
    assert held(simulator, OTHER) == {}


def test_a_number_is_handed_to_another_stack_without_a_write(begin: Begin, tmp_path: Path) -> None:
    first, simulator = begin(seed(numbers(3)))
    first.declare(declaration({**{n: {} for n in numbers(2)}, number(3): {"keepOnRemoval": True}}))
    assert first.up().code == 0
    (tmp_path / "second").mkdir()
    second = Stack(tmp_path / "second", {"endpoint": simulator.url})
    simulator.reset()
    second.declare(declaration([number(3)]))
    assert second.up().code == 0
    first.declare(declaration(numbers(2)))
    assert first.up().code == 0
    assert writes(simulator) == {}
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)
