"""Stores of token buckets: this process, a file of this machine, a Redis shared by many.

The bucket itself is `pyrate_limiter`'s GCRA, whose whole state is one number, the next moment it is empty.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections import defaultdict
from inspect import isawaitable
from pathlib import Path
from time import monotonic_ns, time, time_ns
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from pyrate_limiter import GCRA, Decision, InMemoryStateStore, Rate, RedisStateStore, StateStore

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.messages.language import tr

if TYPE_CHECKING:
    from redis.asyncio import Redis

# A Redis that takes longer cannot be used.
_PATIENCE_SECONDS = 1.0
_BUSY_SECONDS = 5.0


class StoreUnavailable(Exception):
    """The store cannot be used now; the message is the reason's name, without addresses or passwords."""


class RateStore(Protocol):
    """Buckets by key, shared with others. `name` is for messages: no URL, which may hold a password."""

    name: str

    async def spend(self, key: str, limit: Rate) -> Decision:
        """Take one token from the bucket `key`, or say when there will be one. Raises StoreUnavailable."""

    async def close(self) -> None:
        """Release its connections."""


def store_at(url: str | None) -> RateStore | None:
    """The shared store that a checked URL names; None for this process alone."""
    if not url or url.startswith("memory:"):
        return None
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileStore(Path(unquote(parts.path)))
    return RedisStore(url, name=f"{parts.scheme}://{parts.hostname}")


class ProcessStore:
    """Buckets of this process."""

    def __init__(self) -> None:
        self._algorithm = GCRA()
        self._stores: dict[str, StateStore] = defaultdict(InMemoryStateStore)

    async def spend(self, key: str, limit: Rate) -> Decision:
        return await _checked(self._stores[key], self._algorithm, limit, monotonic_ns() // 1_000_000)


class FileStore:
    """A SQLite file: its lock makes the processes of one machine take turns."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        self._algorithm = GCRA()
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    async def spend(self, key: str, limit: Rate) -> Decision:
        try:
            return await asyncio.to_thread(self._spend, key, limit)
        except (sqlite3.Error, OSError) as error:
            await self.close()
            raise StoreUnavailable(str(error)) from None

    async def close(self) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def _spend(self, key: str, limit: Rate) -> Decision:
        with self._lock:
            connection = self._connection = self._connection or self._open()
            connection.execute("BEGIN IMMEDIATE")  # not translated: SQL
            try:
                row = connection.execute(
                    # not translated: SQL
                    "SELECT empty_at FROM bucket WHERE key = ?",
                    (key,),
                ).fetchone()  # not translated: SQL
                before = (row[0],) if row else self._algorithm.initial([limit])
                # The time is read after the lock, which may have taken long.
                after, decision = self._algorithm.step([limit], before, time_ns() // 1_000_000, 1)
                if decision.allowed:
                    connection.execute(
                        # not translated: SQL
                        "INSERT OR REPLACE INTO bucket VALUES (?, ?)",
                        (key, int(after[0])),
                    )  # not translated: SQL
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            return decision

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        # A power cut can lose a second of accounting here.
        connection.execute("PRAGMA journal_mode = WAL")  # not translated: SQL
        connection.execute("PRAGMA synchronous = OFF")  # not translated: SQL
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bucket (key TEXT PRIMARY KEY, empty_at INTEGER) STRICT"  # not translated: SQL
        )
        return connection


class RedisStore:
    """A Redis: one small hash per bucket, changed by one atomic script, which expires when idle."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._url = url
        self._algorithm = GCRA()
        self._connecting = asyncio.Lock()
        self._redis: Redis | None = None
        self._stores: dict[str, StateStore] = {}
        self._ahead_ms = 0

    async def spend(self, key: str, limit: Rate) -> Decision:
        # Its import takes half a second, so only those who use it import it.
        exceptions = (await asyncio.to_thread(__import__, "redis.asyncio")).exceptions
        try:
            redis = await self._connected()
            store = self._stores.get(key) or RedisStateStore(redis, f"ccc-numbers:{key}")
            self._stores[key] = store
            return await _checked(store, self._algorithm, limit, time_ns() // 1_000_000 + self._ahead_ms)
        except (exceptions.RedisError, OSError) as error:
            await self.close()
            raise StoreUnavailable(type(error).__name__) from None

    async def close(self) -> None:
        redis, self._redis = self._redis, None
        self._stores = {}
        if redis:
            await redis.aclose()

    async def _connected(self) -> Redis:
        async with self._connecting:
            if self._redis is None:
                from redis.asyncio import from_url
                from redis.asyncio.retry import Retry
                from redis.backoff import NoBackoff

                try:
                    redis = from_url(
                        self._url,
                        socket_timeout=_PATIENCE_SECONDS,
                        socket_connect_timeout=_PATIENCE_SECONDS,
                        retry=Retry(NoBackoff(), 1),
                    )
                    # The options behind `?` are only read where a connection is made.
                    redis.connection_pool.make_connection()  # type: ignore[no-untyped-call]  # redis leaves it untyped
                except (ValueError, TypeError):
                    # Without the library's words, which may quote the URL.
                    raise ConfigError(
                        tr(
                            "ccc:rateBudgetUrl (CCC_RATE_BUDGET_URL): an option after ? is not one that Redis clients have, "
                            "or has no such value; write redis://host:port/db without it"
                        )
                    ) from None
                # Machines that share a bucket go by one clock: Redis's.
                seconds, micros = await redis.time()
                self._ahead_ms = round((seconds + micros / 1e6 - time()) * 1000)
                self._redis = redis
            return self._redis


async def _checked(store: StateStore, algorithm: GCRA, limit: Rate, now_ms: int) -> Decision:
    answer = store.check(algorithm, [limit], now_ms, 1)
    return await answer if isawaitable(answer) else answer
