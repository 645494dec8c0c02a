"""Words and small helps of the console's templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

USAGES: Mapping[str, str] = MappingProxyType(
    {"Inbound": "inbound 呼入", "Outbound": "outbound 呼出", "Bidirection": "bidirectional 双向"}
)
"""The wire's words in the user's."""

_HAN = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")


def seen(value: object) -> object:
    """What a template shows: text on one line, its invisible characters as escapes; markup as it is."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(
        c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode() for c in value
    )


def zh(text: object) -> Markup:
    """The text with its Chinese parts marked as such: the right glyphs, and the right voice of a screen reader."""
    marked, end, plain = Markup(), 0, str(seen(str(text)))
    for found in _HAN.finditer(plain):
        marked += escape(plain[end : found.start()]) + Markup('<span lang="zh-Hans">{}</span>').format(
            found[0]
        )
        end = found.end()
    return marked + escape(plain[end:])


def some(numbers: Sequence[str], most: int = 10) -> str:
    """The first of them, and how many more there are."""
    rest = len(numbers) - most
    return ", ".join(numbers[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def page_link(query: str, page: int) -> str:
    """The query of a link to another page of a list."""
    wanted = {"q": query} if query else {}
    return f"?{urlencode({**wanted, 'page': str(page)})}"


FILTERS = {"zh": zh, "part": lambda text: quote(text, safe=""), "thousands": lambda n: f"{n:,}"}
GLOBALS = {"USAGES": USAGES, "page_link": page_link}
