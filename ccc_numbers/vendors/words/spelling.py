"""One spelling for all: full-width folded, lower case, simplified characters, letters and digits alone."""

import re
import unicodedata
from functools import cache

from opencc_purepy import OpenCC

_BETWEEN_LETTERS = re.compile(r"(?<=[a-z0-9])\s+(?=[a-z0-9])")
_SPACE = "\x20"
_MEANT = frozenset("+❤♥➕" + _SPACE)
"""Signs that stand for a word."""


def folded(text: str) -> str:
    """`加 微-信`, `加ＱＱ` and `貸款` as a pattern has them. Only between Latin words a space stays."""
    lower = _simplified(unicodedata.normalize("NFKC", text).casefold())
    spaced = _BETWEEN_LETTERS.sub("\x00", lower)
    return "".join(
        _SPACE if char == "\x00" else char
        for char in spaced
        if char == "\x00" or char.isalnum() or char in _MEANT - {_SPACE}
    )


def _simplified(text: str) -> str:
    try:
        text.encode("gb2312")  # holds no traditional character
    except UnicodeEncodeError:
        return _converter().convert(text)
    return text


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
