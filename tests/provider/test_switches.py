"""Skill groups and contact flows under everything CCC does not document; numbers are in tests/ccc/test_converge.py."""

import json
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from tests.support.plugin import Bag, Verbs
from tests.support.simulator import Simulator
from tests.support.switches import SWITCHES
from tests.support.worlds import INSTANCE, bound, instance, number, seed

GROUP = {"instanceId": INSTANCE, "name": "night", "displayName": "夜班组", "description": "夜间接听"}
FLOW = {"instanceId": INSTANCE, "name": "节假日", "definition": '{"activities": [{"id": "1"}]}'}
_STALE_S = 5  # readings are at most 300 ms old


def held(simulator: Simulator, kind: str, name: str) -> list[dict[str, Any]]:
    """All of that name; there may be two where CCC takes them."""
    rows: list[dict[str, Any]] = simulator.state()["instances"][INSTANCE][kind]
    return [row for row in rows if row["name"] == name]


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    """Look again while readings may be old."""
    deadline = monotonic() + _STALE_S
    while not await found():
        assert monotonic() < deadline, "it is not seen as declared"


async def lives(verbs: Verbs, declared: Bag, changed: Bag) -> tuple[str, Bag]:
    """Made, changed, and then seen without a difference; its id and properties."""
    made, outputs = await verbs.create(declared)
    outputs = await verbs.update(made, outputs, changed)

    async def as_declared() -> bool:
        live = await verbs.read(made, outputs, changed)
        return live is not None and verbs.diff(live.outputs, changed) == {}

    await until(as_declared)
    return made, outputs


async def goes(verbs: Verbs, made: str, outputs: Bag) -> None:
    """Deleted, and then not seen any more."""
    await verbs.delete(made, outputs)

    async def gone() -> bool:
        return await verbs.read(made, outputs, outputs) is None

    await until(gone)


@pytest.mark.parametrize(("name", "position"), SWITCHES)
async def test_groups_and_flows_end_as_declared_whatever_ccc_does_undocumented(
    running: Simulator, name: str, position: str
) -> None:
    running.begin_anew(seed([], support=instance([bound(number(1))])))
    running.switch(**{name: position})

    groups, changed = Verbs(running.url, "SkillGroup"), GROUP | {"displayName": "晚班组", "description": ""}
    if (name, position) == ("modify_group_without_description", "keep"):
        changed["description"] = "到早上"  # nothing can empty it; see below
    group, outputs = await lives(groups, GROUP, changed)
    (row,) = held(running, "skillGroups", "night")
    assert (row["displayName"], row.get("description", "")) == ("晚班组", changed["description"])
    await goes(groups, group, outputs)
    assert held(running, "skillGroups", "night") == []

    flows, edited = Verbs(running.url, "ContactFlow"), FLOW | {"definition": '{"activities": [{"id": "2"}]}'}
    flow, outputs = await lives(flows, FLOW, edited)
    (row,) = held(running, "contactFlows", "节假日")
    assert json.loads(row["definition"]) == {"activities": [{"id": "2"}]}
    assert (row.get("published", True), row.get("draft")) == (True, None)
    await goes(flows, flow, outputs)
    assert held(running, "contactFlows", "节假日") == []


async def test_a_description_that_ccc_does_not_empty_is_reported(running: Simulator) -> None:
    running.begin_anew(seed([], support=instance()))
    running.switch(modify_group_without_description="keep")
    groups = Verbs(running.url, "SkillGroup")
    made, outputs = await groups.create(GROUP)
    with pytest.raises(
        CccError, match='shows it as "夜班组" with the description "夜间接听"; it may take no empty'
    ):
        await groups.update(made, outputs, GROUP | {"description": ""})
