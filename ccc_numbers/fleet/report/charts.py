"""The pictures' geometry, in SVG units: which order runs how long, and how many numbers end in which month."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from ccc_numbers.fleet.report.order_rows import OrderRow
from ccc_numbers.messages.language import mark, tr, trn
from ccc_numbers.messages.names import listed
from ccc_numbers.vendors.orders import Ending
from ccc_numbers.vendors.terms import plus_months

_MONTHS = (
    *(mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun")),
    *(mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec")),
)
_MOST_TICKS = 13
# In SVG units: the timeline, its labels, its head, one of its rows; the highest column.
_WIDTH, _LABELS, _TOP, _ROW, _TALL = 1000, 270, 34, 36, 110
_MONTHS_AHEAD = 12
_BACK_MONTHS, _AHEAD_MONTHS, _LEAST_AHEAD = 12, 48, 12
_LONGEST_NAME, _LONGEST_DETAIL = 34, 44


@dataclass(frozen=True, slots=True)
class Tick:
    """A first of a month on the axis."""

    x: float
    label: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One order. `x` and `width` are of the part inside the picture; `cut_*` where its term goes on beyond it.

    `width` is 0 for an order of which no time is known. `note` stands behind the bar, `title` says everything.
    """

    y: float
    x: float
    width: float
    note_x: float
    note_before: bool
    cut_left: bool
    cut_right: bool
    ending: Ending
    label: str
    detail: str
    note: str
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All orders under one axis."""

    width: int
    height: int
    labels: int
    top: int
    row: int
    today: float
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]


def timeline(orders: Sequence[OrderRow], today: date, *, with_stack: bool) -> Timeline | None:
    """The orders from top to bottom as given; None when there are none."""
    if not orders:
        return None
    scale = _Scale.around(orders, today)
    bars = tuple(
        _bar(row, scale, _TOP + index * _ROW, with_stack=with_stack) for index, row in enumerate(orders)
    )
    height = _TOP + _ROW * len(bars) + 6
    return Timeline(_WIDTH, height, _LABELS, _TOP, _ROW, scale.x(today), tuple(_ticks(scale)), bars)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days to units: [`start`, `end`) lies between the labels and the picture's right edge."""

    start: date
    end: date

    @classmethod
    def around(cls, rows: Sequence[OrderRow], today: date) -> _Scale:
        """The months that matter: a year back at most, and four years on."""
        month = today.replace(day=1)
        begun = [row.order.purchased for row in rows if row.order.purchased] or [month]
        ended = [row.order.expires for row in rows if row.order.expires]
        earliest = min([*begun, *ended])
        latest = max([*ended, plus_months(month, _LEAST_AHEAD)])
        start = max(plus_months(month, -_BACK_MONTHS), min(earliest.replace(day=1), plus_months(month, -1)))
        end = min(plus_months(month, _AHEAD_MONTHS), plus_months(latest.replace(day=1), 2))
        return cls(start, end)

    def x(self, day: date) -> float:
        share = (day - self.start).days / (self.end - self.start).days
        return round(_LABELS + min(1.0, max(0.0, share)) * (_WIDTH - _LABELS - 8), 1)


def _bar(row: OrderRow, scale: _Scale, y: float, *, with_stack: bool) -> Bar:
    order, not_bought, endless = row.order, row.ending is Ending.NOT_BOUGHT, row.ending is Ending.NO_END
    begins, ends = order.purchased, order.expires or (scale.end if endless else None)
    known = begins is not None and ends is not None and not not_bought
    left = scale.x(begins) if begins and known else scale.x(scale.start)
    right = scale.x(ends) if ends and known else left
    note = _note(row)
    behind = right + 6 + 6.4 * len(note) < _WIDTH
    product = trn(
        "{vendor} {product}, {count:,} number",
        "{vendor} {product}, {count:,} numbers",
        order.quantity,
        vendor=order.vendor,
        product=order.product,
    )
    return Bar(
        y=y,
        x=left,
        width=max(3.0, round(right - left, 1)) if known else 0,
        note_x=right + 6 if behind else right - 6,
        note_before=not behind,
        cut_left=bool(known and begins and begins < scale.start),
        cut_right=bool(known and (endless or (ends and ends > scale.end))),
        ending=row.ending,
        label=_short(order.key, _LONGEST_NAME),
        detail=_short(f"{row.stack} · {product}" if with_stack else product, _LONGEST_DETAIL),
        note=note,
        title=tr(
            "{order}, {product}, stack {stack}: {span}",
            order=order.key,
            product=product,
            stack=row.stack,
            span=_span(row),
        ),
        anchor=row.anchor,
    )


