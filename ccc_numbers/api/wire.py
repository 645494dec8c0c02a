"""Fields of the JSON objects CCC answers with, read tolerantly: blank, null and absent are the same."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.language import tr

Wire = Mapping[str, object]

_COUNT = re.compile(r"\d{1,18}", re.ASCII)
# An escaped backslash does not begin an escape, and a pair of surrogates is one character.
_SURROGATE = re.compile(
    r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


def parsed(text: str) -> object:
    """JSON as Python's objects; half a surrogate pair, which no file or request could hold, is U+FFFD.

    Raises ValueError.
    """
    whole = _SURROGATE.sub(lambda found: found[1] or r"\ufffd", text) if "\\u" in text else text
    found: object = json.loads(whole)
    return found


def text(row: Wire, key: str) -> str | None:
    """The text of a field; None where there is none."""
    value = row.get(key)
    return None if value is None or value == "" else str(value)


def required(row: Wire, key: str) -> str:
    """The text of a field that every row has; CccError where it is missing."""
    value = text(row, key)
    if value is None:
        keys = ", ".join(sorted(row)) or tr("no keys")
        raise CccError(tr("CCC answered a row without {key}: it has {keys}", key=key, keys=keys))
    return value


def flag(row: Wire, key: str, *, default: bool) -> bool:
    """A boolean in any spelling."""
    value = row.get(key)
    if value is None or value == "":
        return default
    return value is True or str(value).lower() == "true"


def count(row: Wire, key: str) -> int | None:
    """A whole number, which may come as text."""
    value = text(row, key)
    return int(value) if value is not None and _COUNT.fullmatch(value) else None


def moment(row: Wire, key: str) -> datetime | None:
    """Unix milliseconds, which CCC sends as text in one operation and as an integer in another."""
    value = count(row, key)
    try:
        return datetime.fromtimestamp(value / 1000, UTC) if value is not None else None
    except (ValueError, OverflowError):
        return None  # after the year 9999


def mapping(row: Wire, key: str) -> Wire:
    """The object of a field; empty where there is none."""
    value = row.get(key)
    return value if isinstance(value, Mapping) else {}


def items(row: Wire, key: str) -> Iterable[object]:
    """The elements of an array, or of an array as JSON text (an old form); none where there is none."""
    value = row.get(key)
    if isinstance(value, str) and value.startswith("["):
        try:
            value = parsed(value)
        except (ValueError, RecursionError):
            raise CccError(
                tr("CCC answered a row whose {key} is text, and not a JSON array", key=key)
            ) from None
    return value if isinstance(value, list) else ()


def rows(row: Wire, key: str) -> Iterable[Wire]:
    """The objects in an array."""
    return (item for item in items(row, key) if isinstance(item, Mapping))
