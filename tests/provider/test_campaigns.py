"""Campaigns that run: what they call with is not taken from under them unseen, and nobody pays for asking in vain."""

from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from ccc_numbers.provider.resources.instance_roster import InstanceRoster
from tests.provider.conftest import Begin
from tests.provider.test_instance_roster import SALES, declared
from tests.support.plugin import Verbs, a_run
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, bound, declaration, instance, number, numbers, seed

LESS = declared(19, SALES)
MORE = declared(20, SALES)
VIP = declared(20, SALES | {"skillGroups": ["vip"]}, skillGroups=["vip"])
NIGHT = declared(20, SALES | {"contactFlow": "夜间流程"})
LOST = f"{INSTANCE}: campaigns that run would lose it: 回访 may call with "


def campaign(state: str = "Executing", group: str = "sales", **more: Any) -> dict[str, Any]:
    return {"name": "回访", "state": state, "skillGroup": group, **more}


def world(*campaigns: dict[str, Any]) -> dict[str, Any]:
    """Twenty numbers in the instance, and these campaigns."""
    here = instance([bound(n) for n in numbers(20)])
    return seed([], support=here | {"campaigns": list(campaigns)})


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.begin_anew(world(campaign()))
    return running


@pytest.fixture
def roster(simulator: Simulator) -> Verbs:
    return Verbs(simulator.url, "InstanceRoster")


@pytest.mark.parametrize(("after", "named"), [(LESS, number(20)), (VIP, f"{number(1)}, {number(2)}")])
async def test_what_a_campaign_loses_is_a_warning_then_an_error(
    simulator: Simulator, roster: Verbs, after: dict[str, Any], named: str
) -> None:
    await roster.update(INSTANCE, MORE, after | {"changeBudget": "100%"}, True)
    (warning,) = roster.shown.warnings
    assert warning.startswith(LOST + named)
    with pytest.raises(CccError, match=r"Nothing of that was changed.*CCC_ALLOW_CAMPAIGNS=1"):
        await roster.update(INSTANCE, MORE, after | {"changeBudget": "100%"}, False)
    assert simulator.count("ListCampaigns") == 2  # once a run


@pytest.mark.parametrize(
    ("campaigns", "after"),
    [([campaign()], NIGHT), ([campaign("Completed")], LESS), ([campaign(group="vip")], LESS), ([], LESS)],
)
async def test_what_no_running_campaign_loses_is_done(
    simulator: Simulator, roster: Verbs, campaigns: list[dict[str, Any]], after: dict[str, Any]
) -> None:
    simulator.put_state(world(*campaigns))
    await roster.update(INSTANCE, MORE, after | {"changeBudget": "100%"}, False)
    assert roster.shown.warnings == []


async def test_nobody_asks_where_nothing_is_lost(simulator: Simulator, roster: Verbs) -> None:
    await roster.update(INSTANCE, MORE, MORE, False)
    await roster.update(INSTANCE, MORE, NIGHT | {"changeBudget": "100%"}, False)
    assert simulator.count("ListCampaigns") == 0


async def test_a_campaign_list_that_is_refused_is_said_and_stops_nobody(
    simulator: Simulator, roster: Verbs
) -> None:
    simulator.faults([{"action": "ListCampaigns", "fault": "error", "code": "Permission.Common"}])
    await roster.update(INSTANCE, MORE, LESS, False)
    simulator.faults([])
    (warning,) = roster.shown.warnings
    assert f"whether a running campaign uses {number(20)} is not known" in warning


async def test_a_group_or_a_flow_of_a_campaign_stays(simulator: Simulator) -> None:
    flows = simulator.state()["instances"][INSTANCE]["contactFlows"]
    flow = next(each["id"] for each in flows if each["name"] == "夜间流程")
    simulator.put_state(world(campaign(group="vip", contactFlow="夜间流程")))
    vip = {"instanceId": INSTANCE, "name": "vip", "forceRemoval": True}
    with pytest.raises(CccError, match="回访 calls with vip"):
        await Verbs(simulator.url, "SkillGroup").delete(f"vip@{INSTANCE}", vip)
    night = {"instanceId": INSTANCE, "name": "夜间流程", "forceRemoval": True}
    with pytest.raises(CccError, match="回访 calls with 夜间流程"):
        await Verbs(simulator.url, "ContactFlow").delete(flow, night)


async def test_a_dropped_group_or_flow_of_a_campaign_is_said_before_the_first_number(
    simulator: Simulator, roster: Verbs
) -> None:
    simulator.put_state(world(campaign(group="vip", contactFlow="夜间流程")))
    before = MORE | {"managedSkillGroups": ["night", "vip"], "managedContactFlows": ["夜间流程"]}
    after = MORE | {"managedSkillGroups": ["night"]}

    async def update(old: dict[str, Any], new: dict[str, Any], *, preview: bool) -> None:
        async with a_run(simulator.url, roster.shown) as run:
            assert InstanceRoster().check(run, old, new) == []
            await InstanceRoster().update(run, "", INSTANCE, old, new, preview)

    await update(before, after, preview=True)
    lost = f"{INSTANCE}: campaigns that run would lose it: 回访 calls with 夜间流程, 回访 calls with vip"
    assert roster.shown.warnings == [lost]
    with pytest.raises(CccError, match="Nothing of that was changed"):
        await update(before, after, preview=False)
    # A group that CCC does not have takes nothing.
    await update(after, MORE, preview=False)
    assert simulator.count("ListCampaigns") == 2


def test_up_and_destroy_stop_before_a_campaigns_first_number(begin: Begin) -> None:
    stack, simulator = begin(world(campaign()))
    stack.declare(declaration(numbers(20)))
    assert stack.up().code == 0
    assert simulator.count("ListCampaigns") == 0
    before = simulator.state()
    stack.declare(declaration(numbers(19)))
    shown = stack.preview()
    assert shown.code == 0, shown.text
    assert any(LOST + number(20) in warning for warning in shown.messages("warning")), shown.text
    refused = stack.up()
    assert refused.code != 0
    assert any("CCC_ALLOW_CAMPAIGNS=1" in error for error in refused.errors), refused.text
    destroyed = stack.destroy()
    assert destroyed.code != 0
    assert simulator.state() == before
    assert stack.up(CCC_ALLOW_CAMPAIGNS="1").code == 0
    assert sorted(row["number"] for row in simulator.state()["instances"][INSTANCE]["numbers"]) == numbers(19)


def test_the_preview_of_a_destroy_warns_of_campaigns(begin: Begin) -> None:
    stack, _ = begin(world(campaign()))
    stack.declare(declaration(numbers(20)))
    assert stack.up().code == 0
    shown = stack.pulumi("destroy", "--preview-only", "--stack", "dev")
    assert LOST in shown.stdout + shown.stderr, shown.stdout