def _note(row: OrderRow) -> str:
    days, expires = row.days_left, row.order.expires
    if row.ending is Ending.NOT_BOUGHT:
        return tr("not bought yet")
    if expires is None or days is None:
        return tr("no end known")
    if days <= 0:
        return tr("ended {day}", day=expires)
    if row.ending is Ending.LAPSING:
        return trn("ends in {count:,} day", "ends in {count:,} days", days)
    return str(expires)


def _span(row: OrderRow) -> str:
    if row.ending is Ending.NOT_BOUGHT:
        return tr("not bought yet")
    begun, ends = row.order.purchased, row.order.expires
    return listed(
        (
            tr("bought {day}", day=begun) if begun else tr("purchase day unknown"),
            tr("term until {day}", day=ends) if ends else tr("no end known"),
        )
    )


def _ticks(scale: _Scale) -> list[Tick]:
    months = (scale.end.year - scale.start.year) * 12 + scale.end.month - scale.start.month
    step = next((step for step in (1, 2, 3, 6) if months / step <= _MOST_TICKS), 12)
    ticks: list[Tick] = []
    for offset in range(months + 1):
        day = plus_months(scale.start, offset)
        # Quarters and half years begin in January, whatever month the picture begins with.
        if (day.month - 1) % step or day >= scale.end:
            continue
        strong = day.month == 1
        month = tr(_MONTHS[day.month - 1])
        dated = tr("{month} {year}", month=month, year=day.year) if strong else month
        label = str(day.year) if step == 12 else dated
        ticks.append(Tick(scale.x(day), label, strong))
    return ticks


def _short(text: str, most: int) -> str:
    """The text cut to so many columns; a Chinese character takes two."""
    columns = 0
    for index, letter in enumerate(text):
        columns += 2 if east_asian_width(letter) in "WF" else 1
        if columns > most:
            return f"{text[: index - 1]}…"
    return text


@dataclass(frozen=True, slots=True)
class Column:
    """The orders that end within one span of time. `height` is in SVG units; `first`: it begins a year."""

    label: str
    year: str
    first: bool
    orders: int
    numbers: int
    height: float
    ending: Ending
    title: str


def ends_by_month(orders: Sequence[OrderRow], today: date) -> list[Column]:
    """What has ended, the coming months one by one, and all that ends later; empty when nothing ever ends."""
    bought = [row for row in orders if row.ending is not Ending.NOT_BOUGHT]
    ends = [(row.order.expires, row) for row in bought if row.order.expires is not None]
    if not ends:
        return []
    running = [(day, row) for day, row in ends if row.ending is not Ending.LAPSED]
    edges = [plus_months(today.replace(day=1), offset) for offset in range(_MONTHS_AHEAD + 1)]
    spans = [
        (tr("ended"), "", [row for _, row in ends if row.ending is Ending.LAPSED]),
        *(
            (
                tr(_MONTHS[begin.month - 1]),
                str(begin.year),
                [row for day, row in running if begin <= day < end],
            )
            for begin, end in itertools.pairwise(edges)
        ),
        (tr("later"), "", [row for day, row in running if day >= edges[-1]]),
    ]
    most = max(sum(row.order.quantity for row in members) for _, _, members in spans) or 1
    return [_column(label, year, members, _TALL / most) for label, year, members in spans]


def _column(label: str, year: str, members: Sequence[OrderRow], unit: float) -> Column:
    numbers = sum(row.order.quantity for row in members)
    worst = (Ending.LAPSED, Ending.LAPSING, Ending.RUNNING)
    ending = next((kind for kind in worst if any(row.ending is kind for row in members)), Ending.RUNNING)
    title = tr(
        "{when}: {orders}, {numbers}",
        when=tr("{month} {year}", month=label, year=year) if year else label,
        orders=trn("{count:,} order", "{count:,} orders", len(members)),
        numbers=trn("{count:,} number", "{count:,} numbers", numbers),
    )
    return Column(
        label, year, label == tr(_MONTHS[0]), len(members), numbers, round(numbers * unit, 1), ending, title
    )
