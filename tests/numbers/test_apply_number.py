"""Many numbers brought where they belong at once: batches, faults, lost answers, and every undocumented switch."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import pytest

from ccc_numbers.api.client import Client
from ccc_numbers.api.rows import PhoneNumber, Usage
from ccc_numbers.api.settings import Settings
from ccc_numbers.numbers.apply_number import Applier, HalfDone
from ccc_numbers.numbers.batches import Stopped
from ccc_numbers.numbers.inventory import Inventory
from ccc_numbers.numbers.plan_number import Binding, Declared
from ccc_numbers.numbers.writer import Writer
from tests.support.simulator import Simulator
from tests.support.switches import SWITCHES
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

MAIN = Binding(Usage.BIDIRECTIONAL, "主流程", frozenset({"sales"}))
NIGHT = Binding(Usage.INBOUND, "夜间流程", frozenset())
OUT = Binding(Usage.OUTBOUND, None, frozenset({"vip", "support"}))


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """The module's simulator, as new."""
    running.begin_anew(seed(numbers(60)))
    return running


@asynccontextmanager
async def applied_by(url: str, **settings: Any) -> AsyncIterator[tuple[Applier, Writer]]:
    async with Client(Settings.parse({"endpoint": url, **settings})) as client:
        inventory = Inventory(client)
        writer = Writer(client, inventory, client.settings.batch_size, linger_s=0.01)
        yield Applier(inventory, writer), writer


async def bring(
    url: str, each: Sequence[str], binding: Binding, place: str = INSTANCE, **settings: Any
) -> list[PhoneNumber | BaseException | None]:
    """All at once, as an engine with enough parallelism would."""
    async with applied_by(url, **settings) as (applier, _):
        work = (applier.apply(Declared(n, place, binding, adopt=True), in_state=True) for n in each)
        return await asyncio.gather(*work, return_exceptions=True)


def held(simulator: Simulator, place: str = INSTANCE) -> dict[str, Binding]:
    words = {"Inbound": Usage.INBOUND, "Outbound": Usage.OUTBOUND, "Bidirectional": Usage.BIDIRECTIONAL}
    rows = simulator.state()["instances"][place].get("numbers", ())
    return {
        row["number"]: Binding(
            usage := words[row["usage"]],
            row.get("contactFlow") if usage.takes_calls else None,
            frozenset(row.get("skillGroups", ())),
        )
        for row in rows
    }


def calls(simulator: Simulator, prefix: str = "") -> int:
    return sum(
        sum(counts.values()) for action, counts in simulator.calls().items() if action.startswith(prefix)
    )


async def test_sixty_numbers_asked_for_at_once_share_their_calls(simulator: Simulator) -> None:
    assert all(isinstance(row, PhoneNumber) for row in await bring(simulator.url, numbers(60), MAIN))
    assert held(simulator) == dict.fromkeys(numbers(60), MAIN)
    assert simulator.count("AddPhoneNumbers") == 2
    assert simulator.count("AddNumbersToSkillGroup") == 2
    assert calls(simulator, "List") == 3
    await bring(simulator.url, numbers(60), MAIN, OTHER)
    assert held(simulator, OTHER) == dict.fromkeys(numbers(60), MAIN)
    assert simulator.count("RemovePhoneNumbers") == 2


async def test_one_number_with_many_groups_takes_one_call_for_them(simulator: Simulator) -> None:
    await bring(simulator.url, [number(1)], OUT)
    assert held(simulator) == {number(1): OUT}
    assert simulator.count("AddPhoneNumberToSkillGroups") == 1
    assert simulator.count("AddNumbersToSkillGroup") == 0


async def test_every_number_ends_as_declared_from_any_binding_to_any_other(simulator: Simulator) -> None:
    for binding in (MAIN, NIGHT, OUT, MAIN):
        await bring(simulator.url, numbers(25), binding)
        assert held(simulator) == dict.fromkeys(numbers(25), binding)


ACTIONS = ("AddPhoneNumbers", "AddNumbersToSkillGroup", "RemovePhoneNumbers", "ModifyPhoneNumber")


@pytest.mark.parametrize("fault", ["throttle", "unavailable", "lostResponse", "reset", "badJson"])
@pytest.mark.parametrize("action", ACTIONS)
async def test_a_passing_fault_of_a_write_is_not_noticed(
    simulator: Simulator, action: str, fault: str
) -> None:
    await bring(simulator.url, numbers(10), NIGHT)
    simulator.faults([{"action": action, "times": 2, "fault": fault}])
    results = await bring(simulator.url, numbers(20), MAIN)
    results += await bring(simulator.url, numbers(20), MAIN, OTHER)
    results += await bring(simulator.url, numbers(20), MAIN)
    assert [error for error in results if isinstance(error, BaseException)] == []
    assert held(simulator) == dict.fromkeys(numbers(20), MAIN)
    assert held(simulator, OTHER) == {}


