"""What all tests of `ccc` share."""

import pytest

from ccc_numbers.api import retry


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries come at once."""
    monkeypatch.setattr(retry, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(retry, "_LONGEST_WAIT", 0.05)
