"""`make audit`: what a program that asks an advisory service answered, and never "nothing" when nobody answered."""

import io
import json
from pathlib import Path

import pytest

from tests.tools.machine import Machine
from tools import supply
from tools.console import Console
from tools.shell import ToolError

SOUND = {"name": "rich", "version": "15.0.0", "vulns": []}


def answers(machine: Machine, text: str, said: str = "", code: int = 0) -> None:
    """Put a program in the place of pip-audit."""
    home = machine.checkout.root / ".tools" / "supply"
    (home / "bin").mkdir(parents=True)
    lock = (machine.checkout.root / supply.PROGRAMS.requirements).read_text("utf-8")
    (home / "stamp").write_text(lock, "utf-8")
    Path(home / "answer").write_text(text, "utf-8")
    program = home / "bin" / "pip-audit"
    program.write_text(f"#!/bin/sh\n/bin/cat {home}/answer\necho '{said}' >&2\nexit {code}\n", "utf-8")
    program.chmod(0o755)


def ask(machine: Machine) -> list[str]:
    return supply.audit(machine.checkout, machine.user, Console(io.StringIO()))


def test_a_vulnerability_is_a_line(machine: Machine) -> None:
    known = {"id": "PYSEC-2026-1", "fix_versions": ["15.0.1"]}
    answers(machine, json.dumps({"dependencies": [{**SOUND, "vulns": [known]}]}), code=1)
    assert ask(machine) == ["rich 15.0.0: PYSEC-2026-1, repaired in 15.0.1"]


def test_nothing_known_is_nothing(machine: Machine) -> None:
    answers(machine, json.dumps({"dependencies": [SOUND]}))
    assert ask(machine) == []


def test_a_service_that_is_away_is_not_a_clean_audit(machine: Machine) -> None:
    answers(machine, "", "ERROR:pip_audit._cli:ConnectionError: https://user:secret@pypi.example/", 1)
    with pytest.raises(ToolError, match="nothing is known about the locked packages") as refused:
        ask(machine)
    assert "secret" not in str(refused.value)


def test_a_package_the_service_does_not_know_is_not_clean(machine: Machine) -> None:
    unknown = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}
    answers(machine, json.dumps({"dependencies": [SOUND, unknown]}))
    with pytest.raises(ToolError, match="nothing is known about 1 of 2 locked packages"):
        ask(machine)
