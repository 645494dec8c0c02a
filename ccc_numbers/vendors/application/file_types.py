"""The kinds of file a vendor takes, and whether a file really is one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

LARGEST = 20 * 1024 * 1024
"""Bytes: what a DingTalk group and a mail still take."""
_LARGEST_UNPACKED = 200 * 1024 * 1024
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")

PAPERS = (".docx", ".doc", ".pdf", ".png", ".jpg", ".jpeg")
TEXTS = (".docx", ".txt", ".md")

_JPEG = (b"\xff\xd8\xff", b"\xff\xd9", 1024, "JPEG picture")
_BINARY: dict[str, tuple[bytes, bytes, int, str]] = {
    ".pdf": (b"%PDF-", b"%%EOF", 2048, "PDF"),
    ".png": (b"\x89PNG\r\n\x1a\n", b"IEND", 16, "PNG picture"),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
}
"""Ending -> how such a file begins, what its last bytes hold, how many those are, its name."""


def problem_of(data: bytes, suffix: str) -> str | None:
    """Why these bytes are not what the file's ending says; None when they are."""
    match suffix:
        case ".docx":
            return _docx_problem(data)
        case ".doc":
            return None if data.startswith(_OLE) else "is not a Word document, whatever its name says"
        case ".pdf" | ".png" | ".jpg" | ".jpeg":
            start, end, within, kind = _BINARY[suffix]
            return None if data.startswith(start) and end in data[-within:] else f"is not a whole {kind}"
        case _:
            return _text_problem(data)


def paragraphs(data: bytes, suffix: str) -> tuple[str, ...]:
    """The text of a file that passed `problem_of`, one item per paragraph or line, in all its parts."""
    if suffix == ".docx":
        return tuple(_docx_paragraphs(data))
    return tuple(data.decode("utf-8-sig").splitlines())


def _docx_problem(data: bytes) -> str | None:
    if data.startswith(_OLE):
        return "is an old .doc or locked by a password; save it as a plain .docx"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > _LARGEST_UNPACKED:
                return "unpacks to more than 200 MB: this is not a paper"
            broken = packed.testzip()
        if broken is not None:
            return f"is damaged: {broken} in it cannot be read"
        docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError, RuntimeError):
        return "is not a Word document (.docx), whatever its name says"
    return None


def _docx_paragraphs(data: bytes) -> Iterator[str]:
    """Body, tables, text boxes, headers, footers, notes, comments: every part with paragraphs."""
    document = docx.Document(io.BytesIO(data))
    for part in document.part.package.iter_parts():
        if "wordprocessingml" not in part.content_type or not part.partname.endswith(".xml"):
            continue
        for paragraph in parse_xml(part.blob).iter(qn("w:p")):
            text = "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
            if text.strip():
                yield text


def _text_problem(data: bytes) -> str | None:
    if b"\x00" in data:
        return "is not a text file"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "is not UTF-8 text; save it as UTF-8"
    return None
