"""The list of an instance's numbers: what may be taken out, what is refused before the first number, what is told."""

from typing import Any

import pytest

from ccc.errors import CccError
from ccc.inventory import UnknownName
from provider.resources.instance_latch import InstanceLatch
from provider.resources.instance_roster import InstanceRoster
from provider.resources.phone_number import PhoneNumber
from provider.run import ALLOW_REMOVALS, Removals, Run
from provider.wire import UNKNOWN
from tests.support.plugin import Verbs, a_run
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

URN = "urn:pulumi:dev::p::ccc:index:PhoneNumber::it"
BEFORE: dict[str, Any] = {
    "instanceId": INSTANCE,
    "numbers": numbers(20),
    "declaredElsewhere": [],
    "kept": [],
    "contactFlows": ["主流程"],
    "skillGroups": ["sales"],
}


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """The first twenty numbers are in the instance."""
    running.begin_anew(seed([], support=instance([bound(n) for n in numbers(20)])))
    return running


@pytest.fixture
def roster(simulator: Simulator) -> Verbs:
    return Verbs(simulator.url, "InstanceRoster")


async def test_an_update_may_take_out_a_tenth_and_no_more(roster: Verbs) -> None:
    assert await roster.check(BEFORE | {"numbers": numbers(18)}, BEFORE) == []
    (refused,) = await roster.check(BEFORE | {"numbers": numbers(17)}, BEFORE)
    assert refused == (
        f"this update would take 3 of 20 numbers out of {INSTANCE}; its removal budget allows 2: "
        f"{', '.join(numbers(3, start=18))}. Nothing was changed. If that is meant, set `removalBudget: 3` on "
        f"{INSTANCE}, or remove them in several updates"
    )


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"removalBudget": "3"}, False),
        ({"removalBudget": "15%"}, False),
        ({"removalBudget": "2"}, True),
        ({"removalBudget": "10%"}, True),
        ({"declaredElsewhere": [number(20)]}, False),
        ({"declaredElsewhere": [number(21)]}, True),
        # What is kept was said before the update: a number that has gone says nothing any more.
        ({"kept": [number(20)]}, True),
    ],
)
async def test_what_a_larger_update_needs(roster: Verbs, change: dict[str, Any], refused: bool) -> None:
    assert bool(await roster.check(BEFORE | {"numbers": numbers(17)} | change, BEFORE)) is refused


async def test_a_number_that_is_only_forgotten_is_not_counted(roster: Verbs) -> None:
    before = BEFORE | {"kept": [number(20)]}
    assert await roster.check(BEFORE | {"numbers": numbers(17)}, before) == []


@pytest.mark.parametrize("budget", ["-1", "101%", "1.5", "many", "%"])
async def test_a_budget_is_a_count_or_a_share(roster: Verbs, budget: str) -> None:
    assert await roster.check(BEFORE | {"removalBudget": budget}) == [
        f'removalBudget "{budget}" is neither a count ("3") nor a share ("10%")'
    ]


async def test_what_is_not_known_yet_is_not_counted(roster: Verbs) -> None:
    assert await roster.check(BEFORE | {"numbers": UNKNOWN}, BEFORE) == []


def test_a_preview_shows_the_numbers_that_come_and_go(roster: Verbs) -> None:
    after = [*numbers(2), *numbers(17, start=4), number(22)]
    assert roster.diff(BEFORE, BEFORE) == roster.diff(BEFORE, BEFORE | {"numbers": numbers(20)[::-1]}) == {}
    assert roster.diff(BEFORE, BEFORE | {"numbers": after}) == {"numbers[2]": "DELETE", "numbers[19]": "ADD"}
    assert roster.diff(BEFORE, BEFORE | {"numbers": [], "removalBudget": "20"}) == {
        "removalBudget": "ADD"
    } | {f"numbers[{index}]": "DELETE" for index in range(20)}


async def test_a_refresh_tells_what_is_there_and_leaves_what_was_declared(
    simulator: Simulator, roster: Verbs
) -> None:
    simulator.put_state(seed([number(2)], support=instance([bound(number(1)), bound(number(7))])))
    declared = BEFORE | {"numbers": numbers(3)}
    live = await roster.read(INSTANCE, declared, declared)
    assert live is not None
    # What the budget compares with must not drift: a number taken out by hand is still declared.
    assert live.inputs == declared
    assert {key: value for key, value in live.outputs.items() if key not in declared} == {
        "instanceName": INSTANCE,
        "status": "RUNNING",
        "unmanaged": [number(7)],
        "missing": [number(2)],
        "pending": [number(3)],
    }
    assert roster.diff(live.outputs, declared) == {}


