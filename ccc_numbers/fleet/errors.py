"""How a verb ends early: with one line, and for a bug also a file for those who repair it."""

import os
import tempfile
import traceback

from ccc_numbers.api.errors import redacted
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import cut, visible

_LONGEST = 4_000


class FleetError(Exception):
    """The verb could not do its work: configuration, credentials, network. Exit code 2.

    `lines` say why, one for each thing that is wrong, whatever characters a name or an answer in them holds.
    """

    def __init__(self, *lines: str) -> None:
        self.lines = tuple(visible(cut(line, _LONGEST)) for line in lines)
        super().__init__("\n".join(self.lines))


def reported(bug: BaseException) -> str:
    """One line about `bug`; its traceback goes into a new file that only its owner can read, without secrets."""
    handle, path = tempfile.mkstemp(prefix="ccc-numbers-", suffix=".log")
    lines = "".join(traceback.format_exception(bug)).splitlines()
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(f"{line[: len(line) - len(line.lstrip())]}{redacted(line)}\n" for line in lines)
    return tr(
        "internal error ({name}), so the result is unknown; its details are in {path}",
        name=type(bug).__name__,
        path=path,
    )
