"""`numbersFile`: more numbers of an instance, one a row.

Header `number,usage,flow,skillGroups,order` (any order of columns; `agent`, `adopt`,
`keepOnRemoval` and `ignoreChanges` may be there too), or as in a vendor's list: 号码,用途,流程,技能组,订单; what such a list says besides is left out. Encoding and
separator are Excel's. An empty cell means the default, `-` means none; skill groups are separated by `;` or `|`. Rows
beginning with `#` and blank ones are skipped.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ccc_numbers.declaration.grammar import NumberShape
from ccc_numbers.declaration.rules import WrittenNumber
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.problem import Problem, Source, shown
from ccc_numbers.messages.sheets import read_sheet, separated
from ccc_numbers.messages.typing_mistakes import unmerged

MOST_ROWS = 100_000
"""Rows of one file, ten times what CCC lists of an instance: a bound on time and memory, not a goal."""
_COLUMNS = (
    "number",
    "usage",
    "flow",
    "skillGroups",
    "order",
    "agent",
    "adopt",
    "keepOnRemoval",
    "ignoreChanges",
)
_HEADINGS = {
    "用途": "usage",
    "流程": "flow",
    "IVR流程": "flow",
    "技能组": "skillGroups",
    "订单": "order",
    "坐席": "agent",
}
_OF_NUMBERS = ("号码", "电话", "number", "phone", "tel", "did", "caller")
# fmt: off
_BESIDE = frozenset((
    "序号", "省", "省份", "市", "城市", "地区", "归属地", "号码归属地", "区号", "运营商", "供应商", "状态", "备注", "开通时间",
    "no", "no.", "index", "province", "city", "region", "carrier", "operator", "vendor", "status", "remark", "note",
))
# fmt: on
"""Columns of vendors' lists that say nothing of a number's binding."""
_FIRST_ROW = ",".join(_COLUMNS[:5])
_NONE = "-"
_LISTS = ("skillGroups", "ignoreChanges")
_MAY_BE_NONE = ("flow", "order", "agent")
_CSV_FAULTS = {
    "unexpected end of data": mark("opens a quotation mark that is never closed"),
    "',' expected after '\"'": mark("has text after a closing quotation mark"),
}


@dataclass(frozen=True, slots=True)
class _Cells:
    """A row of the file. `text` is where it came from, `columns` the index of each column by its name."""

    file: str
    line: int
    values: list[str]
    text: str
    separator: str
    columns: Mapping[str, int]

    def place(self, name: str) -> Source:
        """Where a column's cell begins; the first cell when the file has no such column."""
        return self.nth(self.columns.get(name, 0))

    def path(self, name: str) -> str:
        """The cell as a person looks for it in a sheet."""
        return f"{_row_path(self.line)}, column {name or 'number'}"  # not translated: a path

    def nth(self, index: int) -> Source:
        """Where a cell begins, by its index."""
        starts = _starts(self.text, self.separator) if index else [1]
        return Source(self.file, self.line, starts[index] if index < len(starts) else 1)

    def problem(self, value: str | None, message: str) -> Problem:
        """A problem of the whole row."""
        return Problem.at(Source(self.file, self.line), _row_path(self.line), value, message, "csv")

    def problem_in(self, name: str, value: str | None, message: str) -> Problem:
        """A problem of one cell."""
        return Problem.at(self.place(name), self.path(name), value, message, "csv")


def _row_path(line: int) -> str:
    return f"row {line}"  # not translated: a path, as in JSON


_Known = dict[tuple[str, ...], NumberShape]
"""Sound rows by the cells beside the number."""


def read_numbers_file(path: Path) -> tuple[list[WrittenNumber], list[Problem]]:
    """All rows that can be read and everything wrong with the file."""
    text = read_sheet(path)
    if isinstance(text, Problem):
        return [], [text]
    if conflict := unmerged(text):
        return [], [
            Problem.at(Source(shown(path), conflict[0]), _row_path(conflict[0]), None, conflict[1], "csv")
        ]
    text, separator = separated(text)
    if not text.strip():
        return [], [
            Problem.of_file(path, tr("is empty; the first row is {columns}", columns=_FIRST_ROW), "csv")
        ]
    rows: list[WrittenNumber] = []
    problems: list[Problem] = []
    columns: dict[str, int] = {}
    cells = _rows_of(text, separator, shown(path), columns, problems)
    first = next(cells, None)
    width = _read_header(first, columns, problems) if first else 0
    # A cell below a heading that is refused may have said something of its number.
    touched = bool(problems)
    known: _Known = {}
    for index, each in enumerate(cells if width else ()):
        if index == MOST_ROWS:
            message = tr("is one too many: a file holds at most {most:,} rows", most=MOST_ROWS)
            problems.append(each.problem(None, message))
            break
        row = _row(each, width, known, problems, touched=touched)
        if row is not None:
            rows.append(row)
    return rows, problems


def heads_numbers(cell: str) -> bool:
    """Whether a heading is that of the numbers: `号码`, `电话号码`, `Phone number`."""
    return any(word in cell.casefold() for word in _OF_NUMBERS)


