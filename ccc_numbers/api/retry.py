"""The policy for trying again: reads freely, writes only where CCC certainly did nothing or nothing is to be seen."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from ccc_numbers.api.errors import SESSION_ENDED, ApiError, NotSeen, Throttled, Unavailable

logger = logging.getLogger(__name__)

T = TypeVar("T")
Call = Callable[[], Awaitable[T]]

ATTEMPTS = 6
"""How often a batch is sent, an object is looked for, a listing is read."""

# Refused before being looked at, because of its nonce, time or session: a request signed again may pass. Once.
_SIGN_AGAIN = ("SignatureNonceUsed", "InvalidTimeStamp.Expired", SESSION_ENDED)

# Somebody waits at a terminal: an address that never answered at all is not worth a whole minute.
_FIRST_CONTACT_SECONDS = 5.0

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 8.0


async def pause(attempt: int) -> None:
    """Wait with full jitter after attempt `attempt`, counted from 0: up to 0.2, 0.4, 0.8 … seconds."""
    await asyncio.sleep(random.uniform(0, 0.2 * 2**attempt))  # noqa: S311  # not a secret


async def until_seen(write: Call[object], look: Call[T | None]) -> T:
    """Write, then look; the object that `look` finds. For operations that CCC has no batch form of.

    Writes again only when the answer was lost and nothing is to be seen. After a yes it only looks again: listings
    may be late, and a second write make a second object. Raises the lost answer, or NotSeen.
    """
    lost: Unavailable | None = None
    written = False
    for attempt in range(ATTEMPTS):
        try:
            if not written:
                await write()
            written, lost = True, None
        except Unavailable as error:
            lost = error
        found = await look()
        if found is not None:
            return found
        await pause(attempt)
    raise lost or NotSeen


class Retry:
    """Tries a call until it succeeds, fails for good, or the deadline is near. Full jitter, doubling."""

    def __init__(self, *, seconds: float, reached: Callable[[], bool]) -> None:
        """`seconds` for all attempts together; `reached` says whether the endpoint answered anybody yet."""
        self._seconds = seconds
        self._reached = reached

    async def read(self, call: Call[T], permit: Call[None]) -> T:
        """A call that changes nothing: again on throttling, 5xx, lost connections and unreadable answers.

        `permit` is waited for before each attempt; the clock starts after the first.
        """
        return await self._run(call, permit, _worth_reading_again)

    async def write(self, call: Call[T], permit: Call[None]) -> T:
        """A call that changes something: again only on throttling and where no connection came about.

        Raises Unavailable with `may_have_happened` at once where its fate is unknown.
        """
        return await self._run(call, permit, _worth_writing_again)

    async def _run(self, call: Call[T], permit: Call[None], worth: Callable[[BaseException], bool]) -> T:
        signed_again = False

        async def rest(seconds: float) -> None:
            await asyncio.sleep(seconds)
            await permit()

        def again(error: BaseException) -> bool:
            nonlocal signed_again
            if isinstance(error, ApiError) and error.code in _SIGN_AGAIN and not signed_again:
                signed_again = True
                return True
            return worth(error)

        attempts = AsyncRetrying(
            sleep=rest,
            retry=retry_if_exception(again),
            wait=wait_random_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT),
            stop=self._too_late,
            before_sleep=_note,
            reraise=True,
        )
        # Before the clock starts: a call queued behind a thousand others has not been tried at all.
        await permit()
        return await attempts(call)

    def _too_late(self, state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        never_sent = isinstance(error, Unavailable) and not error.may_have_happened
        limit = self._seconds
        if never_sent and not self._reached():
            limit = min(limit, _FIRST_CONTACT_SECONDS)
        return (state.seconds_since_start or 0.0) + state.upcoming_sleep >= limit


def _worth_reading_again(error: BaseException) -> bool:
    return isinstance(error, Throttled | Unavailable)


def _worth_writing_again(error: BaseException) -> bool:
    return isinstance(error, Throttled | Unavailable) and not error.may_have_happened


def _note(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    # not translated: a log
    logger.debug("attempt %d: %s; again in %.2f s", state.attempt_number, error, state.upcoming_sleep)
