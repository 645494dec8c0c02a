"""The numbers as data: compact JSON for the pages' own script, and CSV for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from ccc_numbers.fleet.report.model import Binding, NumberRow
from ccc_numbers.messages.html import script_data
from ccc_numbers.messages.spreadsheet import csv_text
from ccc_numbers.messages.visible import cut, visible

_NOTHING = Binding()
_LONGEST = 120
HEADINGS = (
    *("number", "stack", "instance", "state", "findings", "place", "usage", "usage in CCC", "flow"),
    *("flow in CCC", "skill groups", "skill groups in CCC", "agent", "order", "vendor", "CNY a month"),
)


def numbers_json(rows: Sequence[NumberRow]) -> Markup:
    """`{"count": 2, "number": […], "stack": {"names": […], "at": [0, 0]}, …}`: one list per column.

    Words that repeat stand once in `names`; `at` says which. Ready to stand inside a `<script>` element.
    """
    document: dict[str, object] = {
        "count": len(rows),
        "number": [row.number for row in rows],
        "fen": [None if row.cost is None else int(row.cost * 100) for row in rows],
        "sides": [(row.declared is not None) + 2 * (row.live is not None) for row in rows],
        "kinds": _interned(" ".join(row.kinds) for row in rows),
    }
    for name in ("stack", "instance", "state", "place", "agent", "order", "vendor"):
        document[name] = _interned(str(getattr(row, name)) for row in rows)
    for side in ("declared", "live"):
        for name in ("usage", "flow", "groups"):
            words = (str(getattr(getattr(row, side) or _NOTHING, name)) for row in rows)
            document[f"{side}_{name}"] = _interned(words)
    return script_data(document)


def numbers_csv(rows: Iterable[NumberRow]) -> str:
    """One line per number, with a byte order mark: spreadsheets take it for UTF-8 then."""
    return "\ufeff" + csv_text([HEADINGS, *map(_cells, rows)], line_end="\r\n")


def _interned(words: Iterable[str]) -> dict[str, list[str] | list[int]]:
    places: dict[str, int] = {}
    at = [places.setdefault(visible(cut(word, _LONGEST)), len(places)) for word in words]
    return {"names": list(places), "at": at}


def _cells(row: NumberRow) -> tuple[str, ...]:
    declared, live = row.declared or _NOTHING, row.live or _NOTHING
    return (
        *(row.number, row.stack, row.instance, str(row.state), " ".join(row.kinds), row.place),
        *(declared.usage, live.usage, declared.flow, live.flow, declared.groups, live.groups),
        *(row.agent, row.order, row.vendor, "" if row.cost is None else str(row.cost)),
    )
