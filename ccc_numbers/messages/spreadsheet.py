"""CSV for spreadsheets: no cell is a formula, a line break, or a command of a pipeline's log."""

import csv
import io
import re
from collections.abc import Iterable

from ccc_numbers.messages.visible import visible

_DIGITS = re.compile(r"0\d+|\d{11,}", re.ASCII)
_FORMULA = ("=", "+", "-", "@")


def csv_text(
    rows: Iterable[Iterable[str | int | None]], *, line_end: str = "\n", keep_digits: bool = False
) -> str:
    """The rows as CSV. Text that a spreadsheet would run as a formula gets an apostrophe in front.

    `keep_digits`: for a spreadsheet alone. A long number, or one with a leading zero, is written as the text
    `="02180001001"`, which Excel, WPS and LibreOffice show whole.
    """
    text = io.StringIO()
    cell_of = _whole if keep_digits else _harmless
    csv.writer(text, lineterminator=line_end).writerows([cell_of(cell) for cell in row] for row in rows)
    return text.getvalue()


def _whole(cell: str | int | None) -> str | int | None:
    return f'="{cell}"' if isinstance(cell, str) and _DIGITS.fullmatch(cell) else _harmless(cell)


def _harmless(cell: str | int | None) -> str | int | None:
    if not isinstance(cell, str):
        return cell
    # Looked at without what a spreadsheet may drop or fold: leading space, full-width signs.
    folded = cell.lstrip().translate({0xFF1D: "=", 0xFF0B: "+", 0xFF0D: "-", 0xFF20: "@"})
    tab = cell.startswith(("\t", "\r"))
    return f"'{visible(cell)}" if tab or folded.startswith(_FORMULA) else visible(cell)
