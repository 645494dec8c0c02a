"""Where each number has been, as the simulator's state file recorded it: nothing between two looks is missed.

Triggers in the file note every change, so the trail outlives a simulator that is killed.
"""

import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

_TRIGGERS = """
CREATE TABLE trail (number TEXT, instance TEXT, usage TEXT, flow TEXT);
CREATE TRIGGER trail_of_numbers AFTER UPDATE ON number BEGIN INSERT INTO trail SELECT new.number, new.instance,
    CASE new.usage WHEN 'Bidirection' THEN 'Bidirectional' ELSE new.usage END,
    (SELECT name FROM contact_flow WHERE id = new.contact_flow); END;
"""


class Stay(NamedTuple):
    """How a number was bound at one time; nothing is set where it was in no instance."""

    instance: str | None = None
    usage: str | None = None
    flow: str | None = None


FREE = Stay()


def follow(file: Path) -> None:
    """Note every change of a number in this state file from now on."""
    with closing(sqlite3.connect(file)) as db:
        db.executescript(_TRIGGERS)


def forget(file: Path) -> None:
    """Begin the trail at the present."""
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DELETE FROM trail")


def strays(file: Path, allowed: Mapping[str, Collection[Stay]]) -> list[tuple[str, Stay]]:
    """Every stay of a number that is not one of its `allowed` ones, in order."""
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT number, instance, usage, flow FROM trail ORDER BY rowid").fetchall()
    return [(number, Stay(*stay)) for number, *stay in rows if Stay(*stay) not in allowed.get(number, ())]
