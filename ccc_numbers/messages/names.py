"""Names in a message: the one that was meant, or the first of many and the number of the others."""

import json
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ccc_numbers.messages.visible import visible

_LONGEST = 60
# Two Chinese characters of which one is right are near.
_ALIKE = 0.5
# The longest list of our own words, the operations of CCC, is shown whole.
_MOST = 40


def quoted(text: str) -> str:
    """`text` in double quotes on one line, cut when it is long."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return visible(json.dumps(text, ensure_ascii=False))


def nearest(wrong: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like `wrong`, ignoring case, or None.

    A beginning that only one choice has is near enough: `in` is `inbound`.
    """
    folded = wrong.casefold()
    by_folded = {choice.casefold(): choice for choice in choices}
    begun = [choice for choice in by_folded if len(folded) > 1 and choice.startswith(folded)]
    close = begun if len(begun) == 1 else get_close_matches(folded, by_folded, n=1, cutoff=_ALIKE)
    return by_folded[close[0]] if close else None


def suggestion(wrong: str, choices: Iterable[str], otherwise: str = "one of", most: int = _MOST) -> str:
    """`did you mean "x"?`, or `otherwise` and the choices when none is near: `one of: a, b and 3 more`."""
    known = list(choices)
    near = nearest(wrong, known)
    return f"did you mean {quoted(near)}?" if near else f"{otherwise}: {some(known, most) or 'none'}"


def some(names: Sequence[str], most: int = 10) -> str:
    """All of a few, the first of many: `a, b and 3 more`."""
    return " ".join(filter(None, (", ".join(names[:most]), others(len(names) - most))))


def others(left: int, thing: str = "") -> str:
    """The words for those not shown, `and 3 more` or `and 3 more rows`; "" when none is left."""
    return f"and {left:,} more {thing}".rstrip() if left > 0 else ""


def plural(count: int, word: str, words: str | None = None) -> str:
    """`1 number`, `2 numbers`, `1,000 numbers`."""
    return f"{count:,} {word if count == 1 else words or word + 's'}"


def first_of(lines: Sequence[str], most: int, thing: str = "") -> list[str]:
    """The lines, or the first of them and one more that says how many were left out."""
    return [*lines[:most], *filter(None, [others(len(lines) - most, thing)])]
