"""Finding forbidden words in a text, however they are spelt."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.catalogue.model import Word

_CLAUSE = re.compile(r"[，。；！？,;!?\n]|\.\s")
_NEGATIONS = re.compile(
    r"不含|不涉及|不做|不包括|不包含|不是|不属于|不提供|不销售|没有|与.{0,6}无关|禁止|严禁|不得"
)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A word of the catalogue, the group it stands in (None for a script's own phrases), the source's words."""

    word: Word
    group: str | None
    words: str


def forbidden_business(entry: Entry) -> tuple[Forbidden, ...]:
    """Every business an entry forbids: its terms first, then the groups as a whole."""
    groups = entry.business.forbidden
    said = {group.group: f"{entry.business.words} {group.words}".strip() for group in groups}
    terms = [Forbidden(term, group.group, said[group.group]) for group in groups for term in group.terms]
    whole = [
        Forbidden(Word(word=group.group, match=group.match), group.group, said[group.group])
        for group in groups
        if group.match
    ]
    return (*terms, *whole)


def hits(
    text: str, forbidden: Iterable[Forbidden], *, heed_negation: bool
) -> Iterator[tuple[Forbidden, str]]:
    """The forbidden words in `text`, each once and as it is written there; a place counts only for the first word.

    With `heed_negation`, `不涉及贷款` and `非金融类` do not say them; a script is read without it, since what
    it says is said.
    """
    clauses = [_squeezed(clause) for clause in _CLAUSE.split(text)]
    taken: set[tuple[int, int]] = set()
    for each in forbidden:
        spots = [(nr, at, end) for nr, clause in enumerate(clauses) for at, end in _spots(clause, each.word)]
        if heed_negation:
            spots = [spot for spot in spots if not _negated(clauses[spot[0]], spot[1])]
        fresh = [(nr, at, end) for nr, at, end in spots if not taken & {(nr, i) for i in range(at, end)}]
        if fresh:
            number, start, end = fresh[0]
            yield each, clauses[number][start:end]
        taken |= {(nr, i) for nr, at, end in fresh for i in range(at, end)}


def _spots(text: str, word: Word) -> list[tuple[int, int]]:
    found = _places(text, map(_squeezed, word.patterns))
    innocent = _places(text, map(_squeezed, word.except_))
    return [(at, end) for at, end in found if not any(a <= at and end <= b for a, b in innocent)]


def _places(text: str, patterns: Iterable[str]) -> list[tuple[int, int]]:
    return [match.span() for pattern in patterns for match in re.finditer(re.escape(pattern), text)]


def _negated(clause: str, at: int) -> bool:
    return clause[:at].endswith(("非", "不")) or _NEGATIONS.search(clause[:at]) is not None


def _squeezed(text: str) -> str:
    """`加 微-信` and `加ＱＱ` in one spelling: full-width folded, lower case, letters and digits only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())
