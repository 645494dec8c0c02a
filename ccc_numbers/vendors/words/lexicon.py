"""The lexicon beside the catalogue: synonyms, spellings and innocent words of each forbidden thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from re import compile as compiled

from pydantic import Field

from ccc_numbers.messages.yaml_reader import read_documents
from ccc_numbers.vendors.catalogue.model import Word
from ccc_numbers.vendors.catalogue.price import Part

_SPELLING = compiled(r"<([^>]+)>")


class Entry(Part):
    """What says a word of the catalogue, what may say it, what only seems to, which other words say it too."""

    sure: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    except_: tuple[str, ...] = Field(default=(), alias="except")
    also: tuple[str, ...] = ()


class Lexicon(Part):
    """Spellings by the name that patterns have for them, entries by the catalogue's word."""

    spellings: dict[str, tuple[str, ...]]
    words: dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Sayings:
    """All patterns of one word, spellings written out; `~` stands for up to eight characters."""

    sure: frozenset[str]
    doubtful: frozenset[str] = frozenset()
    innocent: frozenset[str] = frozenset()


def known(word: str) -> bool:
    """Whether the lexicon says how this word is said."""
    return word in _lexicon().words


def sayings(word: Word) -> Sayings:
    """How the word is said: by its own `match` where it has one, by the lexicon, or as it is written."""
    if word.match or not known(word.word):
        return Sayings(frozenset(word.patterns), frozenset(), frozenset(word.except_))
    found = [_lexicon().words[name] for name in _closure(word.word)]
    return Sayings(
        _written_out(pattern for each in found for pattern in each.sure),
        _written_out(pattern for each in found for pattern in each.doubtful),
        _written_out((*(pattern for each in found for pattern in each.except_), *word.except_)),
    )


def _closure(word: str) -> tuple[str, ...]:
    seen = {word: None}
    for name in (waiting := [word]):
        for also in _lexicon().words[name].also:
            if also not in seen:
                seen[also] = None
                waiting.append(also)
    return tuple(seen)


def _written_out(patterns: Iterable[str]) -> frozenset[str]:
    return frozenset(text for pattern in patterns for text in _spelt(pattern))


def _spelt(pattern: str) -> list[str]:
    parts = _SPELLING.split(pattern)
    choices = [_lexicon().spellings[part] if at % 2 else (part,) for at, part in enumerate(parts)]
    return ["".join(each) for each in product(*choices)]


@cache
def _lexicon() -> Lexicon:
    file = resources.files(__package__).joinpath("lexicon.yaml")
    (document,) = read_documents(file.read_text("utf-8"), file.name, empty=None)
    return Lexicon.model_validate(document.data)
