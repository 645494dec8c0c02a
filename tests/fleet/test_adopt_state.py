"""Adopted numbers in the state: the bulk import, the previews, and the real CLI with no write to CCC."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.fleet.adopt.state import import_text, parse_preview
from ccc_numbers.fleet.engine.resources import state_resources
from tests.fleet.adopt_world import adopt
from tests.fleet.drift_world import INSTANCE, NUMBER, World, instance, live, number
from tests.support.simulator import start_simulator
from tests.support.stack import Stack
from tests.support.worlds import Json

URN = "urn:pulumi:acme::ccc-numbers::"
COMPONENT = f"{URN}ccc:components:InstanceNumbers::{INSTANCE}"


def test_the_bulk_import_puts_numbers_below_a_component_that_is_new_or_known() -> None:
    new = json.loads(import_text(INSTANCE, [NUMBER], None))
    assert new == {
        "resources": [
            {"type": "ccc:components:InstanceNumbers", "name": INSTANCE, "component": True},
            {
                "type": "ccc:index:PhoneNumber",
                "name": NUMBER,
                "id": f"{INSTANCE}/{NUMBER}",
                "parent": INSTANCE,
            },
        ]
    }
    known = json.loads(import_text(INSTANCE, [NUMBER], COMPONENT))
    assert known["nameTable"] == {INSTANCE: COMPONENT}
    assert [each["type"] for each in known["resources"]] == ["ccc:index:PhoneNumber"]


def test_an_export_is_read_for_its_resources() -> None:
    number_urn = f"{URN}ccc:components:InstanceNumbers$ccc:index:PhoneNumber::{NUMBER}"
    export = {"deployment": {"resources": [{"urn": COMPONENT, "protect": True}, {"urn": number_urn}]}}
    component, held = state_resources(json.dumps(export))
    assert (component.type, component.name, component.protect) == (
        "ccc:components:InstanceNumbers",
        INSTANCE,
        True,
    )
    assert (held.type, held.name, held.taint) == ("ccc:index:PhoneNumber", NUMBER, False)
    assert state_resources('{"deployment": null}') == ()


def step(op: str, kind: str, name: str, *fields: str) -> dict[str, Any]:
    urn = f"{URN}ccc:components:InstanceNumbers$ccc:index:{kind}::{name}"
    return {"op": op, "urn": urn, "detailedDiff": {field: {"kind": "update"} for field in fields}}


def test_a_preview_is_read_for_what_reaches_ccc() -> None:
    steps = [
        step("same", "PhoneNumber", number(1)),
        step("refresh", "PhoneNumber", number(1)),
        step("create", "InstanceRoster", "r"),
        step("update", "PhoneNumber", number(2), "order"),
        step("create", "PhoneNumber", number(3)),
        step("create", "PhoneNumber", number(4)),
        step("update", "PhoneNumber", number(5), "order", "skillGroups[0]"),
        step("delete", "PhoneNumber", number(6)),
        step("delete", "InstanceLatch", "l"),
    ]
    found = parse_preview("noise\n" + json.dumps({"steps": steps}), coming=[number(3)])
    assert found.bookkeeping == ("create InstanceRoster r", f"update PhoneNumber {number(2)}")
    assert found.joining == (f"create PhoneNumber {number(3)}",)
    assert [each.split()[0] for each in found.others] == ["create", "update", "delete", "delete"]
    assert (
        found.count_others()
        == "1 create PhoneNumber, 1 update PhoneNumber, 1 delete PhoneNumber, 1 delete InstanceLatch"
    )


WRITES = ("Add", "Modify", "Remove", "Create", "Delete", "Start", "Commit", "Publish", "Discard")


@pytest.fixture
def real(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """A Pulumi project of its own against a simulator of its own."""
    with start_simulator({}) as running:
        stack = Stack(tmp_path, {"endpoint": running.url})
        (tmp_path / "stacks" / "Pulumi.dev.yaml").unlink()
        for name, value in stack.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield World(tmp_path, running, capsys)


def writes(world: World) -> list[str]:
    return [action for action in world.simulator.calls() if action.startswith(WRITES)]


def test_an_instance_is_adopted_whole_extended_and_extended_by_a_list_with_no_write_to_ccc(
    real: World,
) -> None:
    """The real CLI: import, roster and latch, and the preview that proves it, three times over."""
    rows = [live(number(index), province="上海", city="上海") for index in range(1, 21)]
    for row in rows[::5]:
        row |= {"usage": "Inbound", "skillGroups": []}
    rows[7] = live(number(8), usage="Outbound", contactFlow=None, skillGroups=["vip"])
    rows[8] = live(number(9), skillGroups=[], user="wang")
    dead = live(number(30), usage="Inbound", contactFlow=None, skillGroups=[])
    state: Json = {"instances": {INSTANCE: instance(*rows, dead)}, "unassigned": [{"number": number(60)}]}
    real.simulator.put_state(state)
    answer = adopt(real, "--endpoint", real.simulator.url)
    assert answer.code == 0, answer.err
    assert "20 numbers imported; CCC was only read, and the next preview of acme is empty" in answer.out
    assert writes(real) == []
    assert real.drift("--skip", "dead-inbound").kinds == [("unmanaged", number(30))]

    # Somebody binds two more in the console; an order is known by now.
    state = real.simulator.state()
    state["instances"][INSTANCE]["numbers"] += [live(number(40)), live(number(41), contactFlow="夜间流程")]
    real.simulator.put_state(state)
    file = Path("stacks/acme.yaml")
    order = "{vendor: A, product: landline-aftersales, stage: imported, quantity: 9, prepaid: 3000}"
    file.write_text(file.read_text("utf-8") + f"orders:\n  o1: {order}\n", "utf-8")
    answer = adopt(real, "--order", "o1")
    assert answer.code == 0, answer.out + answer.err
    assert "2 numbers imported; CCC was only read, and the next preview of acme is empty" in answer.out
    assert writes(real) == []

    # The vendor's list names one more that support has imported: the next up adds it, adopt does not.
    Path("vendor.csv").write_text(f"号码\n{number(40)}\n{number(60)}\n", "utf-8")
    answer = adopt(real, "--csv", "vendor.csv", "--order", "o1")
    assert answer.code == 1, answer.out + answer.err
    assert "the next `pulumi up` adds 1 number to the instance" in answer.out
    assert writes(real) == []

    # A change somebody is about to make is not made by adopting.
    text = file.read_text("utf-8").replace(f'"{number(1)}": {{', f'"{number(1)}": {{flow: 夜间流程, ')
    file.write_text(text, "utf-8")
    answer = adopt(real)
    assert answer.code == 1, answer.out + answer.err
    assert "the stack has other changes waiting" in answer.out
    assert writes(real) == []
