"""The calls of a run, as the report and its JSON form have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import ConfigDict

from ccc_numbers.messages.masking import mask_numbers
from ccc_numbers.numbers.traffic import Calls


@dataclass(frozen=True, slots=True)
class NumberTraffic:
    """The calls of one number: `unanswered` of those that came in, `blocked` of those that went out."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    number: str
    inbound: int
    unanswered: int
    outbound: int
    blocked: int

    @property
    def calls(self) -> Calls:
        return Calls(self.inbound, self.unanswered, self.outbound, self.blocked)


@dataclass(frozen=True, slots=True)
class InstanceTraffic:
    """The calls of one instance by number, all its numbers; `others` are calls by none of them."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    stack: str
    instance: str
    numbers: tuple[NumberTraffic, ...]
    others: int

    @property
    def total(self) -> Calls:
        """The calls of its numbers together."""
        return sum((each.calls for each in self.numbers), Calls())


@dataclass(frozen=True, slots=True)
class Traffic:
    """The calls between two moments, as `--traffic` asked for them in `window`; an instance that was not read is not there."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    window: str
    begins: datetime
    ends: datetime
    instances: tuple[InstanceTraffic, ...]


def masked_traffic(traffic: Traffic) -> Traffic:
    """The same with every number as `021****1001`."""

    def hidden(line: NumberTraffic) -> NumberTraffic:
        return replace(line, number=mask_numbers(line.number, {line.number}))

    instances = (replace(each, numbers=tuple(map(hidden, each.numbers))) for each in traffic.instances)
    return replace(traffic, instances=tuple(instances))
