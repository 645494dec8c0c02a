"""Fixtures of this room."""

from tests.fleet.drift_world import simulator, world

__all__ = ["simulator", "world"]
