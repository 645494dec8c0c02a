"""The numbers of a vendor's list: any columns, UTF-8 or GBK, with the marks that Excel leaves on numbers."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.declaration.numbers_file import heads_numbers
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import read_table
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import first_of, quoted
from ccc_numbers.messages.problem import shown
from ccc_numbers.numbers.number_text import number_fault

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_NOTHING = re.compile(r"[\s\-‐-―().·_/'\"=]")


@dataclass(frozen=True, slots=True)
class VendorList:
    """The numbers in order, each once; `mended` counts those that were corrected (a lost zero, a hyphen)."""

    numbers: tuple[str, ...]
    mended: int


def read_delivered(path: Path) -> VendorList:
    """The numbers of a vendor's list. Raises FleetError with a line for each row without a number."""
    rows = list(read_table(path))
    column, first = _column(path, rows)
    numbers: dict[str, None] = {}
    wrong: list[str] = []
    mended = 0
    for line, row in enumerate(rows[first:], first + 1):
        if not any(cell.strip() for cell in row):
            continue
        written = row[column].strip() if column < len(row) else ""
        number, problem = _number(written)
        if number is None:
            wrong.append(f"{shown(path)}:{line}: {quoted(written)} {problem}")
            continue
        mended += number != written
        numbers[number] = None
    if wrong:
        raise FleetError(*first_of(wrong, 20, "rows"))
    if not numbers:
        raise FleetError(tr("{path}: holds no numbers", path=shown(path)))
    return VendorList(tuple(numbers), mended)


def _column(path: Path, rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """The column with the numbers, and the first row below the heading."""
    for index, row in enumerate(rows[:10]):
        named = [place for place, cell in enumerate(row) if heads_numbers(cell)]
        if named and _number(row[named[0]])[0] is None:
            return _fullest(rows[index + 1 :], named), index + 1
        places = [place for place, cell in enumerate(row) if _number(cell)[0] is not None]
        if places:
            return places[0], index
    raise FleetError(tr("{path}: has no column of numbers; head one with 号码 or number", path=shown(path)))


def _fullest(rows: Sequence[Sequence[str]], columns: Iterable[int]) -> int:
    """Of several columns with such a heading, the one that holds most numbers."""

    def held(column: int) -> int:
        return sum(column < len(row) and _number(row[column])[0] is not None for row in rows[:200])

    return max(columns, key=held)


def _number(written: str) -> tuple[str | None, str]:
    """The number as CCC writes it; or None and what is wrong with the cell."""
    text = unicodedata.normalize("NFKC", written)
    if _SCIENTIFIC.fullmatch(text.strip()):
        return None, tr("was cut by Excel: its last digits are lost; format the column as text")
    bare = _NOTHING.sub("", text)
    if not bare:
        return None, tr("is empty")
    international = bare.startswith("+")
    bare = bare.removeprefix("+")
    national = re.sub(r"^(?:00)?86(?=\d{9,})", "", bare)
    candidates = (national, f"0{national}") if international or national != bare else (bare, f"0{bare}")
    for candidate in candidates:
        if number_fault(candidate) is None:
            return candidate, ""
    return None, number_fault(bare) or tr("is not a number")
