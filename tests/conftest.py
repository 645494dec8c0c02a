"""What all tests share: their order, and a simulator for a whole file."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from tests.support.simulator import Simulator, start_simulator

# Set by `tools/run`, in which the tests run: hints are for a reader who is in no such shell.
os.environ.pop("CCC_NUMBERS_RUN", None)
# Tests assert on English, whatever their developer reads.
os.environ.pop("CCC_LANG", None)

# They run the real CLI and take minutes: at the end they would run on alone.
_LONG = ("gitops", "install", "provider", "fleet", "tools", "bench")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rooms with long files first, else as collected."""
    root = Path(__file__).parent

    def room(item: pytest.Item) -> int:
        name = item.path.relative_to(root).parts[0]
        return _LONG.index(name) if name in _LONG else len(_LONG)

    items.sort(key=room)


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    """One simulator for all tests of a file; each begins it anew (`Simulator.begin_anew`)."""
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a file."""
    with chromium() as running:
        yield running
