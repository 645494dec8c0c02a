"""Counts of calls: the outcomes by action and by access key, and the most calls within any one second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["ok", "throttled", "failed"]


def _none_yet() -> dict[str, int]:
    return {"ok": 0, "throttled": 0, "failed": 0}


@dataclass(slots=True)
class _Action:
    outcomes: dict[str, int] = field(default_factory=_none_yet)
    last_second: deque[float] = field(default_factory=deque)
    peak: int = 0


@dataclass(slots=True)
class Counters:
    """Counts since the start or the last reset, for known actions only."""

    clock: Callable[[], float] = time.monotonic
    actions: dict[str, _Action] = field(default_factory=dict)
    keys: dict[str, dict[str, int]] = field(default_factory=dict)

    def arrived(self, action: str) -> None:
        """A call has come in."""
        seen = self.actions.setdefault(action, _Action())
        now = self.clock()
        seen.last_second.append(now)
        while now - seen.last_second[0] >= 1:
            seen.last_second.popleft()
        seen.peak = max(seen.peak, len(seen.last_second))

    def answered(self, action: str, outcome: Outcome, key: str | None = None) -> None:
        """A call was answered; a lost response counts as failed, a partial one as ok. `key` signed it, if any did."""
        self.actions.setdefault(action, _Action()).outcomes[outcome] += 1
        if key is not None:
            self.keys.setdefault(key, _none_yet())[outcome] += 1

    def calls(self) -> dict[str, dict[str, int]]:
        """`{"ListPhoneNumbers": {"ok": 10, "throttled": 0, "failed": 0}}`."""
        return {action: dict(seen.outcomes) for action, seen in sorted(self.actions.items())}

    def callers(self) -> dict[str, dict[str, int]]:
        """`{"simulator": {"ok": 10, "throttled": 0, "failed": 0}}`: by the id of the access key."""
        return {key: dict(outcomes) for key, outcomes in sorted(self.keys.items())}

    def rates(self) -> dict[str, int]:
        """Action -> the most calls that came in within any one second."""
        return {action: seen.peak for action, seen in sorted(self.actions.items())}

    def reset(self) -> None:
        self.actions.clear()
        self.keys.clear()
