"""The base of every family of operations."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from ccc_numbers.api.wire import Wire

Parameter = str | int | bool | tuple[str, ...] | None

# A filter whose values cut a listing into parts without overlap, e.g. ("Active", (True, False)).
Split = tuple[str, tuple[Parameter, ...]]
DIGITS: Split = ("SearchPattern", ())
"""Stands for searches by the beginnings of numbers: as many as it takes."""


class Operations(ABC):
    """Calls by name. A parameter that is None is left out; a tuple travels as one compact JSON array."""

    @abstractmethod
    async def _read(self, action: str, **parameters: Parameter) -> Wire:
        """One call that changes nothing, retried freely; the whole envelope of its answer."""

    @abstractmethod
    async def _write(self, action: str, **parameters: Parameter) -> Wire:
        """One call that changes something, retried only where it was certainly not executed."""

    @abstractmethod
    async def _count(self, action: str, **parameters: Parameter) -> int:
        """How many rows a paged listing has."""

    @abstractmethod
    async def _list(
        self, action: str, key: str, splits: Sequence[Split] = (), **parameters: Parameter
    ) -> list[Wire]:
        """All rows of a paged listing, each `key` once; over CCC's ceiling of rows it is listed by `splits`.

        Raises Incomplete rather than return a part.
        """

    @abstractmethod
    async def _span(
        self, action: str, key: str, span: tuple[int, int], **parameters: Parameter
    ) -> list[Wire]:
        """All rows of a listing by time, each `key` once; `span` in Unix milliseconds. Incomplete rather than a part."""


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """`values` in order, each once: CCC's answer to duplicates in a list parameter is undocumented."""
    return tuple(dict.fromkeys(values))
