"""Reading files that people wrote and name: one line for each way it can go wrong."""

import contextlib
import os
import stat
from pathlib import Path

from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import nearest, quoted
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.messages.yaml_document import Document, Loc

MIB = 1024 * 1024
LARGEST_YAML, LARGEST_CSV = 4 * MIB, 16 * MIB
"""Bytes of a file: more than 100,000 numbers. A MiB of YAML takes up to 10 s and 200 MB, one of CSV half a second."""

_KINDS = (
    (stat.S_ISDIR, mark("is a folder, not a file")),
    (stat.S_ISFIFO, mark("is a named pipe, not a file")),
    (stat.S_ISSOCK, mark("is a socket, not a file")),
    (stat.S_ISCHR, mark("is a device, not a file")),
    (stat.S_ISBLK, mark("is a device, not a file")),
)


class NotReadable(OSError):
    """`why` a path cannot be read as a file, to stand after its name: `is a named pipe, not a file`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_regular(path: Path, most: int) -> bytes:
    """The whole file, of at most `most` bytes. Never waits for a writer and never opens a device.

    Raises OSError: NotReadable where it is not a regular file, or larger; the system's own otherwise.
    """
    _refuse_others(path.stat().st_mode)
    # Not to wait, should it have been exchanged for a pipe meanwhile.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as file:
        _refuse_others(os.fstat(handle).st_mode)
        # The size on record does not count: files of /proc have none and go on for long.
        data = file.read(most + 1)
    if len(data) > most:
        raise NotReadable(tr("is larger than {size} MiB", size=most // MIB))
    return data


def _refuse_others(mode: int) -> None:
    for is_it, why in _KINDS:
        if is_it(mode):
            raise NotReadable(tr(why))


def read_text(path: Path, most: int = LARGEST_YAML) -> str | Problem:
    """The file's text (UTF-8, a byte order mark is dropped), or why it cannot be read."""
    data = read_bytes(path, most)
    return data if isinstance(data, Problem) else _decoded(data, shown(path))


def read_bytes(path: Path, most: int) -> bytes | Problem:
    """The whole file, or why it cannot be read."""
    try:
        return read_regular(path, most)
    except FileNotFoundError:
        why = _absent(path)
    except NotReadable as error:
        why = error.why
    except (OSError, ValueError) as error:
        why = tr("cannot be read: {why}", why=_reason(error))
    return Problem.of_file(path, why)


def _decoded(data: bytes, name: str) -> str | Problem:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
    fault = tr("is not UTF-8")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        fault = tr("is UTF-16")
    else:
        with contextlib.suppress(UnicodeDecodeError):
            data.decode("gb18030")
            fault = tr("is not UTF-8 but looks like GBK")
    return Problem(name, line, column, "", None, tr("{fault}; save it as UTF-8", fault=fault), "encoding")


def inside(folder: Path, written: str) -> Path | str:
    """The file that `written` names from `folder`, or why it may not be used: it must not lead out of it."""
    try:
        root, target = folder.resolve(), (folder / written).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        return tr("cannot be followed: {why}", why=_reason(error))
    if not target.is_relative_to(root):
        return tr("leads out of {folder}; keep the file below it", folder=quoted(shown(folder)))
    return folder / written


def named_file(document: Document, loc: Loc, written: str, folder: Path) -> Path | None:
    """The file that a document names at `loc`; None, and a problem of the document, where it may not be used."""
    file = inside(folder, written)
    if isinstance(file, Path):
        return file
    document.report(loc, file, "file", value=written)
    return None


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _absent(path: Path) -> str:
    try:
        there = sorted(each.name for each in path.parent.iterdir() if each.suffix == path.suffix)
    except OSError:
        return tr("does not exist; neither does its folder {folder}", folder=quoted(shown(path.parent)))
    near = nearest(path.name, there)
    return tr("does not exist; did you mean {near}?", near=quoted(near)) if near else tr("does not exist")
