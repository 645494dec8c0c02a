"""What every family of operations stands on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from ccc_numbers.api.wire import Wire

Parameter = str | int | bool | tuple[str, ...] | None

# A filter whose values cut a listing into parts without overlap, e.g. ("Active", (True, False)).
Split = tuple[str, tuple[Parameter, ...]]


class Operations(ABC):
    """Calls by name. A parameter that is None is left out; a tuple travels as one compact JSON array."""

    @abstractmethod
    async def _read(self, action: str, **parameters: Parameter) -> Wire:
        """One call that changes nothing, retried freely; the whole envelope of its answer."""

    @abstractmethod
    async def _write(self, action: str, **parameters: Parameter) -> Wire:
        """One call that changes something, retried only where it was certainly not executed."""

    @abstractmethod
    async def _list(
        self, action: str, key: str, splits: Sequence[Split] = (), **parameters: Parameter
    ) -> list[Wire]:
        """All rows of a paged listing, each `key` once; over CCC's ceiling of rows it is listed by `splits`.

        Raises Incomplete rather than answering a part.
        """


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """`values` in order, each once: CCC's answer to duplicates in a list parameter is undocumented."""
    return tuple(dict.fromkeys(values))


def data_object(envelope: Wire) -> Wire:
    """The object under `Data`; empty where there is none."""
    data = envelope.get("Data")
    return data if isinstance(data, Mapping) else {}


def data_texts(envelope: Wire) -> tuple[str, ...]:
    """The array of strings under `Data`; empty where there is none."""
    data = envelope.get("Data")
    return tuple(str(item) for item in data) if isinstance(data, list) else ()


def data_text(envelope: Wire) -> str:
    """The string under `Data`; "" where there is none."""
    data = envelope.get("Data")
    return data if isinstance(data, str) else ""
