"""Files that a command changes once a person has agreed: nobody's edit in between is lost."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import read_text, write_text
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.problem import shown


class EditedFiles:
    """The files as they are now, None for one that is not there, and with what is put into them. Raises FleetError."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._before = {path: _read(path) for path in paths}
        self._after: dict[Path, str] = {}

    def text(self, path: Path) -> str | None:
        """A file with the edits so far."""
        return self._after.get(path, self._before[path])

    def put(self, path: Path, text: str) -> None:
        """What is to be written."""
        self._after[path] = text

    @property
    def changed(self) -> Mapping[Path, tuple[str | None, str]]:
        """Each file that changes, before and after."""
        return {path: (self._before[path], text) for path, text in self._after.items()}

    def write(self) -> None:
        """Write all of them, or none where somebody has changed one since it was read."""
        if wrong := [path for path, (before, _) in self.changed.items() if _read(path) != before]:
            said = mark(
                "{path}: somebody has changed it meanwhile, so nothing was written or run; begin again"
            )
            raise FleetError(*(tr(said, path=shown(path)) for path in wrong))
        for path, text in self._after.items():
            write_text(path, text)


def _read(path: Path) -> str | None:
    return read_text(path) if path.exists() else None
