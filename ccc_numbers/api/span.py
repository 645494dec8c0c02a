"""Whole listings of what happened in a span of time: CCC counts them on the first page alone, and reaches 10,000."""

from collections.abc import Mapping

from ccc_numbers.api.errors import Incomplete
from ccc_numbers.api.operations.base import Parameter
from ccc_numbers.api.paging import CEILING, Fetch, pages_after, until_whole
from ccc_numbers.api.wire import Wire
from ccc_numbers.messages.language import tr

Span = tuple[int, int]
"""Beginning and end in Unix milliseconds."""
_SHORTEST_MS = 1000


async def list_span(what: str, fetch: Fetch, key: str, span: Span) -> list[Wire]:
    """Every row of the span, each `key` once; those at its end may be there or not. In halves where there are many.

    `fetch` has to list the earliest first: then what happens meanwhile moves no row to another page. Raises Incomplete
    rather than return a part, and the errors of `fetch`.
    """
    return await until_whole(what, lambda _: _once(what, fetch, key, span))


async def _once(what: str, fetch: Fetch, key: str, span: Span) -> dict[str, Wire] | None:
    """All rows by key; None when there are fewer than CCC counted."""
    begin, end = span
    extra: Mapping[str, Parameter] = {"StartTime": begin, "EndTime": end}
    first = await fetch(1, extra)
    if first.total < CEILING:
        pages = [first, *await pages_after(fetch, extra, first)]
        rows = {str(row.get(key)): row for page in pages for row in page.rows}
        return rows if len(rows) >= first.total else None
    if end - begin < _SHORTEST_MS:
        raise Incomplete(
            tr(
                "{what}: {total} rows in one second, but CCC lists {most} at most",
                what=what,
                total=first.total,
                most=CEILING,
            )
        )
    middle = (begin + end) // 2
    earlier = await _once(what, fetch, key, (begin, middle))
    later = await _once(what, fetch, key, (middle, end))
    return None if earlier is None or later is None else earlier | later
