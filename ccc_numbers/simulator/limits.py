"""Rate limits: one token bucket per action and account, at CCC's published quotas."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ccc_numbers.simulator.errors import gateway
from ccc_numbers.simulator.switches import Switches

QUOTAS: Mapping[str, int] = MappingProxyType(
    {"GetInstance": 300, "ListSkillGroups": 200, "ListPhoneNumbersOfSkillGroup": 2000}
)
"""Calls per second where they differ from the rest."""

DEFAULT_QUOTA = 100


@dataclass(slots=True)
class Bucket:
    """Holds up to one second's calls, refilled steadily."""

    rate: float
    tokens: float
    filled_at: float

    def take(self, now: float) -> float:
        """Take one token: 0 when there was one, else the seconds until there is."""
        self.tokens = min(self.rate, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate


@dataclass(slots=True)
class Limiter:
    """Refuses calls beyond the quota.

    `rate` replaces every quota and puts the limits in force; 0 puts them out of force. With None the switch
    decides, and the quotas are the published ones.
    """

    rate: float | None = None
    clock: Callable[[], float] = time.monotonic
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def check(self, action: str, account: str, switches: Switches) -> None:
        """Take one call from the account's bucket; Refused with Throttling.* when it is empty."""
        if self.rate == 0 or (self.rate is None and switches.rate_limit == "off"):
            return
        now = self.clock()
        bucket = self.buckets.get((action, account))
        if bucket is None:
            rate = self.rate or QUOTAS.get(action, DEFAULT_QUOTA)
            bucket = self.buckets[action, account] = Bucket(rate, rate, now)
        wait = bucket.take(now)
        if wait:
            refusal = gateway("Throttling.Api" if switches.rate_limit == "api" else "Throttling.User")
            refusal.retry_after_ms = int(wait * 1000) + 1 if switches.rate_limit == "retry-after" else None
            raise refusal
