"""The rate limit: never more calls per second than CCC allows the account, whoever makes them.

One token bucket per account, region and operation, in a store of `ccc_numbers.api.rate_limit_stores`.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from pyrate_limiter import Decision, Rate

from ccc_numbers.api.rate_limit_stores import ProcessStore, RateStore, StoreUnavailable, store_at

logger = logging.getLogger(__name__)

# Shares of the quota: the steady flow, and a burst on top of it. The rest is for calls that were released one after
# the other and arrive together, because a thread or the network was late.
_FLOW = 0.8
_BURST = 0.05
# Share of the quota while the shared store cannot be used and nobody knows of the others' calls.
_ALONE = 0.1
# Before a store that could not be used is tried again.
_RETRY_STORE_SECONDS = 15.0
# Up to so much longer than necessary: those who wait for the same token do not come back in step.
_JITTER = 0.2


def bucket(quota: int, share: float = 1.0) -> Rate:
    """The bucket for `share` of a quota of calls per second: 80 % as a flow, and 5 % at once."""
    # Rate takes whole calls per interval; stretching the interval keeps the fractions.
    return Rate(quota, round(1000 / (_FLOW * share)), burst=max(1, int(quota * share * _BURST)))


class RateLimit:
    """Waits its turn for every call.

    `url` is None (this process alone), `file:///path` (one machine) or `redis://…` (many). `region` and
    `account` say whose quota it is; the account is only asked for where the limit is shared.
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
        self._shared: RateStore | None = store_at(url)
        self._own = ProcessStore()
        # One waits at the bucket, the others behind him: no herd, and first come first served.
        self._queues: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._shared_from = 0.0
        self._warned = False

    async def acquire(self, action: str) -> None:
        """Return when one more call of `action` fits into the quota."""
        async with self._queues[action]:
            while not (decision := await self._ask(action)).allowed:
                seconds = max(decision.retry_after_ms or 0, 1) / 1000
                await asyncio.sleep(seconds * (1 + _JITTER * random.random()))  # noqa: S311  # no secret

    async def close(self) -> None:
        """Release the file or the Redis."""
        if self._shared:
            await self._shared.close()

    async def _ask(self, action: str) -> Decision:
        quota = self._quotas.get(action, min(self._quotas.values(), default=1))
        if self._shared is None:
            return await self._own.spend(action, bucket(quota))
        if monotonic() >= self._shared_from:
            account = await self._account() if self._account else "any"
            try:
                return await self._shared.spend(f"{account}:{self._region}:{action}", bucket(quota))
            except StoreUnavailable as error:
                self._shared_from = monotonic() + _RETRY_STORE_SECONDS
                self._warn(self._shared.name, error)
        return await self._own.spend(action, bucket(quota, _ALONE))

    def _warn(self, store: str, error: StoreUnavailable) -> None:
        """Warn once; after that only log for debugging."""
        level = logging.DEBUG if self._warned else logging.WARNING
        self._warned = True
        # not translated: a log
        message = "the shared rate budget at %s cannot be used (%s): going on with %d %% of the quota"
        logger.log(level, message, store, error, 100 * _ALONE)
