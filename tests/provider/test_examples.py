"""The stacks of docs/examples/vendors run as they are: one through its own project, all seven as one stack."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccc_numbers.fleet.cli import main
from tests.provider.conftest import Begin
from tests.support.stack import ROOT, environment

EXAMPLES = ROOT / "docs/examples/vendors"
STACKS = sorted(path.stem for path in (EXAMPLES / "stacks").glob("[!P]*.yaml"))


def test_one_runs_from_its_folder_against_its_simulator(tmp_path: Path) -> None:
    (tmp_path / "ccc_numbers").symlink_to(ROOT / "ccc_numbers")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    project = tmp_path / "docs/examples/vendors"
    shutil.copytree(EXAMPLES, project, ignore=shutil.ignore_patterns(".simulator"))
    surroundings = environment(tmp_path) | {"PULUMI_CONFIG_PASSPHRASE": ""}

    def pulumi(*words: str) -> str:
        done = subprocess.run(
            ["pulumi", *words, "--non-interactive", "--color", "never"],
            cwd=project,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    before = (project / "stacks/Pulumi.virtual-number.yaml").read_text("utf-8")
    pulumi("stack", "select", "--create", "virtual-number")
    pulumi("up", "--yes", "--skip-preview")
    shown = pulumi("stack", "output", "orders")
    assert '"bound":1' in shown.replace(" ", ""), shown
    assert (project / "stacks/Pulumi.virtual-number.yaml").read_text("utf-8") == before


def test_each_of_the_seven_products_comes_up(begin: Begin, capsys: pytest.CaptureFixture[str]) -> None:
    seed = yaml.safe_load((EXAMPLES / "account.seed.yaml").read_text("utf-8"))
    whole: dict[str, dict[str, Any]] = {"instances": {}, "orders": {}}
    for name in STACKS:
        declared = yaml.safe_load((EXAMPLES / f"stacks/{name}.yaml").read_text("utf-8"))
        for kind, entries in declared.items():
            assert not whole[kind].keys() & entries.keys()
            whole[kind] |= entries
    stack, simulator = begin(seed)
    stack.declare(whole)
    result = stack.up()
    assert result.code == 0, result.text
    assert simulator.unassigned() == []
    orders: Any = stack.outputs()["orders"]
    assert len(orders) == len(STACKS) == 7
    assert {key: row["pending"] for key, row in orders.items() if row["pending"]} == {"a-400-2026": 1}
    assert sum(row["bound"] for row in orders.values()) == 8
    cost: Any = stack.outputs()["cost"]
    assert main(["orders", "--offline", "--output", "json", "--project", str(stack.folder)]) in (0, 1)
    assert cost["total"] == json.loads(capsys.readouterr().out)["simulatedTotal"]
    assert [line for line in result.warnings if "not imported into the account yet" in line]
