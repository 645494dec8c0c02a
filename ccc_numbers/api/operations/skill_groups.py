"""Skill groups (技能组): the agents who call out with a number and receive from it."""

from dataclasses import replace

from ccc_numbers.api import wire
from ccc_numbers.api.operations.base import Operations
from ccc_numbers.api.rows import MediaType, SkillGroup


class SkillGroupOperations(Operations):
    """Each method is one operation of CCC."""

    async def list_skill_groups(
        self, instance_id: str, media_type: MediaType = MediaType.AUDIO
    ) -> tuple[SkillGroup, ...]:
        """The skill groups of one media type, sorted by id. CCC hides chat and video groups unless asked."""
        rows = await self._list(
            "ListSkillGroups",
            "SkillGroupId",
            InstanceId=instance_id,
            MediaType=media_type.wire,
        )
        return tuple(sorted(map(SkillGroup.from_wire, rows), key=lambda group: group.id))

    async def get_skill_group(self, instance_id: str, skill_group_id: str) -> SkillGroup:
        """One skill group, without its counts."""
        envelope = await self._read("GetSkillGroup", InstanceId=instance_id, SkillGroupId=skill_group_id)
        return SkillGroup.from_wire(wire.mapping(envelope, "Data"))

    async def create_skill_group(
        self,
        instance_id: str,
        name: str,
        display_name: str,
        description: str = "",
        media_type: MediaType = MediaType.AUDIO,
    ) -> SkillGroup:
        """A new skill group; take its id from the answer. `name`: `[A-Za-z][A-Za-z0-9_-]{0,63}`."""
        envelope = await self._write(
            "CreateSkillGroup",
            InstanceId=instance_id,
            Name=name,
            DisplayName=display_name,
            Description=description or None,
            MediaType=media_type.wire,
        )
        # CCC's answer leaves the display name out.
        return replace(SkillGroup.from_wire(wire.mapping(envelope, "Data")), display_name=display_name)

    async def modify_skill_group(
        self, instance_id: str, skill_group_id: str, display_name: str, description: str
    ) -> None:
        """Set both texts of a skill group: the effect of leaving one out is undocumented."""
        await self._write(
            "ModifySkillGroup",
            InstanceId=instance_id,
            SkillGroupId=skill_group_id,
            DisplayName=display_name,
            Description=description,
        )

    async def delete_skill_group(self, instance_id: str, skill_group_id: str, *, force: bool = False) -> None:
        """Delete a skill group; Conflict when it holds numbers or agents and `force` is false."""
        await self._write(
            "DeleteSkillGroup", InstanceId=instance_id, SkillGroupId=skill_group_id, Force=force
        )
