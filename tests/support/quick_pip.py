"""`pip list`, which the language host asks before each program and which costs a seventh of an `up`."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

_ASKED = ["list", "-v", "--format", "json"]


def quick_pip() -> str:
    """A folder for PYTHONPATH whose `pip list` gives the real one's answer, asked once in this process."""
    return _package().name


@cache
def _package() -> "TemporaryDirectory[str]":
    words = [sys.executable, "-m", "pip", *_ASKED]
    listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    folder = TemporaryDirectory()
    (package := Path(folder.name, "pip")).mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        f"import sys\nassert sys.argv[1:] == {_ASKED}, sys.argv\nprint({listed!r})\n", "utf-8"
    )
    return folder
