"""The functions of the package: what CCC holds, in the words of the resources."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from ccc_numbers.provider.functions import FUNCTIONS
from ccc_numbers.provider.plugin import Plugin
from tests.support.simulator import Simulator, start_simulator
from tests.support.worlds import INSTANCE, bound, instance, number, numbers, seed


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """Number 2 is bound, 1 an agent's own, 3 and 4 are in no instance."""
    own = bound(number(1), groups=()) | {"user": "agent"}
    here = instance([bound(number(2)), own], users=["agent"])
    with start_simulator(seed(numbers(2, start=3), support=here)) as running:
        yield running


@pytest.fixture
async def plugin(simulator: Simulator, tmp_path: Path) -> AsyncIterator[Plugin]:
    made = Plugin(tmp_path, {}, None)
    made.configure({"endpoint": simulator.url}, "")
    yield made
    await made.close(saved=True)


async def rows(plugin: Plugin, function: str, field: str) -> list[dict[str, Any]]:
    answer: Any = await plugin.invoke(f"ccc:index:{function}", {"instanceId": INSTANCE})
    assert list(answer) == [field]
    return list(answer[field])


async def test_the_numbers_of_an_instance_are_told_with_their_bindings(plugin: Plugin) -> None:
    own, shared = await rows(plugin, "getPhoneNumbers", "numbers")
    assert (own["number"], own["userId"], own["skillGroups"]) == (number(1), f"agent@{INSTANCE}", [])
    flow_id = shared.pop("contactFlowId")
    assert shared == {
        "number": number(2),
        "usage": "bidirectional",
        "contactFlow": "主流程",
        "skillGroups": ["sales"],
        "active": True,
        "provider": "A",
    }
    flows = {each["name"]: each for each in await rows(plugin, "getContactFlows", "contactFlows")}
    assert flows["主流程"] == {
        "contactFlowId": flow_id,
        "name": "主流程",
        "type": "main",
        "published": True,
        "numbers": numbers(2),
    }
    assert flows["草稿"]["published"] is False


async def test_the_numbers_in_no_instance_are_told_with_where_they_are_from(plugin: Plugin) -> None:
    assert await rows(plugin, "getUnassignedNumbers", "numbers") == [
        {"number": each, "province": "上海", "city": "上海"} for each in numbers(2, start=3)
    ]


async def test_the_skill_groups_of_an_instance_are_told(plugin: Plugin) -> None:
    groups = {each["name"]: each for each in await rows(plugin, "getSkillGroups", "skillGroups")}
    assert sorted(groups) == ["sales", "support", "vip"]
    sales = groups["sales"]
    assert (sales["skillGroupId"], sales["displayName"], sales["numberCount"]) == (
        f"sales@{INSTANCE}",
        "销售组",
        1,
    )


async def test_an_instance_is_reported_or_refused_with_the_nearest(plugin: Plugin) -> None:
    answer = await plugin.invoke("ccc:index:getInstance", {"instanceId": INSTANCE})
    assert (answer["instanceId"], answer["status"]) == (INSTANCE, "RUNNING")
    with pytest.raises(
        CccError, match='no instance "acme-suport" in this account; did you mean "acme-support"'
    ):
        await plugin.invoke("ccc:index:getInstance", {"instanceId": "acme-suport"})


async def test_what_is_asked_wrongly_is_one_line(plugin: Plugin) -> None:
    with pytest.raises(
        CccError, match='no function "ccc:index:getPhoneNumber"; did you mean "ccc:index:getPhoneN'
    ):
        await plugin.invoke("ccc:index:getPhoneNumber", {})
    for token in FUNCTIONS:
        if token != "ccc:index:getUnassignedNumbers":
            with pytest.raises(CccError, match='"instanceId" is required'):
                await plugin.invoke(token, {})
