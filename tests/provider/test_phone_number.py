"""A number's verbs where the decision table does not reach: what is checked, read, imported, foreseen and reported."""

import asyncio
from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from ccc_numbers.numbers.inventory import UnknownName
from ccc_numbers.numbers.plan_number import Refused
from ccc_numbers.provider.resource import Live
from ccc_numbers.provider.resources.phone_number import PhoneNumber
from ccc_numbers.provider.wire import UNKNOWN, Bag
from tests.support.plugin import Verbs, a_run
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

NEW: Bag = {
    "number": number(1),
    "instanceId": INSTANCE,
    "usage": "bidirectional",
    "contactFlow": "主流程",
    "skillGroups": ["sales"],
}
OWN = {key: value for key, value in NEW.items() if key != "skillGroups"}
PERSONAL = bound(number(2), groups=()) | {"user": "agent"}


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """Number 1 is imported, 2 is an agent's own, 3 is bound here and 4 in the other instance."""
    here = instance([PERSONAL, bound(number(3))], users=["agent", "li"])
    running.begin_anew(seed([number(1)], support=here, billing=instance([bound(number(4))])))
    return running


@pytest.fixture
def lines(simulator: Simulator) -> Verbs:
    return Verbs(simulator.url, "PhoneNumber")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"number": "2180001001"}, '"2180001001" has lost its leading zero; write 02180001001'),
        ({"usage": "both"}, 'usage "both" is not one of inbound, outbound, bidirectional'),
        ({"skillgroups": ["sales"]}, 'unknown property "skillgroups"; did you mean "skillGroups"?'),
        ({"skillGroups": "sales"}, '"skillGroups" must be a list'),
        ({"instanceId": ""}, '"instanceId" is required'),
        ({"number": "4008001001"}, '4008001001 is a 400 number and cannot call out: usage must be "inbound"'),
        ({"contactFlow": None}, "takes calls (bidirectional) but has no contact flow"),
        ({"skillGroups": []}, "is for calling out (bidirectional) but has no skill group"),
        ({"usage": "outbound"}, 'is outbound only: the contact flow "主流程" would never run'),
        ({"agent": "agent"}, "is the personal number of agent agent: no skill group can share it"),
    ],
)
async def test_bad_input_is_one_line(lines: Verbs, change: dict[str, Any], expected: str) -> None:
    new = {key: value for key, value in (NEW | change).items() if value is not None}
    (problem,) = await lines.check(new)
    assert expected in problem
    assert "\n" not in problem


async def test_sound_input_and_what_is_not_known_yet_have_no_problem(lines: Verbs) -> None:
    assert await lines.check(NEW) == await lines.check(NEW, NEW) == []
    assert await lines.check(NEW | {"contactFlow": UNKNOWN}) == []


async def test_a_number_cannot_become_another(lines: Verbs) -> None:
    (problem,) = await lines.check(NEW | {"number": number(2)}, NEW)
    assert problem.startswith(f"{number(1)} cannot become {number(2)}: another number is another resource")


def test_every_property_is_compared_and_the_order_of_groups_is_none(lines: Verbs) -> None:
    state = NEW | {"skillGroups": ["sales", "vip"], "status": "bound", "province": "上海"}
    assert lines.diff(state, NEW | {"skillGroups": ["vip", "sales"], "adopt": True}) == {}
    assert lines.diff(state, OWN | {"instanceId": OTHER, "usage": "inbound", "contactFlow": "夜间流程"}) == {
        "instanceId": "UPDATE",
        "usage": "UPDATE",
        "contactFlow": "UPDATE",
        "skillGroups": "DELETE",
    }
    said = {"order": "youyin", "agent": "agent", "keepOnRemoval": True}
    assert lines.diff(NEW, NEW | said) == dict.fromkeys(said, "ADD")
    assert lines.diff(NEW | said, NEW) == dict.fromkeys(said, "DELETE")
    assert lines.diff(NEW | {"status": "unassigned"}, NEW) == {"status": "UPDATE"}


@pytest.mark.parametrize("agent", ["agent", f"agent@{INSTANCE}"])
async def test_an_agents_number_that_is_declared_for_him_is_left_as_it_is(
    simulator: Simulator, lines: Verbs, agent: str
) -> None:
    before, own = simulator.state(), OWN | {"number": number(2), "agent": agent}
    assert await lines.check(own) == []
    _, outputs = await lines.create(own)
    assert outputs["status"] == "bound"
    await lines.update(number(2), outputs, own)
    assert simulator.state() == before
    assert lines.shown.warnings == []


