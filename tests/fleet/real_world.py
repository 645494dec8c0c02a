"""A Pulumi project of its own with the real CLI, against a simulator of its own, for the commands that run Pulumi."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fleet.drift_world import World
from tests.support.simulator import start_simulator
from tests.support.stack import Stack

WRITES = ("Add", "Modify", "Remove", "Create", "Delete", "Start", "Commit", "Publish", "Discard")


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """The project in the working folder; no stack declares anything yet."""
    with start_simulator({}) as running:
        stack = Stack(tmp_path, {"endpoint": running.url})
        (tmp_path / "stacks" / "Pulumi.dev.yaml").unlink()
        for name, value in stack.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield World(tmp_path, running, capsys)


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
