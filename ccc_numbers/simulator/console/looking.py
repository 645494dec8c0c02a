"""The rows the console shows, read straight from the state: CCC's own console has none of the API's paging limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Generic, NamedTuple, TypeVar

from ccc_numbers.simulator.records import ContactFlow, Instance, Number, SkillGroup, groups_of, select

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
        return _pages(self.total)


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """An instance with its counts. `dead` numbers take calls that no flow answers, or cannot call for want of a group."""

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
    groups: Sequence[str]

    @property
    def unanswered(self) -> bool:
        """It takes calls, and nothing answers them."""
        return self.number.usage != "Outbound" and self.number.contact_flow is None and not self.number.user

    @property
    def unused(self) -> bool:
        """It is for calling out, and nobody can call out with it."""
        return self.number.usage != "Inbound" and not self.groups and not self.number.user


class Choices(NamedTuple):
    """Published main flows, and skill groups for calls."""

    flows: list[ContactFlow]
    groups: list[SkillGroup]


# not translated: SQL
_DEAD = (
    "number.user IS NULL AND ((number.usage != 'Outbound' AND number.contact_flow IS NULL) OR (number.usage != "
    "'Inbound' AND NOT EXISTS (SELECT 1 FROM binding WHERE binding.number = number.number)))"
)


def instances(db: Connection, page: int) -> Listing[InstanceLine]:
    """All instances, by account and name."""
    total = _count(db, "instance", "1")
    number, limits = _within(page, total)
    rows = select(db, Instance, "1", *limits, order="account, id LIMIT ? OFFSET ?")
    return Listing([_line(db, instance) for instance in rows], number, total)


def numbers(db: Connection, instance: Instance, query: str, page: int) -> Listing[NumberLine]:
    """The numbers of an instance in order, those that contain `query`."""
    found = _search(db, "account = ? AND instance = ?", [instance.account, instance.id], query, page)
    groups = groups_of(db, [number.number for number in found.rows])
    names = {flow.id: flow.name for flow in select(db, ContactFlow, "instance = ?", instance.id)}
    lines = [
        NumberLine(
            number,
            number.contact_flow and names.get(number.contact_flow, number.contact_flow),
            [group.name for group in groups[number.number]],
        )
        for number in found.rows
    ]
    return Listing(lines, found.number, found.total, query)


def unassigned(db: Connection, account: str | None, query: str, page: int) -> Listing[Number]:
    """The numbers in no instance, of one account or of all."""
    if account is None:
        return _search(db, "instance IS NULL", [], query, page)
    return _search(db, "account = ? AND instance IS NULL", [account], query, page)


def choices(db: Connection, instance: Instance) -> Choices:
    """The flows and skill groups that a number of an instance can be bound to."""
    main = "instance = ? AND published AND type = 'MAIN_FLOW'"
    audio = "instance = ? AND media_type = 'AUDIO'"
    return Choices(
        select(db, ContactFlow, main, instance.id, order="name"),
        select(db, SkillGroup, audio, instance.id, order="name"),
    )


def accounts(db: Connection) -> list[str]:
    """Every account there is."""
    sql = "SELECT account FROM access_key UNION SELECT account FROM instance UNION SELECT account FROM number ORDER BY 1"
    return [account for (account,) in db.execute(sql)]


def _line(db: Connection, instance: Instance) -> InstanceLine:
    def count(table: str, where: str = "1") -> int:
        return _count(db, table, f"instance = ? AND {where}", instance.id)

    return InstanceLine(
        instance, count("number"), count("number", _DEAD), count("contact_flow"), count("skill_group")
    )


def _search(db: Connection, where: str, values: list[str], query: str, page: int) -> Listing[Number]:
    if query:
        where, values = f"{where} AND instr(number, ?) > 0", [*values, query]
    total = _count(db, "number", where, *values)
    number, limits = _within(page, total)
    rows = select(db, Number, where, *values, *limits, order="number LIMIT ? OFFSET ?")
    return Listing(rows, number, total, query)


def _count(db: Connection, table: str, where: str, *values: str) -> int:
    (count,) = db.execute(f"SELECT count(*) FROM {table} WHERE {where}", values).fetchone()
    return int(count)


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))


def _within(page: int, total: int) -> tuple[int, tuple[int, int]]:
    """The nearest page there is, and its limit and offset."""
    number = min(max(1, page), _pages(total))
    return number, (PAGE_SIZE, (number - 1) * PAGE_SIZE)
