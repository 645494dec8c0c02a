"""The list of an instance's numbers: what may be taken out, what is refused before the first number, what is reported."""

from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from ccc_numbers.numbers.inventory import UnknownName
from ccc_numbers.provider.resource import Unfinished
from ccc_numbers.provider.resources.instance_latch import InstanceLatch
from ccc_numbers.provider.resources.instance_roster import InstanceRoster
from ccc_numbers.provider.resources.phone_number import PhoneNumber
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import UNKNOWN
from tests.support.plugin import EngineMessages, Verbs, a_run
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
        f"{INSTANCE}, or do it in several updates"
    )


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"removalBudget": "3"}, False),
        ({"removalBudget": "15%"}, False),
        ({"removalBudget": "2"}, True),
        ({"removalBudget": "10%"}, True),
        ({"declaredElsewhere": [number(20)]}, True),  # a move counts where the number leaves
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


@pytest.mark.parametrize(
    "budget", ["-1", "101%", "1.5", "many", "%", "١", pytest.param("9" * 5_000, id="long")]
)
async def test_a_budget_is_a_count_or_a_share(roster: Verbs, budget: str) -> None:
    assert await roster.check(BEFORE | {"removalBudget": budget}) == [
        f'removalBudget "{budget}" is neither a count of numbers (1) nor a share of them ("10%")'
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
    found = {key: value for key, value in live.outputs.items() if key not in declared}
    assert found.pop("place") == f"{simulator.endpoint} (cn-shanghai), account 1570000000000001"
    assert found == {
        "instanceName": INSTANCE,
        "status": "RUNNING",
        "unmanaged": [number(7)],
        "missing": [number(2)],
        "differing": [],
        "leftAlone": {},
        "pending": [],
        "gone": [number(3)],
    }
    # Something is to be done, so that the whole is looked at again although the declaration is the same.
    assert roster.diff(live.outputs, declared) == {"missing": "UPDATE"}


@pytest.mark.parametrize("preview", [True, False])
async def test_an_update_tells_what_it_will_leave(simulator: Simulator, roster: Verbs, preview: bool) -> None:
    simulator.put_state(seed([number(2)], support=instance([bound(number(1)), bound(number(7))])))
    declared = BEFORE | {"numbers": numbers(3)}
    _, made = await roster.create(declared, preview)
    changed = await roster.update(INSTANCE, BEFORE, declared, preview)
    for outputs in (made, changed):
        assert outputs["missing"] == []
    # The seventh was declared before: it is about to be removed.
    assert (made["unmanaged"], changed["unmanaged"]) == ([number(7)], [])
    assert (made["pending"], made["gone"]) == ([number(3)], [])
    # It was declared before, and not pending then.
    assert (changed["pending"], changed["gone"]) == ([], [number(3)])


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


SALES = {"usage": "bidirectional", "contactFlow": "主流程", "skillGroups": ["sales"]}
NIGHT = SALES | {"contactFlow": "夜间流程"}


def declared(count: int, binding: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The first `count` numbers, all bound alike."""
    return BEFORE | {"numbers": numbers(count), "bindings": [binding | {"numbers": numbers(count)}]} | more


@pytest.mark.parametrize("preview", [True, False])
async def test_a_bulk_reroute_is_refused_before_the_first_line(
    simulator: Simulator, roster: Verbs, preview: bool
) -> None:
    before = declared(20, SALES)
    with pytest.raises(CccError) as error:
        await roster.update(INSTANCE, before, declared(20, NIGHT, changeBudget="15"), preview)
    assert str(error.value) == (
        f"this update would rebind 20 of 20 lines of {INSTANCE}; its change budget allows 15: flow 主流程 → 夜间流程: "
        f"{', '.join(numbers(10))} and 10 more. Nothing was changed. If that is meant, set `changeBudget: 20` on "
        f"{INSTANCE} in the same change, or run once with CCC_ALLOW_CHANGES=20"
    )
    allowed = await roster.update(INSTANCE, before, declared(20, NIGHT, changeBudget="100%"), preview)
    assert ("foreseen" in allowed) is preview
    assert roster.shown.remarks == [
        f"{INSTANCE}: changeBudget default → 100%; 20 to rebind (flow 主流程 → 夜间流程)"
    ]


async def test_what_people_rerouted_by_hand_counts_as_well(simulator: Simulator, roster: Verbs) -> None:
    by_hand = [bound(n, flow="夜间流程") for n in numbers(20)]
    simulator.put_state(seed([], support=instance(by_hand)))
    said = declared(20, SALES)
    live = await roster.read(INSTANCE, said, said)
    assert live is not None
    assert live.outputs["differing"] == numbers(20)
    assert roster.diff(live.outputs, said) == {"differing": "UPDATE"}
    with pytest.raises(
        CccError, match="would rebind 20 of 20 lines of acme-support; its change budget allows 10"
    ):
        await roster.update(INSTANCE, live.outputs, said, False)


async def test_one_line_says_what_an_update_does(simulator: Simulator, roster: Verbs) -> None:
    simulator.put_state(
        seed(
            [number(4)],
            support=instance([bound(number(1)), bound(number(2), flow="夜间流程"), bound(number(9))]),
            billing=instance([bound(number(5))]),
        )
    )
    before = declared(2, SALES, protected=True) | {"numbers": [*numbers(2), number(9)]}
    after = declared(6, SALES, protected=False, instances={OTHER: "3"}, removalBudget="1")
    async with a_run(simulator.url, roster.shown) as run:
        assert InstanceRoster().check(run, before, after) == []
        outputs = await InstanceRoster().update(run, URN, INSTANCE, before, after, True)
    assert outputs["foreseen"] == {
        "add": [number(4)],
        "rebind": {number(2): "flow 夜间流程 → 主流程"},
        "move": {number(5): OTHER},
        "takeOver": [],
        "remove": [number(9)],
    }
    assert roster.shown.remarks == [
        f"{INSTANCE}: protected true → false, removalBudget default → 1; 1 to add, 1 to rebind (flow 夜间流程 → 主流程), "
        f"1 to move here (from {OTHER}), 2 pending, 1 to remove ({number(9)})"
    ]


async def test_a_move_counts_in_the_instance_that_the_numbers_leave(
    simulator: Simulator, roster: Verbs
) -> None:
    simulator.put_state(seed([], billing=instance([bound(n) for n in numbers(12)])))
    after = declared(3, SALES, instances={OTHER: ""})
    async with a_run(simulator.url) as run:
        assert InstanceRoster().check(run, {}, after) == []
        with pytest.raises(
            CccError, match=f"would move 3 of 12 numbers out of {OTHER}; its removal budget allows 1"
        ):
            await InstanceRoster().create(run, URN, after, False)


async def test_a_state_made_elsewhere_is_refused(simulator: Simulator, roster: Verbs) -> None:
    said = declared(20, SALES)
    with pytest.raises(CccError, match=r"was made at ccc\.cn-shanghai.* nothing was looked at or changed"):
        await roster.read(INSTANCE, said | {"place": "ccc.cn-shanghai.aliyuncs.com (cn-shanghai)"}, said)


def latch(count: int, **more: Any) -> dict[str, Any]:
    return {"instanceId": INSTANCE, "numbers": numbers(count), **more}


async def cleared(run: Run, before: int, after: int, **old: Any) -> dict[str, Any]:
    """An update that drops numbers: the roster's check, then the latch's turn."""
    roster = {"removalBudget": str(before - after)}
    assert (
        InstanceRoster().check(
            run, BEFORE | {"numbers": numbers(before)}, BEFORE | {"numbers": numbers(after)} | roster
        )
        == []
    )
    return dict(await InstanceLatch().update(run, URN, INSTANCE, latch(before, **old), latch(after), False))


async def test_the_latch_removes_what_the_declaration_dropped(simulator: Simulator) -> None:
    shown = EngineMessages()
    async with a_run(simulator.url, shown) as run:
        await cleared(run, 20, 17)
    assert sorted(simulator.numbers(INSTANCE)) == numbers(17)
    assert simulator.unassigned() == numbers(3, start=18)
    assert shown.remarks == [
        f"removed from {INSTANCE}: {', '.join(numbers(3, start=18))}; unassigned now, their vendor contracts go on"
    ]


async def test_the_latch_removes_nothing_that_no_roster_allowed(simulator: Simulator) -> None:
    async with a_run(simulator.url) as run:
        with pytest.raises(CccError, match="its roster was left out of this run"):
            await InstanceLatch().update(run, URN, INSTANCE, latch(20), latch(10), False)
    assert len(simulator.numbers(INSTANCE)) == 20


async def test_kept_numbers_are_only_forgotten(simulator: Simulator) -> None:
    async with a_run(simulator.url) as run:
        await cleared(run, 20, 18, kept=[number(19)])
    assert sorted(simulator.numbers(INSTANCE)) == [*numbers(17), number(18), number(19)]


async def test_what_could_not_be_removed_stays_in_the_state_and_is_tried_again(simulator: Simulator) -> None:
    row = bound(number(20)) | {"user": "agent", "skillGroups": []}
    rows = [*(bound(n) for n in numbers(19)), row]
    simulator.put_state(seed([], support=instance(rows, users=["agent"])))
    async with a_run(simulator.url) as run:
        with pytest.raises(
            Unfinished, match=f"1 of 2 numbers to remove are still in {INSTANCE}: {number(20)}"
        ) as stop:
            await cleared(run, 20, 18)
    assert sorted(simulator.numbers(INSTANCE)) == [*numbers(18), number(20)]
    assert stop.value.outputs["numbers"] == [*numbers(18), number(20)]
    assert InstanceLatch().diff(dict(stop.value.outputs), latch(18)).changes


@pytest.mark.parametrize("destroying", [True, False])
async def test_an_instance_is_emptied_by_a_destroy_and_by_nothing_like_it(
    simulator: Simulator, destroying: bool
) -> None:
    """A replaced, retyped or renamed roster is deleted as well, by a plugin that may have seen no program."""
    async with a_run(simulator.url, destroying=destroying) as run:
        await PhoneNumber().delete(run, URN, number(1), {"number": number(1), "instanceId": INSTANCE})
        assert len(simulator.numbers(INSTANCE)) == 20
        await InstanceLatch().delete(run, URN, INSTANCE, latch(18))
        assert sorted(simulator.numbers(INSTANCE)) == (numbers(2, start=19) if destroying else numbers(20))
        for n in numbers(20):
            await PhoneNumber().delete(run, URN, n, {"number": n, "instanceId": INSTANCE})
        await InstanceRoster().delete(run, URN, INSTANCE, BEFORE)
    assert len(simulator.numbers(INSTANCE)) == (0 if destroying else 20)


async def test_without_a_roster_a_number_goes_only_if_it_asks_for_it_and_within_a_tenth(
    simulator: Simulator,
) -> None:
    refused = []
    async with a_run(simulator.url) as run:
        run.declared.checked(
            "PhoneNumber", number(1)
        )  # the program was seen, and it still declares the first
        for n in numbers(4):
            try:
                await PhoneNumber().delete(
                    run, URN, n, {"number": n, "instanceId": INSTANCE, "removeOnDelete": True}
                )
            except CccError as error:
                refused.append(str(error))
    assert sorted(simulator.numbers(INSTANCE)) == [number(1), *numbers(17, start=4)]
    (line,) = refused
    assert line.startswith(f"{number(4)} stays in {INSTANCE}: this run has removed 2 of 20 numbers")
