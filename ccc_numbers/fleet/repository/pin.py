"""The one requirement of a team's repository."""

from __future__ import annotations

import re
from pathlib import Path

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.messages.names import quoted

FILE = "requirements.txt"
_PIN = re.compile(r"^(ccc-numbers==)([^\s;#]+)(?=[ \t]*(?:#.*)?$)", re.MULTILINE)
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?(\+[a-z0-9.]+)?")


def read_pin(project: Path) -> str:
    """The version that is pinned. Raises FleetError when there is no such line."""
    found = _PIN.search(text_of(project / FILE, FILE))
    if found is None:
        raise FleetError(f"{FILE}: has no line ccc-numbers==VERSION, so there is no pin to move")
    return found[2]


def move_pin(project: Path, version: str) -> None:
    """Write another version there, and nothing else. Raises FleetError."""
    if not _VERSION.fullmatch(version):
        raise FleetError(f"--to {quoted(version)} is not a version, such as 1.2.0")
    file = project / FILE
    write_text(file, _PIN.sub(rf"\g<1>{version}", text_of(file, FILE)))


def text_of(file: Path, name: str) -> str:
    """The text of a file that people know as `name`. Raises FleetError."""
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise FleetError(f"{name}: cannot be read: {reason}") from None
