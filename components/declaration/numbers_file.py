"""`numbersFile`: more numbers of an instance, one a row.

Header `number,usage,flow,skillGroups,order` (any order of columns; `agent`, `adopt` and `keepOnRemoval` may
be there too). An empty cell means the default, `-` means none; skill groups are separated by `;` or `|`.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from components.declaration.files import read_text
from components.declaration.grammar import NumberShape
from components.declaration.problem import Problem, Source, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_COLUMNS = ("number", "usage", "flow", "skillGroups", "order", "agent", "adopt", "keepOnRemoval")
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One number of the file. `touched` says that a cell was refused, so nothing can be concluded from it."""

    number: str
    said: NumberShape
    source: Source
    touched: bool
    place: Callable[[str], Source]
    path: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Cells:
    """A row as read: its line, its columns and the text it came from, to find a cell's column again."""

    file: str
    line: int
    columns: Mapping[str, int]
    values: list[str]
    text: str

    def place(self, name: str) -> Source:
        """Where the cell begins; the start of the row when the file has no such column."""
        index, starts = self.columns.get(name, 0), _starts(self.text)
        return Source(self.file, self.line, starts[index] if index < len(starts) else 1)

    def path(self, name: str) -> str:
        """The cell as a person looks for it in a sheet."""
        return f"row {self.line}, column {name or 'number'}"

    def problem(self, name: str, value: str | None, message: str, rule: str) -> Problem:
        """What is wrong with one cell."""
        return Problem.at(self.place(name), self.path(name), value, message, rule)


def read_numbers_file(path: Path) -> tuple[list[Row], list[Problem]]:
    """All rows that can be read and everything wrong with the file."""
    text = read_text(path)
    if isinstance(text, Problem):
        return [], [text]
    name = shown(path)
    lines = text.splitlines(keepends=True)
    if not text.strip():
        return [], [
            Problem(name, 1, 1, "", None, f"is empty; its first row is {','.join(_COLUMNS[:5])}", "csv")
        ]
    rows: list[Row] = []
    problems: list[Problem] = []
    columns: dict[str, int] | None = None
    line = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for values in reader:
            start, line = line, reader.line_num + 1
            if not any(value.strip() for value in values) or values[0].lstrip().startswith("#"):
                continue
            cells = _Cells(
                name, start, columns or {}, values, lines[start - 1] if start <= len(lines) else ""
            )
            if columns is None:
                columns = _header(cells, problems)
                if columns is None:
                    break
            else:
                _take(cells, rows, problems)
    except csv.Error as error:
        problems.append(Problem(name, line, 1, f"row {line}", None, f"cannot be read: {error}", "csv"))
    return rows, problems


def _header(cells: _Cells, problems: list[Problem]) -> dict[str, int] | None:
    """Which column stands where, or None when rows could not be told from one another."""
    columns: dict[str, int] = {}
    starts = _starts(cells.text)
    names = [value.strip() for value in cells.values]
    for index, name in enumerate(names):
        column = starts[index] if index < len(starts) else 1
        path = f"row {cells.line}, column {index + 1}"
        if name in columns:
            problems.append(
                Problem(cells.file, cells.line, column, path, name, "names a column twice", "csv")
            )
        elif name in _COLUMNS:
            columns[name] = index
        elif len(names) == 1 and (";" in name or "\t" in name):
            problems.append(
                Problem(
                    cells.file, cells.line, column, path, name, "has no commas; separate columns by ,", "csv"
                )
            )
            return None
        else:
            message = f"is not a column; {suggestion(name, _COLUMNS, 'the columns are')}"
            problems.append(Problem(cells.file, cells.line, column, path, name, message, "csv"))
    if "number" in columns:
        return columns
    if not problems:
        message = f"has no column number; the first row is {','.join(_COLUMNS[:5])}"
        problems.append(Problem(cells.file, cells.line, 1, f"row {cells.line}", None, message, "csv"))
    return None


def _take(cells: _Cells, rows: list[Row], problems: list[Problem]) -> None:
    expected = max(cells.columns.values()) + 1
    if len(cells.values) < expected:
        message = f"has {len(cells.values)} cells; the header names {expected} columns"
        problems.append(Problem(cells.file, cells.line, 1, f"row {cells.line}", None, message, "csv"))
        return
    extra = [value for value in cells.values[expected:] if value.strip()]
    if extra:
        message = (
            f"has {len(cells.values)} cells, the header names {expected} columns; "
            f"several skill groups are separated by ; or |"
        )
        problems.append(Problem(cells.file, cells.line, 1, f"row {cells.line}", extra[0], message, "csv"))
        return
    number = cells.values[cells.columns["number"]].strip()
    if not number:
        problems.append(cells.problem("number", None, "is empty; each row begins with a number", "csv"))
        return
    said, touched = _said(cells, problems)
    rows.append(Row(number, said, cells.place("number"), touched, cells.place, cells.path))


def _said(cells: _Cells, problems: list[Problem]) -> tuple[NumberShape, bool]:
    data: dict[str, object] = {}
    for name, index in cells.columns.items():
        value = cells.values[index].strip()
        if name == "number" or not value:
            continue
        if name == "skillGroups":
            data[name] = [] if value == _NONE else [part.strip() for part in re.split(r"[;|]", value)]
        else:
            data[name] = None if value == _NONE and name in ("flow", "order", "agent") else value
    try:
        return NumberShape.model_validate(data), False
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False):
            name = str(detail["loc"][0])
            refused: str | None = detail["input"] if isinstance(detail["input"], str) else None
            message = detail["msg"]
            if name == "skillGroups" and refused == "":
                refused, message = None, "names an empty skill group; take out the separator too many"
            problems.append(cells.problem(name, refused, message, "value"))
            data.pop(name, None)
        return NumberShape.model_validate(data), True


def _starts(line: str) -> list[int]:
    """The column (from 1) at which each cell of a line begins, quotes respected."""
    starts, in_quotes = [1], False
    for index, character in enumerate(line):
        if character == '"':
            in_quotes = not in_quotes
        elif character == "," and not in_quotes:
            starts.append(index + 2)
    return starts
