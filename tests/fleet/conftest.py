"""Fixtures of this room."""

from tests.fleet.drift_world import simulator, world
from tests.fleet.real_world import real

__all__ = ["real", "simulator", "world"]
