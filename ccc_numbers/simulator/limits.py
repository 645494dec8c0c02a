"""Rate limits: one token bucket per action and account, at CCC's published quotas."""

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
class Limiter:
    """Refuses calls beyond the quota.

    `rate` replaces every quota and puts the limits in force; 0 puts them out of force. With None the switch
    decides, and the quotas are the published ones.
    """

    rate: float | None = None
    clock: Callable[[], float] = time.monotonic
    buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """(action, account) -> tokens left, and when that was. A bucket holds up to one second's calls."""

    def check(self, action: str, account: str, switches: Switches) -> None:
        """Take one call from the account's bucket; Refused with Throttling.* when it is empty."""
        if self.rate == 0 or (self.rate is None and switches.rate_limit == "off"):
            return
        rate, now = self.rate or QUOTAS.get(action, DEFAULT_QUOTA), self.clock()
        tokens, filled_at = self.buckets.get((action, account), (rate, now))
        tokens = min(rate, tokens + (now - filled_at) * rate)
        self.buckets[action, account] = tokens - 1 if tokens >= 1 else tokens, now
        if tokens < 1:
            refusal = gateway("Throttling.Api" if switches.rate_limit == "api" else "Throttling.User")
            if switches.rate_limit == "retry-after":
                refusal.retry_after_ms = int((1 - tokens) / rate * 1000) + 1
            raise refusal
