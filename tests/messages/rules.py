"""What each medium must keep, whatever a name holds."""

import csv
import html
import io
import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_OURS = re.compile(
    r"\A\s*(</?(details( open)?|summary|sub|br|code)>|<summary>[^<]*</summary>|\s|<!-- ccc-numbers: plan -->)*\Z"
)
_LIVE = re.compile(r"@\w|#\w|!\d|~\w|%\d|\$\d|&\d|GH-\d|www\.|://|:[a-z_]+:", re.IGNORECASE)


def invisible(text: str, allowed: str = "\n") -> list[str]:
    """The characters that do something, or hide: none may be there."""
    return sorted({c for c in text if not c.isprintable() and c not in f"{allowed}\u3000"})


def commands(text: str) -> list[str]:
    """The lines a runner would obey."""
    return [line for line in text.split("\n") if re.match(r"\s*::", line) or "##[" in line]


def live_markdown(text: str) -> list[str]:
    """All that a page made of the Markdown would do beyond showing text, tables, lists and what we mean it to have."""
    wrong: list[str] = []
    for token in _flat(_MARKDOWN.parse(text)):
        if token.type in ("link_open", "image", "s_open", "em_open", "fence", "hr", "ordered_list_open"):
            wrong.append(f"{token.type} {token.attrs} {token.map}")
        if token.type in ("html_inline", "html_block") and not _OURS.match(token.content):
            wrong.append(f"html {token.content!r}")
        if token.type == "text":
            wrong += [f"live {found!r} in {token.content[:80]!r}" for found in _LIVE.findall(token.content)]
    wrong += [f"command {line!r}" for line in text.split("\n") if re.match(r"/\w", line)]
    return wrong


def text_of_markdown(text: str) -> str:
    """What a page made of the Markdown says, without the breaks that keep names from being live."""
    parts = [token.content for token in _flat(_MARKDOWN.parse(text)) if token.type in ("text", "code_inline")]
    return "\n".join(parts).replace("\u200b", "")


def table_rows(text: str) -> list[list[str]]:
    """The cells of all tables of the Markdown."""
    rows: list[list[str]] = []
    for token in _MARKDOWN.parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level and token.map is None:
            rows[-1].append(token.content)
    return rows


def formulas(text: str) -> list[str]:
    """The cells of a CSV file that a spreadsheet would run, or that break a line. Digits as text are neither."""
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    return [
        cell
        for cell in cells
        if not re.fullmatch(r'="[0-9]+"', cell)
        and (re.match(r"\s*[=+\-@＝＋－＠\t\r]", cell) or "\n" in cell or "\r" in cell)
    ]


def _flat(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *_flat(token.children or []))]


def unescaped(text: str) -> str:
    """HTML's entities as characters."""
    return html.unescape(text)
