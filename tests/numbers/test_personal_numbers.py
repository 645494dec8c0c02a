"""Numbers given to agents and taken back: in batches, through faults, and never left with nobody by a failure."""

import asyncio
from collections.abc import Iterator, Sequence
from time import monotonic

import pytest

from ccc_numbers.api.rows import PhoneNumber, Usage
from ccc_numbers.numbers.apply_number import HalfDone
from ccc_numbers.numbers.plan_number import Binding, Declared
from tests.numbers.test_apply_number import applied_by
from tests.support.simulator import Simulator
from tests.support.switches import SWITCHES
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

MAIN = Binding(Usage.BIDIRECTIONAL, "主流程", frozenset({"sales"}))
OWN = Binding(Usage.BIDIRECTIONAL, "主流程", frozenset())
AGENTS = ("wang", "li")
Holder = tuple[str | None, tuple[str, ...]]


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    """Numbers 1 to 10 are in the groups' hands, 11 to 20 unassigned, 21 is in another instance."""
    here = instance([bound(each) for each in numbers(10)], users=AGENTS)
    running.begin_anew(
        seed(numbers(10, start=11), support=here, billing=instance([bound(number(21))], users=AGENTS))
    )
    yield running
    running.faults([])


async def bring(
    simulator: Simulator, each: Sequence[str], agent: str, binding: Binding = OWN
) -> list[PhoneNumber | BaseException | None]:
    async with applied_by(simulator.url) as (applier, _):
        work = (
            applier.apply(Declared(n, INSTANCE, binding, adopt=True, agent=agent), in_state=True)
            for n in each
        )
        return await asyncio.gather(*work, return_exceptions=True)


def holders(simulator: Simulator, place: str = INSTANCE) -> dict[str, Holder]:
    """Who may call out with each number: its agent, its groups."""
    return {
        each: (row.get("user"), tuple(row.get("skillGroups", ())))
        for each, row in simulator.numbers(place).items()
    }


async def test_numbers_go_from_groups_to_an_agent_to_another_and_back(simulator: Simulator) -> None:
    every = numbers(21)
    assert all(isinstance(row, PhoneNumber) for row in await bring(simulator, every, "wang"))
    assert holders(simulator) == dict.fromkeys(every, ("wang", ()))
    assert simulator.count("AddPersonalNumbersToUser") <= 3
    assert simulator.count("ListUsers") == 1

    await bring(simulator, every[:5], f"li@{INSTANCE}")
    assert holders(simulator) == dict.fromkeys(every[:5], ("li", ())) | dict.fromkeys(every[5:], ("wang", ()))
    simulator.reset()
    await bring(simulator, every[5:], "wang")
    assert not [action for action in simulator.calls() if not action.startswith(("List", "Get"))]

    await bring(simulator, every, "", MAIN)
    assert holders(simulator) == dict.fromkeys(every, (None, ("sales",)))


@pytest.mark.parametrize("fault", ["throttle", "unavailable", "lostResponse", "reset", "badJson"])
@pytest.mark.parametrize("action", ["AddPersonalNumbersToUser", "RemovePersonalNumbersFromUser"])
async def test_a_passing_fault_is_not_noticed(simulator: Simulator, action: str, fault: str) -> None:
    await bring(simulator, numbers(5), "wang")
    simulator.faults([{"action": action, "times": 2, "fault": fault}])
    results = await bring(simulator, numbers(10), "li")
    assert [each for each in results if isinstance(each, BaseException)] == []
    assert holders(simulator) == dict.fromkeys(numbers(10), ("li", ()))


@pytest.mark.parametrize("switch", SWITCHES, ids="=".join)
async def test_no_undocumented_behaviour_changes_who_has_a_number(
    simulator: Simulator, switch: tuple[str, str]
) -> None:
    simulator.switch(**dict([switch]))
    for agent, binding, held in (
        ("wang", OWN, ("wang", ())),
        ("li", OWN, ("li", ())),
        ("", MAIN, (None, ("sales",))),
    ):
        wanted, until = dict.fromkeys(numbers(10), held), monotonic() + 5
        await bring(simulator, numbers(10), agent, binding)
        while holders(simulator) != wanted and monotonic() < until:
            await bring(simulator, numbers(10), agent, binding)  # an old reading misleads one run
        assert holders(simulator) == wanted


async def test_an_agent_gets_the_number_back_when_the_next_cannot_have_it(simulator: Simulator) -> None:
    await bring(simulator, [number(1)], "wang")
    refused = {"action": "AddPersonalNumbersToUser", "fault": "error", "code": "Parameter.Invalid"}
    simulator.faults([refused | {"params": ["NumberList", "no"], "times": 1}])
    (stopped,) = await bring(simulator, [number(1)], "li")
    assert isinstance(stopped, HalfDone)
    assert f"personal number of agent wang@{INSTANCE}, not as declared" in str(stopped)
    assert holders(simulator)[number(1)] == ("wang", ())


@pytest.mark.parametrize(
    ("first", "action", "agent", "binding", "held"),
    [
        ("", "AddPersonalNumbersToUser", "li", OWN, (None, ("sales",))),
        ("wang", "AddNumbersToSkillGroup", "", MAIN, ("wang", ())),
    ],
)
async def test_a_number_that_cannot_change_hands_stays_where_it_was(
    simulator: Simulator, first: str, action: str, agent: str, binding: Binding, held: Holder
) -> None:
    if first:
        await bring(simulator, [number(1)], first)
    simulator.faults(
        [{"action": action, "fault": "error", "code": "Permission.Common", "params": ["no"], "times": 1}]
    )
    (stopped,) = await bring(simulator, [number(1)], agent, binding)
    assert isinstance(stopped, HalfDone)
    assert holders(simulator)[number(1)] == held
    await bring(simulator, [number(1)], agent, binding)
    assert holders(simulator)[number(1)] == (agent or None, tuple(binding.groups))


async def test_a_wrong_name_is_told_before_anybody_loses_the_number(simulator: Simulator) -> None:
    await bring(simulator, [number(1)], "wang")
    (unknown,) = await bring(simulator, [number(1)], "lie")
    assert 'no agent "lie" in acme-support; did you mean "li"?' in str(unknown)
    assert holders(simulator)[number(1)] == ("wang", ())
    assert holders(simulator, OTHER)[number(21)] == (None, ("sales",))
