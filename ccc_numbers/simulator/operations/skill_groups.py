"""Skill groups: list, create, get, modify, delete; and the numbers in them: bind, unbind, list."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated

from ccc_numbers.simulator.errors import business, invalid
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.campaigns import in_campaign
from ccc_numbers.simulator.operations.common import (
    Filter,
    Owned,
    group_row,
    need,
    number_count,
    own,
    paged,
    paged_numbers,
    wanted_numbers,
)
from ccc_numbers.simulator.parameters import Flag, MediaType, String, StringList, Text
from ccc_numbers.simulator.records import (
    Number,
    SkillGroup,
    find,
    insert,
    select,
    through_number_group,
)

GroupName = Annotated[
    str, Text("[A-Za-z][A-Za-z0-9_-]{0,63}", "It must be 1-64 letters, digits, _ or -, a letter first")
]
DisplayName = Annotated[str, Text(".{1,64}", "It must be 1-64 characters")]

_DESCRIBED = ("SkillGroupId", "InstanceId", "Description", "MediaType")
_COUNTS = ("PhoneNumberCount", "UserCount")


@operation(reads=True, paged=True)
def list_skill_groups(
    call: Call, search_pattern: String | None = None, media_type: MediaType | None = None
) -> Answer:
    found = Filter("skill_group.instance = ?", call.instance.id)
    found.equals("skill_group.media_type", media_type or "AUDIO")
    found.search(call, search_pattern, "skill_group.name", "skill_group.display_name")
    return paged(
        call,
        SkillGroup,
        found,
        "skill_group.name",
        lambda groups: (
            group_row(call, group, *_DESCRIBED, "SkillGroupName", "DisplayName", *_COUNTS) for group in groups
        ),
    )


list_brief_skill_groups = replace(list_skill_groups, action="ListBriefSkillGroups")


@operation()
def create_skill_group(
    call: Call,
    name: GroupName,
    display_name: DisplayName,
    description: String | None = None,
    media_type: MediaType | None = None,
) -> Answer:
    group = SkillGroup(
        id=f"{name}@{call.instance.id}",
        instance=call.instance.id,
        name=name,
        display_name=display_name,
        description=description or "",
        media_type=media_type or "AUDIO",
        user_count=0,
    )
    if find(call.db, SkillGroup, group.id):
        raise business("AlreadyExists.SkillGroupId", group.id, call.instance.id)
    _check_display_name(call, group)
    insert(call.db, group)
    return {"Data": group_row(call, group, *_DESCRIBED, "Name")}


@operation(reads=True)
def get_skill_group(call: Call, skill_group_id: String) -> Answer:
    group = need(call, SkillGroup, skill_group_id)
    return {"Data": group_row(call, group, *_DESCRIBED, "Name", "DisplayName")}


@operation()
def modify_skill_group(
    call: Call,
    skill_group_id: String,
    display_name: DisplayName | None = None,
    description: String | None = None,
) -> Answer:
    group = need(call, SkillGroup, skill_group_id)
    kept = group.description if call.switches.modify_group_without_description == "keep" else ""
    changed = replace(
        group,
        display_name=display_name or group.display_name,
        description=kept if description is None else description,
    )
    _check_display_name(call, changed)
    insert(call.db, changed)
    return DONE


@operation()
def delete_skill_group(call: Call, skill_group_id: String, force: Flag | None = None) -> Answer:
    if call.switches.delete_unknown_group == "success" and not find(call.db, SkillGroup, skill_group_id):
        return DONE
    group = need(call, SkillGroup, skill_group_id)
    if not force and (group.user_count or number_count(call, group.id)):
        raise business("InUse.SkillGroup", group.id)
    if in_campaign(call, group=group.id):
        raise business("InUse.SkillGroup", group.id)
    call.db.execute("DELETE FROM binding WHERE skill_group = ?", (group.id,))
    call.db.execute("DELETE FROM skill_group WHERE id = ?", (group.id,))
    return DONE


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


def _check_display_name(call: Call, group: SkillGroup) -> None:
    if call.switches.duplicate_display_name == "refused":
        others = select(
            call.db, SkillGroup, "instance = ? AND display_name = ?", group.instance, group.display_name
        )
        if any(other.id != group.id for other in others):
            raise business("AlreadyExists.SkillGroupId", group.id, call.instance.id)


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
            if not gone and group.id in through_number_group(call.db, number.number):
                if call.switches.unbind_number_group == "ignored":
                    continue
                raise invalid(parameter, f"{number.number} is in {group.id} through its number group")
            if not gone and call.switches.unbind_absent == "refused":
                raise invalid(parameter, f"{number.number} is not in skill group {group.id}")
