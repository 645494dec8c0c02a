"""Writes that are looked for before they are repeated, for operations CCC has no batch form of."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ccc_numbers.api.errors import NotSeen, Unavailable

T = TypeVar("T")
ATTEMPTS = 6


async def pause(attempt: int) -> None:
    """Wait with full jitter before attempt `attempt` + 1: up to 0.2, 0.4, 0.8 … seconds."""
    await asyncio.sleep(random.uniform(0, 0.2 * 2**attempt))  # noqa: S311  # not a secret


async def until_seen(write: Callable[[], Awaitable[object]], look: Callable[[], Awaitable[T | None]]) -> T:
    """Write, then look: what `look` finds. Written again only when the answer was lost and nothing is to be seen.

    What CCC said yes to is only waited for: its listings may be late, and a second write make a second one.
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
