"""Finds many patterns in a text at once, by the two characters each begins with."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from ccc_numbers.vendors.words.spelling import COMMA, SPACE, STOP, folded

Span = tuple[int, int]
_GAP = 8
"""Characters that `~` stands for, at most."""
_LETTER = re.compile("[a-z]")
_MARK = re.compile(f"[{COMMA}{STOP}]")


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


@dataclass(frozen=True, slots=True)
class _Pattern:
    pieces: tuple[str, ...]
    says: tuple[Saying, ...]

    def parts(self, text: str, at: int) -> tuple[Span, ...] | None:
        """Where its pieces are if it begins here: each further one at most a gap behind the one before."""
        found: list[Span] = []
        end = at
        for piece in self.pieces:
            start = text.find(piece, end, end + len(piece) + (_GAP if found else 0))
            if start < 0 or (found and _MARK.search(text, end, start)):
                return None
            end = start + len(piece)
            if not _whole(text, start, end):
                return None
            found.append((start, end))
        return tuple(found)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no Latin word is cut: 加v is not in 加value."""
    return not (
        (text[start].isascii() and _LETTER.match(text, start) and start and _LETTER.match(text, start - 1))
        or (text[end - 1].isascii() and _LETTER.match(text, end - 1) and _LETTER.match(text, end))
    )


class Index:
    """Patterns by their beginning. `~` in a pattern stands for a gap."""

    def __init__(self, sayings: Iterable[tuple[str, Saying]]) -> None:
        says: dict[tuple[str, ...], dict[Saying, None]] = {}
        for text, saying in sayings:
            pieces = tuple(folded(piece) for piece in text.split("~"))
            for spelt in _spaced(pieces):
                says.setdefault(spelt, {})[saying] = None
        starts: dict[str, list[_Pattern]] = {}
        for pieces, found in says.items():
            starts.setdefault(pieces[0][:2], []).append(_Pattern(pieces, tuple(found)))
        self._starts = {start: tuple(patterns) for start, patterns in starts.items()}

    def find(self, text: str) -> Iterator[tuple[tuple[Span, ...], tuple[Saying, ...]]]:
        """Every place of every pattern in a folded text, and what it says there."""
        starts, padded = self._starts, text + STOP
        for at, char in enumerate(text):
            for start in (char, padded[at : at + 2]):
                for pattern in starts.get(start, ()):
                    parts = pattern.parts(text, at)
                    if parts is not None:
                        yield parts, pattern.says


def _spaced(pieces: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The pieces, and once more with spaces between letters: `v x` is vx."""
    spaced = tuple(SPACE.join(piece) if piece.isascii() and len(piece) < 4 else piece for piece in pieces)
    return [pieces] if spaced == pieces else [pieces, spaced]