@pytest.mark.parametrize("fault", ["throttle", "unavailable", "reset", "badJson"])
@pytest.mark.parametrize("action", ["ListPhoneNumbers", "ListUnassignedNumbers", "ListSkillGroups"])
async def test_a_passing_fault_of_a_listing_is_not_noticed(
    simulator: Simulator, action: str, fault: str
) -> None:
    simulator.faults([{"action": action, "times": 3, "fault": fault}])
    results = await bring(simulator.url, numbers(5), MAIN)
    assert [error for error in results if isinstance(error, BaseException)] == []
    assert held(simulator) == dict.fromkeys(numbers(5), MAIN)


async def test_a_number_that_ccc_does_not_take_fails_alone(simulator: Simulator) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "times": 9, "fault": "partial", "numbers": [number(7)]}])
    results = dict(zip(numbers(20), await bring(simulator.url, numbers(20), MAIN), strict=True))
    failed = {n: str(error) for n, error in results.items() if isinstance(error, BaseException)}
    assert set(failed) == {number(7)}
    assert number(7) in failed[number(7)]
    assert held(simulator) == dict.fromkeys(set(numbers(20)) - {number(7)}, MAIN)


async def test_a_refused_batch_is_split_until_the_culprit_stands_alone(simulator: Simulator) -> None:
    """A 400 number that is to call out makes CCC refuse the whole call it is in."""
    culprit = "4008001001"
    simulator.import_numbers(culprit)
    results = dict(
        zip([*numbers(12), culprit], await bring(simulator.url, [*numbers(12), culprit], MAIN), strict=True)
    )
    failed = {n: str(error) for n, error in results.items() if isinstance(error, BaseException)}
    assert set(failed) == {culprit}
    assert held(simulator) == dict.fromkeys(numbers(12), MAIN)


async def test_a_move_that_fails_halfway_puts_the_number_back_as_it_was(simulator: Simulator) -> None:
    await bring(simulator.url, [number(1)], OUT)
    simulator.faults([{"action": "AddPhoneNumbers", "times": 1, "fault": "partial", "numbers": [number(1)]}])
    (result,) = await bring(simulator.url, [number(1)], MAIN, OTHER)
    assert f"it was put back into {INSTANCE} as it was" in str(result)
    assert held(simulator) == {number(1): OUT}
    assert held(simulator, OTHER) == {}


async def test_a_number_is_put_back_to_a_flow_that_nobody_could_bind_by_its_name_now(
    simulator: Simulator,
) -> None:
    draft = instance([bound(number(1), "Inbound", "草稿", [])])
    simulator.begin_anew(seed([], support=draft))
    simulator.switch(unpublished_flow="accepted")
    simulator.faults([{"action": "AddPhoneNumbers", "times": 1, "fault": "partial", "numbers": [number(1)]}])
    (result,) = await bring(simulator.url, [number(1)], MAIN, OTHER)
    assert f"it was put back into {INSTANCE} as it was" in str(result)
    assert held(simulator) == {number(1): Binding(Usage.INBOUND, "草稿", frozenset())}


async def test_a_move_that_can_go_neither_way_says_so_and_is_mended_by_the_next_run(
    simulator: Simulator,
) -> None:
    await bring(simulator.url, [number(1)], OUT)
    simulator.faults([{"action": "AddPhoneNumbers", "times": 2, "fault": "partial", "numbers": [number(1)]}])
    (result,) = await bring(simulator.url, [number(1)], MAIN, OTHER)
    assert "it is in no instance now; run `pulumi up` again" in str(result)
    assert (held(simulator), held(simulator, OTHER)) == ({}, {})
    await bring(simulator.url, [number(1)], MAIN, OTHER)
    assert held(simulator, OTHER) == {number(1): MAIN}


async def test_work_that_fails_after_the_first_step_says_how_far_it_came(simulator: Simulator) -> None:
    simulator.faults([{"action": "AddPhoneNumberToSkillGroups", "times": 99, "fault": "unavailable"}])
    (result,) = await bring(simulator.url, [number(1)], OUT, timeouts={"operation": 1})
    assert isinstance(result, HalfDone)
    assert f"{number(1)} is in {INSTANCE} as outbound, not as declared" in str(result)
    assert result.row.skill_groups == ()
    simulator.faults([])
    await bring(simulator.url, [number(1)], OUT)
    assert held(simulator) == {number(1): OUT}


