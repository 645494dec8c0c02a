"""The client against the simulator: every operation there and back, real signatures, real faults."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from ccc_numbers.api import retry
from ccc_numbers.api.client import Client
from ccc_numbers.api.credentials import FixedKeys, Keys
from ccc_numbers.api.errors import Conflict, Denied, Invalid, NotExists, Unavailable
from ccc_numbers.api.rows import FlowType, MediaType, SkillGroupRef, UnassignedNumber, Usage
from ccc_numbers.api.settings import Settings
from tests.support.simulator import Simulator, start_simulator

SEED: dict[str, Any] = {
    "instances": {
        "acme": {
            "status": "RUNNING",
            "contactFlows": [
                {"name": "主流程", "type": "MAIN_FLOW", "published": True},
                {"name": "夜间", "type": "MAIN_FLOW", "published": False},
            ],
            "users": [{"login": "agent"}],
            "skillGroups": [
                {"name": "sales", "displayName": "销售组", "mediaType": "AUDIO"},
                {"name": "chat", "displayName": "Chat", "mediaType": "CHAT"},
            ],
            "numbers": [
                {
                    "number": "02180001002",
                    "usage": "Bidirection",
                    "contactFlow": "主流程",
                    "skillGroups": ["sales"],
                    "provider": "A",
                }
            ],
        },
        "beta": {"status": "RUNNING"},
    },
    "unassigned": [
        {"number": "02180001001", "province": "上海", "city": "上海", "provider": "A"},
        {"number": "4008001001"},
        {"range": ["02180002000", "02180002249"], "province": "上海", "city": "上海", "provider": "A"},
    ],
}


@pytest.fixture(scope="module")
def process() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(process: Simulator) -> Simulator:
    process.put_state(SEED)
    process.faults([])
    process.reset()
    return process


@pytest.fixture
async def client(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(retry, "_FIRST_WAIT", 0.01)
    settings = Settings.parse({"endpoint": simulator.url}, environ={})
    async with Client(settings, credentials=FixedKeys(Keys("simulator", "simulator"))) as client:
        yield client


async def main_flow(client: Client) -> str:
    return next(flow.id for flow in await client.list_contact_flows("acme") if flow.name == "主流程")


async def test_a_number_with_all_its_bindings(client: Client) -> None:
    [row] = await client.list_phone_numbers("acme")
    assert (row.number, row.instance_id, row.usage) == ("02180001002", "acme", Usage.BIDIRECTIONAL)
    assert row.contact_flow_name == "主流程"
    assert row.contact_flow_id == await main_flow(client)
    assert row.skill_groups == (SkillGroupRef("sales@acme", "sales", "销售组"),)
    assert row.provider == "A"
    assert row.user_id is None
    assert row.created is not None


async def test_unassigned_numbers_come_from_all_pages(client: Client, simulator: Simulator) -> None:
    rows = await client.list_unassigned_numbers()
    assert len(rows) == 252
    assert rows[0] == UnassignedNumber("02180001001", "上海", "上海")
    assert simulator.count("ListUnassignedNumbers") == 3


async def test_numbers_are_added_changed_and_removed(client: Client, simulator: Simulator) -> None:
    flow = await main_flow(client)
    assert await client.add_phone_numbers("acme", ["02180001001", "02189999999"], Usage.INBOUND, flow) == (
        "02189999999",
    )
    await client.modify_phone_number("acme", "02180001001", Usage.OUTBOUND)
    row = next(row for row in await client.list_phone_numbers("acme") if row.number == "02180001001")
    assert (row.usage, row.contact_flow_id) == (Usage.OUTBOUND, None)
    assert await client.remove_phone_numbers("acme", ["02180001001"]) == ()
    assert "02180001001" in simulator.unassigned()


async def test_a_bound_number_is_only_removed_by_force(client: Client, simulator: Simulator) -> None:
    assert await client.remove_phone_numbers("acme", ["02180001002"]) == ("02180001002",)
    assert await client.remove_phone_numbers("acme", ["02180001002"], force=True) == ()
    assert "02180001002" in simulator.unassigned()


async def test_groups_take_and_give_numbers_from_both_sides(client: Client) -> None:
    numbers = ["02180002000", "02180002001"]
    await client.add_phone_numbers("acme", numbers, Usage.OUTBOUND)
    await client.add_numbers_to_skill_group("acme", "sales@acme", numbers)
    assert await _held(client) == ["02180001002", *numbers]
    await client.remove_phone_numbers_from_skill_group("acme", "sales@acme", numbers[:1])
    await client.remove_phone_number_from_skill_groups("acme", numbers[1], ["sales@acme"])
    assert await _held(client) == ["02180001002"]
    await client.add_phone_number_to_skill_groups("acme", numbers[0], ["sales@acme"])
    assert await _held(client) == ["02180001002", numbers[0]]


async def _held(client: Client) -> list[str]:
    """The numbers of acme that a skill group holds."""
    return [row.number for row in await client.list_phone_numbers("acme") if row.skill_groups]


async def test_a_skill_group_from_birth_to_death(client: Client) -> None:
    made = await client.create_skill_group("acme", "support", "支持组", "二线")
    assert await client.get_skill_group("acme", made.id) == made
    await client.modify_skill_group("acme", made.id, "支持", "")
    listed = {group.name: group for group in await client.list_skill_groups("acme")}
    assert (listed["support"].display_name, listed["support"].description) == ("支持", "")
    assert listed["sales"].number_count == 1
    assert [group.name for group in await client.list_skill_groups("acme", MediaType.CHAT)] == ["chat"]
    with pytest.raises(Conflict):
        await client.create_skill_group("acme", "support", "again")
    with pytest.raises(Conflict):
        await client.delete_skill_group("acme", "sales@acme")
    await client.delete_skill_group("acme", "sales@acme", force=True)
    await client.delete_skill_group("acme", made.id)
    assert await client.list_skill_groups("acme") == ()


async def test_a_flow_from_draft_to_death(client: Client) -> None:
    made = await client.create_contact_flow("acme", "周末", FlowType.MAIN, '{"v": 1}', "first")
    draft = await client.start_edit_contact_flow("acme", made)
    await client.commit_contact_flow("acme", made, draft, '{"v": 2}', "second")
    await client.publish_contact_flow("acme", made, draft)
    flow = next(flow for flow in await client.list_contact_flows("acme") if flow.id == made)
    assert (flow.name, flow.type, flow.published, flow.definition) == (
        "周末",
        FlowType.MAIN,
        True,
        '{"v": 2}',
    )
    draft = await client.start_edit_contact_flow("acme", made)
    await client.discard_editing_contact_flow("acme", made, draft)
    await client.delete_contact_flow("acme", made)
    assert made not in {flow.id for flow in await client.list_contact_flows("acme")}


@pytest.mark.parametrize("length", [500, 2_000, 10_000, 340_000])
async def test_a_long_definition_in_chinese_arrives_whole(client: Client, length: int) -> None:
    """A URL takes some 7,000 bytes of it at most; 10,000 characters are a file of 30 KB, 340,000 one of 1 MiB."""
    definition = '{"text": "' + "值" * length + '"}'
    made = await client.create_contact_flow("acme", "长", FlowType.MAIN, definition, "")
    flow = next(flow for flow in await client.list_contact_flows("acme") if flow.id == made)
    assert flow.definition == definition


async def test_instances_and_what_is_in_them(client: Client) -> None:
    assert [instance.id for instance in await client.list_instances()] == ["acme", "beta"]
    instance = await client.get_instance("acme")
    assert (instance.status, instance.numbers) == ("RUNNING", ("02180001002",))
    with pytest.raises(NotExists, match="GetInstance: The specified instance nobody does not exist"):
        await client.get_instance("nobody")


async def test_numbers_that_ccc_does_not_take_are_returned(client: Client) -> None:
    with pytest.raises(Invalid, match="Usage"):
        await client.add_phone_numbers("acme", ["4008001001"], Usage.BIDIRECTIONAL)
    with pytest.raises(NotExists):
        await client.modify_phone_number("acme", "02189999999", Usage.INBOUND)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (Keys("nobody", "simulator"), "no such access key"),
        (Keys("simulator", "wrong"), "wrong secret for this access key"),
    ],
)
async def test_refused_keys_are_one_line(simulator: Simulator, keys: Keys, message: str) -> None:
    settings = Settings.parse({"endpoint": simulator.url}, environ={})
    async with Client(settings, credentials=FixedKeys(keys)) as client:
        with pytest.raises(Denied, match=message) as error:
            await client.list_phone_numbers("acme")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("fault", ["throttle", "unavailable", "reset", "badJson", "lostResponse"])
async def test_a_read_goes_through_every_fault(client: Client, simulator: Simulator, fault: str) -> None:
    simulator.faults([{"action": "ListPhoneNumbers", "times": 2, "fault": fault}])
    assert len(await client.list_phone_numbers("acme")) == 1


@pytest.mark.parametrize("fault", ["unavailable", "reset", "badJson", "lostResponse"])
async def test_a_write_stops_at_a_fault_that_hides_its_fate(
    client: Client, simulator: Simulator, fault: str
) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "times": 1, "fault": fault}])
    with pytest.raises(Unavailable) as error:
        await client.add_phone_numbers("acme", ["02180001001"], Usage.OUTBOUND)
    assert error.value.may_have_happened
    happened = "02180001001" in {row.number for row in await client.list_phone_numbers("acme")}
    assert happened or fault != "lostResponse"


async def test_a_throttled_write_happens_once(client: Client, simulator: Simulator) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "times": 3, "fault": "throttle"}])
    assert await client.add_phone_numbers("acme", ["02180001001"], Usage.OUTBOUND) == ()
    assert simulator.calls()["AddPhoneNumbers"] == {"ok": 1, "throttled": 3, "failed": 0}


async def test_a_part_of_a_batch_that_fails_is_named(client: Client, simulator: Simulator) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "numbers": ["02180002001"], "fault": "partial"}])
    numbers = ["02180002000", "02180002001"]
    assert await client.add_phone_numbers("acme", numbers, Usage.OUTBOUND) == ("02180002001",)


@pytest.mark.parametrize("switch", [{"unset": "null"}, {"unset": "blank"}])
async def test_unset_fields_in_every_form_read_the_same(
    client: Client, simulator: Simulator, switch: dict[str, str]
) -> None:
    plain = await client.list_phone_numbers("acme")
    simulator.switch(**switch)
    try:
        assert await client.list_phone_numbers("acme") == plain
    finally:
        simulator.switch(unset="absent")


async def test_a_client_stays_below_the_quota_a_simulator_enforces() -> None:
    rate = 20
    with start_simulator(SEED, rate=rate) as simulator:
        settings = Settings.parse({"endpoint": simulator.url, "rate": {"GetInstance": rate}}, environ={})
        async with Client(settings, credentials=FixedKeys(Keys("simulator", "simulator"))) as client:
            await asyncio.gather(*(client.get_instance("acme") for _ in range(30)))
        assert simulator.calls()["GetInstance"] == {"ok": 30, "throttled": 0, "failed": 0}
        assert simulator.rates()["GetInstance"] <= rate
