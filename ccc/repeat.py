"""Writes that are looked for before they are repeated, for operations CCC has no batch form of."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from .errors import Unavailable

T = TypeVar("T")
ATTEMPTS = 6


async def pause(attempt: int) -> None:
    """Wait with full jitter before attempt `attempt` + 1: up to 0.2, 0.4, 0.8 … seconds."""
    await asyncio.sleep(random.uniform(0, 0.2 * 2**attempt))  # noqa: S311  # not a secret


async def until_seen(look: Callable[[], Awaitable[T | None]], write: Callable[[], Awaitable[object]]) -> T:
    """What `look` finds once it is there; `write` brings it about, again when its answer was lost and it is not."""
    lost: Unavailable | None = None
    for attempt in range(ATTEMPTS):
        found = await look()
        if found is not None:
            return found
        if attempt:
            await pause(attempt)
        try:
            await write()
        except Unavailable as error:
            lost = error
    found = await look()
    if found is None:
        raise lost or Unavailable(
            "Look", "NotSeen", "it was written but cannot be seen", may_have_happened=True
        )
    return found
