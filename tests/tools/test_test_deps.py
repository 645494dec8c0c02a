"""The programs only tests need: named, or installed where that is possible."""

import pytest

from tests.tools.machine import Machine
from tools import test_deps
from tools.shell import ToolError


def test_missing_test_programs_are_named_with_the_way_to_get_them(machine: Machine) -> None:
    test_deps.ensure(machine.checkout, machine.user, machine.console, is_root=False)
    assert (
        "on Debian: sudo apt-get install redis-server chromium; the tests that need it are left out"
        in machine.output
    )
    with pytest.raises(ToolError, match=r"^redis-server .* and chromium .* not on PATH"):
        test_deps.ensure(machine.checkout, machine.user | {"CI": "true"}, machine.console, is_root=False)


def test_missing_test_programs_are_installed_where_that_is_possible(machine: Machine) -> None:
    machine.has("apt-get", "")
    machine.has("chromium", "")
    test_deps.ensure(machine.checkout, machine.user, machine.console, is_root=True)
    _update, install = machine.called()
    assert install.endswith("install --no-install-recommends redis-server")

    machine.has("redis-server", "")
    test_deps.ensure(machine.checkout, machine.user, machine.console, is_root=True)
    assert machine.called() == []
