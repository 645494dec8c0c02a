"""The one search for forbidden words, for `check`, the application's papers, and the choice of a product."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, product

from ccc_numbers.vendors.catalogue.files import Catalogue
from ccc_numbers.vendors.catalogue.model import Business, Entry, Word
from ccc_numbers.vendors.words.index import Index, Role, Saying, Span
from ccc_numbers.vendors.words.lexicon import Pair, lexicon
from ccc_numbers.vendors.words.negation import denied_after, denied_before, denies, nothing_else
from ccc_numbers.vendors.words.spelling import COMMA, STOP, folded, marked

_CLAUSE_END = re.compile(f"[{COMMA}{STOP}]")
_NEAR = 10
"""Characters between the words of a pair, at most."""
_APART = re.compile(f"{STOP}|不(?=[推卖销荐做涉含属提介办接碰打售送是]|$)|[没无禁勿]")
"""Between two words: they belong to different sentences, or the second is denied."""
_CLEARED = 8
"""Characters between a word and what shows that only the trade is served, at most."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A word of the catalogue, the group it stands in (None for a script's own phrases), the source's words."""

    word: Word
    group: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A forbidden word in a text: what says it there, and in which clause.

    Not `sure` where the words have another meaning as often and are not the whole text; `denied` where the clause says that it is not done.
    """

    forbidden: Forbidden
    said: str
    clause: str
    sure: bool
    denied: bool


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place that says a word: `at` is what a negation would govern, `parts` are its pieces, or both words of a pair."""

    number: int
    lexical: str
    sure: bool
    at: Span
    parts: tuple[Span, ...]
    own: bool

    @property
    def rank(self) -> tuple[bool, int, bool, int]:
        """The first of several at one place is the one to show: sure, in the catalogue's words, long."""
        return not self.sure, self.number, not self.own, self.at[0] - self.at[1]


class Search:
    """The search for some forbidden words, made once and used for many texts."""

    def __init__(self, words: Iterable[Forbidden]) -> None:
        self.words = tuple(words)
        self._lexicon = lexicon()
        self._numbers: dict[str, int] = {}
        sayings: list[tuple[str, Saying]] = []
        for number, each in enumerate(self.words):
            word, known = each.word, each.word.word in self._lexicon.words
            if word.match or not known:
                sayings += [(text, Saying(f"={number}", Role.SURE)) for text in word.patterns]
                self._numbers[f"={number}"] = number
            else:
                for name in self._lexicon.closure(word.word):
                    self._numbers.setdefault(name, number)
            sayings += [(text, Saying("", Role.INNOCENT)) for text in word.except_]
        self._indexes = (self._lexicon.index, *([Index(sayings)] if sayings else []))
        self._pairs: dict[str, Pair] = {}
        for pair in self._lexicon.pairs:
            if pair.word in self._numbers:
                self._pairs[pair.of] = pair
        self._own = tuple(folded(each.word.word) for each in self.words)

    def __call__(self, text: str) -> tuple[Hit, ...]:
        """The forbidden words in `text`, each once: sure before doubtful, said before denied, in the words' order.

        A place counts only for the first word, unless the lexicon has it for several (烟酒).
        """
        marks = marked(text)
        plain = folded(marks)
        spots = self._spots(plain)
        if not spots:
            return ()
        best: dict[int, tuple[tuple[bool, ...], Hit]] = {}
        clauses = _CLAUSE_END.split(marks)
        for number, spot, denied in _denials(plain, spots):
            said = _CLAUSE_END.sub("，", plain[spot.parts[0][0] : spot.parts[-1][1]])
            sure = spot.sure or said == plain
            hit = Hit(self.words[spot.number], said, clauses[number].strip(), sure, denied)
            weight = (not denied, sure, spot.own)
            if spot.number not in best or weight > best[spot.number][0]:
                best[spot.number] = weight, hit
        return tuple(best[number][1] for number in sorted(best))

    def _spots(self, plain: str) -> list[_Spot]:
        """The places of forbidden words, without innocent ones and without those that another has taken."""
        found: list[_Spot] = []
        innocent: list[tuple[str, Span]] = []
        members: dict[str, list[Span]] = {}
        for parts, says in chain.from_iterable(index.find(plain) for index in self._indexes):
            span = parts[0][0], parts[-1][1]
            for saying in says:
                if saying.role is Role.INNOCENT:
                    innocent.append((saying.of, span))
                elif saying.role is Role.MEMBER:
                    members.setdefault(saying.of, []).append(span)
                elif saying.of in self._numbers:
                    found.append(self._spot(saying.of, saying.role is Role.SURE, parts, span, plain))
        if members:
            found.extend(self._beside(members, plain))
        if not found:
            return found
        found = [
            spot
            for spot in found
            if not any(
                of in {"", self._lexicon.rooms.get(spot.lexical)} and _spoils(span, part)
                for part in spot.parts
                for of, span in innocent
            )
            and not self._cleared(spot, members, plain)
        ]
        found.sort(key=lambda spot: spot.rank)
        kept: list[_Spot] = []
        for spot in found:
            if not any(_touch(spot.at, other.at) and spot.at != other.at for other in kept):
                kept.append(spot)
        return sorted(kept, key=lambda spot: spot.at)

    def _spot(self, lexical: str, sure: bool, parts: tuple[Span, ...], at: Span, plain: str) -> _Spot:
        number = self._numbers[lexical]
        return _Spot(number, lexical, sure, at, parts, plain[slice(*at)] in self._own[number])

    def _beside(self, members: dict[str, list[Span]], plain: str) -> Iterable[_Spot]:
        """The pairs of words that stand beside each other."""
        for name in members.keys() & self._pairs.keys():
            pair = self._pairs[name]
            acts = [span for each in pair.by for span in members.get(each, ())]
            for thing, act in product(members[name], acts):
                between = plain[min(thing[1], act[1]) : max(thing[0], act[0])]
                if not _touch(thing, act) and len(between) <= _NEAR and not _APART.search(between):
                    parts = (min(thing, act), max(thing, act))
                    yield self._spot(pair.word, False, parts, parts[0] if COMMA in between else thing, plain)

    def _cleared(self, spot: _Spot, members: dict[str, list[Span]], plain: str) -> bool:
        """Whether what stands close behind the place, or right before it, shows that the trade is only served."""
        entry = self._lexicon.words.get(spot.lexical)
        for name in entry.cleared if entry else ():
            for start, end in members.get(name, ()):
                if end == spot.at[0] and name == "handle":  # 保养呼吸机
                    return True
                if not spot.at[1] <= start <= spot.at[1] + _CLEARED:
                    continue
                sold = any(
                    spot.at[1] <= first and last <= start
                    for act in ("ask", "sale")
                    for first, last in members.get(act, ())
                )
                if not sold and not _CLAUSE_END.search(plain, spot.at[1], start):
                    return True
        return False


