"""Numbers: in an instance, unassigned, or one agent's own (personal); the import of own lines, where a number is from."""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from ccc_numbers.simulator.errors import business, invalid
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.campaigns import in_campaign
from ccc_numbers.simulator.operations.common import (
    Filter,
    Row,
    failures,
    group_rows,
    need,
    number_order,
    number_row,
    own,
    paged,
    paged_numbers,
    row,
    unique,
    wanted_numbers,
)
from ccc_numbers.simulator.parameters import BlankableString, Flag, String, StringList, Usage
from ccc_numbers.simulator.records import ContactFlow, Number, User, find, insert, is_hotline

_PHONE_NUMBER = re.compile(r"[0-9]{3,20}")


@operation(reads=True, paged=True)
def list_phone_numbers(
    call: Call,
    search_pattern: String | None = None,
    usage: Usage | None = None,
    active: Flag | None = None,
) -> Answer:
    found = Filter("number.instance = ?", call.instance.id)
    found.search(call, search_pattern, "number.number")
    found.equals("number.usage", usage)
    found.equals("number.active", active)
    return paged(call, Number, found, number_order(call), lambda numbers: _rows(call, numbers))


@operation()
def add_phone_numbers(
    call: Call,
    usage: Usage,
    number_list: StringList | None = None,
    number_group_id: String | None = None,
    contact_flow_id: String | None = None,
) -> Answer:
    wanted, failed = unique(
        call,
        wanted_numbers(call, number_list, "NumberGroupId", [number_group_id] if number_group_id else None),
    )
    for number in [number for number in wanted if usage != "Inbound" and is_hotline(number)]:
        if call.switches.usage_of_400 == "refused":
            raise invalid("Usage", f"the 400 number {number} can only be Inbound")
        wanted.remove(number)
        failed.append(number)
    flow = _flow_for(call, usage, contact_flow_id, current=None)
    failed += [number for number in wanted if not _add(call, number, usage, flow)]
    return failures(call, failed)


@operation()
def modify_phone_number(
    call: Call, number: String, usage: Usage, contact_flow_id: BlankableString | None = None
) -> Answer:
    if usage != "Inbound" and is_hotline(number):
        raise invalid("Usage", f"the 400 number {number} can only be Inbound")
    record = need(call, Number, number)
    flow = _flow_for(call, usage, contact_flow_id, current=record.contact_flow, modifies=True)
    _set(call, number, usage, flow)
    return DONE


@operation()
def remove_phone_numbers(call: Call, number_list: StringList, force: Flag | None = None) -> Answer:
    wanted, failed = unique(call, number_list)
    failed += [number for number in wanted if not _remove(call, number, force=bool(force))]
    return {**failures(call, failed), "Params": []}


@operation(account=True, reads=True, paged=True)
def list_unassigned_numbers(call: Call, search_pattern: String | None = None) -> Answer:
    found = Filter("number.account = ? AND number.instance IS NULL", call.account)
    found.search(call, search_pattern, "number.number")
    return paged(
        call,
        Number,
        found,
        "number.number",
        lambda numbers: (row(call, Number=n.number, City=n.city, Province=n.province) for n in numbers),
    )


@operation(account=True)
def import_corp_numbers(
    call: Call,
    number_list: StringList,
    provider: String,
    province: String | None = None,
    city: String | None = None,
    corp_name: String | None = None,
    tag_list: String | None = None,
) -> Answer:
    if call.switches.import_numbers == "forbidden":
        raise business(
            "Permission.Common", "Own numbers are imported only for accounts that support has allowed to"
        )
    for number in dict.fromkeys(number_list):
        if not _PHONE_NUMBER.fullmatch(number):
            raise business("Parameter.Format", "NumberList", f"{number[:40]} is not a phone number")
        known = find(call.db, Number, number)
        if known and known.account != call.account and call.switches.import_foreign_number == "refused":
            raise invalid("NumberList", f"{number} belongs to another account")
        if not known and call.switches.import_numbers == "immediate":
            imported = (True, provider, province, city, tag_list, None)
            insert(call.db, Number.unassigned(number, call.account, *imported))
    return DONE


@operation(reads=True)
def get_number_location(call: Call, number: String) -> Answer:
    known = find(call.db, Number, number)
    if known and known.account == call.account and known.province:
        return {"Data": row(call, Number=number, Province=known.province, City=known.city)}
    codes = _regions()
    province, city = codes.get(number[:4]) or codes.get(number[:3]) or (None, None)
    return {"Data": row(call, Number=number, Province=province, City=city)}


@operation(reads=True, paged=True)
def list_personal_numbers_of_user(
    call: Call, user_id: String, is_member: Flag, search_pattern: String | None = None
) -> Answer:
    user = need(call, User, user_id)
    found = Filter("number.instance = ?", call.instance.id)
    if is_member:
        found.add("number.user = ?", user.id)
    else:
        found.add("number.user IS NULL AND number.number NOT IN (SELECT number FROM binding)")
    found.search(call, search_pattern, "number.number")
    return paged_numbers(call, found, "Usage", "UserId")


@operation()
def add_personal_numbers_to_user(call: Call, user_id: String, number_list: StringList) -> Answer:
    user = need(call, User, user_id)
    wanted, failed = unique(call, number_list)
    failed += [number for number in wanted if not _give(call, user, number)]
    return failures(call, failed)


