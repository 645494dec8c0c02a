"""Helpers that several families of operations share: paging, filters, rows, look-ups."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from ccc_numbers.simulator.errors import business, invalid
from ccc_numbers.simulator.operation import Answer, Call
from ccc_numbers.simulator.records import (
    TABLES,
    ContactFlow,
    Number,
    SkillGroup,
    User,
    find,
    groups_of,
    select,
)


class _OfInstance(Protocol):
    @property
    def instance(self) -> str | None: ...


Record = TypeVar("Record")
Owned = TypeVar("Owned", bound=_OfInstance)
Row = dict[str, object]

CEILING = 10_000
"""The most rows of a listing that its pages reach: 100 pages of 100."""


class Filter:
    """A WHERE clause put together piece by piece; every value is bound, never written into the text."""

    def __init__(self, clause: str, *values: object) -> None:
        self.clauses = [clause]
        self.values = list(values)

    def add(self, clause: str, *values: object) -> None:
        """One more condition."""
        self.clauses.append(clause)
        self.values.extend(values)

    def equals(self, column: str, value: object | None) -> None:
        """`column = value`, or nothing when no value was asked for."""
        if value is not None:
            self.add(f"{column} = ?", value)

    def search(self, call: Call, pattern: str | None, *columns: str) -> None:
        """SearchPattern on any of the columns, in the switch's manner."""
        if pattern is None:
            return
        text = pattern.lower()
        tests: dict[str, tuple[str, list[object]]] = {
            "substring": ("instr(lower({}), ?) > 0", [text]),
            "prefix": ("lower(substr({}, 1, ?)) = ?", [len(text), text]),
            "like": ("{} LIKE ?", [f"%{pattern[:1000]}%"]),
        }
        test, values = tests[call.switches.search]
        self.add(f"({' OR '.join(test.format(column) for column in columns)})", *values * len(columns))

    @property
    def where(self) -> str:
        return " AND ".join(self.clauses)


