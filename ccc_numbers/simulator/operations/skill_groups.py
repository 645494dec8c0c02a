"""Skill groups: list, create, get, modify, delete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.common import Filter, Row, need_skill_group, paged
from ccc_numbers.simulator.parameters import Flag, MediaType, PageNumber, PageSize, String, Text
from ccc_numbers.simulator.records import SkillGroup, find, insert, select

GroupName = Annotated[
    str, Text("[A-Za-z][A-Za-z0-9_-]{0,63}", "It must be 1-64 letters, digits, _ or -, a letter first")
]
DisplayName = Annotated[str, Text(".{1,64}", "It must be 1-64 characters")]


@operation(reads=True)
def list_skill_groups(
    call: Call,
    page_number: PageNumber,
    page_size: PageSize,
    search_pattern: String | None = None,
    media_type: MediaType | None = None,
) -> Answer:
    found = Filter("skill_group.instance = ?", call.instance.id)
    found.equals("skill_group.media_type", media_type or "AUDIO")
    found.search(call, search_pattern, "skill_group.name", "skill_group.display_name")
    return paged(
        call,
        SkillGroup,
        found,
        "skill_group.name",
        page_number,
        page_size,
        lambda groups: _rows(call, groups),
    )


@operation(reads=True)
def list_brief_skill_groups(
    call: Call,
    page_number: PageNumber,
    page_size: PageSize,
    search_pattern: String | None = None,
    media_type: MediaType | None = None,
) -> Answer:
    return list_skill_groups.function(call, page_number, page_size, search_pattern, media_type)


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
    return {
        "Data": {
            "SkillGroupId": group.id,
            "Name": group.name,
            "InstanceId": group.instance,
            "Description": group.description,
            "MediaType": group.media_type,
        }
    }


@operation(reads=True)
def get_skill_group(call: Call, skill_group_id: String) -> Answer:
    group = need_skill_group(call, skill_group_id)
    return {
        "Data": {
            "SkillGroupId": group.id,
            "Name": group.name,
            "DisplayName": group.display_name,
            "Description": group.description,
            "InstanceId": group.instance,
            "MediaType": group.media_type,
        }
    }


@operation()
def modify_skill_group(
    call: Call,
    skill_group_id: String,
    display_name: DisplayName | None = None,
    description: String | None = None,
) -> Answer:
    group = need_skill_group(call, skill_group_id)
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
    group = need_skill_group(call, skill_group_id)
    if not force and (group.user_count or number_count(call, group.id)):
        raise business("InUse.SkillGroup", group.id)
    call.db.execute("DELETE FROM binding WHERE skill_group = ?", (group.id,))
    call.db.execute("DELETE FROM skill_group WHERE id = ?", (group.id,))
    return DONE


def number_count(call: Call, skill_group_id: str) -> int:
    """How many numbers a group holds."""
    sql = "SELECT count(*) FROM binding WHERE skill_group = ?"
    (count,) = call.db.execute(sql, (skill_group_id,)).fetchone()
    return int(count)


def _rows(call: Call, groups: Sequence[SkillGroup]) -> Iterator[Row]:
    for group in groups:
        yield {
            "SkillGroupId": group.id,
            "SkillGroupName": group.name,
            "DisplayName": group.display_name,
            "Description": group.description,
            "InstanceId": group.instance,
            "MediaType": group.media_type,
            "PhoneNumberCount": number_count(call, group.id),
            "UserCount": group.user_count,
        }


def _check_display_name(call: Call, group: SkillGroup) -> None:
    if call.switches.duplicate_display_name == "refused":
        others = select(
            call.db, SkillGroup, "instance = ? AND display_name = ?", group.instance, group.display_name
        )
        if any(other.id != group.id for other in others):
            raise business("AlreadyExists.SkillGroupId", group.id, call.instance.id)
