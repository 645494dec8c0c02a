"""The rate budget: never more calls per second than CCC allows the account, whoever makes them.

One token bucket per account, region and operation, kept by a place out of `ccc_numbers.api.rate_limit_places`.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from pyrate_limiter import Decision, Rate

from ccc_numbers.api.rate_limit_places import Away, Here, RateStore, place_at

logger = logging.getLogger(__name__)

# Of the quota, as a steady flow, and what may come at once on top of it. The rest is for calls that were let go
# one after the other and arrive together, because a thread or the network was late.
_FLOW = 0.8
_BURST = 0.05
# Of the quota, while nobody knows what the others do because the shared place is away.
_ALONE = 0.1
# Before a place that is away is tried again.
_AWAY_SECONDS = 15.0
# Up to so much longer than necessary: those who wait for the same token do not come back in step.
_JITTER = 0.2


def bucket(quota: int, share: float = 1.0) -> Rate:
    """The bucket for `share` of a quota of calls per second: 80 % as a flow, and 5 % at once."""
    # Whole calls per interval is all it takes; stretching the interval keeps the fractions.
    return Rate(quota, round(1000 / (_FLOW * share)), burst=max(1, int(quota * share * _BURST)))


class Budget:
    """Waits its turn for every call.

    `url` is None (this process alone), `file:///path` (one machine) or `redis://…` (many). `region` and
    `account` say whose quota it is; the account is only asked for where the budget is shared.
    """

    def __init__(
        self,
        quotas: Mapping[str, int],
        *,
        url: str | None = None,
        region: str = "",
        account: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self._quotas = quotas
        self._region = region
        self._account = account
        self._shared: RateStore | None = place_at(url)
        self._here = Here()
        # One waits at the bucket, the others behind him: no herd, and first come first served.
        self._queues: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._away_until = 0.0
        self._warned = False

    async def acquire(self, action: str) -> None:
        """Return when one more call of `action` fits into the quota."""
        async with self._queues[action]:
            while not (decision := await self._ask(action)).allowed:
                seconds = max(decision.retry_after_ms or 0, 1) / 1000
                await asyncio.sleep(seconds * (1 + _JITTER * random.random()))  # noqa: S311  # no secret

    async def close(self) -> None:
        """Let go of the file or the Redis."""
        if self._shared:
            await self._shared.close()

    async def _ask(self, action: str) -> Decision:
        quota = self._quotas.get(action, min(self._quotas.values(), default=1))
        if self._shared is None:
            return await self._here.spend(action, bucket(quota))
        if monotonic() >= self._away_until:
            account = await self._account() if self._account else "any"
            try:
                return await self._shared.spend(f"{account}:{self._region}:{action}", bucket(quota))
            except Away as away:
                self._away_until = monotonic() + _AWAY_SECONDS
                self._warn(away)
        return await self._here.spend(action, bucket(quota, _ALONE))

    def _warn(self, away: Away) -> None:
        """Once: what is slower now, and why. The place's own name, never its URL, which may hold a password."""
        level = logging.DEBUG if self._warned else logging.WARNING
        self._warned = True
        logger.log(
            level,
            "the shared rate budget at %s cannot be used (%s): going on with %d %% of the quota",
            self._shared.name if self._shared else "",
            away,
            100 * _ALONE,
        )