async def test_an_agents_number_goes_to_another_only_when_that_is_declared(
    simulator: Simulator, lines: Verbs
) -> None:
    before = simulator.state()
    own = OWN | {"number": number(2)}
    for said, why in (
        ({"agent": "li"}, f"as bidirectional, flow 主流程, personal number of agent agent@{INSTANCE}"),
        ({"adopt": True}, "is left alone: write `agent: agent@"),
        ({"agent": "lo", "adopt": True}, 'no agent "lo" in acme-support; did you mean "li"?'),
    ):
        with pytest.raises(CccError, match=why):
            await lines.create(own | said)
    assert simulator.state() == before

    # The same resource, with another agent: that is a change of the declaration.
    _, outputs = await lines.create(own | {"agent": "agent"})
    new = own | {"agent": "li"}
    assert lines.diff(outputs, new) == {"agent": "UPDATE"}
    outputs = await lines.update(number(2), outputs, new)
    assert simulator.numbers(INSTANCE)[number(2)]["user"] == "li"

    # A key that is gone takes the number from nobody; a blank does.
    assert lines.diff(outputs, own) == {"agent": "DELETE"}
    with pytest.raises(Refused, match="`agent: null`"):
        await lines.update(number(2), outputs, own)
    assert simulator.numbers(INSTANCE)[number(2)]["user"] == "li"
    await lines.update(number(2), outputs, NEW | {"number": number(2), "agent": ""})
    row = simulator.numbers(INSTANCE)[number(2)]
    assert (row.get("user"), row["skillGroups"]) == (None, ["sales"])


async def test_a_refresh_shows_an_agent_where_one_is_declared(simulator: Simulator, lines: Verbs) -> None:
    for said, live in (({}, None), ({"agent": "agent"}, "agent"), ({"agent": "li"}, f"agent@{INSTANCE}")):
        own = OWN | {"number": number(2)} | said
        seen = await lines.read(number(2), own | {"status": "bound"}, own)
        assert seen is not None
        assert seen.inputs.get("agent") == seen.outputs.get("agent") == live
    imported = await lines.read(number(2), {}, {})
    assert imported is not None
    assert imported.inputs == OWN | {"number": number(2), "agent": f"agent@{INSTANCE}"}


async def test_reading_tells_what_ccc_holds_and_keeps_what_only_the_program_knows(lines: Verbs) -> None:
    said = {"order": "youyin-2026", "adopt": True, "keepOnRemoval": True}
    inputs = NEW | said | {"number": number(3), "contactFlow": "夜间流程", "skillGroups": ["vip"]}
    live = await lines.read(number(3), inputs | {"status": "bound"}, inputs)
    assert live is not None
    assert live.inputs == NEW | said | {"number": number(3)}
    assert lines.diff(live.outputs, inputs) == {"contactFlow": "UPDATE", "skillGroups": "UPDATE"}


@pytest.mark.parametrize("name", [number(3), f"{INSTANCE}/{number(3)}"])
async def test_a_number_is_imported_by_itself_or_with_its_instance(lines: Verbs, name: str) -> None:
    live = await lines.read(name, {}, {})
    assert isinstance(live, Live)
    assert (live.id, live.inputs) == (number(3), NEW | {"number": number(3)})


async def test_a_number_is_imported_although_ccc_does_not_name_it_beside_its_instance(
    lines: Verbs, simulator: Simulator
) -> None:
    there = instance([bound(number(3)), bound(number(4))])
    simulator.put_state(seed([], billing=there))
    simulator.switch(instance_numbers="cut")
    for each in (number(3), number(4)):
        live = await lines.read(each, {}, {})
        assert live is not None
        assert live.inputs["instanceId"] == OTHER


async def test_a_number_that_is_in_no_instance_cannot_be_imported(lines: Verbs) -> None:
    with pytest.raises(CccError, match=f"{number(1)} is in no instance, so there is nothing to import"):
        await lines.read(number(1), {}, {})
    assert await lines.read(number(9), {}, {}) is None


async def test_a_pending_number_imported_elsewhere_is_not_called_done(lines: Verbs) -> None:
    inputs = NEW | {"number": number(4)}
    # The next `up` makes it again, which refuses it, or moves it where that is allowed.
    assert await lines.read(number(4), inputs | {"status": "pending"}, inputs) is None
    assert lines.shown.warnings == [f"{number(4)} was imported, but is in {OTHER} now"]
    with pytest.raises(CccError, match=f"{number(4)} is in instance {OTHER}"):
        await lines.create(inputs)
    await lines.create(inputs | {"adopt": True})


