"""Finds many patterns in a text at once, by the two characters, or the one, that each begins with."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from operator import add

from ccc_numbers.vendors.words.spelling import COMMA, SPACE, STOP, folded

Span = tuple[int, int]
Parts = tuple[Span, ...]
_GAP = f"[^{COMMA}{STOP}]{{0,8}}?"
"""What `~` stands for."""
_NAMED = re.compile("<([^>]+)>")
_LATIN = re.compile("[a-z]")
_SPECIAL = re.compile("[a-z<~]")


class Role(Enum):
    """What a pattern does: says a word, may say it, is one of a group, or is innocent with all it touches."""

    SURE = auto()
    DOUBTFUL = auto()
    MEMBER = auto()
    INNOCENT = auto()


@dataclass(frozen=True, slots=True)
class Saying:
    """What a pattern does, and for which word or group of the lexicon."""

    of: str
    role: Role


Says = tuple[Saying, ...]


class Index:
    """Patterns by their beginning. In one, `~` stands for a gap and `<name>` for each of the spellings of that name."""

    def __init__(
        self, sayings: Iterable[tuple[str, Saying]], spellings: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        says: dict[str, dict[Saying, None]] = {}
        for text, saying in sayings:
            says.setdefault(text, {})[saying] = None
        named = {name: tuple(map(folded, each)) for name, each in (spellings or {}).items()}
        starts: dict[str, list[tuple[str, int, str, Says]]] = {}
        for text, found in says.items():
            if _SPECIAL.search(text.casefold()):
                pieces = [_alternatives(piece, named) for piece in text.split("~")]
                expression = _GAP.join(f"({'|'.join(map(_whole, piece))})" for piece in pieces)
                for start in {each[: 1 if each.isascii() else 2] for each in pieces[0]}:
                    starts.setdefault(start, []).append(("", 0, expression, tuple(found)))
            else:
                plain = folded(text)
                starts.setdefault(plain[:2], []).append((plain[2:], len(plain), "", tuple(found)))
        self._starts = {start: tuple(patterns) for start, patterns in starts.items()}

    def find(self, text: str) -> Iterator[tuple[Parts, Says]]:
        """Every place of every pattern in a folded text, piece by piece, and what it says there."""
        starts, tails = self._starts, text.startswith
        for at, start in (*enumerate(map(add, text, text[1:] + STOP)), *enumerate(text)):
            if start in starts:
                for tail, size, expression, says in starts[start]:
                    if not expression:
                        if not tail or tails(tail, at + 2):
                            yield ((at, at + size),), says
                    elif match := _compiled(expression).match(text, at):
                        yield match.regs[1:], says


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """Compiled when a text first begins like it."""
    return re.compile(expression)


def _alternatives(piece: str, named: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The piece with each spelling of the name in it, if there is one."""
    before, name, after = (*_NAMED.split(piece, maxsplit=1), "", "")[:3]
    return [folded(before) + each + folded(after) for each in (named[name] if name else ("",))]


def _whole(piece: str) -> str:
    """An expression in which a Latin word is a whole word, 加v is not in 加value, and `v x` is vx."""
    text = f"{SPACE}?".join(map(re.escape, piece)) if piece.isascii() else re.escape(piece)
    before = "(?<![a-z])" if _LATIN.match(piece) else ""
    return before + text + ("(?![a-z])" if _LATIN.match(piece[-1]) else "")
