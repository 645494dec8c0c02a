"""Sheets of a spreadsheet, saved as text: Excel writes UTF-8, GBK or UTF-16, and more than one separator."""

from contextlib import suppress
from pathlib import Path

from ccc_numbers.messages.files import LARGEST_CSV, read_bytes
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem

_SEPARATORS = ",;\t，"


def read_sheet(path: Path) -> str | Problem:
    """The file's text, or why it cannot be read."""
    data = read_bytes(path, LARGEST_CSV)
    if isinstance(data, Problem):
        return data
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return Problem.of_file(path, tr("is an Excel workbook; save the sheet as CSV"))
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return Problem.of_file(path, tr("is neither UTF-8 nor GBK text"))


def separated(text: str) -> tuple[str, str]:
    """The text and what separates its cells, as its first line has it; a full-width comma becomes a plain one."""
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    return (text.replace("，", ","), ",") if separator == "，" else (text, separator)
