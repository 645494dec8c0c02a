"""Files that a command reads and writes: an error of one is one line."""

import contextlib
import csv
import io
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.messages.sheets import read_sheet, separated

if TYPE_CHECKING:
    from _csv import Reader

Form = TypeVar("Form")


def read_text(path: Path) -> str:
    """A UTF-8 file, whole. Raises FleetError."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise FleetError(
            tr("{path}: cannot be read: {reason}", path=shown(path), reason=_reason(error))
        ) from None


def read_table(path: Path) -> "Reader":
    """The rows of a CSV, whatever its encoding and separator. Raises FleetError."""
    text = read_sheet(path)
    if isinstance(text, Problem):
        raise FleetError(str(text))
    text, separator = separated(text)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def write_text(path: Path, text: str, *, folders: bool = False) -> None:
    """Write a whole file in UTF-8, like `write_bytes`; text that begins with `#!` is a program."""
    write_bytes(path, text.encode(), folders=folders)
    if text.startswith("#!"):
        path.chmod(0o755)


def rewrite(path: Path, before: str, after: str) -> None:
    """Write over a file that still holds what was read of it; its line ends stay. Raises FleetError."""
    if read_text(path) != before:
        raise FleetError(tr("{path}: changed meanwhile; nothing was written", path=shown(path)))
    crlf = b"\r\n" in path.read_bytes()
    write_text(path, after.replace("\n", "\r\n") if crlf else after)


def write_bytes(path: Path, content: bytes, *, folders: bool = False) -> None:
    """Write a whole file; with `folders`, make those it is in. Raises FleetError."""
    try:
        if folders:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise FleetError(
            tr("{path}: cannot be written: {reason}", path=shown(path), reason=_reason(error))
        ) from None


def keep_text(path: Path, text: str) -> None:
    """Keep what a later run can do without: whole, readable by its owner alone; or not at all."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(text)
        os.replace(file.name, path)


def read_json(path: Path, form: TypeAdapter[Form], what: str) -> Form:
    """A JSON file that one of our commands wrote; FleetError when it is not there, or is not a `what`."""
    try:
        return form.validate_json(path.read_bytes())
    except OSError as error:
        raise FleetError(
            tr("{path}: cannot be read: {reason}", path=shown(path), reason=_reason(error))
        ) from None
    except ValidationError as error:
        raise FleetError(
            tr(
                "{path}: is not a {what}: {first_fault}",
                path=shown(path),
                what=what,
                first_fault=first_fault(error),
            )
        ) from None


def _reason(error: OSError | UnicodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else tr("it is not UTF-8 text")


def first_fault(error: ValidationError) -> str:
    """The first thing wrong in a document: the way to it, and why."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or tr("the file")
    return f"{where}: {first['msg']}"
