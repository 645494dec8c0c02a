"""(where a number stands) × (how it is declared) × (verb): what is called, what CCC holds then, what is said.

The table is generated: every standing against every declaration for every verb. What to expect of a cell is
worked out here from the rules of DESIGN alone, by other means than the provider's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from ccc_numbers.provider.resources.phone_number import PhoneNumber
from tests.support.plugin import a_run
from tests.support.simulator import Simulator, start_simulator
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, seed

NUMBER = number(1)
URN = f"urn:pulumi:dev::p::ccc:index:PhoneNumber::{NUMBER}"
WIRE = {"inbound": "Inbound", "outbound": "Outbound", "bidirectional": "Bidirectional"}

Held = tuple[str, str, str | None, frozenset[str]]
"""Instance, usage, flow, groups."""


@dataclass(frozen=True)
class Standing:
    name: str
    held: Held | None = None
    imported: bool = True
    personal: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Said:
    usage: str
    flow: str | None
    groups: frozenset[str]
    adopt: bool = False

    def __str__(self) -> str:
        return f"{self.usage},{'+'.join(sorted(self.groups)) or 'none'}{',adopt' if self.adopt else ''}"

    @property
    def held(self) -> Held:
        return INSTANCE, self.usage, self.flow, self.groups

    @property
    def inputs(self) -> dict[str, Any]:
        inputs: dict[str, Any] = {"number": NUMBER, "instanceId": INSTANCE, "usage": self.usage}
        if self.flow:
            inputs["contactFlow"] = self.flow
        if self.groups:
            inputs["skillGroups"] = sorted(self.groups)
        return inputs | ({"adopt": True} if self.adopt else {})


def at(place: str, usage: str, flow: str | None, *groups: str) -> Held:
    return place, usage, flow, frozenset(groups)


STANDINGS = [
    Standing("not imported", imported=False),
    Standing("unassigned"),
    *(
        Standing(
            f"{where} {usage} {flow or 'no flow'} {'+'.join(groups) or 'no groups'}",
            at(place, usage, flow, *groups),
        )
        for where, place in (("here", INSTANCE), ("elsewhere", OTHER))
        for usage, flow, groups in (
            ("bidirectional", "主流程", ("sales",)),
            ("bidirectional", "主流程", ()),
            ("bidirectional", "主流程", ("sales", "vip")),
            ("bidirectional", "夜间流程", ("sales",)),
            ("inbound", "主流程", ()),
            ("outbound", None, ("sales", "support")),
            ("inbound", None, ()),
        )
    ),
    Standing("here, an agent's own", at(INSTANCE, "bidirectional", "主流程"), personal=True),
    Standing("elsewhere, an agent's own", at(OTHER, "bidirectional", "主流程"), personal=True),
]
DECLARED = [
    Said(usage, flow, frozenset(groups), adopt)
    for usage, flow, groups in (
        ("bidirectional", "主流程", ("sales",)),
        ("bidirectional", "主流程", ("sales", "support")),
        ("bidirectional", "夜间流程", ("vip",)),
        ("inbound", "主流程", ()),
        ("outbound", None, ("sales",)),
    )
    for adopt in (False, True)
]
VERBS = (
    *("create", "create preview", "update", "update preview"),
    *("read", "read, pending before", "delete", "delete, kept", "destroy, removeOnDelete"),
)
_AS_IT_IS = ("nothing was changed", f"declared for {INSTANCE}")


@dataclass(frozen=True)
class Expected:
    """What a cell comes to. `writes`: the steps, each of them exactly one call. `refused`: words of the message."""

    held: Held | None
    refused: tuple[str, ...] = ()
    writes: frozenset[str] = frozenset()
    status: str | None = None


def foreseen(standing: Standing, said: Said, verb: str) -> Expected:
    """The rules of DESIGN, "Reconciliation rules", for one cell."""
    now = standing.held
    if verb == "delete":
        return Expected(now)
    if verb == "destroy, removeOnDelete":
        here = now is not None and now[0] == INSTANCE
        if here and standing.personal:
            return Expected(now, refused=("personal number of agent agent@", "is left alone"))
        return Expected(None if here else now, writes=frozenset({"remove"} if here else ()))
    if verb == "delete, kept":
        return Expected(now)
    if verb == "read" and not standing.imported:
        return Expected(now, status="gone")
    if verb == "read":
        return Expected(now, status="bound" if now and now[0] == INSTANCE else None)
    if verb == "read, pending before":
        there = None if now else "unassigned" if standing.imported else "pending"
        return Expected(now, status="bound" if now and now[0] == INSTANCE else there)
    if not standing.imported:
        return Expected(None, status="pending")
    if standing.personal:
        return Expected(now, refused=("personal number of agent agent@", "is left alone"))
    may_change = said.adopt or verb.startswith("update")
    if now is not None and now[0] == OTHER and not said.adopt:
        return Expected(now, refused=(f"in instance {OTHER} as {now[1]}", *_AS_IT_IS, "`adopt: true`"))
    if now is not None and now[0] == INSTANCE and not may_change:
        same = now[1:3] == said.held[1:3] and now[3] <= said.groups
        if not same:
            return Expected(now, refused=(f"already in {INSTANCE} as {now[1]}", *_AS_IT_IS, "`adopt: true`"))
    if verb.endswith("preview"):
        return Expected(now, status="bound")
    return Expected(said.held, writes=frozenset(steps(now, said.held)), status="bound")


def steps(now: Held | None, then: Held) -> Iterator[str]:
    """The steps from one binding to the other."""
    if now is not None and now[0] != then[0]:
        yield "remove"
        now = None
    before = now or (then[0], then[1], then[2], frozenset[str]())
    if now is None:
        yield "add"
    if then[3] - before[3]:
        yield "bind"
    if before[1:3] != then[1:3]:
        yield "modify"
    if before[3] - then[3]:
        yield "unbind"


# CCC has two actions each for groups: one for many numbers of a group, one for many groups of a number.
STEP_OF = {
    "AddPhoneNumbers": "add",
    "RemovePhoneNumbers": "remove",
    "ModifyPhoneNumber": "modify",
    "AddNumbersToSkillGroup": "bind",
    "AddPhoneNumberToSkillGroups": "bind",
    "RemovePhoneNumbersFromSkillGroup": "unbind",
    "RemovePhoneNumberFromSkillGroups": "unbind",
}


def written(simulator: Simulator) -> list[str]:
    """The steps CCC was asked for since the last reset, one entry a call; an action that only reads is none."""
    calls = {action: sum(counts.values()) for action, counts in simulator.calls().items()}
    unknown = [action for action in calls if not action.startswith(("List", "Get")) and action not in STEP_OF]
    assert not unknown
    return sorted(
        STEP_OF[action] for action, count in calls.items() if action in STEP_OF for _ in range(count)
    )


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with start_simulator(seed([])) as running:
        yield running


def put(simulator: Simulator, standing: Standing) -> None:
    places: dict[str, list[dict[str, Any]]] = {INSTANCE: [bound(number(7))], OTHER: [bound(number(8))]}
    if standing.held:
        place, usage, flow, groups = standing.held
        row = bound(NUMBER, WIRE[usage], flow, sorted(groups))
        places[place].append(row | ({"user": "agent"} if standing.personal else {}))
    free = [NUMBER] if standing.imported and not standing.held else []
    here, there = (instance(places[place], users=["agent"]) for place in (INSTANCE, OTHER))
    simulator.put_state(seed([*free, number(9)], support=here, billing=there))
    simulator.reset()


def held(simulator: Simulator) -> Held | None:
    words = {wire: word for word, wire in WIRE.items()}
    for place, each in simulator.state()["instances"].items():
        for row in each.get("numbers", ()):
            if row["number"] == NUMBER:
                flow = row.get("contactFlow")
                return place, words[row["usage"]], flow, frozenset(row.get("skillGroups", ()))
    return None


async def perform(url: str, verb: str, said: Said, standing: Standing) -> dict[str, Any] | None:
    """One verb in a run of its own, as the engine would call it; the properties it answers."""
    numbers, inputs = PhoneNumber(), said.inputs
    was = "bound" if standing.imported or verb == "read" else "pending"
    state = inputs | {"status": was}
    preview = verb.endswith("preview")
    async with a_run(url, destroying=verb.startswith("destroy")) as run:
        if verb.startswith("create"):
            return (await numbers.create(run, URN, inputs, preview))[1]
        if verb.startswith("update"):
            return await numbers.update(run, URN, NUMBER, state, inputs, preview)
        if verb.startswith("read"):
            before = state | ({"status": "pending"} if verb.endswith("before") else {})
            live = await numbers.read(run, URN, NUMBER, before, inputs)
            return None if live is None else live.outputs
        said_of_removal = {"delete, kept": "keepOnRemoval", "destroy, removeOnDelete": "removeOnDelete"}
        await numbers.delete(
            run, URN, NUMBER, state | ({said_of_removal[verb]: True} if verb in said_of_removal else {})
        )
        return None


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("standing", STANDINGS, ids=str)
async def test_every_cell(simulator: Simulator, standing: Standing, verb: str) -> None:
    for said in DECLARED:
        cell = f"{standing} × {said} × {verb}"
        expected = foreseen(standing, said, verb)
        put(simulator, standing)
        properties: dict[str, Any] | None = None
        try:
            properties = await perform(simulator.url, verb, said, standing)
            message = None
        except CccError as error:
            message = str(error)
        if expected.refused:
            assert message, cell
            assert [words for words in (NUMBER, *expected.refused) if words not in message] == [], cell
        else:
            assert message is None, f"{cell}: {message}"
        assert held(simulator) == expected.held, cell
        assert written(simulator) == sorted(expected.writes), cell
        if not expected.refused:
            assert (properties and properties["status"]) == expected.status, cell


@pytest.mark.parametrize(("first", "then"), list(product(DECLARED[::2], DECLARED[::2])), ids=str)
async def test_an_update_from_any_binding_to_any_other_is_done_once(
    simulator: Simulator, first: Said, then: Said
) -> None:
    put(simulator, Standing("unassigned"))
    await perform(simulator.url, "create", first, STANDINGS[1])
    await perform(simulator.url, "update", then, STANDINGS[1])
    assert held(simulator) == then.held
    simulator.reset()
    await perform(simulator.url, "update", then, STANDINGS[1])
    assert written(simulator) == []
