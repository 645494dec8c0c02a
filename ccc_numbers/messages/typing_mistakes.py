"""Mistakes that a parser only meets further on: full-width punctuation, a merge that nobody finished."""

import re
from collections.abc import Sequence

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.yaml_document import Place

_ASCII = {
    **dict(zip("：，｛｝［］＂＃－＆＊", ':,{}[]"#-&*', strict=True)),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("‘’", "'"),
}
_SPACE = "\u3000"
_WIDE = re.compile(f"[{_SPACE}{re.escape(''.join(_ASCII))}]")
_WIDE_COLON = re.compile(r"^[^:]*：")
_ABOVE = 3
_QUOTED = re.compile(r"""\"(?:[^"\\]|\\.)*\"|'[^']*'|(?:^|\s)\#.*""")
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?:\s.*)?$", re.MULTILINE)


def full_width(lines: Sequence[str], line: int) -> tuple[Place, str] | None:
    """The full-width sign that a parser stumbled over at a line (from 1), and what to write instead.

    It stands outside of quotes and comments; or the key above has such a colon, and so goes on in this line.
    """
    for number, signs in ((line, _WIDE), *((line - above, _WIDE_COLON) for above in range(1, _ABOVE + 1))):
        if not 1 <= number <= len(lines):
            continue
        bare = _QUOTED.sub(lambda found: " " * len(found[0]), lines[number - 1])
        if sign := signs.search(bare):
            return (number, sign.end()), wide(sign[0][-1])
    return None


def wide(text: str) -> str:
    """What to say of a text with a full-width sign in it; "" when it has none."""
    sign = _WIDE.search(text)
    if sign is None:
        return ""
    if sign[0] == _SPACE:
        return tr("the full-width space is full-width punctuation; write a space instead")
    return tr(
        "`{sign}` is full-width punctuation; write `{instead}` instead", sign=sign[0], instead=_ASCII[sign[0]]
    )


def unmerged(text: str) -> tuple[int, str] | None:
    """The line of a conflict's mark that git has left in a file, and what to say of it."""
    if (mark := _CONFLICT.search(text)) is None or not re.search(r"^(<{7}|>{7})(?:\s|$)", text, re.MULTILINE):
        return None
    line = text.count("\n", 0, mark.start()) + 1
    said = tr(
        "`{mark}` is the mark of a merge conflict: choose one of the two sides and remove the marks",
        mark=mark[1],
    )
    return line, said
