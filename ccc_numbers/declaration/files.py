"""Reading the files a declaration is made of: one line for each way it can go wrong."""

from __future__ import annotations

from pathlib import Path

from ccc_numbers.declaration.problem import Problem, shown
from ccc_numbers.messages.names import nearest, quoted
from ccc_numbers.vendors.regular_file import MIB, NotReadable, read_regular

LARGEST_YAML, LARGEST_CSV = 4 * MIB, 16 * MIB
"""Bytes of a file: more than 100,000 numbers. A MiB of YAML takes up to 10 s and 200 MB, one of CSV half a second."""


def read_text(path: Path, most: int = LARGEST_YAML) -> str | Problem:
    """The file's text (UTF-8, a byte order mark is dropped), or why it cannot be had."""
    name = shown(path)
    try:
        data = read_regular(path, most)
    except FileNotFoundError:
        return Problem(name, 1, 1, "", None, f"does not exist{_nearest_file(path)}", "file")
    except NotReadable as error:
        return Problem(name, 1, 1, "", None, error.why, "file")
    except (OSError, ValueError) as error:
        return Problem(name, 1, 1, "", None, f"cannot be read: {_reason(error)}", "file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error, name)


def inside(folder: Path, written: str) -> Path | str:
    """The file `written` names from `folder`, or why it may not be used: it must not lead out of it."""
    try:
        root, target = folder.resolve(), (folder / written).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        return f"cannot be followed: {_reason(error)}"
    if not target.is_relative_to(root):
        return f"leads out of {quoted(shown(folder))}; keep the file below it"
    return folder / written


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _nearest_file(path: Path) -> str:
    try:
        there = sorted(each.name for each in path.parent.iterdir() if each.suffix == path.suffix)
    except OSError:
        return f"; neither does its folder {quoted(shown(path.parent))}"
    near = nearest(path.name, there)
    return f"; did you mean {quoted(near)}?" if near else ""


def _not_utf8(data: bytes, error: UnicodeDecodeError, name: str) -> Problem:
    before = data[: error.start]
    line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
    how = 'save it as UTF-8 ("CSV UTF-8" in Excel)' if name.endswith(".csv") else "save it as UTF-8"
    message = f"is not UTF-8; {how}"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = f"is UTF-16; {how}"
    else:
        try:
            data.decode("gb18030")
            message = f"is not UTF-8 but looks like GBK; {how}"
        except UnicodeDecodeError:
            pass
    return Problem(name, line, column, "", None, message, "encoding")
