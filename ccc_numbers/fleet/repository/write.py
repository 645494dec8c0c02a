"""Puts a repository's files on disk, and never over one that is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.names import some

_SHOWN = 5


def write_new(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Write all of them; their paths. Raises FleetError, with nothing written, when one of them is there."""
    there = [path for path in files if (folder / path).exists() or (folder / path).is_symlink()]
    if there:
        raise FleetError(
            f"{folder} holds {some(there, _SHOWN)} already, and nothing is overwritten; "
            "take another folder, or `ccc-numbers upgrade` for a repository that `init` has written"
        )
    for path, text in files.items():
        file = folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            if text.startswith("#!"):
                file.chmod(0o755)
        except OSError as error:
            raise FleetError(f"{file}: cannot be written: {error.strerror or error}") from None
    return list(files)
