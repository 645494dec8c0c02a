"""Names in a message: the one that was meant, or the first of many and the number of the others."""

import json
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

from ccc_numbers.messages.language import mark, tr
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


def suggestion(
    wrong: str,
    choices: Iterable[str],
    otherwise: str = "one of",
    most: int = _MOST,
    say: Callable[..., str] = tr,
) -> str:
    """`did you mean "x"?`, or `otherwise` and the choices when none is near: `one of: a, b and 3 more`.

    `otherwise` is English, and a message of the catalogue. `say` is `english` for a text that is kept.
    """
    known = list(choices)
    near = nearest(wrong, known)
    if near:
        return say(mark("did you mean {near}?"), near=quoted(near))
    names = some(known, most, say) or say(mark("none"))
    return say(mark("{what}: {names}"), what=say(otherwise), names=names)


def some(names: Sequence[str], most: int = 10, say: Callable[..., str] = tr) -> str:
    """All of a few, the first of many: `a, b and 3 more`."""
    left = len(names) - most
    first = listed(names[:most], say)
    return say(mark("{names} and {left:,} more"), names=first, left=left) if left > 0 else first


def listed(names: Iterable[str], say: Callable[..., str] = tr) -> str:
    """All of them: `a, b, c`."""
    return say(mark(", ")).join(names)


def sentences(parts: Iterable[str]) -> str:
    """One after the other: `a; b`."""
    return tr("; ").join(parts)


def others(left: int, thing: str = "") -> str:
    """The words for those not shown, `and 3 more` or `and 3 more rows`; "" when none is left. `thing` is translated."""
    if left <= 0:
        return ""
    return (
        tr("and {left:,} more {thing}", left=left, thing=thing)
        if thing
        else tr("and {left:,} more", left=left)
    )


def plural(count: int, word: str, words: str | None = None) -> str:
    """`1 number`, `2 numbers`, `1,000 numbers`: in English alone. Use `trn` for a message."""
    return f"{count:,} {word if count == 1 else words or word + 's'}"


def first_of(lines: Sequence[str], most: int, thing: str = "") -> list[str]:
    """The lines, or the first of them and one more that says how many were left out."""
    return [*lines[:most], *filter(None, [others(len(lines) - most, thing)])]
