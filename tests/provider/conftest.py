"""Fixtures: a stack of its own for each test, against a simulator of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.simulator import Simulator, start_simulator
from tests.support.stack import Stack

Begin = Callable[[dict[str, Any]], tuple[Stack, Simulator]]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Starts a simulator from a seed and a stack that speaks to it."""
    with ExitStack() as open_until_the_end:

        def start(seed: dict[str, Any]) -> tuple[Stack, Simulator]:
            simulator = open_until_the_end.enter_context(start_simulator(seed))
            return Stack(tmp_path, {"endpoint": simulator.url}), simulator

        yield start
