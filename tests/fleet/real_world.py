"""A Pulumi project of its own with the real CLI, against a simulator of its own, for the commands that run Pulumi."""

import subprocess
from pathlib import Path

import pytest

from tests.fleet.drift_world import World
from tests.fleet.real_stack import Real

WRITES = ("Add", "Modify", "Remove", "Create", "Delete", "Start", "Commit", "Publish", "Discard")


@pytest.fixture
def project(real: Real, tmp_path: Path) -> World:
    """The project in the working folder; no stack declares anything yet."""
    (tmp_path / "stacks" / "Pulumi.dev.yaml").unlink()
    return World(tmp_path, real.simulator, real.capsys)


def writes(world: World) -> list[str]:
    """The calls so far that write to CCC."""
    return [action for action in world.simulator.calls() if action.startswith(WRITES)]


def pulumi(*words: str, code: int = 0) -> str:
    """What `pulumi WORDS` printed; it has to end with that code."""
    done = subprocess.run(
        ["pulumi", *words, "--non-interactive", "--color", "never"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout
