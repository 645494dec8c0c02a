"""The examples in YAML and TypeScript, run as a user runs them; then edited, refused, and kept from a `destroy`."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.provider.test_up import free, held
from tests.support.simulator import start_simulator
from tests.support.stack import ROOT, Stack, environment
from tools import languages
from tools.layout import find_checkout

CHECKOUT = find_checkout()
EXAMPLES = ROOT / "docs/examples"
ONE, TWO, THREE, LATER = "02180001001", "02180001002", "02180001003", "02180001009"
PROGRAMS = {"yaml": "Pulumi.yaml", "typescript": "index.ts"}
ORDERS = {"yaml": "      orders:", "typescript": "    orders: {"}
# Written before the orders of an example.
HOLIDAY = {
    "yaml": f"""\
      ignoreChanges: [skillGroups]
      overrides:
        - {{numbers: ["{ONE}"], flow: 夜间流程, from: "2027-02-05", until: "2027-02-12", reason: 春节放假, owner: 值班组}}
      orders:""",
    "typescript": f"""\
    ignoreChanges: ["skillGroups"],
    overrides: [
        {{ numbers: ["{ONE}"], flow: "夜间流程", from: "2027-02-05", until: "2027-02-12", reason: "春节放假", owner: "值班组" }},
    ],
    orders: {{""",
}

pytestmark = pytest.mark.skipif(
    not languages.packages(CHECKOUT).exists(), reason="the language hosts are not built: make test-deps"
)


class Example(Stack):
    """A copy of an example, as far from the plugin as the original."""

    def __init__(self, machine: Path, name: str) -> None:
        (machine / "ccc_numbers").symlink_to(ROOT / "ccc_numbers")
        self.folder = machine / "docs/examples" / name
        self.program = self.folder / PROGRAMS[name]
        leaving = shutil.ignore_patterns(".simulator", "node_modules")
        shutil.copytree(EXAMPLES / name, self.folder, ignore=leaving)
        if name == "typescript":
            (self.folder / "node_modules").symlink_to(languages.packages(CHECKOUT))
        places = (languages.hosts(CHECKOUT), languages.node(CHECKOUT))
        self.environment = environment(machine)
        self.environment["PATH"] = os.pathsep.join([*map(str, places), self.environment["PATH"]])
        self._run(0)
        self.pulumi("stack", "init", "dev", check=True)

    def edit(self, change: Callable[[str], str]) -> None:
        before = self.program.read_text("utf-8")
        assert change(before) != before
        self.program.write_text(change(before), "utf-8")


def without(*numbers: str) -> Callable[[str], str]:
    def change(program: str) -> str:
        return "".join(
            line
            for line in program.splitlines(keepends=True)
            if not any(f'"{each}":' in line for each in numbers)
        )

    return change


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_example_runs_and_keeps_its_lines(tmp_path: Path, name: str) -> None:
    example = Example(tmp_path, name)
    # As it is: in the simulator that the plugin starts, and (TypeScript) with its types checked.
    first = example.preview()
    assert first.code == 0, first.text
    assert first.ops().keys() == {ONE, TWO, THREE, LATER, "hotline"}

    example.environment["PULUMI_NODEJS_TRANSPILE_ONLY"] = "true"  # checked once
    with start_simulator(
        yaml.safe_load((EXAMPLES / name / "account.seed.yaml").read_text("utf-8"))
    ) as simulator:
        example.pulumi("config", "set", "ccc:endpoint", simulator.url, check=True)
        assert example.up().code == 0
        assert held(simulator, "acme-support") == {
            ONE: ("Bidirectional", "主流程", ("support",)),
            TWO: ("Bidirectional", "主流程", ("support",)),
            THREE: ("Bidirectional", "夜间流程", ("night",)),
        }
        assert list(held(simulator, "acme-hotline")) == ["4008001001"]
        shown: Any = example.outputs()
        assert (shown["pending"], shown["numbers"][LATER]["status"]) == ([LATER], "pending")

        if name != "yaml" and not os.environ.get("CCC_NIGHTLY"):
            # What follows for YAML is the plugin's work, whose inputs are the same from either language.
            assert any("cannot be deleted" in each for each in example.destroy().errors)
            assert list(held(simulator, "acme-support")) == [ONE, TWO, THREE]
            return

        example.edit(lambda program: program.replace(ORDERS[name], HOLIDAY[name]))
        assert example.up(CCC_NOW="2027-02-06").code == 0
        state = simulator.state()
        rows = {row["number"]: row for row in state["instances"]["acme-support"]["numbers"]}
        assert rows[ONE]["contactFlow"] == "夜间流程"
        rows[TWO]["skillGroups"] = ["night"]
        simulator.put_state(state)
        back = example.up(CCC_NOW="2027-02-13")
        assert (back.code, back.ops()) == (0, {ONE: "update"}), back.text
        assert any(
            "left alone (ignoreChanges): skill groups support → night" in each
            for each in back.messages("info")
        )
        assert held(simulator, "acme-support")[ONE][1] == "主流程"
        assert held(simulator, "acme-support")[TWO][2] == ("night",)

        example.edit(
            lambda program: program.replace(
                "flow: 夜间流程, skillGroups: [night]", "flow: 主流程, skillGroups: [night]"
            ).replace('flow: "夜间流程", skillGroups', 'flow: "主流程", skillGroups')
        )
        assert example.up().ops() == {THREE: "update"}
        example.edit(without(TWO))
        assert example.up().code == 0
        assert free(simulator) == [TWO, "02180001004"]

        example.edit(lambda program: without(ONE, THREE)(program.replace(HOLIDAY[name], ORDERS[name])))
        refused = example.preview()
        assert any("would take 2 of 3 numbers out of acme-support" in each for each in refused.errors), (
            refused.text
        )
        assert any("cannot be deleted" in each for each in example.destroy().errors)
        assert list(held(simulator, "acme-support")) == [ONE, THREE]


def test_a_number_without_a_value_in_yaml_is_refused_where_it_stands(tmp_path: Path) -> None:
    """The host of YAML leaves such a key out: the number would lose its declaration, and with it its line."""
    example = Example(tmp_path, "yaml")
    example.edit(lambda program: program.replace(f'"{ONE}": {{}}', f'"{ONE}":'))
    refused = example.preview()
    (said,) = [each for each in refused.errors if "has a problem" in each]
    line = example.program.read_text("utf-8").splitlines().index(f'        "{ONE}":') + 1
    assert f"Pulumi.yaml:{line}:9: {ONE}: has no value" in said


def test_the_plugin_is_added_to_a_program_in_yaml_by_its_path(tmp_path: Path) -> None:
    """Without `plugins:` in Pulumi.yaml; what is wrong is then said as anywhere."""
    example = Example(tmp_path, "yaml")
    example.edit(lambda program: program[: program.index("plugins:")] + program[program.index("config:") :])
    plugin = str(tmp_path / "ccc_numbers/provider/pulumi-resource-ccc")
    example.pulumi("package", "add", plugin, check=True)
    assert yaml.safe_load(example.program.read_text("utf-8"))["packages"]
    assert example.preview().code == 0
    example.edit(lambda program: program.replace("usage: bidirectional", "usage: both"))
    refused = example.preview()
    assert any('defaults.usage: "both" is not a usage' in each for each in refused.errors), refused.text
