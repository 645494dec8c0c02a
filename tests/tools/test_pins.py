"""Versions as programs print them."""

import pytest

from tools import pins


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("uv 0.13.9 (abc1234 2026-08-01)", (0, 13, 9)),
        ("go1.26.8\nlocal", (1, 26, 8)),
        ("1.25", (1, 25, 0)),
        ("v3.260.0-alpha.1753000000", (3, 260, 0)),
        ("pulumi: command not found", None),
        ("", None),
    ],
)
def test_a_version_is_found_in_what_a_program_prints(said: str, version: pins.Version | None) -> None:
    assert pins.parse(said) == version


def test_a_version_is_shown_without_a_last_zero() -> None:
    assert pins.show((3, 227, 0)) == "3.227"
    assert pins.show((1, 25, 11)) == "1.25.11"
