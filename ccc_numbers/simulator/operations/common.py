"""What several families of operations share: paging, filters, rows, look-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import Answer, Call
from ccc_numbers.simulator.records import TABLES, ContactFlow, Number, SkillGroup, User, find, select

Record = TypeVar("Record")
Row = dict[str, object]


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
    page_number: int,
    page_size: int,
    render: Callable[[Sequence[Record]], Iterable[Row]],
) -> Answer:
    """One page of records: `{"Data": {"List": […], "PageNumber", "PageSize", "TotalCount"}}`."""
    sql = f"SELECT count(*) FROM {TABLES[kind]} WHERE {found.where}"  # type: ignore[index]
    (total,) = call.db.execute(sql, found.values).fetchone()
    first = (page_number - 1) * page_size
    if first and first >= total and call.switches.page_past_end == "refused":
        raise business("Parameter.Maximum", "PageNumber", max(1, -(-total // page_size)))
    records = select(
        call.db, kind, found.where, *found.values, page_size, first, order=f"{order} LIMIT ? OFFSET ?"
    )
    page = {"PageNumber": page_number, "PageSize": page_size, "TotalCount": total}
    return {"Data": {"List": list(render(records)), **page}}


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


def own_number(call: Call, number: str) -> Number | None:
    """A number that is in the call's instance."""
    record = find(call.db, Number, number)
    return record if record and record.instance == call.instance.id else None


def need_number(call: Call, number: str) -> Number:
    """A number that is in the call's instance; NotExists.Number otherwise."""
    record = own_number(call, number)
    if record is None:
        raise business("NotExists.Number", number, call.instance.id)
    return record


def need_skill_group(call: Call, skill_group_id: str) -> SkillGroup:
    """A skill group of the call's instance; NotExists.SkillGroupId otherwise."""
    record = find(call.db, SkillGroup, skill_group_id)
    if record is None or record.instance != call.instance.id:
        raise business("NotExists.SkillGroupId", skill_group_id, call.instance.id)
    return record


def need_contact_flow(call: Call, contact_flow_id: str) -> ContactFlow:
    """A contact flow of the call's instance; NotExists.ContactFlowId otherwise."""
    record = find(call.db, ContactFlow, contact_flow_id)
    if record is None or record.instance != call.instance.id:
        raise business("NotExists.ContactFlowId", contact_flow_id, call.instance.id)
    return record


def need_user(call: Call, user_id: str) -> User:
    """A user of the call's instance; NotExists.UserId otherwise."""
    record = find(call.db, User, user_id)
    if record is None or record.instance != call.instance.id:
        raise business("NotExists.UserId", user_id, call.instance.id)
    return record


def skill_groups_of(call: Call, numbers: Sequence[Number]) -> dict[str, list[SkillGroup]]:
    """Number -> its skill groups by name, for one page or one instance's numbers."""
    found: dict[str, list[SkillGroup]] = {number.number: [] for number in numbers}
    groups: dict[str, SkillGroup] = {}
    texts = list(found)
    for start in range(0, len(texts), 500):
        chunk = texts[start : start + 500]
        marks = ", ".join("?" * len(chunk))
        sql = f"SELECT number, skill_group FROM binding WHERE number IN ({marks}) ORDER BY skill_group"
        for number, group_id in call.db.execute(sql, chunk):
            if group_id not in groups and (group := find(call.db, SkillGroup, group_id)):
                groups[group_id] = group
            if group_id in groups:
                found[number].append(groups[group_id])
    return found
