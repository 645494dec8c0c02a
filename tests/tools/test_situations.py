"""The page of ten situations: what it shows is what the commands print now, in both languages."""

import subprocess
from pathlib import Path

from tests.support.documented import ROOT


def test_the_ten_situations_are_shown_as_they_are() -> None:
    words: list[str | Path] = [
        ROOT / "tools" / "run",
        "python",
        ROOT / "docs" / "site" / "situations.py",
        "--check",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
