"""Whole listings out of pages: CCC has neither cursor nor snapshot, so every listing is checked."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ccc_numbers.api.errors import Incomplete
from ccc_numbers.api.operations.base import DIGITS, Parameter, Split
from ccc_numbers.api.retry import ATTEMPTS, pause
from ccc_numbers.api.wire import Wire
from ccc_numbers.messages.language import tr

PAGE_SIZE = 100
# PageNumber and PageSize both end at 100.
CEILING = 10_000
"""The most rows that one listing reaches. A total of just so many may be of more: it is not known whether CCC counts on."""

_LONGEST_PATTERN = 20
_AT_ONCE = 8
# Attempts before a listing is read backwards, which also succeeds while it shrinks.
_FORWARD_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page, and how many there are on all pages."""

    rows: Sequence[Wire]
    total: int


class Fetch(Protocol):
    """One page of a listing, numbered from 1, filtered further by `extra`."""

    async def __call__(self, number: int, extra: Mapping[str, Parameter]) -> Page: ...


async def list_all(what: str, fetch: Fetch, key: str, splits: Sequence[Split] = ()) -> list[Wire]:
    """Every row, each `key` once. Lists again while rows change meanwhile; over the ceiling lists by `splits`.

    The rows of a listing that shrinks may include some that have gone meanwhile; none that is there is missing.
    Raises Incomplete rather than return a part, and the errors of `fetch`.
    """

    async def look(attempt: int) -> Mapping[str, Wire] | None:
        if attempt < _FORWARD_ATTEMPTS:
            return await _once(what, fetch, key, splits, {})
        return await _backwards(what, fetch, key, splits)

    return await until_whole(what, look)


async def until_whole(what: str, look: Callable[[int], Awaitable[Mapping[str, Wire] | None]]) -> list[Wire]:
    """The rows of the first look that saw all of a listing; Incomplete when none of several did."""
    for attempt in range(ATTEMPTS):
        if attempt:
            await pause(attempt - 1)
        rows = await look(attempt)
        if rows is not None:
            return list(rows.values())
    raise Incomplete(
        tr(
            "{what}: the listing changed during each of {attempts} attempts; try again when fewer changes are made",
            what=what,
            attempts=ATTEMPTS,
        )
    )


async def _once(
    what: str, fetch: Fetch, key: str, splits: Sequence[Split], extra: Mapping[str, Parameter]
) -> dict[str, Wire] | None:
    """All rows by key; None when the pages do not fit together."""
    first = await fetch(1, extra)
    if first.total >= CEILING:
        rows = await _in_parts(what, fetch, key, splits, extra, first)
    else:
        rows = await _pages(fetch, key, extra, first)
    return rows if rows is not None and _whole(rows, first.total) else None


def _whole(rows: dict[str, Wire], total: int) -> bool:
    return len(rows) == total or (total == CEILING and len(rows) > total)


async def _backwards(what: str, fetch: Fetch, key: str, splits: Sequence[Split]) -> dict[str, Wire] | None:
    """All rows by key of a listing from which others keep taking rows; None when it also grew.

    Many stacks of one account do that to its unassigned numbers. A row taken out moves later rows towards the
    beginning: to pages that, read from the end, are still to come. So no row that stays is missed.
    """
    first = await fetch(1, {})
    if first.total >= CEILING:
        return await _once(what, fetch, key, splits, {})
    rows: dict[str, Wire] = {}
    total = first.total
    for number in range(-(-total // PAGE_SIZE), 0, -1):
        page = await fetch(number, {})
        if page.total > total:
            return None
        total = page.total
        rows.update((str(row.get(key)), row) for row in page.rows)
    return rows if len(rows) >= total else None


async def pages_after(fetch: Fetch, extra: Mapping[str, Parameter], first: Page) -> list[Page]:
    """The pages after the first one, in their order."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def page(number: int) -> Page:
        async with slots:
            return await fetch(number, extra)

    last = -(-first.total // PAGE_SIZE)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(page(number)) for number in range(2, last + 1)]
    except BaseExceptionGroup as errors:
        # One reason is enough: the pages of a listing fail alike.
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


async def _pages(
    fetch: Fetch, key: str, extra: Mapping[str, Parameter], first: Page
) -> dict[str, Wire] | None:
    pages = [first, *await pages_after(fetch, extra, first)]
    if any(page.total != first.total for page in pages):
        return None
    return {str(row.get(key)): row for page in pages for row in page.rows}


async def _in_parts(
    what: str, fetch: Fetch, key: str, splits: Sequence[Split], extra: Mapping[str, Parameter], first: Page
) -> dict[str, Wire] | None:
    if not splits:
        raise Incomplete(
            tr(
                "{what}: {total} rows, but CCC lists {most} at most; narrow it by a search pattern",
                what=what,
                total=first.total,
                most=CEILING,
            )
        )
    if splits[0] == DIGITS:
        return await _by_digits(what, fetch, key, extra, first)
    (name, values), *others = splits
    rows: dict[str, Wire] = {}
    for value in values:
        part = await _once(what, fetch, key, others, {**extra, name: value})
        if part is None:
            return None
        rows.update(part)
    return rows


async def _by_digits(
    what: str, fetch: Fetch, key: str, extra: Mapping[str, Parameter], whole: Page
) -> dict[str, Wire] | None:
    """All rows, by searching for ever longer beginnings of numbers until each search is below the ceiling.

    Whether CCC searches beginnings or anywhere in a number, a number is found by one of its own beginnings. That none is
    missing is not taken from that: the count of the whole listing says it.
    """
    rows: dict[str, Wire] = {}

    async def search(pattern: str) -> bool:
        """Whether the rows fitted together."""
        page = await fetch(1, {**extra, DIGITS[0]: pattern})
        if page.total < CEILING:
            found = await _pages(fetch, key, {**extra, DIGITS[0]: pattern}, page)
            rows.update(found or {})
            return found is not None
        if len(pattern) == _LONGEST_PATTERN:
            # Searching does not narrow it.
            await _in_parts(what, fetch, key, (), extra, whole)
        return await search_below(pattern, page)

    async def search_below(pattern: str, page: Page) -> bool:
        for digit in _likely_first(pattern, (str(row.get(key)) for row in page.rows)):
            if whole.total != CEILING and len(rows) >= whole.total:
                return True
            if not await search(pattern + digit):
                return False
        return True

    return rows if await search_below("", whole) else None


def _likely_first(pattern: str, numbers: Iterable[str]) -> list[str]:
    """The ten digits, those that most often come next in these numbers first."""
    seen = Counter(
        number[len(pattern)]
        for number in numbers
        if number.startswith(pattern) and len(number) > len(pattern)
    )
    return sorted("0123456789", key=lambda digit: -seen[digit])
