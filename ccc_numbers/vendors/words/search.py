"""The one search for forbidden words, for `check`, the application's papers, and the choice of a product."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from ccc_numbers.vendors.catalogue.files import Catalogue
from ccc_numbers.vendors.catalogue.model import Entry, Word
from ccc_numbers.vendors.words import lexicon
from ccc_numbers.vendors.words.negation import Span, denied_after, denied_before, nothing_else
from ccc_numbers.vendors.words.spelling import folded

_CLAUSE = re.compile(r"[，。；！？,;!?\n]|\.\s")
_GAP = ".{0,8}?"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A word of the catalogue, the group it stands in (None for a script's own phrases), the source's words."""

    word: Word
    group: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A forbidden word in a text: what says it there, and in which clause.

    Not `sure` where the words have another meaning as often; `denied` where the clause says that it is not done.
    """

    forbidden: Forbidden
    said: str
    clause: str
    sure: bool
    denied: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    number: int
    """Of the forbidden word; -1 for an innocent one."""
    sure: bool
    own: bool
    """Whether it is the catalogue's word, or a piece of it."""
    ends: Callable[[str, int], int | None]
    """Where it ends if it begins at this place."""


@dataclass(frozen=True, slots=True)
class _Spot:
    pattern: _Pattern
    span: Span

    @property
    def number(self) -> int:
        return self.pattern.number

    @property
    def rank(self) -> tuple[bool, int, bool, int]:
        """The first of several at one place is the one to show: sure, in the catalogue's words, long."""
        return not self.pattern.sure, self.number, not self.pattern.own, self.span[0] - self.span[1]


def forbidden_business(entry: Entry) -> tuple[Forbidden, ...]:
    """Every business an entry forbids: its terms first, then the groups as a whole."""
    groups = entry.business.forbidden
    said = {group.group: f"{entry.business.words} {group.words}".strip() for group in groups}
    terms = [Forbidden(term, group.group, said[group.group]) for group in groups for term in group.terms]
    whole = [
        Forbidden(Word(word=group.group, match=group.match), group.group, said[group.group])
        for group in groups
        if group.match or lexicon.known(group.group)
    ]
    return (*terms, *whole)


def script_phrases(entry: Entry, catalogue: Catalogue) -> tuple[Forbidden, ...]:
    """The phrases no script for this vendor may say: those of all its products, since it hears one customer."""
    words = {
        word.word: word
        for each in (entry, *catalogue.of_vendor(entry.vendor))
        for word in each.business.script
    }
    named = "话术中含有：" + "、".join(words)
    return tuple(Forbidden(word, None, named) for word in words.values())


def search(text: str, forbidden: Iterable[Forbidden]) -> tuple[Hit, ...]:
    """The forbidden words in `text`, each once: sure before doubtful, said before denied, and in the words' order.

    A place counts only for the first word.
    """
    words = tuple(forbidden)
    starts = _starts(words)
    clauses = [(clause.strip(), folded(clause)) for clause in _CLAUSE.split(text)]
    spots = [_spots(plain, starts) for _, plain in clauses]
    denied = _denied([plain for _, plain in clauses], spots)
    best: dict[int, tuple[tuple[bool, ...], Hit]] = {}
    for (clause, plain), found, denials in zip(clauses, spots, denied, strict=True):
        for spot, is_denied in zip(found, denials, strict=True):
            sure = spot.pattern.sure
            hit = Hit(words[spot.number], plain[slice(*spot.span)], clause, sure, is_denied)
            weight = (not is_denied, sure, spot.pattern.own)
            if spot.number not in best or weight > best[spot.number][0]:
                best[spot.number] = weight, hit
    return tuple(best[number][1] for number in sorted(best))


def _spots(clause: str, starts: dict[str, tuple[_Pattern, ...]]) -> list[_Spot]:
    """The places of forbidden words in a clause, without innocent ones and without those that another has taken."""
    found: list[_Spot] = []
    innocent: list[Span] = []
    for at, char in enumerate(clause):
        for pattern in starts.get(char, ()):
            end = pattern.ends(clause, at)
            if end is None:
                continue
            if pattern.number < 0:
                innocent.append((at, end))
            else:
                found.append(_Spot(pattern, (at, end)))
    found = [spot for spot in found if not any(_touch(spot.span, span) for span in innocent)]
    found.sort(key=lambda spot: spot.rank)
    kept: list[_Spot] = []
    for spot in found:
        if not any(_touch(spot.span, other.span) for other in kept):
            kept.append(spot)
    return sorted(kept, key=lambda spot: spot.span)


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _denied(clauses: list[str], spots: list[list[_Spot]]) -> list[list[bool]]:
    """For each place whether it is denied; a clause that is a mere list shares its neighbour's negation."""
    before, after = [], []
    for clause, found in zip(clauses, spots, strict=True):
        spans = [spot.span for spot in found]
        before.append([denied_before(clause, start, spans) for start, _ in spans])
        after.append([denied_after(clause, end, spans) for _, end in spans])
    mere = [
        bool(found) and nothing_else(clause, [spot.span for spot in found])
        for clause, found in zip(clauses, spots, strict=True)
    ]
    for at in range(1, len(clauses)):
        if mere[at] and before[at - 1] and before[at - 1][-1]:
            before[at] = [True] * len(before[at])
    for at in range(len(clauses) - 2, -1, -1):
        if mere[at] and after[at + 1] and after[at + 1][0]:
            after[at] = [True] * len(after[at])
    return [[a or b for a, b in zip(*both, strict=True)] for both in zip(before, after, strict=True)]


@lru_cache(maxsize=64)
def _starts(words: tuple[Forbidden, ...]) -> dict[str, tuple[_Pattern, ...]]:
    """All patterns by their first character, compiled once for the words of a product."""
    made: dict[str, dict[tuple[str, int, bool], _Pattern]] = {}

    def add(text: str, number: int, sure: bool) -> None:
        plain = "~".join(folded(part) for part in text.split("~"))
        made.setdefault(plain[0], {})[plain, number, sure] = _Pattern(
            number, sure, number >= 0 and plain in folded(words[number].word.word), _ends(plain)
        )

    for number, each in enumerate(words):
        how = lexicon.sayings(each.word)
        for texts, of, sure in (
            (how.sure, number, True),
            (how.doubtful, number, False),
            (how.innocent, -1, True),
        ):
            for text in texts:
                add(text, of, sure)
    return {char: tuple(patterns.values()) for char, patterns in made.items()}


def _ends(pattern: str) -> Callable[[str, int], int | None]:
    """Finds a pattern at a place: plain text, or an expression where it has a gap or a Latin word in it."""
    if "~" not in pattern and not re.search("[a-z]", pattern):
        return lambda text, at: at + len(pattern) if text.startswith(pattern, at) else None
    parts = [_latin(part) for part in pattern.split("~")]
    expression = re.compile(_GAP.join(parts))

    def end(text: str, at: int) -> int | None:
        match = expression.match(text, at)
        return None if match is None else match.end()

    return end


def _latin(part: str) -> str:
    """A Latin word is a whole word: 加v is not in 加value, and `v x` is vx."""
    text = " ?".join(map(re.escape, part)) if part.isascii() else re.escape(part)
    before = "(?<![a-z])" if part[:1].isascii() and part[:1].isalpha() else ""
    after = "(?![a-z])" if part[-1:].isascii() and part[-1:].isalpha() else ""
    return f"{before}{text}{after}"
