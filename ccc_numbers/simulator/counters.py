"""Counts of calls: the outcomes by action and by access key, and the most calls within any one second."""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["ok", "throttled", "failed"]


def _none_yet() -> dict[str, int]:
    return {"ok": 0, "throttled": 0, "failed": 0}


@dataclass(slots=True)
class Counters:
    """Counts since the start or the last reset, for known actions only."""

    clock: Callable[[], float] = time.monotonic
    actions: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(_none_yet))
    keys: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(_none_yet))
    last_second: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    peaks: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def arrived(self, action: str) -> None:
        """A call has come in."""
        now, seen = self.clock(), self.last_second[action]
        seen.append(now)
        while now - seen[0] >= 1:
            seen.popleft()
        self.peaks[action] = max(self.peaks[action], len(seen))

    def answered(self, action: str, outcome: Outcome, key: str | None = None) -> None:
        """A call was answered; a lost response counts as failed, a partial one as ok. `key` signed it, if any did."""
        self.actions[action][outcome] += 1
        if key is not None:
            self.keys[key][outcome] += 1

    def calls(self) -> dict[str, dict[str, int]]:
        """`{"ListPhoneNumbers": {"ok": 10, "throttled": 0, "failed": 0}}`."""
        return {action: dict(outcomes) for action, outcomes in sorted(self.actions.items())}

    def callers(self) -> dict[str, dict[str, int]]:
        """`{"simulator": {"ok": 10, "throttled": 0, "failed": 0}}`: by the id of the access key."""
        return {key: dict(outcomes) for key, outcomes in sorted(self.keys.items())}

    def rates(self) -> dict[str, int]:
        """Action -> the most calls that came in within any one second."""
        return dict(sorted(self.peaks.items()))

    def reset(self) -> None:
        self.actions.clear()
        self.keys.clear()
        self.last_second.clear()
        self.peaks.clear()
