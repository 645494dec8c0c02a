"""A YAML file as people wrote it: every scalar as text, and the place of every key and value."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ccc_numbers.messages.problem import Problem, Source


class Empty:
    """A key without a value (`flow:`), which is not the same as an explicit `~`."""


EMPTY: Final = Empty()
# Stands where an alias leads nowhere, which is reported already.
BROKEN: Final = Empty()

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | Empty | None"
Place: TypeAlias = tuple[int, int]
Loc: TypeAlias = Sequence[str | int]


@dataclass(slots=True)
class Document:
    """A YAML document's data, the problems of its form, and the place of every key and value.

    Data that was not read from a file has no `places`: everything in it is at `first`.
    """

    file: str
    data: Plain = EMPTY
    problems: list[Problem] = field(default_factory=list)
    # The paths of mappings that lack something an alias or a merge should have brought.
    broken: list[tuple[str | int, ...]] = field(default_factory=list)
    # By the identity of the container: an alias gives the same object, so it is visited and stored once.
    places: dict[int, dict[str | int, tuple[Place, Place]]] = field(default_factory=dict)
    first: Place = (1, 1)

    def key(self, loc: Loc) -> Source:
        """The place of the key (or list item) `loc` leads to; of the nearest parent when it is not there."""
        return Source(self.file, *self._find(loc)[0])

    def keys(self, loc: Loc) -> dict[str, Source]:
        """The places of all keys of the mapping `loc` leads to."""
        data = self.at(loc)
        places, nowhere = self.places.get(id(data), {}), (self.first, self.first)
        return (
            {key: Source(self.file, *places.get(key, nowhere)[0]) for key in data}
            if isinstance(data, dict)
            else {}
        )

    def value(self, loc: Loc) -> Source:
        """The place of the value `loc` leads to; of the nearest parent's key when it is not there."""
        return Source(self.file, *self._find(loc)[1])

    def at(self, loc: Loc) -> Plain:
        """The data `loc` leads to, as written; `EMPTY` when it is not there."""
        data = self.data
        for step in loc:
            data = _child(data, step)
        return data

    def report(
        self, loc: Loc, message: str, rule: str, *, value: str | None = None, at_key: bool = False
    ) -> None:
        """Add a problem at the value `loc` leads to, or at its key."""
        where = self.key(loc) if at_key else self.value(loc)
        self.problems.append(Problem.at(where, dotted(loc), value, message, rule))

    def _find(self, loc: Loc) -> tuple[Place, Place]:
        found = (self.first, self.first)
        data = self.data
        for step in loc:
            places = self.places.get(id(data), {})
            if step not in places:
                return found[0], found[0]
            found = places[step]
            data = _child(data, step)
        return found


def _child(data: Plain, step: str | int) -> Plain:
    if isinstance(data, dict):
        return data.get(str(step), EMPTY)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return EMPTY


def dotted(loc: Loc) -> str:
    """`("a", "b", 0)` as `a.b[0]`."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
