"""Skill groups as resources: made, taken over, changed, guarded while in use."""

from collections.abc import Iterator
from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from ccc_numbers.numbers.plan_number import Refused
from ccc_numbers.provider.resources.skill_group import SkillGroup
from ccc_numbers.provider.wire import Bag
from tests.support.plugin import Verbs, a_run
from tests.support.simulator import Simulator, start_simulator
from tests.support.worlds import INSTANCE, bound, instance, number, seed

URN = "urn:pulumi:dev::p::ccc:index:SkillGroup::night"
NEW: Bag = {"instanceId": INSTANCE, "name": "night", "displayName": "夜班组", "description": "夜间接听"}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with start_simulator(seed([], support=instance([bound(number(1))]))) as running:
        yield running


@pytest.fixture
def groups(simulator: Simulator) -> Verbs:
    return Verbs(simulator.url, "SkillGroup")


def held(simulator: Simulator) -> dict[str, tuple[str, str]]:
    rows: list[dict[str, Any]] = simulator.state()["instances"][INSTANCE]["skillGroups"]
    return {row["name"]: (row.get("displayName", ""), row.get("description", "")) for row in rows}


async def test_a_group_is_made_changed_read_and_deleted(simulator: Simulator, groups: Verbs) -> None:
    assert await groups.check(NEW) == []
    made, outputs = await groups.create(NEW)
    assert made == f"night@{INSTANCE}"
    assert held(simulator)["night"] == ("夜班组", "夜间接听")
    changed = NEW | {"displayName": "晚班组", "description": ""}
    assert set(groups.diff(outputs, changed)) == {"displayName", "description"}
    outputs = await groups.update(made, outputs, changed)
    assert held(simulator)["night"] == ("晚班组", "")
    live = await groups.read(made, outputs, changed)
    assert live is not None
    assert groups.diff(live.outputs, changed) == {}
    await groups.delete(made, outputs)
    assert "night" not in held(simulator)
    assert await groups.read(made, outputs, changed) is None
    await groups.delete(made, outputs)


async def test_a_group_that_is_there_as_declared_is_taken_over_and_another_is_refused(
    simulator: Simulator, groups: Verbs
) -> None:
    there = {"instanceId": INSTANCE, "name": "sales", "displayName": "销售组"}
    assert (await groups.create(there))[0] == f"sales@{INSTANCE}"
    other = there | {"displayName": "售前组"}
    for preview in (True, False):
        with pytest.raises(Refused, match='skill group "sales" is already in acme-support, called "销售组"'):
            await groups.create(other, preview=preview)
    assert held(simulator)["sales"][0] == "销售组"
    await groups.create(other | {"adopt": True})
    assert held(simulator)["sales"][0] == "售前组"


async def test_a_group_in_use_is_not_deleted_without_the_word(simulator: Simulator, groups: Verbs) -> None:
    outputs = {"instanceId": INSTANCE, "name": "sales", "displayName": "销售组"}
    with pytest.raises(CccError, match="still holds numbers or agents and stays"):
        await groups.delete(f"sales@{INSTANCE}", outputs)
    assert "sales" in held(simulator)
    await groups.delete(f"sales@{INSTANCE}", outputs | {"forceRemoval": True})
    assert "sales" not in held(simulator)


@pytest.mark.parametrize("fault", ["lostResponse", "unavailable", "reset"])
async def test_a_lost_answer_makes_no_second_group(simulator: Simulator, groups: Verbs, fault: str) -> None:
    simulator.faults([{"action": "CreateSkillGroup", "times": 1, "fault": fault}])
    made, _ = await groups.create(NEW)
    assert made == f"night@{INSTANCE}"
    simulator.faults([{"action": "ModifySkillGroup", "times": 1, "fault": fault}])
    await groups.update(made, NEW, NEW | {"displayName": "晚班组"})
    assert held(simulator)["night"] == ("晚班组", "夜间接听")


@pytest.mark.parametrize("fault", ["lostResponse", "unavailable", "reset"])
async def test_a_lost_answer_to_a_deletion_is_not_noticed(
    simulator: Simulator, groups: Verbs, fault: str
) -> None:
    made, outputs = await groups.create(NEW)
    simulator.faults([{"action": "DeleteSkillGroup", "times": 1, "fault": fault}])
    await groups.delete(made, outputs)
    assert "night" not in held(simulator)


async def test_a_group_can_be_imported_by_its_id(groups: Verbs) -> None:
    live = await groups.read(f"sales@{INSTANCE}", {}, {})
    assert live is not None
    assert live.inputs == {"instanceId": INSTANCE, "name": "sales", "displayName": "销售组"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "1st"}, '"1st" is not a skill group name'),
        ({"displayName": ""}, '"displayName" is required'),
        ({"displayName": "长" * 65}, "longer than 64"),
        ({"mediaType": "fax"}, 'mediaType "fax" is not one of audio, chat, video'),
        ({"displayname": "x"}, 'unknown property "displayname"; did you mean "displayName"?'),
        ({"description": 5.0}, '"description" must be a string'),
    ],
)
async def test_bad_input_is_one_line(groups: Verbs, change: dict[str, Any], expected: str) -> None:
    assert any(expected in problem for problem in await groups.check(NEW | change))


def test_another_name_is_another_group(groups: Verbs) -> None:
    assert groups.diff(NEW, NEW | {"name": "late"}) == {"name": "UPDATE_REPLACE"}
    assert groups.diff(NEW, NEW | {"instanceId": "acme-billing"}) == {"instanceId": "UPDATE_REPLACE"}
    assert groups.diff(NEW, NEW | {"mediaType": "audio"}) == {}


async def test_a_group_does_not_change_its_medium(groups: Verbs) -> None:
    (refused,) = await groups.check(NEW | {"mediaType": "chat"}, NEW)
    assert refused.startswith("skill group night is for audio and cannot become one for chat")


async def test_a_chat_group_is_made_once(simulator: Simulator, groups: Verbs) -> None:
    chat = NEW | {"mediaType": "chat"}
    made, _ = await groups.create(chat)
    simulator.reset()
    assert (await groups.create(chat))[0] == made
    assert simulator.count("CreateSkillGroup") == 0
    live = await groups.read(made, chat, chat)
    assert live is not None
    assert groups.diff(live.outputs, chat) == {}


async def test_a_group_a_colleague_makes_at_the_same_moment_is_no_error(simulator: Simulator) -> None:
    async with a_run(simulator.url) as run:
        assert "night" not in await run.inventory.skill_groups(INSTANCE)
        made = simulator.api(
            "CreateSkillGroup",
            InstanceId=INSTANCE,
            Name="night",
            DisplayName=NEW["displayName"],
            Description=NEW["description"],
        )
        assert made["Code"] == "OK"
        assert (await SkillGroup().create(run, URN, NEW, preview=False))[0] == f"night@{INSTANCE}"
    assert held(simulator)["night"] == ("夜班组", "夜间接听")
