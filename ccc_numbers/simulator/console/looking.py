"""What the console shows, read straight from the state: CCC's own console is not bound to the API's paging limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Generic, TypeVar

from ccc_numbers.simulator.records import ContactFlow, Instance, Number, SkillGroup, find, select

Row = TypeVar("Row")

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of a list. `number` counts from 1; `query` is what was searched for."""

    rows: Sequence[Row]
    number: int
    total: int
    query: str = ""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """An instance with its counts. `dead` numbers take calls that no flow answers, or make none for want of a group."""

    instance: Instance
    numbers: int
    dead: int
    flows: int
    groups: int


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number of an instance with its bindings by name. `flow` is the flow's id where it is gone."""

    number: Number
    flow: str | None
    groups: tuple[str, ...]

    @property
    def unanswered(self) -> bool:
        """It takes calls, and nothing answers them."""
        return self.number.usage != "Outbound" and self.number.contact_flow is None and not self.number.user

    @property
    def unused(self) -> bool:
        """It is for calling out, and nobody can call out with it."""
        return self.number.usage != "Inbound" and not self.groups and not self.number.user


@dataclass(frozen=True, slots=True)
class Choices:
    """What a number of an instance can be bound to: its published main flows, its skill groups for calls."""

    flows: tuple[ContactFlow, ...]
    groups: tuple[SkillGroup, ...]


_DEAD = (
    "number.user IS NULL AND ((number.usage != 'Outbound' AND number.contact_flow IS NULL) OR (number.usage != "
    "'Inbound' AND NOT EXISTS (SELECT 1 FROM binding WHERE binding.number = number.number)))"
)


def instances(db: Connection, page: int) -> Listing[InstanceLine]:
    """All instances, by account and name."""
    (total,) = db.execute("SELECT count(*) FROM instance").fetchone()
    number = _within(page, total)
    rows = select(db, Instance, "1", *_slice(number), order="account, id LIMIT ? OFFSET ?")
    return Listing([_line(db, instance) for instance in rows], number, total)


def instance(db: Connection, id: str) -> Instance | None:
    """One instance."""
    return find(db, Instance, id)


def numbers(db: Connection, instance: Instance, query: str, page: int) -> Listing[NumberLine]:
    """The numbers of an instance in order, those that contain `query`."""
    where, values = "account = ? AND instance = ?", [instance.account, instance.id]
    found = _search(db, where, values, query, page)
    groups = _groups_of(db, [number.number for number in found.rows])
    names = {flow.id: flow.name for flow in select(db, ContactFlow, "instance = ?", instance.id)}
    lines = [
        NumberLine(number, _flow_name(number, names), tuple(groups.get(number.number, ())))
        for number in found.rows
    ]
    return Listing(lines, found.number, found.total, query)


def number(db: Connection, instance: Instance, text: str) -> Number | None:
    """One number, if it is in this instance."""
    record = find(db, Number, text)
    return record if record and record.instance == instance.id else None


def groups_of(db: Connection, number: str) -> list[str]:
    """The ids of a number's skill groups."""
    sql = "SELECT skill_group FROM binding WHERE number = ? ORDER BY skill_group"
    return [id for (id,) in db.execute(sql, (number,))]


def unassigned(db: Connection, account: str | None, query: str, page: int) -> Listing[Number]:
    """The numbers in no instance, of one account or of all."""
    if account is None:
        return _search(db, "instance IS NULL", [], query, page)
    return _search(db, "account = ? AND instance IS NULL", [account], query, page)


def choices(db: Connection, instance: Instance) -> Choices:
    """What the numbers of an instance can be bound to."""
    flows = select(
        db, ContactFlow, "instance = ? AND published AND type = 'MAIN_FLOW'", instance.id, order="name"
    )
    groups = select(db, SkillGroup, "instance = ? AND media_type = 'AUDIO'", instance.id, order="name")
    return Choices(tuple(flows), tuple(groups))


def accounts(db: Connection) -> list[str]:
    """Every account there is."""
    sql = "SELECT account FROM access_key UNION SELECT account FROM instance UNION SELECT account FROM number ORDER BY 1"
    return [account for (account,) in db.execute(sql)]


def known(db: Connection) -> int:
    """How many numbers there are at all."""
    (count,) = db.execute("SELECT count(*) FROM number").fetchone()
    return int(count)


def _line(db: Connection, instance: Instance) -> InstanceLine:
    def count(table: str, where: str = "1") -> int:
        sql = f"SELECT count(*) FROM {table} WHERE instance = ? AND {where}"
        (found,) = db.execute(sql, (instance.id,)).fetchone()
        return int(found)

    return InstanceLine(
        instance, count("number"), count("number", _DEAD), count("contact_flow"), count("skill_group")
    )


def _search(db: Connection, where: str, values: list[str], query: str, page: int) -> Listing[Number]:
    if query:
        where, values = f"{where} AND instr(number, ?) > 0", [*values, query]
    (total,) = db.execute(f"SELECT count(*) FROM number WHERE {where}", values).fetchone()
    number = _within(page, total)
    rows = select(db, Number, where, *values, *_slice(number), order="number LIMIT ? OFFSET ?")
    return Listing(rows, number, total, query)


def _groups_of(db: Connection, numbers: Sequence[str]) -> Mapping[str, list[str]]:
    marks = ", ".join("?" * len(numbers))
    sql = (
        "SELECT binding.number, skill_group.name FROM binding JOIN skill_group ON skill_group.id = skill_group "
        f"WHERE binding.number IN ({marks}) ORDER BY skill_group.name"
    )
    found: dict[str, list[str]] = {}
    for number, name in db.execute(sql, numbers):
        found.setdefault(number, []).append(name)
    return found


def _flow_name(number: Number, names: Mapping[str, str]) -> str | None:
    flow = number.contact_flow
    return None if flow is None else names.get(flow, flow)


def _within(page: int, total: int) -> int:
    return min(max(1, page), max(1, -(-total // PAGE_SIZE)))


def _slice(page: int) -> tuple[int, int]:
    return PAGE_SIZE, (page - 1) * PAGE_SIZE
