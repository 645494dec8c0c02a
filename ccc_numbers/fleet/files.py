"""Files that a command reads and writes: whatever goes wrong with one is one line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.problem import shown

Form = TypeVar("Form")


def write_text(path: Path, text: str, *, folders: bool = False) -> None:
    """Write a whole file; with `folders`, make those it stands in. Raises FleetError."""
    try:
        if folders:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise FleetError(f"{shown(path)}: cannot be written: {error.strerror}") from None


def read_json(path: Path, form: TypeAdapter[Form], what: str) -> Form:
    """A JSON file that one of our commands wrote; FleetError when it is not there, or is no `what`."""
    try:
        return form.validate_json(path.read_bytes())
    except OSError as error:
        raise FleetError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValidationError as error:
        raise FleetError(f"{path}: is no {what}: {first_fault(error)}") from None


def first_fault(error: ValidationError) -> str:
    """The first thing wrong in a document: the way to it, and why."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "the file"
    return f"{where}: {first['msg']}"
