"""What everybody in a run sees of CCC: listed once, true after our own writes, never kept after a failure."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ccc_numbers.api.client import Client
from ccc_numbers.api.errors import Denied
from ccc_numbers.api.rows import PhoneNumber, UnassignedNumber
from ccc_numbers.api.settings import Settings
from ccc_numbers.numbers.inventory import Inventory, UnknownName
from ccc_numbers.numbers.plan_number import Bound, Elsewhere, NotImported, Unassigned
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

DENIED = {"times": 1, "fault": "error", "code": "Permission.Common"}


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """Number 1 and 2 are in the instance, 3 in the other, 4 in neither, 5 not imported."""
    here, there = instance([bound(n) for n in numbers(2)]), instance([bound(number(3))])
    here["contactFlows"].append({"name": "转接", "type": "SUB_FLOW", "published": True})
    running.begin_anew(seed([number(4)], support=here, billing=there))
    return running


@pytest.fixture
async def inventory(simulator: Simulator) -> AsyncIterator[Inventory]:
    async with Client(Settings.parse({"endpoint": simulator.url})) as client:
        yield Inventory(client)


class Late:
    """Holds the answers to a listing of numbers: CCC has given them, nobody has got them yet."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        whole = Client.list_phone_numbers

        async def held_back(client: Client, instance_id: str) -> tuple[PhoneNumber, ...]:
            rows = await whole(client, instance_id)
            self.asked.set()
            await self.go_on.wait()
            return rows

        monkeypatch.setattr(Client, "list_phone_numbers", held_back)


async def test_everybody_who_asks_shares_one_listing(simulator: Simulator, inventory: Inventory) -> None:
    first, *others = await asyncio.gather(*(inventory.numbers(INSTANCE) for _ in range(5)))
    assert sorted(first) == numbers(2)
    assert all(other is first for other in others)
    await asyncio.gather(*(inventory.look(n, INSTANCE) for n in numbers(5)))
    await asyncio.gather(*(inventory.look(n, INSTANCE) for n in numbers(5)))
    lists = {action: sum(calls.values()) for action, calls in simulator.calls().items()}
    assert lists == {"ListPhoneNumbers": 2, "ListUnassignedNumbers": 1, "ListInstances": 1}


async def test_a_number_that_a_listing_has_asks_for_no_other(
    simulator: Simulator, inventory: Inventory
) -> None:
    await inventory.numbers(INSTANCE)
    for n in numbers(2):
        assert isinstance(await inventory.look(n, INSTANCE), Bound)
    assert list(simulator.calls()) == ["ListPhoneNumbers"]


async def test_a_number_is_found_wherever_it_is(inventory: Inventory) -> None:
    found = [await inventory.look(n, INSTANCE) for n in numbers(5)]
    assert [type(each) for each in found] == [Bound, Bound, Elsewhere, Unassigned, NotImported]


async def test_a_number_is_found_where_ccc_does_not_name_it(
    simulator: Simulator, inventory: Inventory
) -> None:
    there = [bound(n) for n in numbers(150, start=100)]
    simulator.put_state(seed([], support=instance([bound(number(1))]), billing=instance(there)))
    simulator.switch(instance_numbers="cut")
    simulator.reset()
    found = [await inventory.look(n, INSTANCE) for n in (*numbers(40, start=150), number(5), number(6))]
    assert [type(each) for each in found] == [Elsewhere] * 40 + [NotImported] * 2
    # One count and two pages there, one page here; and for the next number that is nowhere, nothing.
    assert simulator.count("ListPhoneNumbers") == 4


async def test_a_pending_number_costs_one_call_for_each_other_instance(
    simulator: Simulator, inventory: Inventory
) -> None:
    there = [bound(n) for n in numbers(150, start=100)]
    simulator.put_state(seed([], support=instance([bound(number(1))]), billing=instance(there)))
    simulator.reset()
    found = [await inventory.look(n, INSTANCE) for n in numbers(30, start=50)]
    assert {type(each) for each in found} == {NotImported}
    assert simulator.count("ListPhoneNumbers") == 2


async def test_an_instance_that_does_not_run_keeps_no_number_from_being_looked_for(
    simulator: Simulator, inventory: Inventory
) -> None:
    simulator.put_state(seed([], billing=instance([bound(number(3))], status="STOPPED")))
    assert isinstance(await inventory.look(number(5), INSTANCE), NotImported)


