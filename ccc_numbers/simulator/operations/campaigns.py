"""Outbound campaigns (预测式外呼活动): the flow and the skill group of each; CCC does not say its caller numbers."""

from typing import Annotated, get_args

from ccc_numbers.simulator.operation import Answer, Call, operation
from ccc_numbers.simulator.operations.common import Filter, Row, paged, row
from ccc_numbers.simulator.parameters import Choice, String
from ccc_numbers.simulator.records import Campaign, CampaignState, SkillGroup, find, select

State = Annotated[str, Choice(get_args(CampaignState))]


@operation(reads=True, paged=True)
def list_campaigns(
    call: Call, state: State | None = None, name: String | None = None, queue_id: String | None = None
) -> Answer:
    found = Filter("campaign.instance = ?", call.instance.id)
    found.equals("campaign.state", state)
    found.equals("campaign.name", name)
    found.equals("campaign.skill_group", queue_id)
    return paged(
        call, Campaign, found, "campaign.name", lambda campaigns: (_row(call, each) for each in campaigns)
    )


def in_campaign(call: Call, *, number: str = "", flow: str = "", group: str = "") -> bool:
    """Whether a campaign that runs uses one of these, where the switch makes CCC mind."""
    if call.switches.used_by_campaign == "accepted":
        return False
    running = select(call.db, Campaign, "instance = ? AND state = 'Executing'", call.instance.id)
    return any(
        number in each.numbers.split()
        or (flow and flow == each.contact_flow)
        or (group and group == each.skill_group)
        for each in running
    )


def _row(call: Call, campaign: Campaign) -> Row:
    group = find(call.db, SkillGroup, campaign.skill_group or "")
    return row(
        call,
        CampaignId=campaign.id,
        Name=campaign.name,
        State=campaign.state,
        ContactFlowId=campaign.contact_flow,
        QueueId=campaign.skill_group,
        QueueName=group.display_name if group else None,
        Simulation=False,
        StrategyType="PACING",
        StrategyParameters='{"ratio":1}',
        TotalCases=0,
    )
