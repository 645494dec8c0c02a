"""A stack `dev` under the real CLI, and `ccc-numbers` run in its folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccc_numbers.fleet.cli import main
from tests.fleet.drift_world import Answer
from tests.support.simulator import Simulator, start_simulator
from tests.support.stack import Stack


class Real:
    """The stack's files and the simulator behind it."""

    def __init__(self, stack: Stack, simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
        self.stack, self.simulator, self.capsys = stack, simulator, capsys

    def run(self, *words: str) -> Answer:
        self.capsys.readouterr()
        code = main(words)
        said = self.capsys.readouterr()
        return Answer(code, said.out, said.err)

    def kinds(self, *words: str) -> list[tuple[str, str]]:
        return self.run("drift", *words, "--output", "json").kinds


@pytest.fixture
def real(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Real]:
    """Nothing declared yet; the simulator is empty, and the project is the working folder."""
    with start_simulator({}) as simulator:
        stack = Stack(tmp_path, {"endpoint": simulator.url})
        for name, value in stack.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield Real(stack, simulator, capsys)