async def stopped_at(
    simulator: Simulator, action: str, each: Sequence[str], binding: Binding, **settings: Any
) -> list[PhoneNumber | BaseException | None]:
    """Bring numbers where they belong, and have the run stopped as soon as CCC is asked for `action`."""
    async with applied_by(simulator.url, **settings) as (applier, writer):
        work = [
            asyncio.create_task(applier.apply(Declared(n, INSTANCE, binding, adopt=True), in_state=True))
            for n in each
        ]
        while not simulator.count(action):  # noqa: ASYNC110  # the condition is in another process
            await asyncio.sleep(0.002)
        writer.stop()
        return await asyncio.gather(*work, return_exceptions=True)


async def test_a_stopped_run_finishes_the_numbers_it_has_begun_and_begins_no_more(
    simulator: Simulator,
) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "fault": "slow", "delayMs": 300}])
    # Four batches of one may be under way at once: the rest waits for them.
    results = await stopped_at(simulator, "AddPhoneNumbers", numbers(20), MAIN, batchSize=1)
    stopped = [n for n, result in zip(numbers(20), results, strict=True) if isinstance(result, Stopped)]
    assert len(stopped) >= 10
    assert held(simulator) == {n: MAIN for n in numbers(20) if n not in stopped}, "a line without its agents"
    assert str(results[-1]) == "stopped on request before anything was done for it"


async def test_a_number_on_its_way_from_one_instance_to_another_arrives_although_the_run_is_stopped(
    simulator: Simulator,
) -> None:
    simulator.put_state(seed([], billing=instance([bound(number(1))])))
    simulator.faults([{"action": "RemovePhoneNumbers", "fault": "slow", "delayMs": 300}])
    (result,) = await stopped_at(simulator, "RemovePhoneNumbers", [number(1)], MAIN)
    assert isinstance(result, PhoneNumber), result
    assert (held(simulator), held(simulator, OTHER)) == ({number(1): MAIN}, {})


async def test_a_stopped_move_that_cannot_arrive_goes_back(simulator: Simulator) -> None:
    simulator.put_state(seed([], billing=instance([bound(number(1))])))
    simulator.faults(
        [
            {"action": "RemovePhoneNumbers", "fault": "slow", "delayMs": 300},
            {"action": "AddPhoneNumbers", "times": 1, "fault": "partial", "numbers": [number(1)]},
        ]
    )
    (result,) = await stopped_at(simulator, "RemovePhoneNumbers", [number(1)], MAIN)
    assert "it was put back into acme-billing as it was" in str(result)
    assert (held(simulator), held(simulator, OTHER)) == ({}, {number(1): MAIN})


async def test_a_stopped_run_changes_no_usage_or_flow_of_a_number_it_had_not_begun(
    simulator: Simulator,
) -> None:
    simulator.put_state(seed([], support=instance([bound(n) for n in numbers(3)])))
    async with applied_by(simulator.url) as (applier, writer):
        writer.stop()
        night = Binding(Usage.BIDIRECTIONAL, "夜间流程", frozenset({"sales"}))
        with pytest.raises(Stopped):
            await applier.apply(Declared(number(1), INSTANCE, night), in_state=True)
    assert held(simulator) == dict.fromkeys(numbers(3), MAIN)


@pytest.mark.parametrize(("name", "alternative"), SWITCHES)
async def test_whatever_ccc_does_undocumented_the_numbers_end_as_declared(
    simulator: Simulator, name: str, alternative: str
) -> None:
    here = instance([bound(n, flow="夜间流程", groups=("support",)) for n in numbers(2, start=101)])
    simulator.put_state(seed(numbers(8), support=here))
    simulator.switch(**{name: alternative})
    everyone = [*numbers(8), *numbers(2, start=101)]
    for binding, place in ((MAIN, INSTANCE), (OUT, INSTANCE), (NIGHT, INSTANCE), (MAIN, OTHER)):
        # Old readings may lead one run astray, never for good: what remains is drift to the next one. They are at
        # most 300 ms old, so within seconds there is a run that none of them misleads.
        until = monotonic() + 5
        await bring(simulator.url, everyone, binding, place)
        while held(simulator, place) != dict.fromkeys(everyone, binding) and monotonic() < until:
            await bring(simulator.url, everyone, binding, place)
        assert held(simulator, place) == dict.fromkeys(everyone, binding)
