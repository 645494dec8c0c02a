"""`ccc-numbers rebase`: a stack whose settings lead elsewhere begins again there, and no place is written."""

import pytest

from ccc_numbers.fleet.cli import main
from tests.provider.conftest import Begin
from tests.support.simulator import Simulator, start_simulator
from tests.support.stack import Stack
from tests.support.worlds import INSTANCE, bound, declaration, instance, number, numbers, seed


def rebase(stack: Stack, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    monkeypatch.chdir(stack.folder)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "simulator")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "simulator")
    return main(["rebase", "dev", *more])


def writes(simulator: Simulator) -> int:
    listed = simulator.calls().items()
    return sum(sum(counts.values()) for action, counts in listed if not action.startswith(("Get", "List")))


def test_a_rebased_stack_begins_again_and_leaves_the_old_place_alone(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stack, old = begin(seed(numbers(3)))
    stack.declare(declaration(numbers(3)))
    assert stack.up().code == 0
    old.reset()
    # At the new place one number is bound as declared, one otherwise, and one is free.
    rows = [bound(number(1)), bound(number(2), flow="夜间流程")]
    with start_simulator(seed([number(3)], support=instance(rows))) as new:
        stack.configure({"endpoint": new.url})
        refused = stack.up()
        assert refused.code != 0
        assert any("ccc-numbers rebase" in error for error in refused.errors), refused.text

        assert rebase(stack, monkeypatch) == 1
        shown = capsys.readouterr().out
        assert number(2) in shown
        assert "--yes makes Pulumi forget 7 resources" in shown
        assert number(3) in stack.state()

        assert rebase(stack, monkeypatch, "--yes") == 0
        assert "nobody manages those numbers any more" in capsys.readouterr().out
        assert set(stack.state()) == {"ccc-numbers-dev"}
        assert (writes(old), writes(new)) == (0, 0)

        result = stack.up()
        assert any(number(2) in error and "adopt: true" in error for error in result.errors), result.text
        stack.declare(declaration({number(1): {}, number(2): {"flow": "夜间流程"}, number(3): {}}))
        result = stack.up()
        assert result.code == 0, result.text
        assert list(new.numbers(INSTANCE)) == numbers(3)
        assert rebase(stack, monkeypatch, "--yes") == 0
        assert "nothing to rebase" in capsys.readouterr().out
    assert list(old.numbers(INSTANCE)) == numbers(3)
    assert writes(old) == 0


def test_a_place_that_does_not_answer_is_not_rebased_to(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stack, simulator = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    assert stack.up().code == 0
    stack.configure({"endpoint": "127.0.0.1:9", "timeouts": '{"operation": 1}'})
    before = stack.state()
    assert rebase(stack, monkeypatch, "--yes") == 2
    assert "not rebased" in capsys.readouterr().err
    assert stack.state() == before
    assert list(simulator.numbers(INSTANCE)) == numbers(1)
