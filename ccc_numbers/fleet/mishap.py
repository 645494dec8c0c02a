"""What a person sees of a mistake in this program: one line, and a file for whoever mends it."""

from __future__ import annotations

import os
import tempfile
import traceback

from ccc_numbers.api.errors import redacted


def reported(bug: BaseException) -> str:
    """One line about `bug`; its traceback goes into a new file that only its owner can read, without secrets."""
    handle, path = tempfile.mkstemp(prefix="ccc-numbers-", suffix=".log")
    lines = "".join(traceback.format_exception(bug)).splitlines()
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(f"{line[: len(line) - len(line.lstrip())]}{redacted(line)}\n" for line in lines)
    return f"an error of its own ({type(bug).__name__}), so nothing is known; its details are in {path}"
