"""CSV for spreadsheets: no cell is a formula, a line break, or a command of a pipeline's log."""

import csv
import io
from collections.abc import Iterable

from ccc_numbers.messages.visible import visible

_FORMULA = ("=", "+", "-", "@")


def csv_text(rows: Iterable[Iterable[str | int | None]], *, line_end: str = "\n") -> str:
    """The rows as CSV. Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str | int | None) -> str | int | None:
    if not isinstance(cell, str):
        return cell
    # Looked at without what a spreadsheet may drop or fold: leading space, full-width signs.
    folded = cell.lstrip().translate({0xFF1D: "=", 0xFF0B: "+", 0xFF0D: "-", 0xFF20: "@"})
    tab = cell.startswith(("\t", "\r"))
    return f"'{visible(cell)}" if tab or folded.startswith(_FORMULA) else visible(cell)
