"""The rows of the state as typed records, and the few queries that fetch them."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from sqlite3 import Connection
from typing import Any, Literal, Self, TypeVar

Record = TypeVar("Record")
FlowKind = Literal["MAIN_FLOW", "SUB_FLOW", "SURVEY_FLOW"]
Media = Literal["AUDIO", "CHAT", "VIDEO"]
CallKind = Literal["INBOUND", "OUTBOUND", "BACK2BACK", "PRIVACY_DIAL", "PREDICTIVE", "INTERNAL", "CONFERENCE"]
Status = Literal["CREATING", "RUNNING", "STOPPED", "RELEASED"]

DEFAULT_ACCOUNT = "1570000000000001"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """One key. `user` is the RAM user, blank for the account itself; `denied` are actions RAM refuses, with spaces."""

    id: str
    secret: str
    account: str
    user: str = ""
    security_token: str = ""
    token_expired: bool = False
    active: bool = True
    denied: str = ""


DEFAULT_KEY = AccessKey("simulator", "simulator", DEFAULT_ACCOUNT)


@dataclass(frozen=True, slots=True)
class Instance:
    """A call centre. `polls_left` counts down the looks at it until CREATING becomes RUNNING."""

    id: str
    account: str
    name: str
    description: str
    status: str
    polls_left: int
    created: int


@dataclass(frozen=True, slots=True)
class User:
    """A CCC user of an instance; `id` is `login@instance`."""

    id: str
    instance: str
    login: str
    display_name: str
    email: str
    mobile: str
    extension: str
    role: str
    work_mode: str


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """A skill group; `id` is `name@instance`."""

    id: str
    instance: str
    name: str
    display_name: str
    description: str
    media_type: str
    user_count: int


@dataclass(frozen=True, slots=True)
class ContactFlow:
    """An IVR flow with at most one open draft; `editor` holds the draft's lock, None when nobody does."""

    id: str
    instance: str
    name: str
    type: str
    definition: str
    description: str
    published: bool
    draft_id: str | None
    draft_definition: str | None
    draft_description: str | None
    editor: str | None
    polls_left: int
    created: int
    updated: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number of an account; `instance` is None while it is unassigned."""

    number: str
    account: str
    instance: str | None
    usage: str | None
    contact_flow: str | None
    user: str | None
    joined: int | None
    active: bool
    provider: str | None
    province: str | None
    city: str | None
    tags: str | None
    number_group: str | None

    @classmethod
    def unassigned(cls, number: str, account: str, *imported: Any) -> Self:
        """A number as support imports it. `imported`: the values of `active` to `number_group`."""
        return cls(number, account, None, None, None, None, None, *imported)


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call of an instance. `began` is Unix milliseconds, `talk` seconds with an agent; `id` is None for a new one."""

    id: int | None
    instance: str
    type: str
    calling: str | None
    called: str | None
    broker: str | None
    began: int
    talk: int
    disposition: str
    early_media: str | None
    agent: str


def is_hotline(number: str) -> bool:
    """Whether it is a 400 number, which takes calls only."""
    return re.fullmatch(r"400[0-9]{7}", number) is not None


TABLES: dict[type, str] = {
    AccessKey: "access_key",
    Instance: "instance",
    User: "user",
    SkillGroup: "skill_group",
    ContactFlow: "contact_flow",
    Number: "number",
    CallRecord: "call_record",
}


def columns(record: type) -> str:
    """The columns of a record's table, qualified, in the record's order."""
    return ", ".join(f"{TABLES[record]}.{field.name}" for field in fields(record))


def select(
    db: Connection, record: Callable[..., Record], where: str, *values: object, order: str = ""
) -> list[Record]:
    """All records of one kind: `select(db, Number, "instance = ?", "acme")`."""
    table = TABLES[record]  # type: ignore[index]  # a record class is its own constructor
    sql = f"SELECT {columns(record)} FROM {table} WHERE {where}"  # type: ignore[arg-type]
    return [record(*row) for row in db.execute(f"{sql} ORDER BY {order}" if order else sql, values)]


def find(db: Connection, record: Callable[..., Record], key: str) -> Record | None:
    """One record by its primary key."""
    name = "number" if record is Number else "id"
    found = select(db, record, f"{name} = ?", key)
    return found[0] if found else None


def groups_of(db: Connection, numbers: Iterable[str]) -> dict[str, list[SkillGroup]]:
    """Number -> its skill groups, by id."""
    found: dict[str, list[SkillGroup]] = {number: [] for number in numbers}
    groups: dict[str, SkillGroup | None] = {}
    sql = (
        "SELECT number, skill_group FROM binding WHERE number IN (SELECT value FROM json_each(?)) "
        "ORDER BY number, skill_group"
    )
    for number, group_id in db.execute(sql, (json.dumps(list(found)),)):
        if group_id not in groups:
            groups[group_id] = find(db, SkillGroup, group_id)
        if group := groups[group_id]:
            found[number].append(group)
    return found


def insert(db: Connection, *records: Any) -> None:
    """Put records of one kind in their table, replacing those with the same key."""
    if records:
        _insert(db, "REPLACE", type(records[0]), records)


def insert_new(db: Connection, kind: type, records: Iterable[Any]) -> int:
    """Put records of one kind in their table and count them; those with a key that is there already stay as they are."""
    return _insert(db, "IGNORE", kind, records)


def _insert(db: Connection, otherwise: str, kind: type, records: Iterable[Any]) -> int:
    names = [field.name for field in fields(kind)]
    sql = f"INSERT OR {otherwise} INTO {TABLES[kind]} VALUES ({', '.join('?' * len(names))})"
    return db.executemany(sql, ([getattr(record, name) for name in names] for record in records)).rowcount
