"""Reading a file that somebody else named: only a plain file, and never more of it than fits its purpose."""

from __future__ import annotations

import os
import stat
from pathlib import Path

MIB = 1024 * 1024

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotReadable(OSError):
    """The thing at this path is not a plain file; `why` goes on after its name: `is a named pipe, not a file`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_regular(path: Path, most: int) -> bytes:
    """The whole file, of at most `most` bytes. Never waits for a writer and never opens a device.

    Raises OSError: NotReadable where it is not a plain file, or larger; the system's own otherwise.
    """
    _refuse_others(path.stat().st_mode)
    # Not to wait, should it have been exchanged for a pipe meanwhile.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as file:
        _refuse_others(os.fstat(handle).st_mode)
        # Not by its size on record: /proc has files of none that go on for long.
        data = file.read(most + 1)
    if len(data) > most:
        size = f"{most // MIB} MiB" if most >= MIB else f"{most // 1024} KiB"
        raise NotReadable(f"is larger than {size}")
    return data


def _refuse_others(mode: int) -> None:
    for is_it, name in _KINDS:
        if is_it(mode):
            raise NotReadable(f"is {name}, not a file")
