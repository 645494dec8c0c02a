"""The picture of calls: a bar for each instance or number, in SVG units, and the rows of the table beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ccc_numbers.declaration.clock import CHINA
from ccc_numbers.fleet.report.charts import short
from ccc_numbers.fleet.traffic.model import Traffic
from ccc_numbers.fleet.traffic.summary import said
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.spreadsheet import csv_text
from ccc_numbers.numbers.traffic import Calls

_WIDTH, _LABELS, _ROW, _NOTE, _BOTTOM = 1000, 270, 36, 90, 6
_LONGEST = 34
MOST_BARS, MOST_ROWS = 20, 1_000
"""What a picture and a table of a page hold."""

PARTS = (
    ("answered", mark("in, an agent answered")),
    ("unanswered", mark("in, no agent answered")),
    ("outbound", mark("out")),
    ("blocked", mark("out, not let through")),
)
"""The parts of a bar from left to right, and what each is."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """The calls of an instance, where `number` is "", or of one of its numbers."""

    stack: str
    instance: str
    number: str
    calls: Calls

    @property
    def where(self) -> str:
        return f"{self.stack} › {self.instance}"


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class CallBar:
    """One bar. `title` says in words what it shows."""

    y: int
    label: str
    detail: str
    segments: tuple[Segment, ...]
    note: str
    note_x: float
    title: str


@dataclass(frozen=True, slots=True)
class CallChart:
    """The bars under each other."""

    width: int
    height: int
    bars: tuple[CallBar, ...]


def instance_rows(traffic: Traffic) -> list[CallRow]:
    """The instances, those with most calls first."""
    return _most_first(CallRow(each.stack, each.instance, "", each.total) for each in traffic.instances)


def number_rows(traffic: Traffic) -> list[CallRow]:
    """The numbers, those with most calls first."""
    return _most_first(
        CallRow(each.stack, each.instance, line.number, line.calls)
        for each in traffic.instances
        for line in each.numbers
    )


def chart(rows: Sequence[CallRow]) -> CallChart | None:
    """The first rows as bars; None where there is no call."""
    shown = [row for row in rows[:MOST_BARS] if row.calls.total]
    if not shown:
        return None
    unit = (_WIDTH - _LABELS - _NOTE) / max(row.calls.total for row in shown)
    bars = tuple(_bar(row, index * _ROW, unit) for index, row in enumerate(shown))
    return CallChart(_WIDTH, _ROW * len(bars) + _BOTTOM, bars)


def calls_csv(rows: Iterable[CallRow]) -> str:
    """Every number with its calls, for a spreadsheet."""
    # not translated: programs read them
    heading = ("number", "stack", "instance", "calls in", "without an agent", "calls out", "not let through")
    cells = (
        (row.number, row.stack, row.instance, each.inbound, each.unanswered, each.outbound, each.blocked)
        for row in rows
        for each in (row.calls,)
    )
    return "\ufeff" + csv_text([heading, *cells], line_end="\r\n", keep_digits=True)


def _most_first(rows: Iterable[CallRow]) -> list[CallRow]:
    return sorted(rows, key=lambda row: (-row.calls.total, row.stack, row.instance, row.number))


def _bar(row: CallRow, y: int, unit: float) -> CallBar:
    calls = row.calls
    counts = (
        calls.inbound - calls.unanswered,
        calls.unanswered,
        calls.outbound - calls.blocked,
        calls.blocked,
    )
    x, segments = float(_LABELS), []
    for (kind, _), count in zip(PARTS, counts, strict=True):
        if count:
            segments.append(Segment(kind, round(x, 1), round(count * unit, 1)))
            x += count * unit
    words = ", ".join(
        f"{tr(means)}: {count:,}" for (_, means), count in zip(PARTS, counts, strict=True) if count
    )
    name = row.number or row.instance
    return CallBar(
        y=y,
        label=short(name, _LONGEST),
        detail=short(row.where if row.number else row.stack, _LONGEST),
        segments=tuple(segments),
        note=f"{calls.total:,}",
        note_x=round(x + 6, 1),
        title=f"{name}: {words}",
    )


@dataclass(frozen=True, slots=True)
class CallsPart:
    """Everything about calls on a page."""

    said: str
    begins: str
    ends: str
    instances: Sequence[CallRow]
    numbers: Sequence[CallRow]
    instances_chart: CallChart | None
    numbers_chart: CallChart | None

    @classmethod
    def of(cls, traffic: Traffic) -> CallsPart:
        begins, ends = (f"{each.astimezone(CHINA):%Y-%m-%d %H:%M}" for each in (traffic.begins, traffic.ends))
        instances, numbers = instance_rows(traffic), number_rows(traffic)
        return cls(said(traffic), begins, ends, instances, numbers, chart(instances), chart(numbers))
