"""Lines of Chinese text break between any two characters, but not before a closing sign or after an opening one."""

import re
from collections.abc import Iterator

import rich._wrap
from rich.text import Text

_HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_CLOSING, _OPENING = "，。；：、！？）》〉」』】”’…·", "（《〈「『【“‘"
_WORD = re.compile(rf"\s*[{_OPENING}]*(?:[{_HAN}]|[^\s{_HAN}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*\s*")


def break_chinese_lines() -> None:
    """Have rich break lines so. On its own it takes a sentence for one word, and cuts what a table's cell cannot hold."""
    rich._wrap.words = _words
    Text.rstrip_end = _rstrip_end  # type: ignore[method-assign]  # its own counts characters, and not their width


def _rstrip_end(self: Text, size: int) -> None:
    """Take the spaces at the end off a line that is too wide with them."""
    while self.cell_len > size and self.plain.endswith(" "):
        self.right_crop(1)


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    while found := _WORD.match(text, at):
        if not found[0]:
            return
        at = found.end()
        yield found.start(), at, found[0]
