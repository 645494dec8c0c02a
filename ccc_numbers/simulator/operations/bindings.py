"""Which numbers belong to which skill groups, and which to one agent (personal numbers): bind, unbind, list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ccc_numbers.simulator.errors import business, invalid
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.common import (
    Filter,
    Owned,
    failures,
    need,
    own,
    paged_numbers,
    unique,
    wanted_numbers,
)
from ccc_numbers.simulator.parameters import Flag, String, StringList
from ccc_numbers.simulator.records import Number, SkillGroup, User


@operation()
def add_phone_number_to_skill_groups(call: Call, number: String, skill_group_id_list: StringList) -> Answer:
    numbers = _numbers(call, [number])
    _bind(call, numbers, _skill_groups(call, skill_group_id_list), "Number")
    return DONE


@operation()
def remove_phone_number_from_skill_groups(
    call: Call, number: String, skill_group_id_list: StringList
) -> Answer:
    numbers = _numbers(call, [number])
    _unbind(call, numbers, _skill_groups(call, skill_group_id_list), "SkillGroupIdList")
    return DONE


@operation()
def add_numbers_to_skill_group(
    call: Call,
    skill_group_id: String,
    number_list: StringList | None = None,
    inst_number_group_id_list: StringList | None = None,
) -> Answer:
    group = need(call, SkillGroup, skill_group_id)
    wanted = wanted_numbers(call, number_list, "InstNumberGroupIdList", inst_number_group_id_list)
    _bind(call, _numbers(call, wanted), [group], "NumberList")
    return DONE


@operation()
def remove_phone_numbers_from_skill_group(
    call: Call, skill_group_id: String, number_list: StringList
) -> Answer:
    group = need(call, SkillGroup, skill_group_id)
    _unbind(call, _numbers(call, number_list), [group], "NumberList")
    return DONE


@operation(reads=True, paged=True)
def list_phone_numbers_of_skill_group(
    call: Call,
    skill_group_id: String,
    is_member: Flag,
    search_pattern: String | None = None,
    active: Flag | None = None,
) -> Answer:
    group = need(call, SkillGroup, skill_group_id)
    found = Filter("number.instance = ?", call.instance.id)
    test = "IN" if is_member else "NOT IN"
    found.add(f"number.number {test} (SELECT number FROM binding WHERE skill_group = ?)", group.id)
    if not is_member:
        found.add("number.user IS NULL")
    found.search(call, search_pattern, "number.number")
    found.equals("number.active", active)
    return paged_numbers(call, found, "UserId")


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


def _numbers(call: Call, numbers: Sequence[str]) -> list[Number]:
    """The numbers' records, each once; those not in the instance are refused or left out by the switch."""
    return _resolved(call, Number, numbers, call.switches.bind_absent_number == "ignored")


def _skill_groups(call: Call, ids: Sequence[str]) -> list[SkillGroup]:
    """The groups' records, each once; unknown ids are refused or left out by the switch."""
    return _resolved(call, SkillGroup, ids, call.switches.unknown_group == "partial")


def _resolved(call: Call, kind: Callable[..., Owned], keys: Sequence[str], skip_unknown: bool) -> list[Owned]:
    records = [own(call, kind, key) if skip_unknown else need(call, kind, key) for key in dict.fromkeys(keys)]
    return [record for record in records if record is not None]


def _bind(call: Call, numbers: Sequence[Number], groups: Sequence[SkillGroup], parameter: str) -> None:
    for number in numbers:
        _check_bindable(call, number, groups, parameter)
        for group in groups:
            bound = call.db.execute(
                "INSERT OR IGNORE INTO binding VALUES (?, ?)", (number.number, group.id)
            ).rowcount
            if not bound and call.switches.bind_again == "conflict":
                raise business("AlreadyExists.PhoneNumber", number.number)


def _check_bindable(call: Call, number: Number, groups: Sequence[SkillGroup], parameter: str) -> None:
    if number.user and call.switches.bind_personal_number == "refused":
        raise invalid(parameter, f"{number.number} is the personal number of {number.user}")
    if call.switches.bind_mismatch == "refused":
        if number.usage == "Inbound":
            raise invalid(parameter, f"{number.number} is Inbound only")
        for group in groups:
            if group.media_type != "AUDIO":
                raise invalid(parameter, f"{group.id} is not an AUDIO skill group")
    if number.user:
        call.db.execute("UPDATE number SET user = NULL WHERE number = ?", (number.number,))


def _unbind(call: Call, numbers: Sequence[Number], groups: Sequence[SkillGroup], parameter: str) -> None:
    for number in numbers:
        for group in groups:
            gone = call.db.execute(
                "DELETE FROM binding WHERE number = ? AND skill_group = ?", (number.number, group.id)
            ).rowcount
            if not gone and call.switches.unbind_absent == "refused":
                raise invalid(parameter, f"{number.number} is not in skill group {group.id}")


def _give(call: Call, user: User, number: str) -> bool:
    record = own(call, Number, number)
    grouped = call.db.execute("SELECT 1 FROM binding WHERE number = ?", (number,)).fetchone()
    if record is None or grouped or record.user not in {None, user.id}:
        return False
    call.db.execute("UPDATE number SET user = ? WHERE number = ?", (user.id, number))
    return True
