"""Fixtures of the components' tests."""

from tests.components.mocked import project

__all__ = ["project"]
