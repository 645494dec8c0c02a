"""The minutes that numbers were really used: from CCC's call records, or from a CSV `number,month,inbound,outbound`."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from ccc_numbers.declaration.clock import Window, read_window
from ccc_numbers.fleet.drift.gather import InstanceKey, Snapshot, gather
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import read_table
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.fleet.traffic.read import CallReader
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import first_of, quoted
from ccc_numbers.messages.problem import shown
from ccc_numbers.numbers.traffic import NONE
from ccc_numbers.vendors.orders import ByWay, Order, by_order
from ccc_numbers.vendors.stack_orders import StackOrders

_COLUMNS = ("number", "month", "inbound", "outbound")
_WINDOW = re.compile(r"\d+[dh]", re.ASCII)
_MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])", re.ASCII)
_MINUTES = re.compile(r"\d{1,9}(\.\d+)?", re.ASCII)
_MOST_WRONG = 20


@dataclass(frozen=True, slots=True)
class Usage:
    """Minutes received and called by number, all months together, and how many months there are."""

    minutes: Mapping[str, tuple[Decimal, Decimal]]
    months: Decimal


def usage_of(written: str, project: Path, stacks: Sequence[Stack], at: datetime, *, offline: bool) -> Usage:
    """The minutes of a window such as `30d`, as CCC's call records have them, or of a file. Raises FleetError."""
    if not _WINDOW.fullmatch(written):
        return read_usage(Path(written))
    if offline:
        raise FleetError(
            tr("--usage {window}: CCC is asked for its calls; leave --offline out", window=written)
        )
    try:
        window = read_window(written, at)
    except ValueError as error:
        raise FleetError(tr("--usage {window}: {error}", window=quoted(written), error=error)) from None
    return _called(project, stacks, window)


def _called(project: Path, stacks: Sequence[Stack], window: Window) -> Usage:
    """The minutes of the numbers on orders that are in their instance. Half of the calls is not an answer."""
    reader = CallReader.of(project, window)
    seen = asyncio.run(gather(project, stacks, verb="orders", calls=reader))
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for stack in stacks:
        for number in stack.orders.numbers:
            view = seen.view(stack.name, number.instance)
            calls = None if view is None else seen.calls.get(view.place)
            if view is None or calls is None:
                why = _why_not(seen, stack.name, number.instance)
                raise FleetError(tr("{stack}: its calls were not read: {why}", stack=stack.name, why=why))
            if number.number in view.numbers:
                own = calls.get(number.number, NONE)
                found[number.number] = Decimal(own.minutes_in), Decimal(own.minutes_out)
    return Usage(found, Decimal((window.ends - window.begins) / timedelta(days=1)) * 12 / 365)


def _why_not(seen: Snapshot, stack: str, instance: str) -> str:
    place = InstanceKey(seen.accounts.get(stack, ""), instance)
    unread = seen.unread.get(place) or seen.calls_unread.get(place)
    return seen.failed.get(stack) or (unread.reason if unread else "")


def read_usage(path: Path) -> Usage:
    """The file's minutes. Raises FleetError with a line for each row that is wrong: half a file is not an answer."""
    rows = read_table(path)
    heading = [cell.strip() for cell in next(rows, [])]
    if sorted(heading) != sorted(_COLUMNS):
        raise FleetError(
            tr("{file}:1: the columns are {columns}", file=shown(path), columns=",".join(_COLUMNS))
        )
    found: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    wrong: list[str] = []
    for row in rows:
        cells = dict(zip(heading, (cell.strip() for cell in row), strict=False))
        if not any(cells.values()):
            continue
        if fault := _fault(cells, found):
            wrong.append(f"{shown(path)}:{rows.line_num}: {fault}")
        else:
            key = cells["number"], cells["month"]
            found[key] = Decimal(cells["inbound"] or 0), Decimal(cells["outbound"] or 0)
    if wrong:
        raise FleetError(*first_of(wrong, _MOST_WRONG))
    if not found:
        raise FleetError(tr("{file}: holds no minutes", file=shown(path)))
    sums: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for (number, _), (received, called) in found.items():
        sums[number] = sums[number][0] + received, sums[number][1] + called
    return Usage(dict(sums), Decimal(len({month for _, month in found})))


def _fault(cells: Mapping[str, str], found: Iterable[tuple[str, str]]) -> str | None:
    number, month = cells.get("number", ""), cells.get("month", "")
    if not (number.isascii() and number.isdigit()):
        return tr("{written} is not a number: digits only", written=quoted(number))
    if not _MONTH.fullmatch(month):
        return tr("{written} is not a month; write 2026-10", written=quoted(month))
    if (number, month) in found:
        return tr("{number} stands there twice for {month}", number=number, month=month)
    for way in ("inbound", "outbound"):
        written = cells.get(way, "")
        if written and not _MINUTES.fullmatch(written):
            return tr("{way} {written} is not a count of minutes", way=way, written=quoted(written))
    return None


def with_usage(part: StackOrders, usage: Usage) -> StackOrders:
    """The stack's orders with the average month of the minutes used, where the file has one of their numbers."""
    standing = by_order(part.numbers)

    def used(order: Order) -> Order:
        seen = [
            usage.minutes[each.number] for each in standing.get(order.key, ()) if each.number in usage.minutes
        ]
        if not seen:
            return order
        received, called = (_average(sum(way, Decimal(0)), usage.months) for way in zip(*seen, strict=True))
        return replace(order, expected_minutes=received + called, minutes_by_way=ByWay(received, called))

    return replace(part, orders=tuple(map(used, part.orders)))


def _average(minutes: Decimal, months: Decimal) -> int:
    return int((minutes / months).to_integral_value(ROUND_CEILING))


def remarks(parts: Iterable[StackOrders], used: Iterable[StackOrders], usage: Usage) -> list[str]:
    """What differs from `expectedMinutes` by more than a fifth, and how many numbers of the file are on no order."""
    said, known = [], set[str]()
    for before, after in zip(parts, used, strict=True):
        known |= {each.number for each in before.numbers}
        for one, other in zip(before.orders, after.orders, strict=True):
            expected, actual = one.expected_minutes, other.expected_minutes or 0
            if expected is not None and abs(actual - expected) * 5 > expected:
                said.append(
                    tr(
                        "{stack}/{order}: {used:,} minutes a month used, {expected:,} expected",
                        stack=before.stack,
                        order=one.key,
                        used=actual,
                        expected=expected,
                    )
                )
    if stray := sorted(usage.minutes.keys() - known):
        said.append(
            tr(
                "numbers with minutes and on no order here: {count:,}, the first {number}",
                count=len(stray),
                number=stray[0],
            )
        )
    return said
