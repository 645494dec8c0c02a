"""Fixtures of this room."""

import pytest

from tests.simulator.console_world import SEED
from tests.support.simulator import Simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """The call centre that the console's tests look at, as it began."""
    running.begin_anew(SEED)
    return running
