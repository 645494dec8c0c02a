"""Agents: who there is, one of a skill group, the numbers that CCC offers one to call out with, and those of one's own."""

from collections.abc import Iterable, Mapping

from ccc_numbers.api import wire
from ccc_numbers.api.operations.base import Operations, distinct


class AgentOperations(Operations):
    """Each method is one operation of CCC."""

    async def list_agents(self, instance_id: str) -> Mapping[str, str]:
        """The login of everybody in an instance, by id."""
        rows = await self._list("ListUsers", "UserId", InstanceId=instance_id)
        return {wire.required(row, "UserId"): wire.text(row, "LoginName") or "" for row in rows}

    async def add_personal_numbers(
        self, instance_id: str, user_id: str, numbers: Iterable[str]
    ) -> tuple[str, ...]:
        """Make numbers one agent's own; the numbers CCC did not give. They must be in no skill group and nobody's."""
        if not (wanted := distinct(numbers)):
            return ()
        envelope = await self._write(
            "AddPersonalNumbersToUser", InstanceId=instance_id, UserId=user_id, NumberList=wanted
        )
        return tuple(map(str, wire.items(envelope, "Data")))

    async def remove_personal_numbers(
        self, instance_id: str, user_id: str, numbers: Iterable[str]
    ) -> tuple[str, ...]:
        """Take numbers of one's own from an agent. CCC reports no failures."""
        if wanted := distinct(numbers):
            await self._write(
                "RemovePersonalNumbersFromUser", InstanceId=instance_id, UserId=user_id, NumberList=wanted
            )
        return ()

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