async def test_a_write_of_ours_wins_over_a_listing_that_was_begun_before_it(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = (await inventory.numbers(OTHER))[number(3)]
    late = Late(monkeypatch)
    asking = asyncio.ensure_future(inventory.numbers(INSTANCE))
    await late.asked.wait()
    inventory.wrote(replace(there, instance_id=INSTANCE))
    inventory.wrote(UnassignedNumber(number(1), "上海", "上海"))
    late.go_on.set()
    assert sorted(await asking) == numbers(2, start=2)


async def test_a_write_of_ours_is_seen_in_every_listing_there_is(inventory: Inventory) -> None:
    here, there = await inventory.numbers(INSTANCE), await inventory.numbers(OTHER)
    assert sorted(await inventory.unassigned()) == [number(4)]
    inventory.wrote(replace(here[number(1)], instance_id=OTHER))
    inventory.wrote(UnassignedNumber(number(2), "上海", "上海"))
    inventory.wrote(replace(there[number(3)], number=number(4)))
    assert sorted(await inventory.numbers(INSTANCE)) == []
    assert sorted(await inventory.numbers(OTHER)) == [number(1), number(3), number(4)]
    assert sorted(await inventory.unassigned()) == [number(2)]
    found = [await inventory.look(n, INSTANCE) for n in (number(1), number(2), number(4))]
    assert [type(each) for each in found] == [Elsewhere, Unassigned, Elsewhere]


async def test_after_a_write_of_unknown_fate_ccc_is_asked_anew_and_ours_is_forgotten(
    simulator: Simulator, inventory: Inventory
) -> None:
    row = (await inventory.numbers(INSTANCE))[number(1)]
    await inventory.unassigned()
    inventory.wrote(replace(row, skill_groups=()))
    inventory.wrote(UnassignedNumber(number(2), "上海", "上海"))
    simulator.put_state(seed(numbers(2, start=4), support=instance([bound(n) for n in numbers(2)])))
    rows = await inventory.relist(INSTANCE)
    assert [group.name for group in rows[number(1)].skill_groups] == ["sales"]
    assert sorted(rows) == numbers(2)
    assert sorted(await inventory.unassigned()) == numbers(2, start=4)
    assert isinstance(await inventory.look(number(3), INSTANCE), NotImported)


@pytest.mark.parametrize("action", ["ListPhoneNumbers", "ListUnassignedNumbers", "ListInstances"])
async def test_a_listing_that_failed_is_made_again_by_the_next_who_asks(
    simulator: Simulator, inventory: Inventory, action: str
) -> None:
    simulator.faults([{"action": action, **DENIED}])
    with pytest.raises(Denied):
        await inventory.look(number(3), INSTANCE)
    assert isinstance(await inventory.look(number(3), INSTANCE), Elsewhere)
    assert simulator.calls()[action]["failed"] == 1


async def test_an_asker_who_gives_up_does_not_take_the_listing_from_the_others(
    simulator: Simulator, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Late(monkeypatch)
    impatient, patient = (asyncio.ensure_future(inventory.numbers(INSTANCE)) for _ in range(2))
    await late.asked.wait()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    late.go_on.set()
    assert sorted(await patient) == numbers(2)
    assert simulator.count("ListPhoneNumbers") == 1


@pytest.mark.parametrize(
    ("flow", "shown"),
    [
        ("主流成", 'no contact flow "主流成" in acme-support; did you mean "主流程"?'),
        ("other", 'no contact flow "other" in acme-support; there are: 主流程, 夜间流程, 草稿, 转接'),
        ("草稿", 'contact flow "草稿" of acme-support is not published; publish it in CCC first'),
        ("转接", 'contact flow "转接" of acme-support is a sub flow; numbers take main flows'),
    ],
)
async def test_only_a_published_main_flow_can_be_bound(inventory: Inventory, flow: str, shown: str) -> None:
    assert await inventory.flow_id(INSTANCE, "主流程")
    with pytest.raises(UnknownName) as error:
        await inventory.flow_id(INSTANCE, flow)
    assert str(error.value) == shown


async def test_a_flow_or_group_to_come_stands_for_itself_until_it_is_there(inventory: Inventory) -> None:
    for name in ("节假日", "草稿", "主流程", "holiday", "sales"):
        inventory.promise(INSTANCE, name)
    assert [await inventory.flow_id(INSTANCE, name) for name in ("节假日", "草稿")] == ["节假日", "草稿"]
    assert await inventory.flow_id(INSTANCE, "主流程") != "主流程"
    assert (await inventory.skill_group(INSTANCE, "holiday")).id == "holiday"
    assert (await inventory.skill_group(INSTANCE, "sales")).id == f"sales@{INSTANCE}"
    with pytest.raises(UnknownName):
        await inventory.skill_group(OTHER, "holiday")
    with pytest.raises(UnknownName):
        await inventory.flow_id(OTHER, "节假日")


async def test_one_wrong_instance_is_reported_with_the_nearest(inventory: Inventory) -> None:
    with pytest.raises(UnknownName, match='no instance "acme-suport" in this account; did you mean "acme-su'):
        await inventory.instance("acme-suport")