@operation()
def remove_personal_numbers_from_user(call: Call, user_id: String, number_list: StringList) -> Answer:
    user = need(call, User, user_id)
    for number in dict.fromkeys(number_list):
        sql = "UPDATE number SET user = NULL WHERE number = ? AND user = ?"
        taken = call.db.execute(sql, (number, user.id)).rowcount
        if not taken and call.switches.unbind_absent == "refused":
            raise invalid("NumberList", f"{number} is not a personal number of {user.id}")
    return DONE


def release(call: Call, number: str) -> None:
    """Take a number out of its instance: its bindings go, it is unassigned again."""
    call.db.execute("DELETE FROM binding WHERE number = ?", (number,))
    call.db.execute(
        "UPDATE number SET instance = NULL, usage = NULL, contact_flow = NULL, user = NULL, joined = NULL "
        "WHERE number = ?",
        (number,),
    )


def join(call: Call, number: str, instance_id: str, usage: str, flow: str | None) -> None:
    """Put an unassigned number into an instance."""
    call.db.execute(
        "UPDATE number SET instance = ?, usage = ?, contact_flow = ?, user = NULL, joined = ? WHERE number = ?",
        (instance_id, usage, flow, call.now, number),
    )


def _rows(call: Call, numbers: Sequence[Number]) -> Iterator[Row]:
    groups = group_rows(call, numbers)
    names: dict[str, str | None] = {}
    for number in numbers:
        flow = number.contact_flow
        if flow and flow not in names:
            record = find(call.db, ContactFlow, flow)
            names[flow] = record.name if record else None
        yield number_row(
            call,
            number,
            ContactFlowName=names[flow] if flow else None,
            CreateTime=str(number.joined),
            Provider=number.provider,
            Tags=number.tags,
            SkillGroups=groups[number.number],
        )


def _flow_for(
    call: Call, usage: str, requested: str | None, *, current: str | None, modifies: bool = False
) -> str | None:
    """The flow a number has afterwards; Refused when the requested one cannot be bound."""
    if usage == "Outbound":
        if requested and call.switches.outbound_with_flow == "refused":
            raise invalid("ContactFlowId", "an Outbound number has no contact flow")
        return current if call.switches.modify_to_outbound == "keep" else None
    if requested:
        return _bindable(call, requested)
    if not modifies:
        return None
    switch = call.switches.modify_without_flow if requested is None else call.switches.modify_with_blank_flow
    if switch == "refused":
        raise business("Parameter.Blank", "ContactFlowId")
    return current if switch == "keep" else None


def _bindable(call: Call, contact_flow_id: str) -> str:
    if call.switches.unknown_flow == "stored" and not find(call.db, ContactFlow, contact_flow_id):
        return contact_flow_id
    flow = need(call, ContactFlow, contact_flow_id)
    if not flow.published and call.switches.unpublished_flow == "refused":
        raise invalid("ContactFlowId", "not published")
    if flow.type != "MAIN_FLOW" and call.switches.sub_flow == "refused":
        raise invalid("ContactFlowId", f"a {flow.type} cannot be bound to a number")
    return flow.id


def _add(call: Call, number: str, usage: str, flow: str | None) -> bool:
    record = find(call.db, Number, number)
    if record is None or record.account != call.account or record.instance not in {None, call.instance.id}:
        if call.switches.add_foreign_number == "not-exists":
            raise business("NotExists.Number", number, call.instance.id)
        return False
    if record.instance is not None:
        if call.switches.add_present_number == "conflict":
            raise business("AlreadyExists.PhoneNumber", number)
        if call.switches.add_present_number == "upsert":
            _set(call, number, usage, flow)
            return True
        return False
    if not record.active and call.switches.add_inactive_number == "failed":
        return False
    join(call, number, call.instance.id, usage, flow)
    return True


def _set(call: Call, number: str, usage: str, flow: str | None) -> None:
    call.db.execute("UPDATE number SET usage = ?, contact_flow = ? WHERE number = ?", (usage, flow, number))


def _remove(call: Call, number: str, *, force: bool) -> bool:
    record = own(call, Number, number)
    if record is not None and in_campaign(call, number=number):
        return False
    if record is None:
        if call.switches.remove_absent == "not-exists":
            raise business("NotExists.Number", number, call.instance.id)
        return call.switches.remove_absent == "success"
    grouped = call.db.execute("SELECT 1 FROM binding WHERE number = ?", (number,)).fetchone()
    if (grouped or record.contact_flow or record.user) and not force:
        if call.switches.remove_bound == "refused":
            raise business("InUse.Number", number)
        return False
    release(call, number)
    return True


@cache
def _regions() -> dict[str, tuple[str, str]]:
    """Area code -> (province, city) of the larger cities. Enough for a simulator, not a register."""
    text = resources.files("ccc_numbers.simulator").joinpath("area_codes.csv").read_text("utf-8")
    return {row["code"]: (row["province"], row["city"]) for row in csv.DictReader(text.splitlines())}


def _give(call: Call, user: User, number: str) -> bool:
    record = own(call, Number, number)
    grouped = call.db.execute("SELECT 1 FROM binding WHERE number = ?", (number,)).fetchone()
    held = record is None or grouped or record.user not in {None, user.id}
    if record is None or (held and call.switches.give_held_number == "failed"):
        return False
    call.db.execute("DELETE FROM binding WHERE number = ?", (number,))
    call.db.execute("UPDATE number SET user = ? WHERE number = ?", (user.id, number))
    return True
