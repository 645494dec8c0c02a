"""Skill groups: list, create, get, modify, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.common import Filter, group_row, need, number_count, paged
from ccc_numbers.simulator.parameters import Flag, MediaType, String, Text
from ccc_numbers.simulator.records import SkillGroup, find, insert, select

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
    call.db.execute("DELETE FROM binding WHERE skill_group = ?", (group.id,))
    call.db.execute("DELETE FROM skill_group WHERE id = ?", (group.id,))
    return DONE


def _check_display_name(call: Call, group: SkillGroup) -> None:
    if call.switches.duplicate_display_name == "refused":
        others = select(
            call.db, SkillGroup, "instance = ? AND display_name = ?", group.instance, group.display_name
        )
        if any(other.id != group.id for other in others):
            raise business("AlreadyExists.SkillGroupId", group.id, call.instance.id)
