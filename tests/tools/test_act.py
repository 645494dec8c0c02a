"""act is built once, at its version; where it cannot be, the user hears why."""

import pytest

from tests.tools.machine import Machine
from tools import act, pins
from tools.shell import ToolError


def test_act_is_built_once(machine: Machine) -> None:
    machine.has("go", 'mkdir -p "$GOBIN" && echo built > "$GOBIN/act"')
    act.ensure(machine.checkout, machine.user, machine.console)
    (call,) = machine.called()
    assert call.endswith(f"github.com/nektos/act@v{pins.ACT}")
    assert act.program(machine.checkout).read_text() == "built\n"
    act.ensure(machine.checkout, machine.user, machine.console)
    assert machine.called() == []


def test_without_go_its_tests_are_left_out_but_not_in_ci(machine: Machine) -> None:
    act.ensure(machine.checkout, machine.user, machine.console)
    assert "built by Go, which is not on PATH; the tests that need it are left out" in machine.output
    with pytest.raises(ToolError, match="built by Go"):
        act.ensure(machine.checkout, machine.user | {"CI": "true"}, machine.console)


def test_a_failed_build_leaves_no_program(machine: Machine) -> None:
    machine.has("go", "echo 'dial tcp: lookup proxy: no such host'; exit 1")
    with pytest.raises(ToolError, match="building act"):
        act.ensure(machine.checkout, machine.user, machine.console)
    assert not act.program(machine.checkout).exists()
