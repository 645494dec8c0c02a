"""Commanded faults: which calls go wrong, how, and how often.

A fault matches calls by `action` (any when absent) and by `numbers` (any of them named in the call). It lets
the first `after` matching calls pass, then strikes `times` of them (all when absent). Faults are tried in
order and the first that strikes wins, so a sequence of faults is a script. Nothing is left to chance.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal["throttle", "unavailable", "lostResponse", "partial", "slow", "reset", "badJson", "error"]

DONE_BY_DEFAULT: frozenset[str] = frozenset({"lostResponse", "slow", "badJson", "partial"})
"""Faults after which the operation has nevertheless been performed."""


@dataclass(slots=True)
class Fault:
    """One line of the script. `seen` and `struck` count the matching calls and those it hit.

    `code` and `params` are for `error`: any documented code. `delay_ms` is for `slow`. `done` says whether
    the operation is performed all the same; None is the kind's own default.
    """

    fault: FaultKind
    action: str | None = None
    numbers: frozenset[str] = frozenset()
    after: int = 0
    times: int | None = None
    delay_ms: int = 3_000
    done: bool | None = None
    code: str = ""
    params: tuple[str, ...] = ()
    seen: int = field(default=0, compare=False)
    struck: int = field(default=0, compare=False)

    @property
    def performs(self) -> bool:
        """Whether the operation happens although its answer is spoilt."""
        return self.fault in DONE_BY_DEFAULT if self.done is None else self.done

    def strikes(self, action: str, numbers: Collection[str]) -> bool:
        """Whether this call is hit; counts it."""
        if self.action not in {None, action} or (self.numbers and self.numbers.isdisjoint(numbers)):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.struck >= self.times):
            return False
        self.struck += 1
        return True

    def failing(self, numbers: Collection[str]) -> frozenset[str]:
        """The numbers of this call a partial failure leaves out: the named ones, else the first."""
        if self.numbers:
            return self.numbers & frozenset(numbers)
        return frozenset(list(numbers)[:1])


@dataclass(slots=True)
class Script:
    """The faults in force."""

    faults: list[Fault] = field(default_factory=list)

    def strike(self, action: str, numbers: Collection[str]) -> Fault | None:
        """The fault that hits this call, if any."""
        return next((fault for fault in self.faults if fault.strikes(action, numbers)), None)
