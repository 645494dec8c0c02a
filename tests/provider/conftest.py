"""Fixtures: a stack of its own for each test, against the simulator of its file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.simulator import Simulator
from tests.support.stack import Stack

Begin = Callable[[dict[str, Any]], tuple[Stack, Simulator]]


@pytest.fixture
def begin(tmp_path: Path, running: Simulator) -> Begin:
    """Begins the file's simulator again from a seed, with a stack that speaks to it."""

    def start(seed: dict[str, Any]) -> tuple[Stack, Simulator]:
        running.begin_anew(seed)
        return Stack(tmp_path, {"endpoint": running.url}), running

    return start
