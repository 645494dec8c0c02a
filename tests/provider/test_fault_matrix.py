"""Every fault at every write, of the first, a middle or the last object, once or for good: nothing is called done that is not.

What a verb answers as an object's properties is what the simulator holds then, a failure says so, no number is lost, and
without the fault the same verb brings it about. The plugin runs without the engine. CCC_NIGHTLY=1 goes through all positions.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from ccc_numbers.api import retry
from ccc_numbers.api.errors import CccError
from ccc_numbers.provider.resource import Unfinished
from ccc_numbers.provider.resources import resource
from ccc_numbers.provider.wire import Bag
from tests.provider.test_up import DEFAULT, held
from tests.support.plugin import Verbs, a_run
from tests.support.simulator import Simulator
from tests.support.switches import SWITCHES
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

NIGHTLY = bool(os.environ.get("CCC_NIGHTLY"))
LINES = numbers(3)
FOREIGN = number(9)
FAULTS: list[dict[str, Any]] = [
    {"fault": "throttle"},
    {"fault": "unavailable"},
    {"fault": "unavailable", "done": True},
    {"fault": "lostResponse"},
    {"fault": "lostResponse", "done": False},
    {"fault": "reset"},
    {"fault": "reset", "done": True},
    {"fault": "badJson"},
    {"fault": "slow", "delayMs": 1},
    {"fault": "error", "code": "InternalService.DB"},
    {"fault": "error", "code": "InternalService.DB", "done": True},
    {"fault": "partial"},
]
SETTINGS: dict[str, Any] = {"batchSize": 1, "timeouts": {"operation": 1}}
USUAL: Bag = {"usage": "bidirectional", "contactFlow": "主流程", "skillGroups": ["sales"]}
WORDS = {"bidirectional": "Bidirectional", "inbound": "Inbound", "outbound": "Outbound"}


@dataclass(frozen=True)
class Job:
    """Something done to three numbers at once. `start`: where they are, None for nowhere; `wanted`: None to remove them."""

    start: str | None
    wanted: Bag | None
    actions: tuple[str, ...]

    def inputs(self, each: str) -> Bag:
        return {"number": each, "instanceId": INSTANCE, **(self.wanted or USUAL), "removeOnDelete": True}


JOBS = {
    "add": Job(None, USUAL, ("AddPhoneNumbers", "AddPhoneNumberToSkillGroups", "AddNumbersToSkillGroup")),
    "modify": Job(INSTANCE, {**USUAL, "contactFlow": "夜间流程"}, ("ModifyPhoneNumber",)),
    "bind": Job(
        INSTANCE,
        {**USUAL, "skillGroups": ["sales", "support", "vip"]},
        ("AddPhoneNumberToSkillGroups", "AddNumbersToSkillGroup"),
    ),
    "rebind": Job(
        INSTANCE,
        {**USUAL, "skillGroups": ["vip"]},
        (
            "AddNumbersToSkillGroup",
            "RemovePhoneNumbersFromSkillGroup",
            "RemovePhoneNumberFromSkillGroups",
        ),
    ),
    "move": Job(
        OTHER, {**USUAL, "adopt": True}, ("RemovePhoneNumbers", "AddPhoneNumbers", "AddNumbersToSkillGroup")
    ),
    "remove": Job(INSTANCE, None, ("RemovePhoneNumbers",)),
}
NAMES_FAILURES = ("AddPhoneNumbers", "RemovePhoneNumbers")
"""Writes whose answer names what was not done. To the others CCC's yes is all there is, until the next look."""


