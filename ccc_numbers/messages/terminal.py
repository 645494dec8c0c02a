"""The terminal and the log of a pipeline: no name moves the cursor, makes a link, a line, or a command of the runner."""

from __future__ import annotations

import re
from typing import IO, TextIO

from rich.console import Console
from rich.style import Style
from rich.text import Text as RichText

from ccc_numbers.messages.visible import cut, visible

_LONGEST = 4_000

# GitHub's runner obeys a line that begins so, after any space.
_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


class Text(RichText):
    """rich's text, in which every string is one line of visible characters."""

    def __init__(self, text: str = "", style: str | Style = "", **options: object) -> None:
        super().__init__(_line(text), style, **options)  # type: ignore[arg-type]  # rich's own options, as they are

    def append(self, text: RichText | str, style: str | Style | None = None) -> Text:
        """Add text, cleaned as well."""
        super().append(_line(text) if isinstance(text, str) else text, style)
        return self


class Terminal(Console):
    """rich's console, which takes a string for text on one line: no markup, no emoji codes, no control characters."""

    def __init__(self, file: TextIO, *, width: int | None = None, no_color: bool | None = None) -> None:
        super().__init__(
            file=file if file.isatty() else _Log(file),  # type: ignore[arg-type]  # rich writes, flushes, asks isatty
            width=width,
            no_color=no_color,
            highlight=False,
            soft_wrap=False,
            markup=False,
            emoji=False,
        )

    def render_str(self, text: str, **options: object) -> RichText:
        """Every string that rich renders: a line, a cell, a heading."""
        return super().render_str(_line(text), **options)  # type: ignore[arg-type]  # rich's own


def _line(text: str) -> str:
    return visible(cut(text, _LONGEST))


class _Log:
    """A stream in which no line begins with `::`. Where a cell is folded, any part of a name may begin a line."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(_COMMAND.sub(r"\1\\x3a", text))

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
