"""One spelling for all: full-width folded, lower case, simplified characters, letters and digits alone."""

import re
import unicodedata
from functools import cache

from opencc_purepy import OpenCC

COMMA, STOP, SPACE = "\x01", "\x02", "\x03"
"""What stands in a folded text for the end of a clause, of a sentence, and for a space between Latin words."""
_COMMA = re.compile("[，,]")
_STOP = re.compile(r"[。；！？;!?\n]|\.(?=\s)")
_BETWEEN_LETTERS = re.compile(r"(?<=[a-z0-9])\s+(?=[a-z0-9])")
_DROPPED = re.compile(f"[^\\w+❤♥➕{COMMA}{STOP}{SPACE}]+|_")
"""Everything but letters, digits and the signs that stand for a word."""


def marked(text: str) -> str:
    """The text with its clauses' ends marked, otherwise as it is written."""
    return _COMMA.sub(COMMA, _STOP.sub(STOP, text))


def folded(text: str) -> str:
    """`加 微-信`, `加ＱＱ` and `貸款` as a pattern has them. Only between Latin words a space stays."""
    lower = _simplified(unicodedata.normalize("NFKC", text).casefold())
    return _DROPPED.sub("", _BETWEEN_LETTERS.sub(SPACE, lower))


def _simplified(text: str) -> str:
    try:
        text.encode("gb2312")  # holds no traditional character
    except UnicodeEncodeError:
        return _converter().convert(text)
    return text


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
