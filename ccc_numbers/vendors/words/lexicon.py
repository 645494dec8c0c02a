"""The lexicon beside the catalogue: how each forbidden thing is said, and what only seems to say it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from re import compile as compiled
from typing import Annotated

from pydantic import BeforeValidator, Field

from ccc_numbers.messages.yaml_reader import read_documents
from ccc_numbers.vendors.catalogue.price import Part
from ccc_numbers.vendors.words.index import Index, Role, Saying

_NAMED = compiled(r"<([^>]+)>")


def _split(lines: object) -> object:
    """A line may hold several words."""
    if not isinstance(lines, list):
        return lines
    return tuple(word for line in lines for word in str(line).split(", "))


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Near(Part):
    """Words that may say it beside each other, in either order; `<sell>` is a group."""

    of: Words
    by: Words


class Entry(Part):
    """How a word of the catalogue is said.

    `also`: other words that say it too; `cleared`: groups that, behind a pattern, show that only the trade is served.
    """

    sure: Words = ()
    doubtful: Words = ()
    near: tuple[Near, ...] = ()
    except_: Words = Field(default=(), alias="except")
    also: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ("serve",)


class _File(Part):
    spellings: dict[str, Words] = Field(default_factory=dict)
    groups: dict[str, Words] = Field(default_factory=dict)
    innocent: Words = ()
    words: dict[str, Entry] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """Groups of patterns that say a word beside each other."""

    word: str
    of: frozenset[str]
    by: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """All files read: the entries by the catalogue's word, their patterns in one index."""

    words: dict[str, Entry]
    index: Index
    pairs: tuple[Pair, ...]

    def closure(self, word: str) -> tuple[str, ...]:
        """The words that say this one: itself, and all that its `also` names."""
        seen = {word: None}
        for name in (waiting := [word] if word in self.words else []):
            fresh = [also for also in self.words[name].also if also not in seen]
            seen.update(dict.fromkeys(fresh))
            waiting.extend(fresh)
        return tuple(seen)


@cache
def lexicon() -> Lexicon:
    """The lexicon that is shipped."""
    spellings: dict[str, tuple[str, ...]] = {}
    groups: dict[str, tuple[str, ...]] = {}
    words: dict[str, Entry] = {}
    sayings: list[tuple[str, Saying]] = []
    for file in resources.files(__package__).joinpath("lexicon").iterdir():
        (document,) = read_documents(file.read_text("utf-8"), file.name, empty=None)
        read = _File.model_validate(document.data)
        spellings |= read.spellings
        groups |= read.groups
        words |= read.words
        sayings += [(text, Saying("", Role.INNOCENT)) for text in read.innocent]
    sayings += [(text, Saying(name, Role.MEMBER)) for name, texts in groups.items() for text in texts]
    pairs = []
    for word, entry in words.items():
        for role, texts in (
            (Role.SURE, entry.sure), (Role.DOUBTFUL, entry.doubtful), (Role.INNOCENT, entry.except_),
        ):  # fmt: skip
            sayings.extend((text, Saying(word, role)) for text in texts)
        for number, near in enumerate(entry.near):
            sides = []
            for side, texts in (("of", near.of), ("by", near.by)):
                own = f"{word}/{number}/{side}"
                named = {text[1:-1] for text in texts if text[1:-1] in groups}
                sayings.extend((text, Saying(own, Role.MEMBER)) for text in texts if text[1:-1] not in groups)
                sides.append(frozenset({own, *named}))
            pairs.append(Pair(word, *sides))
    spelt = ((each, saying) for text, saying in sayings for each in _spelt(text, spellings))
    return Lexicon(words, Index(spelt), tuple(pairs))


def _spelt(pattern: str, spellings: dict[str, tuple[str, ...]]) -> Iterator[str]:
    parts = _NAMED.split(pattern)
    choices: Iterable[tuple[str, ...]] = (
        spellings[part] if at % 2 else (part,) for at, part in enumerate(parts)
    )
    return map("".join, product(*choices))