async def test_a_preview_announces_a_move_and_a_number_that_is_pending(lines: Verbs) -> None:
    there = NEW | {"number": number(4), "instanceId": OTHER}
    await lines.update(number(4), there, NEW | {"number": number(4)}, preview=True)
    assert lines.shown.remarks == [f"{number(4)} moves here from {OTHER}"]
    for preview in (True, False):
        _, outputs = await lines.create(NEW | {"number": number(9)}, preview)
        assert (outputs["status"], outputs["province"]) == ("pending", "")
    assert len(lines.shown.warnings) == 2
    assert all(f"{number(9)} is not imported into the account yet" in line for line in lines.shown.warnings)


async def test_a_preview_of_one_number_refuses_a_name_that_is_not_there(lines: Verbs) -> None:
    with pytest.raises(UnknownName, match='no contact flow "主流成" in acme-support; did you mean "主流程"'):
        await lines.create(NEW | {"contactFlow": "主流成"}, preview=True)
    with pytest.raises(UnknownName, match='no skill group "sale" in acme-support; did you mean "sales"'):
        await lines.update(number(3), NEW, NEW | {"number": number(3), "skillGroups": ["sale"]}, preview=True)


async def test_a_number_that_somebody_took_to_a_third_instance_is_not_taken_from_there(
    simulator: Simulator, lines: Verbs
) -> None:
    moved = NEW | {"number": number(4)}
    with pytest.raises(Refused, match=f"{number(4)} is in instance {OTHER} as bidirectional"):
        await lines.update(number(4), moved | {"instanceId": "acme-third"}, moved)
    assert number(4) in simulator.numbers(OTHER)
    await lines.update(number(4), moved | {"instanceId": OTHER}, moved)
    assert number(4) in simulator.numbers(INSTANCE)


async def test_a_deleted_number_is_forgotten_unless_it_asks_to_be_removed(
    simulator: Simulator, lines: Verbs
) -> None:
    await lines.delete(number(3), NEW | {"number": number(3)})
    assert (number(3) in simulator.numbers(INSTANCE), lines.shown.remarks) == (True, [])
    await lines.delete(number(3), NEW | {"number": number(3), "removeOnDelete": True})
    assert number(3) in simulator.unassigned()
    assert lines.shown.remarks == [
        f"numbers removed from {INSTANCE} are unassigned now; their vendor contracts go on"
    ]


@pytest.mark.parametrize("preview", [True, False])
async def test_a_number_that_was_bound_and_is_gone_is_an_error(lines: Verbs, preview: bool) -> None:
    inputs = NEW | {"number": number(9)}
    live = await lines.read(number(9), inputs | {"status": "bound"}, inputs)
    assert live is not None
    assert live.outputs["status"] == "gone"
    assert lines.diff(live.outputs, inputs) == {"status": "UPDATE"}
    with pytest.raises(
        CccError, match=f"{number(9)} was bound in {INSTANCE} and is no longer in the account"
    ):
        await lines.update(number(9), live.outputs, inputs, preview)


async def test_as_many_numbers_share_a_call_as_is_configured(simulator: Simulator) -> None:
    simulator.put_state(seed(numbers(4)))
    async with a_run(simulator.url, batchSize=2) as run:
        made = (PhoneNumber().create(run, "urn", NEW | {"number": n}, preview=False) for n in numbers(4))
        await asyncio.gather(*made)
    assert sorted(simulator.numbers(INSTANCE)) == numbers(4)
    assert simulator.count("AddPhoneNumbers") == 2


async def test_a_group_that_a_number_group_gives_is_explained(simulator: Simulator, lines: Verbs) -> None:
    held = bound(number(3)) | {"numberGroup": "g"}
    here = instance([held]) | {"numberGroups": [{"id": "g", "skillGroups": ["vip"]}]}
    simulator.put_state(seed([], support=here))
    said = NEW | {"number": number(3)}
    with pytest.raises(
        CccError, match=r"number group of CCC holds it in vip.*write `ignoreChanges: \[skillGroups\]`"
    ):
        await lines.update(number(3), said, said)
    await lines.update(number(3), said, said | {"ignoreChanges": ["skillGroups"]})
    assert simulator.count("RemovePhoneNumbersFromSkillGroup", "RemovePhoneNumberFromSkillGroups") == 1
