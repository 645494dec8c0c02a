"""The state on disk: one SQLite file, transactions, and answers remembered until the state changes.

One process uses one connection from one thread, so an operation is one synchronous transaction and no two
calls interleave. Several processes may share the file: writers take turns (BEGIN IMMEDIATE), and a
remembered answer is dropped as soon as anybody has committed.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from ccc_numbers.simulator.mistakes import Mistake

Value = TypeVar("Value")

_BUSY_TIMEOUT_S = 30
_MOST_REMEMBERED = 1_000
STALE_MS = 300


class Store:
    """The state file, or a temporary one when `path` is None."""

    def __init__(self, path: Path | None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="ccc-simulator-") if path is None else None
        self.path = Path(self._temporary.name, "state.db") if self._temporary else cast(Path, path)
        try:
            self._db = self._connect()
            self._create_schema()
        except (sqlite3.Error, OSError) as error:
            raise Mistake(f"{self.path}: not a usable state file: {error}") from error
        self._snapshot: sqlite3.Connection | None = None
        self._snapshot_taken = 0.0
        self._remembered: dict[object, Any] = {}
        self._remembered_at: tuple[int, int] = (0, 0)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        # NORMAL survives a killed process; only a power cut may lose the last commits, never the file.
        db.execute(f"PRAGMA synchronous = {'OFF' if self._temporary else 'NORMAL'}")
        return db

    def _create_schema(self) -> None:
        # What later versions added: a file of an earlier one lacks it.
        sql = "SELECT count(*) FROM sqlite_schema WHERE name IN ('identity', 'call_record')"
        if self._db.execute(sql).fetchone() != (2,):
            statements = Path(__file__).with_name("schema.sql").read_text("utf-8")
            self._db.executescript(f"BEGIN IMMEDIATE; {statements} COMMIT;")

    def is_new(self) -> bool:
        """Whether nobody has put a state here yet: every state has an access key."""
        return not self._db.execute("SELECT 1 FROM access_key").fetchone()

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever this or another process has changed the state."""
        (others,) = self._db.execute("PRAGMA data_version").fetchone()
        return others, self._db.total_changes

    def remembered(self, key: object, build: Callable[[], Value]) -> Value:
        """The value `build` made for `key`, built again once the state has changed."""
        version = self.version
        if version != self._remembered_at or len(self._remembered) > _MOST_REMEMBERED:
            self._remembered = {}
            self._remembered_at = version
        if key not in self._remembered:
            self._remembered[key] = build()
        return cast(Value, self._remembered[key])

    @contextmanager
    def read(self, *, stale: bool = False) -> Iterator[sqlite3.Connection]:
        """One consistent look at the state; a `stale` one may be up to STALE_MS old."""
        if stale:
            yield self._old_snapshot()
            return
        self._db.execute("BEGIN")
        try:
            yield self._db
        finally:
            self._db.execute("COMMIT")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing when it raises."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _old_snapshot(self) -> sqlite3.Connection:
        """A second connection whose open transaction keeps seeing the state as it was."""
        now = time.monotonic()
        if self._snapshot is None:
            self._snapshot = self._connect()
        elif (now - self._snapshot_taken) * 1000 < STALE_MS:
            return self._snapshot
        else:
            self._snapshot.execute("COMMIT")
        self._snapshot.execute("BEGIN")
        # A transaction sees the state as it is at its first read.
        self._snapshot.execute("SELECT 1 FROM instance").fetchone()
        self._snapshot_taken = now
        return self._snapshot

    def close(self) -> None:
        """Close the file; a temporary one is deleted."""
        if self._snapshot is not None:
            self._snapshot.close()
        self._db.close()
        if self._temporary:
            self._temporary.cleanup()
