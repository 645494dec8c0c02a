"""The lexicon beside the catalogue: how each forbidden thing is said, and what only seems to say it."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BeforeValidator, Field

from ccc_numbers.messages.yaml_reader import read_documents
from ccc_numbers.vendors.catalogue.price import Part
from ccc_numbers.vendors.words.index import Index, Role, Saying


def _split(lines: object) -> object:
    """A line may hold several words."""
    if not isinstance(lines, list):
        return lines
    return tuple(word for line in lines for word in str(line).split(", "))


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Near(Part):
    """Words that may say it beside each other, in either order; `<ask>` in `by` is a group."""

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
    cleared: tuple[str, ...] = ("premises", "software")


class _File(Part):
    spellings: dict[str, Words] = Field(default_factory=dict)
    groups: dict[str, Words] = Field(default_factory=dict)
    innocent: Words = ()
    words: dict[str, Entry] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """A group of patterns that says a word beside one of some others."""

    word: str
    of: str
    by: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """All files read: the entries by the catalogue's word, their patterns in one index.

    `rooms` has the file that a word stands in: what is innocent there is so for all its words.
    """

    words: dict[str, Entry]
    rooms: dict[str, str]
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
    rooms: dict[str, _File] = {}
    for file in resources.files(__package__).joinpath("lexicon").iterdir():
        (document,) = read_documents(file.read_text("utf-8"), file.name, empty=None)
        rooms[file.name] = _File.model_validate(document.data)
    groups = {name: texts for room in rooms.values() for name, texts in room.groups.items()}
    spellings = {name: texts for room in rooms.values() for name, texts in room.spellings.items()}
    sayings = [(text, Saying(name, Role.MEMBER)) for name, texts in groups.items() for text in texts]
    pairs: list[Pair] = []
    for name, room in rooms.items():
        sayings += [(text, Saying("", Role.INNOCENT)) for text in room.innocent]
        for word, entry in room.words.items():
            sayings += [(text, Saying(word, Role.SURE)) for text in entry.sure]
            sayings += [(text, Saying(word, Role.DOUBTFUL)) for text in entry.doubtful]
            sayings += [(text, Saying(name, Role.INNOCENT)) for text in entry.except_]
            for near in entry.near:
                of, by = (f"{word}/{len(pairs)}/{side}" for side in ("of", "by"))
                sayings += [(text, Saying(of, Role.MEMBER)) for text in near.of]
                sayings += [(text, Saying(by, Role.MEMBER)) for text in near.by if text[1:-1] not in groups]
                named = (text[1:-1] for text in near.by if text[1:-1] in groups)
                pairs.append(Pair(word, of, frozenset({by, *named})))
    return Lexicon(
        {word: entry for room in rooms.values() for word, entry in room.words.items()},
        {word: name for name, room in rooms.items() for word in room.words},
        Index(sayings, spellings),
        tuple(pairs),
    )