def paged(
    call: Call,
    kind: Callable[..., Record],
    found: Filter,
    order: str,
    render: Callable[[Sequence[Record]], Iterable[Row]],
) -> Answer:
    """The page of records that the call asks for: `{"Data": {"List": […], "PageNumber", "PageSize", "TotalCount"}}`."""
    sql = f"SELECT count(*) FROM {TABLES[kind]} WHERE {found.where}"  # type: ignore[index]
    (total,) = call.db.execute(sql, found.values).fetchone()
    if call.switches.total_count == "capped":
        total = min(total, CEILING)
    number, size = call.page
    first = (number - 1) * size
    if first and first >= total and call.switches.page_past_end == "refused":
        raise business("Parameter.Maximum", "PageNumber", max(1, -(-total // size)))
    records = select(
        call.db, kind, found.where, *found.values, size, first, order=f"{order} LIMIT ? OFFSET ?"
    )
    page = {"PageNumber": number, "PageSize": size, "TotalCount": total}
    return {"Data": {"List": list(render(records)), **page}}


def paged_numbers(call: Call, found: Filter, *without: str) -> Answer:
    """One page of an instance's numbers, in the order and with the fields of most listings."""
    return paged(
        call,
        Number,
        found,
        number_order(call),
        lambda numbers: (number_row(call, number, *without) for number in numbers),
    )


def number_order(call: Call) -> str:
    """The order of a listing of numbers."""
    return {
        "newest": "number.joined DESC, number.number",
        "insertion": "number.rowid",
        "random": "random()",
    }[call.switches.list_order]


def row(call: Call, **fields: object) -> Row:
    """A row of an answer; fields that are None are left out, null or blank by the switch."""
    if call.switches.unset == "absent":
        return {name: value for name, value in fields.items() if value is not None}
    stand_in = "" if call.switches.unset == "blank" else None
    return {name: stand_in if value is None else value for name, value in fields.items()}


def number_row(call: Call, number: Number, *without: str, **more: object) -> Row:
    """A number of an instance as its listings answer it. `without`: fields that this listing has not."""
    fields = {
        "Number": number.number,
        "InstanceId": number.instance,
        "Usage": number.usage,
        "Active": bool(number.active),
        "ContactFlowId": number.contact_flow,
        "UserId": number.user,
        "Province": number.province,
        "City": number.city,
    }
    return row(call, **{name: value for name, value in fields.items() if name not in without}, **more)


def failures(call: Call, failed: Iterable[str]) -> Answer:
    """The answer of a batch: the numbers it was not done for."""
    numbers = [*failed, *sorted(call.failing)]
    if numbers or call.switches.no_failures == "list":
        return {"Data": numbers}
    return {} if call.switches.no_failures == "absent" else {"Data": None}


def unique(call: Call, numbers: Sequence[str]) -> tuple[list[str], list[str]]:
    """A list without its duplicates, and those duplicates that count as failed."""
    kept = list(dict.fromkeys(numbers))
    repeated = list(dict.fromkeys(number for number in numbers if numbers.count(number) > 1))
    return kept, repeated if call.switches.duplicates == "failed" else []


def wanted_numbers(
    call: Call, numbers: Sequence[str] | None, parameter: str, groups: Sequence[str] | None
) -> list[str]:
    """The numbers a call names, in NumberList or by number groups in `parameter`."""
    if numbers is None and groups is None:
        raise business("Parameter.Blank", "NumberList")
    if numbers is not None and groups is not None and call.switches.list_and_group == "refused":
        raise invalid(parameter, "NumberList is given as well")
    found = list(numbers or ())
    for group in groups or ():
        sql = "SELECT number FROM number WHERE account = ? AND number_group = ? ORDER BY number"
        labelled = [number for (number,) in call.db.execute(sql, (call.account, group))]
        if not labelled:
            raise invalid(parameter, f"the number group {group} does not exist")
        found += labelled
    return found


def own(call: Call, kind: Callable[..., Owned], key: str) -> Owned | None:
    """A record of the call's instance."""
    record = find(call.db, kind, key)
    return record if record is not None and record.instance == call.instance.id else None


_UNKNOWN: dict[type, str] = {
    Number: "NotExists.Number",
    SkillGroup: "NotExists.SkillGroupId",
    ContactFlow: "NotExists.ContactFlowId",
    User: "NotExists.UserId",
}


def need(call: Call, kind: Callable[..., Owned], key: str) -> Owned:
    """A record of the call's instance; NotExists.* otherwise."""
    record = own(call, kind, key)
    if record is None:
        raise business(_UNKNOWN[kind], key, call.instance.id)  # type: ignore[index]  # a class is its own constructor
    return record


def group_rows(call: Call, numbers: Sequence[Number], *counted: str) -> dict[str, list[Row]]:
    """Number -> the rows of its skill groups; `counted` are fields of `group_row` beyond the usual ones."""
    of_numbers = groups_of(call.db, [number.number for number in numbers])
    groups = {group.id: group for found in of_numbers.values() for group in found}
    rows = {
        id: group_row(call, group, "SkillGroupId", "Name", "DisplayName", "InstanceId", *counted)
        for id, group in groups.items()
    }
    return {number: [rows[group.id] for group in found] for number, found in of_numbers.items()}


def group_row(call: Call, group: SkillGroup, *names: str) -> Row:
    """The named fields of a skill group; its numbers are counted where a field says so."""
    fields: Row = {
        "SkillGroupId": group.id,
        "SkillGroupName": group.name,
        "Name": group.name,
        "DisplayName": group.display_name,
        "Description": group.description,
        "InstanceId": group.instance,
        "MediaType": group.media_type,
        "UserCount": group.user_count,
    }
    if "PhoneNumberCount" in names:
        fields["PhoneNumberCount"] = number_count(call, group.id)
    return {name: fields[name] for name in names}


def number_count(call: Call, skill_group_id: str) -> int:
    """How many numbers a group holds."""
    sql = "SELECT count(*) FROM binding WHERE skill_group = ?"
    (count,) = call.db.execute(sql, (skill_group_id,)).fetchone()
    return int(count)
