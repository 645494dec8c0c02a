"""Reads the calls of one instance day by day, each closed day once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.simulator_identity import simulator_at
from ccc_numbers.declaration.clock import Window, midnight
from ccc_numbers.fleet.accounts import Account
from ccc_numbers.fleet.traffic.cache import CallCache
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.traffic import HIDDEN, Calls, count, total

_DAY = timedelta(days=1)
# A call that began before midnight has ended by then, and its record is there.
_CLOSES_AFTER = timedelta(hours=6)
_DAYS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A day of the window, or the part of one that is in it."""

    begins: datetime
    ends: datetime

    @property
    def whole(self) -> bool:
        return self.ends - self.begins == _DAY


@dataclass(frozen=True, slots=True)
class CallReader:
    """Reads calls of a window. `present` is the real time: a day that is to come is never closed, whatever the run's moment."""

    project: Path
    window: Window
    present: datetime

    @classmethod
    def of(cls, project: Path, window: Window) -> CallReader:
        return cls(project, window, datetime.now(UTC))

    async def read(self, account: Account, instance: str, lines: Collection[str]) -> dict[str, Calls]:
        """The calls by line. CccError where they cannot be known."""
        cache = CallCache(self.project, await _where(account, instance))
        slots = asyncio.Semaphore(_DAYS_AT_ONCE)

        async def piece(each: Piece) -> dict[str, Calls]:
            async with slots:
                return await self._piece(account, instance, lines, each, cache)

        found = total(await asyncio.gather(*map(piece, pieces(self.window))))
        if hidden := found.get(HIDDEN):
            raise CccError(
                tr(
                    "CCC hides the numbers of {count} calls, so that nobody can say whose they are; let the instance show "
                    "numbers in its call records",
                    count=hidden.total,
                )
            )
        return found

    async def _piece(
        self, account: Account, instance: str, lines: Collection[str], piece: Piece, cache: CallCache
    ) -> dict[str, Calls]:
        day, closed = piece.begins.date(), piece.whole and self._closed(piece)
        if closed and (known := cache.read(day)) is not None:
            return known
        calls = count(await account.client.list_calls(instance, piece.begins, piece.ends), lines)
        if closed and HIDDEN not in calls:
            cache.write(day, calls)
        return calls

    def _closed(self, piece: Piece) -> bool:
        return piece.ends + _CLOSES_AFTER <= min(self.present, self.window.ends)


def pieces(window: Window) -> Iterator[Piece]:
    """The window, cut at each midnight in China."""
    begins = window.begins.astimezone(midnight(window.begins).tzinfo)
    while begins < window.ends:
        ends = min(midnight(begins) + _DAY, window.ends)
        yield Piece(begins, ends)
        begins = ends


async def _where(account: Account, instance: str) -> str | None:
    """Account and instance, as the cache knows them; None where nobody can say whose keys these are."""
    client = account.client
    if client.account is None:
        await client.get_instance(instance)
    simulator = await asyncio.to_thread(simulator_at, client.settings.target)
    if client.account is None or (client.settings.target.loopback and simulator is None):
        return None
    # not translated: a key
    place = f"simulator {simulator}" if simulator else client.settings.target.server
    return f"{place}, {client.settings.region}, account {client.account}, {instance}"  # not translated: a key
