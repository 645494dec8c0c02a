"""Outbound campaigns (预测式外呼活动): each calls with a flow and for a skill group. Nothing here writes."""

from dataclasses import dataclass

from ccc_numbers.api import wire
from ccc_numbers.api.operations.base import Operations


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as CCC lists it: without its caller numbers, which nothing reads."""

    id: str
    name: str
    contact_flow_id: str | None
    skill_group_id: str | None


class CampaignOperations(Operations):
    """Each method is one operation of CCC."""

    async def list_running_campaigns(self, instance_id: str) -> tuple[Campaign, ...]:
        """The campaigns of an instance that call now, by name; in one call as long as there are at most a hundred."""
        rows = await self._list("ListCampaigns", "CampaignId", InstanceId=instance_id, State="Executing")
        found = (
            Campaign(
                id=wire.required(row, "CampaignId"),
                name=wire.text(row, "Name") or "",
                contact_flow_id=wire.text(row, "ContactFlowId"),
                skill_group_id=wire.text(row, "QueueId"),
            )
            for row in rows
        )
        return tuple(sorted(found, key=lambda each: (each.name, each.id)))