def business_search(entry: Entry) -> Search:
    """The search for what an entry's scripts may not say and for every business it forbids."""
    return _made(entry.business)


def script_search(entry: Entry, catalogue: Catalogue) -> Search:
    """The same with the phrases of all the vendor's products, since it hears one customer."""
    return _made(entry.business, *(each.business for each in catalogue.of_vendor(entry.vendor)))


@lru_cache(maxsize=64)
def _made(business: Business, *same_vendor: Business) -> Search:
    """First the phrases, then the terms, then the groups as a whole."""
    phrases = {word.word: word for each in (business, *same_vendor) for word in each.script}
    named = "话术中含有：" + "、".join(phrases)
    return Search((*(Forbidden(word, None, named) for word in phrases.values()), *_forbidden(business)))


def _forbidden(business: Business) -> tuple[Forbidden, ...]:
    groups = business.forbidden
    said = {group.group: f"{business.words} {group.words}".strip() for group in groups}
    terms = [Forbidden(term, group.group, said[group.group]) for group in groups for term in group.terms]
    whole = [
        Forbidden(Word(word=group.group, match=group.match), group.group, said[group.group])
        for group in groups
        if group.match or group.group in lexicon().words
    ]
    return (*terms, *whole)


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _spoils(innocent: Span, part: Span) -> bool:
    """Whether an innocent word shows that this is not a word: 到期货物 has no 期货 in it, 葡萄酒会员 has 葡萄酒."""
    inside = part[0] <= innocent[0] and innocent[1] <= part[1] and innocent != part
    return _touch(innocent, part) and not inside and innocent[1] - innocent[0] >= part[1] - part[0]


def _denials(plain: str, spots: list[_Spot]) -> Iterable[tuple[int, _Spot, bool]]:
    """Each place with the number of its clause and whether it is denied; a mere list shares its neighbour's negation."""
    numbered = [
        (plain.count(COMMA, 0, spot.at[0]) + plain.count(STOP, 0, spot.at[0]), spot) for spot in spots
    ]
    if not denies(plain):
        yield from ((number, spot, False) for number, spot in numbered)
        return
    clauses = _CLAUSE_END.split(plain)
    before, after, mere = [], [], []
    start = 0
    for number, clause in enumerate(clauses):
        spans = [(spot.at[0] - start, spot.at[1] - start) for at, spot in numbered if at == number]
        before.append([denied_before(clause, at, spans) for at, _ in spans])
        after.append([denied_after(clause, end, spans) for _, end in spans])
        mere.append(bool(spans) and nothing_else(clause, spans))
        start += len(clause) + 1
    for at in range(1, len(clauses)):
        if mere[at] and before[at - 1] and before[at - 1][-1]:
            before[at] = [True] * len(before[at])
    for at in range(len(clauses) - 2, -1, -1):
        if mere[at] and after[at + 1] and after[at + 1][0]:
            after[at] = [True] * len(after[at])
    for (number, spot), one, other in zip(numbered, chain(*before), chain(*after), strict=True):
        yield number, spot, one or other
