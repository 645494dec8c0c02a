"""Puts a report's files into a folder, and takes out those of an earlier report."""

import os
from collections.abc import Iterable
from pathlib import Path

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.report.render import Page
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted

_LIST = ".ccc-numbers-report"


def publish(pages: Iterable[Page], folder: Path) -> Path:
    """Write the pages; the first page's path.

    A folder with anything else in it is refused: a slip of the finger must not mix a report into a home
    directory. Files of an earlier report that this one no longer has are deleted. Raises FleetError.
    """
    try:
        before = _earlier(folder)
        folder.mkdir(parents=True, exist_ok=True)
        # Known before anything is written: a report that breaks off can be written again.
        written = {page.path: page.text for page in pages}
        _put(folder / _LIST, "\n".join(sorted({*written, *before})) + "\n")
        for path, text in written.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            _put(target, text)
        for path in before - written.keys():
            _delete(folder, path)
        _put(folder / _LIST, "\n".join(sorted(written)) + "\n")
    except OSError as error:
        raise FleetError(
            tr("{path}: cannot be written: {why}", path=error.filename or folder, why=error.strerror)
        ) from None
    return folder / "index.html"


def _earlier(folder: Path) -> set[str]:
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise FleetError(tr("--out {folder}: is a file; name a folder", folder=quoted(str(folder))))
    if (folder / _LIST).is_file():
        return set((folder / _LIST).read_text("utf-8").splitlines())
    if any(folder.iterdir()):
        raise FleetError(
            tr(
                "--out {folder}: is not empty and holds no report; name a new folder or an empty one",
                folder=quoted(str(folder)),
            )
        )
    return set()


def _put(target: Path, text: str) -> None:
    """Replace the file at once, or leave it as it was: somebody may be reading it."""
    new = target.with_name(f"{target.name}.new")
    new.write_text(text, "utf-8", newline="")
    os.replace(new, target)


def _delete(folder: Path, path: str) -> None:
    target = (folder / path).resolve()
    if target.is_relative_to(folder.resolve()):
        target.unlink(missing_ok=True)