def cases() -> Iterable[Any]:
    turn = 0
    for name, job in JOBS.items():
        for action in job.actions:
            for fault in FAULTS:
                for times in ({"times": 1}, {}):
                    turn += 1
                    if NIGHTLY or turn % 3 == 0:
                        for after in range(3) if NIGHTLY else (turn // 3 % 3,):
                            yield name, {"action": action, **fault, **times, "after": after}


def shown(each: object) -> str:
    return each if isinstance(each, str) else json.dumps(each)


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_FIRST_WAIT", 0.001)
    monkeypatch.setattr(retry, "_LONGEST_WAIT", 0.05)
    monkeypatch.setattr(retry, "random", SimpleNamespace(uniform=lambda *_: 0.001))


def begin(simulator: Simulator, job: Job) -> None:
    rows = [bound(each) for each in LINES]
    here = [bound(FOREIGN), *(rows if job.start == INSTANCE else ())]
    free = LINES if job.start is None else []
    simulator.begin_anew(
        seed(free, support=instance(here), billing=instance(rows if job.start == OTHER else ()))
    )


async def done(simulator: Simulator, job: Job, begun: Mapping[str, Bag]) -> dict[str, Bag | CccError]:
    """The job, as one run does it; for each number what it answered as its properties, or its failure."""
    phone = resource("ccc:index:PhoneNumber")
    destroying = job.wanted is None
    allowed = {"CCC_ALLOW_REMOVALS": "3"}
    async with a_run(simulator.url, environment=allowed, destroying=destroying, **SETTINGS) as run:

        async def one(each: str) -> Bag:
            urn, inputs = f"urn:pulumi:dev::p::ccc:index:PhoneNumber::{each}", job.inputs(each)
            if job.wanted is None:
                await phone.delete(run, urn, each, inputs | {"status": "bound"})
                return {}
            if each in begun or job.start == INSTANCE:
                before = begun.get(each, {**inputs, **USUAL, "status": "bound"})
                return await phone.update(run, urn, each, before, inputs, False)
            return (await phone.create(run, urn, inputs, False))[1]

        outcomes = await asyncio.gather(*map(one, LINES), return_exceptions=True)
    found: dict[str, Bag | CccError] = {}
    for each, outcome in zip(LINES, outcomes, strict=True):
        if isinstance(outcome, Unfinished):
            found[each] = outcome.outputs
        elif isinstance(outcome, CccError) or not isinstance(outcome, BaseException):
            found[each] = outcome
        else:
            raise outcome
    return found


def truth(simulator: Simulator) -> dict[str, tuple[str, Any]]:
    """Where every number is and how it is bound."""
    state = [(place, *row) for place in (INSTANCE, OTHER) for row in held(simulator, place).items()]
    bound_there = {each: (place, row) for place, each, row in state}
    free = dict.fromkeys(simulator.unassigned(), ("", None))
    assert not bound_there.keys() & free.keys()
    return {**bound_there, **free}


def claimed(answer: Bag) -> tuple[str, Any]:
    groups = answer.get("skillGroups") or []
    assert isinstance(groups, list)
    row = WORDS[str(answer["usage"])], answer.get("contactFlow"), tuple(sorted(map(str, groups)))
    return str(answer["instanceId"]), row


def wrong(simulator: Simulator, job: Job, answers: Mapping[str, Bag | CccError]) -> dict[str, Any]:
    """Numbers of which the answer is not what CCC holds; nothing is lost or touched whatever the answer is."""
    now = truth(simulator)
    assert now.pop(FOREIGN) == (INSTANCE, DEFAULT), "a number that nobody declares was touched"
    assert sorted(now) == LINES, "a number was lost"
    if job.start == INSTANCE and job.wanted:
        assert all(place == INSTANCE for place, _ in now.values()), "a number was taken out"
    expected = {
        each: ("", None) if job.wanted is None else claimed(answer)
        for each, answer in answers.items()
        if not isinstance(answer, CccError)
    }
    return {each: (said, now[each]) for each, said in expected.items() if said != now[each]}


async def completed(simulator: Simulator, job: Job, answers: Mapping[str, Bag | CccError]) -> None:
    """Without the fault, the same verbs bring about what is declared."""
    begun = {each: answer for each, answer in answers.items() if not isinstance(answer, CccError)}
    again = await done(simulator, job, begun)
    assert not [str(each) for each in again.values() if isinstance(each, CccError)]
    assert wrong(simulator, job, again) == {}
    wanted = ("", None) if job.wanted is None else claimed(job.inputs(""))
    assert truth(simulator) == {**dict.fromkeys(LINES, wanted), FOREIGN: (INSTANCE, DEFAULT)}


@pytest.mark.parametrize(("name", "fault"), list(cases()), ids=shown)
async def test_a_fault_never_makes_a_wrong_done(running: Simulator, name: str, fault: dict[str, Any]) -> None:
    job = JOBS[name]
    begin(running, job)
    running.faults([fault])
    answers = await done(running, job, {})
    running.faults([])
    said_wrong = wrong(running, job, answers)
    if fault["fault"] == "partial" and fault["action"] not in NAMES_FAILURES:
        # CCC said yes to something it did not do, and named nobody: the next look at it shows what is.
        for each in said_wrong:
            assert await seen(running, each) == truth(running)[each]
    else:
        assert said_wrong == {}
    await completed(running, job, answers)


async def seen(simulator: Simulator, each: str) -> tuple[str, Any]:
    """The number as a refresh sees it."""
    said = {"number": each, "instanceId": INSTANCE, **USUAL}
    live = await Verbs(simulator.url, "PhoneNumber").read(each, said | {"status": "bound"}, said)
    assert live is not None
    return claimed(live.outputs)


@pytest.mark.parametrize(("turn", "switch"), list(enumerate(SWITCHES)), ids=str)
async def test_a_fault_beside_an_undocumented_behaviour_makes_no_wrong_done(
    running: Simulator, turn: int, switch: tuple[str, str]
) -> None:
    job = list(JOBS.values())[turn % len(JOBS)]
    fault = FAULTS[turn % (len(FAULTS) - 1)]
    begin(running, job)
    running.switch(**dict([switch]))
    running.faults([{"writes": True, **fault, "times": 1, "after": turn % 4}])
    answers = await done(running, job, {})
    running.faults([])
    assert wrong(running, job, answers) == {}
    await completed(running, job, answers)


GROUP: Bag = {"instanceId": INSTANCE, "name": "night", "displayName": "夜班组", "description": "夜间接听"}
FLOW: Bag = {"instanceId": INSTANCE, "name": "节假日", "definition": '{"activities": [{"id": "1"}]}'}
LIVES: dict[str, tuple[Bag, Bag, tuple[str, ...]]] = {
    "SkillGroup": (
        GROUP,
        GROUP | {"displayName": "晚班组"},
        ("CreateSkillGroup", "ModifySkillGroup", "DeleteSkillGroup"),
    ),
    "ContactFlow": (
        FLOW,
        FLOW | {"definition": '{"activities": [{"id": "2"}]}'},
        (
            "CreateContactFlow", "StartEditContactFlow", "CommitContactFlow", "PublishContactFlow", "DeleteContactFlow",
        ),
    ),
}  # fmt: skip


def live(simulator: Simulator, kind: str) -> list[Any]:
    """The groups or flows of the declared name, each by what is declared of it."""
    state = simulator.state()["instances"][INSTANCE]
    if kind == "SkillGroup":
        return [
            (row["displayName"], row.get("description"))
            for row in state["skillGroups"]
            if row["name"] == GROUP["name"]
        ]
    rows = [row for row in state["contactFlows"] if row["name"] == FLOW["name"]]
    return [(json.loads(row["definition"]), row.get("published", True)) for row in rows]


def declared(kind: str, said: Bag) -> Any:
    if kind == "SkillGroup":
        return said["displayName"], said["description"]
    return json.loads(str(said["definition"])), True


def of_lives() -> Iterable[tuple[str, str, dict[str, Any]]]:
    writes = [(kind, action) for kind, (_, _, actions) in LIVES.items() for action in actions]
    every = [(*write, fault) for write in writes for fault in FAULTS]
    return every if NIGHTLY else every[::5]


@pytest.mark.parametrize(("kind", "action", "fault"), list(of_lives()), ids=shown)
async def test_a_fault_leaves_groups_and_flows_as_answered(
    running: Simulator, kind: str, action: str, fault: dict[str, Any]
) -> None:
    running.begin_anew(seed([], support=instance([bound(FOREIGN)])))
    for times in ({"times": 1}, {}) if NIGHTLY else ({"times": 1},):
        await life(running, kind, {"action": action, **fault, **times})
    assert held(running) == {FOREIGN: DEFAULT}


async def life(simulator: Simulator, kind: str, fault: dict[str, Any]) -> None:
    """Made, changed and deleted with the fault, and, where that failed, without it: CCC holds what each yes means."""
    first, changed, _ = LIVES[kind]
    verbs = Verbs(simulator.url, kind, **SETTINGS)

    async def answered(verb: Callable[[], Awaitable[Any]], after: list[Any]) -> Any:
        simulator.faults([fault])
        try:
            answer = await verb()
        except CccError:
            simulator.faults([])
            answer = await verb()
        assert live(simulator, kind) == after
        return answer

    made, outputs = await answered(lambda: verbs.create(first), [declared(kind, first)])
    outputs = await answered(lambda: verbs.update(made, outputs, changed), [declared(kind, changed)])
    await answered(lambda: verbs.delete(made, outputs), [])