def _rows_of(
    text: str, separator: str, name: str, columns: Mapping[str, int], problems: list[Problem]
) -> Iterator[_Cells]:
    last = ""

    def lines() -> Iterator[str]:
        nonlocal last
        for each in io.StringIO(text, newline=""):  # broken where csv breaks them, and nowhere else
            last = last or each
            yield each

    reader = csv.reader(lines(), strict=True, delimiter=separator)
    line = 1
    try:
        for values in reader:
            start, line, first, last = line, reader.line_num + 1, last, ""
            if any(value.strip() for value in values) and not values[0].lstrip().startswith("#"):
                yield _Cells(name, start, values, first, separator, columns)
    except csv.Error as error:
        fault = str(error).replace(f"'{separator}' expected", "',' expected")  # not translated: Python's own
        known = _CSV_FAULTS.get(fault)
        message = tr(known) if known else tr("cannot be read: {why}", why=error)
        problems.append(Problem.at(Source(name, line), _row_path(line), None, message, "csv"))


def _read_header(cells: _Cells, columns: dict[str, int], problems: list[Problem]) -> int:
    """Fill in the columns; how many the header names, 0 when no row could be read with them."""
    names = [_column_of(value.strip()) for value in cells.values]
    if not any(name in _COLUMNS for name in names):
        problems.append(
            cells.problem(None, tr("is not a header; the first row is {columns}", columns=_FIRST_ROW))
        )
        return 0
    for index, name in enumerate(names):
        if name in _COLUMNS and name not in columns:
            columns[name] = index
            continue
        if name.casefold() in _BESIDE:
            continue
        known = suggestion(name, _COLUMNS, "the columns are")
        message = tr("names a column twice") if name in columns else tr("is not a column; {hint}", hint=known)
        path = f"{_row_path(cells.line)}, column {index + 1}"  # not translated: a path
        problems.append(Problem.at(cells.nth(index), path, name, message, "csv"))
    if "number" not in columns:
        message = tr("has no column number; the first row is {columns}", columns=_FIRST_ROW)
        problems.append(cells.problem(None, message))
        return 0
    return len(names)


def _column_of(heading: str) -> str:
    """The column that a heading names, in our words; as it is when that is not known."""
    if heading in _COLUMNS or heading.casefold() in _BESIDE:
        return heading
    named = _HEADINGS.get(heading.replace(" ", ""))
    return named or ("number" if heads_numbers(heading) else heading)


def _row(
    cells: _Cells, width: int, known: _Known, problems: list[Problem], *, touched: bool
) -> WrittenNumber | None:
    here, columns = len(cells.values), cells.columns
    if here < width:
        message = tr("has {count} cells; the header names {width} columns", count=here, width=width)
        problems.append(cells.problem(None, message))
        return None
    extra = [value for value in cells.values[width:] if value.strip()]
    if extra:
        message = tr(
            "is a cell too many: the row has {count}, the header names {width} columns; several skill groups are separated "
            "by ; or |",
            count=here,
            width=width,
        )
        problems.append(cells.problem(extra[0], message))
        return None
    # Spreadsheets keep a number whole as the text ="02180001001".
    number = re.sub(r'^="(\d+)"$', r"\1", cells.values[columns["number"]].strip())
    if not number:
        problems.append(cells.problem_in("number", None, tr("is empty; each row begins with a number")))
        return None
    # Most rows are alike but for their number: the same cells are validated once.
    key = tuple(cells.values[index] for name, index in columns.items() if name != "number")
    said, whole = (known[key], True) if key in known else _said(cells, problems)
    if whole:
        known[key] = said
    return WrittenNumber(number, said, cells.place("number"), touched or not whole, cells.place, cells.path)


def _said(cells: _Cells, problems: list[Problem]) -> tuple[NumberShape, bool]:
    """The row's own values, and whether all of them are sound."""
    data: dict[str, object] = {}
    for name, index in cells.columns.items():
        value = cells.values[index].strip()
        if name == "number" or not value:
            continue
        if name in _LISTS:
            data[name] = [] if value == _NONE else [part.strip() for part in re.split(r"[;|]", value)]
        else:
            data[name] = None if value == _NONE and name in _MAY_BE_NONE else value
    try:
        return NumberShape.model_validate(data), True
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False):
            name, message = str(detail["loc"][0]), detail["msg"]
            refused: str | None = detail["input"] if isinstance(detail["input"], str) else None
            if name == "skillGroups" and refused == "":
                refused, message = None, tr("names an empty skill group; take out the separator too many")
            problems.append(cells.problem_in(name, refused, message))
            data.pop(name, None)
        return NumberShape.model_validate(data), False


def _starts(line: str, separator: str) -> list[int]:
    """The column (from 1) at which each cell of a line begins, quotes respected."""
    starts, in_quotes = [1], False
    for index, character in enumerate(line):
        if character == '"':
            in_quotes = not in_quotes
        elif character == separator and not in_quotes:
            starts.append(index + 2)
    return starts
