"""Agents: one of a skill group, and the numbers that CCC offers an agent to call out with. Nothing here writes."""

from ccc_numbers.api import wire
from ccc_numbers.api.operations.base import Operations


class AgentOperations(Operations):
    """Each method is one operation of CCC."""

    async def an_agent_of(self, instance_id: str, skill_group_id: str) -> str | None:
        """The id of one agent of a skill group; None where it has none."""
        found = await self._first(
            "ListUserLevelsOfSkillGroup", InstanceId=instance_id, SkillGroupId=skill_group_id, IsMember=True
        )
        return None if found is None else wire.required(found, "UserId")

    async def list_outbound_numbers(
        self, instance_id: str, user_id: str, skill_group_id: str
    ) -> frozenset[str]:
        """The numbers that CCC offers an agent of the skill group to call out with."""
        rows = await self._list(
            "ListOutboundNumbersOfUser",
            "Number",
            InstanceId=instance_id,
            UserId=user_id,
            SkillGroupIdList=(skill_group_id,),
        )
        return frozenset(wire.required(row, "Number") for row in rows)
