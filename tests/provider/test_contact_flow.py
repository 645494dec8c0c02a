"""Contact flows as resources: published from a definition, under CCC's edit lock."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from ccc_numbers.numbers.plan_number import Refused
from ccc_numbers.provider.resources.contact_flow import ContactFlow
from ccc_numbers.provider.wire import Bag
from tests.support.plugin import Verbs
from tests.support.simulator import Simulator, start_simulator
from tests.support.worlds import INSTANCE, bound, instance, number, seed

DEFINITION = '{"activities": [{"id": "1", "type": "Answer"}], "description": ""}'
SAME = '{"description":"","activities":[{"type":"Answer","id":"1"}]}'
OTHER = '{"activities": [{"id": "1", "type": "Hangup"}], "description": ""}'
NEW: Bag = {"instanceId": INSTANCE, "name": "节假日", "definition": DEFINITION}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with start_simulator(seed([], support=instance([bound(number(1))]))) as running:
        yield running


@pytest.fixture
def flows(simulator: Simulator) -> Verbs:
    return Verbs(simulator.url, "ContactFlow")


def held(simulator: Simulator) -> dict[str, dict[str, Any]]:
    rows: list[dict[str, Any]] = simulator.state()["instances"][INSTANCE]["contactFlows"]
    return {row["name"]: row for row in rows}


def ids(simulator: Simulator, name: str) -> list[str]:
    """Of every flow of that name: CCC may take two."""
    rows = simulator.state()["instances"][INSTANCE]["contactFlows"]
    return [row["id"] for row in rows if row["name"] == name]


def drafts(simulator: Simulator) -> list[str]:
    return [name for name, row in held(simulator).items() if row.get("draft") and name != "草稿"]


def edited_by_somebody(simulator: Simulator) -> None:
    """A colleague has the flow 节假日 open in the console."""
    state = simulator.state()
    row = next(r for r in state["instances"][INSTANCE]["contactFlows"] if r["name"] == "节假日")
    row["draft"] = {"id": "draft-1", "definition": OTHER, "description": "", "editor": "wang"}
    simulator.put_state(state)


async def test_a_flow_is_made_published_changed_and_deleted(simulator: Simulator, flows: Verbs) -> None:
    assert await flows.check(NEW) == []
    made, outputs = await flows.create(NEW)
    row = held(simulator)["节假日"]
    assert (row["id"], row.get("published", True)) == (made, True)
    assert json.loads(row["definition"]) == json.loads(DEFINITION)
    changed = NEW | {"definition": OTHER}
    assert flows.diff(outputs, changed) == {"definition": "UPDATE"}
    outputs = await flows.update(made, outputs, changed)
    assert json.loads(held(simulator)["节假日"]["definition"]) == json.loads(OTHER)
    assert drafts(simulator) == []
    live = await flows.read(made, outputs, changed)
    assert live is not None
    assert flows.diff(live.outputs, changed) == {}
    await flows.delete(made, outputs)
    assert "节假日" not in held(simulator)
    assert await flows.read(made, outputs, changed) is None


async def test_the_same_definition_written_differently_is_no_difference(
    simulator: Simulator, flows: Verbs
) -> None:
    made, outputs = await flows.create(NEW)
    assert flows.diff(outputs, NEW | {"definition": SAME}) == {}
    simulator.reset()
    assert (await flows.create(NEW | {"definition": SAME}))[0] == made
    assert simulator.count("StartEditContactFlow", "CommitContactFlow", "PublishContactFlow") == 0


async def test_a_flow_somebody_else_is_editing_is_left_alone_and_the_editor_named(
    simulator: Simulator, flows: Verbs
) -> None:
    made, outputs = await flows.create(NEW)
    edited_by_somebody(simulator)
    with pytest.raises(CccError, match='contact flow "节假日" of acme-support is being edited by wang:'):
        await flows.update(made, outputs, NEW | {"definition": OTHER})
    assert held(simulator)["节假日"]["draft"]["id"] == "draft-1"
    assert json.loads(held(simulator)["节假日"]["definition"]) == json.loads(DEFINITION)


@pytest.mark.parametrize(
    "action", ["CreateContactFlow", "StartEditContactFlow", "CommitContactFlow", "PublishContactFlow"]
)
@pytest.mark.parametrize("fault", ["lostResponse", "unavailable"])
async def test_a_fault_anywhere_ends_in_one_published_flow(
    simulator: Simulator, flows: Verbs, action: str, fault: str
) -> None:
    simulator.switch(duplicate_flow_name="accepted")
    simulator.faults([{"action": action, "times": 1, "fault": fault}])
    made, outputs = await flows.create(NEW)
    assert ids(simulator, "节假日") == [made]
    simulator.faults([{"action": action, "times": 1, "fault": fault}])
    await flows.update(made, outputs, NEW | {"definition": OTHER})
    assert json.loads(held(simulator)["节假日"]["definition"]) == json.loads(OTHER)
    assert drafts(simulator) == []


@pytest.mark.parametrize("fault", ["lostResponse", "unavailable", "reset"])
async def test_a_lost_answer_to_a_deletion_is_not_noticed(
    simulator: Simulator, flows: Verbs, fault: str
) -> None:
    made, outputs = await flows.create(NEW)
    simulator.faults([{"action": "DeleteContactFlow", "times": 1, "fault": fault}])
    await flows.delete(made, outputs)
    assert ids(simulator, "节假日") == []


@pytest.mark.parametrize("switch", [{"reads": "stale"}, {"publish": "later"}])
async def test_a_flow_that_is_seen_only_later_is_made_and_published_once(
    simulator: Simulator, flows: Verbs, switch: dict[str, str]
) -> None:
    simulator.switch(duplicate_flow_name="accepted", **switch)
    simulator.reset()
    made, _ = await flows.create(NEW)
    assert ids(simulator, "节假日") == [made]
    assert simulator.count("CreateContactFlow", "CommitContactFlow", "PublishContactFlow") == 3


async def test_a_flow_of_that_name_with_another_definition_is_refused_unless_adopted(
    simulator: Simulator, flows: Verbs
) -> None:
    there = {"instanceId": INSTANCE, "name": "主流程", "definition": OTHER}
    for preview in (True, False):
        with pytest.raises(Refused, match='contact flow "主流程" is already in acme-support'):
            await flows.create(there, preview=preview)
    await flows.create(there | {"adopt": True})
    assert json.loads(held(simulator)["主流程"]["definition"]) == json.loads(OTHER)


async def test_a_flow_that_answers_numbers_is_not_deleted_without_the_word(
    simulator: Simulator, flows: Verbs
) -> None:
    flow_id = held(simulator)["主流程"]["id"]
    outputs = {"instanceId": INSTANCE, "name": "主流程", "definition": DEFINITION}
    with pytest.raises(CccError, match=f"answers {number(1)} and stays"):
        await flows.delete(flow_id, outputs)
    await flows.delete(flow_id, outputs | {"forceRemoval": True})
    assert "主流程" not in held(simulator)


async def test_a_flow_is_imported_as_instance_and_id(simulator: Simulator, flows: Verbs) -> None:
    flow_id = held(simulator)["主流程"]["id"]
    live = await flows.read(f"{INSTANCE}/{flow_id}", {}, {})
    assert live is not None
    assert (live.id, live.inputs["name"], live.inputs["instanceId"]) == (flow_id, "主流程", INSTANCE)
    with pytest.raises(CccError, match="import a contact flow as INSTANCE_ID/FLOW_ID"):
        await flows.read(flow_id, {}, {})


async def test_a_preview_names_the_editor_who_would_stop_the_change(
    simulator: Simulator, flows: Verbs
) -> None:
    made, outputs = await flows.create(NEW)
    edited_by_somebody(simulator)
    await flows.update(made, outputs, NEW, preview=True)
    assert flows.shown.warnings == []
    await flows.update(made, outputs, NEW | {"definition": OTHER}, preview=True)
    (warning,) = flows.shown.warnings
    assert warning.startswith('contact flow "节假日" of acme-support is being edited by wang: nothing was')


async def test_a_change_that_cannot_be_published_leaves_no_draft_behind(
    simulator: Simulator, flows: Verbs
) -> None:
    made, outputs = await flows.create(NEW)
    simulator.faults([{"action": "PublishContactFlow", "fault": "error", "code": "Permission.Common"}])
    with pytest.raises(CccError, match="PublishContactFlow"):
        await flows.update(made, outputs, NEW | {"definition": OTHER})
    assert drafts(simulator) == []
    assert json.loads(held(simulator)["节假日"]["definition"]) == json.loads(DEFINITION)


async def test_a_flow_that_is_not_published_is_drift_and_is_published(
    simulator: Simulator, flows: Verbs
) -> None:
    there = {"instanceId": INSTANCE, "name": "草稿", "definition": held(simulator)["草稿"]["definition"]}
    flow_id = held(simulator)["草稿"]["id"]
    live = await flows.read(flow_id, there, there)
    assert live is not None
    assert flows.diff(live.outputs, there) == {"definition": "UPDATE"}
    outputs = await flows.update(flow_id, live.outputs, there)
    assert held(simulator)["草稿"].get("published", True)
    assert flows.diff(outputs, there) == {}


async def test_a_refresh_keeps_the_definition_as_it_is_written_while_it_means_the_same(flows: Verbs) -> None:
    made, outputs = await flows.create(NEW)
    for written in (DEFINITION, SAME):
        live = await flows.read(made, outputs, NEW | {"definition": written})
        assert live is not None
        assert live.inputs["definition"] == written
    live = await flows.read(made, outputs, NEW | {"definition": OTHER})
    assert live is not None
    assert json.loads(str(live.inputs["definition"])) == json.loads(DEFINITION)


async def test_the_note_of_a_version_is_no_drift(flows: Verbs) -> None:
    noted = NEW | {"description": "for the holidays"}
    made, outputs = await flows.create(NEW)
    live = await flows.read(made, outputs, noted)
    assert live is not None
    assert flows.diff(live.outputs, noted) == {}
    assert flows.diff(outputs, noted) == {"description": "ADD"}


@pytest.mark.parametrize(
    ("change", "replaced"),
    [
        ({"name": "周末"}, ["name"]),
        ({"instanceId": "acme-billing"}, ["instanceId"]),
        ({"type": "main", "definition": SAME}, []),
    ],
)
def test_another_name_or_instance_is_another_flow(change: Bag, replaced: list[str]) -> None:
    found = ContactFlow().diff(NEW | {"published": True}, NEW | change)
    assert (found.replaces, list(found.changes)) == (replaced, replaced)


async def test_a_flow_does_not_change_its_type(flows: Verbs) -> None:
    (refused,) = await flows.check(NEW | {"type": "sub"}, NEW)
    assert "is a main flow and cannot become a sub flow" in refused


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"definition": "[]"}, "the definition is not a JSON object"),
        ({"definition": "{"}, "the definition is not a JSON object"),
        ({"type": "other"}, 'type "other" is not one of main, sub, survey'),
        ({"name": ""}, '"name" is required'),
    ],
)
async def test_bad_input_is_one_line(flows: Verbs, change: dict[str, Any], expected: str) -> None:
    assert any(expected in problem for problem in await flows.check(NEW | change))
