"""The small parts of the state every call needs: access keys and switches.

Apart from `world`, so that a start on an existing state file need not load the form's validation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from sqlite3 import Connection

from ccc_numbers.simulator.authentication import AccessKey
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.switches import Switches


def keys_in(db: Connection) -> dict[str, AccessKey]:
    """Every access key by its id."""
    rows = db.execute(
        "SELECT id, secret, account, user, security_token, token_expired, active, denied FROM access_key"
    )
    return {
        id: AccessKey(
            id, secret, account, user, token, bool(expired), bool(active), frozenset(denied.split())
        )
        for id, secret, account, user, token, expired, active, denied in rows
    }


def switches_in(db: Connection) -> Switches:
    """The switches stored with the state."""
    return Switches().changed(dict(db.execute("SELECT name, value FROM switch").fetchall()))


def put_keys(db: Connection, keys: Iterable[AccessKey]) -> None:
    """Add access keys."""
    for key in keys:
        row = (*astuple(replace(key, denied=frozenset()))[:-1], " ".join(sorted(key.denied)))
        db.execute("INSERT INTO access_key VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def put_switches(db: Connection, switches: Switches) -> None:
    """Store how the simulator behaves; what is at its default is not stored."""
    db.execute("DELETE FROM switch")
    db.executemany("INSERT INTO switch VALUES (?, ?)", switches.deviations().items())


def change_switches(store: Store, values: Mapping[str, str]) -> None:
    """Set some switches and keep the others; SwitchError names what is wrong."""
    with store.write() as db:
        put_switches(db, switches_in(db).changed(values))


def load_keys(store: Store) -> Mapping[str, AccessKey]:
    """The access keys as they are now."""
    with store.read() as db:
        return keys_in(db)


def load_switches(store: Store) -> Switches:
    """The switches as they are now."""
    with store.read() as db:
        return switches_in(db)
