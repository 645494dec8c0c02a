"""What the model learns of a live account: the rows of answers that pass, put into its state.

Whatever is not text where text is due is taken as blank: an answer of CCC cannot stop the proxy.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from sqlite3 import Connection
from typing import Any, get_args

from ccc_numbers.simulator.proxy.difference import Answer
from ccc_numbers.simulator.records import ContactFlow, Instance, Number, SkillGroup, Status, find, insert
from ccc_numbers.simulator.state import EMPTY_DEFINITION

Row = Mapping[str, Any]
IDENTITIES: Mapping[str, str] = {
    "ListInstances": "Id",
    "ListSkillGroups": "SkillGroupId",
    "ListBriefSkillGroups": "SkillGroupId",
    "ListContactFlows": "ContactFlowId",
    "ListPhoneNumbers": "Number",
    "ListPhoneNumbersOfSkillGroup": "Number",
    "ListUnassignedNumbers": "Number",
}
"""Listings whose rows the model learns, and the field that tells one row from another."""
_CHINA = timezone(timedelta(hours=8))


def learn(db: Connection, account: str, action: str, instance: str, live: Answer) -> None:
    """Put what a successful read has shown into the model's state. `instance` is blank where the call names none."""
    if instance and not find(db, Instance, instance):
        insert(db, Instance(instance, account, instance, "", "RUNNING", 0, 0))
    rows = list(rows_of(live.data, "List"))
    match action:
        case "ListInstances":
            for row in rows:
                _instance(db, account, row)
        case "GetInstance":
            _instance(db, account, live.data)
            for row in rows_of(live.data, "NumberList"):
                _number(db, account, instance, row)
        case "ListPhoneNumbers":
            for row in rows:
                _number(db, account, instance, row)
        case "ListUnassignedNumbers":
            for row in rows:
                _unassigned(db, account, row)
        case "ListSkillGroups" | "ListBriefSkillGroups":
            for row in rows:
                _group(db, instance, row)
        case "ListContactFlows":
            for row in rows:
                _flow(db, instance, row)


def rows_of(data: Row, name: str) -> Iterator[Row]:
    """The rows of a list in an answer."""
    rows = data.get(name)
    yield from (row for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _count(row: Row, name: str) -> int:
    value = row.get(name)
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0


def _keep(db: Connection, key: str, record: Any) -> None:
    """Put a record in its place, unless it is there: replaced, it would be the newest."""
    if key and find(db, type(record), key) != record:
        insert(db, record)


def _instance(db: Connection, account: str, row: Row) -> None:
    id, status = _text(row, "Id"), _text(row, "Status")
    known = status if status in get_args(Status) else "RUNNING"
    text = _text(row, "Name") or id, _text(row, "Description")
    _keep(db, id, Instance(id, account, *text, known, 0, _count(row, "CreateTime")))


def _number(db: Connection, account: str, instance: str, row: Row) -> None:
    number = _text(row, "Number")
    before = find(db, Number, number)
    _keep(
        db,
        number,
        Number(
            number,
            account,
            instance,
            _text(row, "Usage") or "Inbound",
            _text(row, "ContactFlowId") or None,
            _text(row, "UserId") or None,
            # GetInstance does not say since when, of what vendor and with which tags.
            _count(row, "CreateTime") or (before.joined if before else None) or 0,
            row.get("Active") is not False,
            _text(row, "Provider") or (before.provider if before else None),
            _text(row, "Province") or None,
            _text(row, "City") or None,
            _text(row, "Tags") or (before.tags if before else None),
            None,
        ),
    )
    db.execute("DELETE FROM binding WHERE number = ?", (number,))
    for group in rows_of(row, "SkillGroups"):
        if not find(db, SkillGroup, _text(group, "SkillGroupId")):
            _group(db, instance, group)
        db.execute("INSERT OR IGNORE INTO binding VALUES (?, ?)", (number, _text(group, "SkillGroupId")))


def _unassigned(db: Connection, account: str, row: Row) -> None:
    number, place = _text(row, "Number"), [_text(row, name) or None for name in ("Province", "City")]
    if (before := find(db, Number, number)) is None or before.instance is not None:
        _keep(db, number, Number.unassigned(number, account, True, None, *place, None, None))
        db.execute("DELETE FROM binding WHERE number = ?", (number,))


def _group(db: Connection, instance: str, row: Row) -> None:
    id = _text(row, "SkillGroupId")
    name = _text(row, "SkillGroupName") or _text(row, "Name") or id.rpartition("@")[0]
    shown, about = _text(row, "DisplayName") or name, _text(row, "Description")
    media = _text(row, "MediaType") or "AUDIO"
    _keep(db, id, SkillGroup(id, instance, name, shown, about, media, _count(row, "UserCount")))


def _flow(db: Connection, instance: str, row: Row) -> None:
    id, published = _text(row, "ContactFlowId"), row.get("Published") is True
    definition, about = _text(row, "Definition") or EMPTY_DEFINITION, _text(row, "Description")
    # Some list a draft's id always: a published flow has one open where somebody edits it.
    draft = (_text(row, "DraftId") or "unknown") if _text(row, "Editor") or not published else None
    record = ContactFlow(
        id,
        instance,
        _text(row, "Name"),
        _text(row, "Type") or "MAIN_FLOW",
        definition,
        about,
        published,
        draft,
        draft and definition,
        draft and about,
        _text(row, "Editor") or None,
        0,
        _milliseconds(_text(row, "CreatedTime")),
        _milliseconds(_text(row, "UpdatedTime")),
    )
    _keep(db, id, record)


def _milliseconds(text: str) -> int:
    """`2021-03-05 17:35:45.0`, China's time."""
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=_CHINA).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0
