"""The order of the tests: files that run the real CLI take minutes, and go first, or they would run on alone at the end."""

from pathlib import Path

import pytest

_LONG = ("gitops", "provider", "fleet", "tools", "bench")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rooms with long files first, else as collected."""
    root = Path(__file__).parent

    def room(item: pytest.Item) -> int:
        name = item.path.relative_to(root).parts[0]
        return _LONG.index(name) if name in _LONG else len(_LONG)

    items.sort(key=room)