@pytest.mark.parametrize("preview", [True, False])
async def test_an_update_tells_what_it_will_leave(simulator: Simulator, roster: Verbs, preview: bool) -> None:
    simulator.put_state(seed([number(2)], support=instance([bound(number(1)), bound(number(7))])))
    declared = BEFORE | {"numbers": numbers(3)}
    _, made = await roster.create(declared, preview)
    changed = await roster.update(INSTANCE, BEFORE, declared, preview)
    for outputs in (made, changed):
        told = outputs["unmanaged"], outputs["missing"], outputs["pending"]
        assert told == ([number(7)], [], [number(3)])


async def test_a_roster_cannot_be_imported(roster: Verbs) -> None:
    with pytest.raises(CccError, match="an InstanceRoster cannot be imported"):
        await roster.read(INSTANCE, {}, {})


@pytest.mark.parametrize("preview", [True, False])
async def test_an_instance_that_does_not_run_is_refused(
    simulator: Simulator, roster: Verbs, preview: bool
) -> None:
    simulator.put_state(seed([], support=instance(status="STOPPED")))
    with pytest.raises(CccError, match=f"instance {INSTANCE} is STOPPED, not RUNNING"):
        await roster.create(BEFORE, preview)
    with pytest.raises(UnknownName, match='did you mean "acme-support"'):
        await roster.update(INSTANCE, BEFORE, BEFORE | {"instanceId": "acme-suport"}, preview)


@pytest.mark.parametrize("preview", [True, False])
async def test_all_names_that_are_wrong_are_told_at_once(roster: Verbs, preview: bool) -> None:
    wrong = BEFORE | {"contactFlows": ["主流成", "草稿", "主流程"], "skillGroups": ["sale", "sales"]}
    with pytest.raises(CccError) as error:
        await roster.create(wrong, preview)
    assert str(error.value) == (
        f'no contact flow "主流成" in {INSTANCE}; did you mean "主流程"?; '
        f'contact flow "草稿" of {INSTANCE} is not published; publish it in CCC first; '
        f'no skill group "sale" in {INSTANCE}; did you mean "sales"?'
    )


async def take_out(run: Run, *each: str) -> list[str]:
    """Delete numbers one after the other; what was said of those that stay."""
    refused = []
    for n in each:
        try:
            await PhoneNumber().delete(run, URN, n, {"number": n, "instanceId": INSTANCE})
        except CccError as error:
            refused.append(str(error))
    return refused


async def test_what_passes_the_roster_by_is_counted_where_it_is_taken_out(simulator: Simulator) -> None:
    async with a_run(simulator.url) as run:
        (refused,) = await take_out(run, *numbers(3))
    assert refused.startswith(
        f"{number(3)} stays in {INSTANCE}: this run has taken out 2 of 20 numbers and its removal budget is 2"
    )
    assert ALLOW_REMOVALS in refused
    assert sorted(simulator.numbers(INSTANCE)) == numbers(18, start=3)


async def test_the_environment_says_how_many_may_go(simulator: Simulator) -> None:
    async with a_run(simulator.url, environment={ALLOW_REMOVALS: "4"}) as run:
        assert len(await take_out(run, *numbers(5))) == 1
    async with a_run(simulator.url, environment={ALLOW_REMOVALS: "0"}) as run:
        assert len(await take_out(run, number(10))) == 1
    assert sorted(simulator.numbers(INSTANCE)) == numbers(16, start=5)


async def test_what_the_roster_allowed_is_what_may_be_taken_out(simulator: Simulator) -> None:
    async with a_run(simulator.url) as run:
        after = BEFORE | {"numbers": numbers(15), "removalBudget": "5"}
        assert InstanceRoster().check(run, BEFORE, after) == []
        assert len(await take_out(run, *numbers(6, start=15))) == 1
    assert len(simulator.numbers(INSTANCE)) == 15


async def test_an_instance_whose_latch_has_gone_is_given_up_whole(simulator: Simulator) -> None:
    async with a_run(simulator.url) as run:
        await InstanceLatch().delete(run, URN, OTHER, {"instanceId": OTHER})
        assert len(await take_out(run, *numbers(3))) == 1
        await InstanceLatch().delete(run, URN, INSTANCE, {"instanceId": INSTANCE})
        assert await take_out(run, *numbers(20)) == []
    assert simulator.numbers(INSTANCE) == {}


def test_numbers_asked_for_at_once_are_no_more_than_the_budget() -> None:
    """None of them is out yet when the next is counted: there are 19 all the while."""
    removals, refused = Removals({}), []
    for n in numbers(3):
        try:
            removals.count(n, INSTANCE, live=19)
        except CccError as error:
            refused.append(str(error))
    assert len(refused) == 2
    assert "has taken out 1 of 19 numbers" in refused[0]
