"""JSON for programs: values are as they are, but no byte of the text does anything on a terminal or in a log."""

import json
import re

_PLAIN = "\n \u3000"


def json_text(data: object, *, indent: int | None = 2) -> str:
    """`data` as JSON with Chinese text readable."""
    return visible_json(json.dumps(data, ensure_ascii=False, indent=indent))


def visible_json(text: str) -> str:
    """The same JSON, with its invisible characters (which only stand inside strings) as escapes of JSON's."""
    if not text.replace("\n", "").isprintable():
        text = "".join(c if c.isprintable() or c in _PLAIN else json.dumps(c)[1:-1] for c in text)
    return re.sub(r"##\[", r"##\\u005b", text)
