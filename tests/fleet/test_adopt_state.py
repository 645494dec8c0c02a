"""Adopted numbers in the state: the bulk import, the previews, and the real CLI with no write to CCC."""

import json
from pathlib import Path
from typing import Any

from ccc_numbers.fleet.adopt.state import import_text
from ccc_numbers.fleet.engine.resources import state_resources
from ccc_numbers.fleet.engine.up_preview import parse_preview
from tests.fleet.adopt_world import adopt
from tests.fleet.drift_world import INSTANCE, NUMBER, OTHER, World, instance, live, number
from tests.fleet.real_world import pulumi, writes
from tests.support.worlds import Json

URN = "urn:pulumi:acme::ccc-numbers::"
COMPONENT = f"{URN}ccc:components:InstanceNumbers::{INSTANCE}"
ROW = ("ccc:index:PhoneNumber", NUMBER, f"{INSTANCE}/{NUMBER}")


def test_the_bulk_import_puts_numbers_below_a_component_that_is_new_or_known() -> None:
    new = json.loads(import_text({INSTANCE: [ROW]}, {}))
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
    known = json.loads(import_text({INSTANCE: [ROW]}, {INSTANCE: COMPONENT}))
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


def test_an_instance_is_adopted_whole_extended_and_extended_by_a_list_with_no_write_to_ccc(
    project: World,
) -> None:
    """The real CLI: import, roster and latch, and the preview that proves it, three times over."""
    rows = [live(number(index), province="上海", city="上海") for index in range(1, 21)]
    for row in rows[::5]:
        row |= {"usage": "Inbound", "skillGroups": []}
    rows[7] = live(number(8), usage="Outbound", contactFlow=None, skillGroups=["vip"])
    rows[8] = live(number(9), skillGroups=[], user="wang")
    dead = live(number(30), usage="Inbound", contactFlow=None, skillGroups=[])
    state: Json = {"instances": {INSTANCE: instance(*rows, dead)}, "unassigned": [{"number": number(60)}]}
    project.simulator.put_state(state)
    answer = adopt(project, "--endpoint", project.simulator.url)
    assert answer.code == 0, answer.err
    assert "20 numbers imported; CCC was only read, and the next preview of acme is empty" in answer.out
    assert writes(project) == []
    assert project.drift("--skip", "dead-inbound").kinds == [("unmanaged", number(30))]

    # Somebody binds two more in the console; an order is known by now.
    state = project.simulator.state()
    state["instances"][INSTANCE]["numbers"] += [live(number(40)), live(number(41), contactFlow="夜间流程")]
    project.simulator.put_state(state)
    file = Path("stacks/acme.yaml")
    order = "{vendor: A, product: landline-aftersales, stage: imported, quantity: 9, prepaid: 3000}"
    file.write_text(file.read_text("utf-8") + f"orders:\n  o1: {order}\n", "utf-8")
    answer = adopt(project, "--order", "o1")
    assert answer.code == 0, answer.out + answer.err
    assert "2 numbers imported; CCC was only read, and the next preview of acme is empty" in answer.out
    assert writes(project) == []

    # The vendor's list names one more that support has imported: the next up adds it, adopt does not.
    Path("vendor.csv").write_text(f"号码\n{number(40)}\n{number(60)}\n", "utf-8")
    answer = adopt(project, "--csv", "vendor.csv", "--order", "o1")
    assert answer.code == 1, answer.out + answer.err
    assert "the next `pulumi up` adds 1 number to the instance" in answer.out
    assert writes(project) == []

    # A change somebody is about to make is not made by adopting.
    text = file.read_text("utf-8").replace(f'"{number(1)}": {{', f'"{number(1)}": {{flow: 夜间流程, ')
    file.write_text(text, "utf-8")
    answer = adopt(project)
    assert answer.code == 1, answer.out + answer.err
    assert "the stack has other changes waiting" in answer.out
    assert writes(project) == []


def test_groups_and_flows_come_along_and_a_filter_leaves_numbers_alone(project: World) -> None:
    """Two instances at once; what is left out stays in CCC, whatever `up` does afterwards."""
    flow = '{"activities":[{"id":"a","next":null}],"名":"夜"}'
    here = instance(live(number(1)), live(number(2)), live("4008001001", usage="Inbound", skillGroups=[]))
    here["contactFlows"][1]["definition"] = flow
    here["contactFlows"].append({"name": "坏", "type": "SUB_FLOW", "published": True, "definition": "[1]"})
    here["skillGroups"].append({"name": "yes", "displayName": "on", "description": "说明: #1"})
    here["skillGroups"].append({"name": "web", "displayName": "网页", "mediaType": "CHAT"})
    there = instance(live(number(5), skillGroups=["yes"]))
    there["skillGroups"].append({"name": "yes", "displayName": "yes"})
    stopped = {**instance(), "status": "STOPPED"}
    project.simulator.put_state({"instances": {INSTANCE: here, OTHER: there, "old": stopped}})
    words = ("--all", "--stack", "acme", "--with", "groups,flows", "--number", "0218*")
    answer = project.run("adopt", *words, "--endpoint", project.simulator.url)
    assert answer.code == 0, answer.out + answer.err
    assert "left out: contact flow 坏 has a definition that cannot be exported" in answer.out
    assert "left out: contact flow 草稿 was never published; it is only referenced" in answer.out
    assert "left alone: old is STOPPED" in answer.out
    assert "3 numbers, 7 skill groups, 4 contact flows imported" in answer.out
    assert "the next preview of acme is empty" in answer.out
    assert writes(project) == []
    text = Path("stacks/acme.yaml").read_text("utf-8")
    assert text.partition("instances:\n")[2].splitlines()[:15] == [
        f"  {OTHER}:",
        "    skillGroups:",
        "      sales: {displayName: 销售组}",
        "      vip: {displayName: 贵宾组}",
        '      "yes": {displayName: "yes"}',
        "    contactFlows:",
        f"      主流程: {{definition: flows/{OTHER}-主流程.json}}",
        f"      夜间流程: {{definition: flows/{OTHER}-夜间流程.json}}",
        '    defaults: {usage: bidirectional, flow: 主流程, skillGroups: ["yes"], order: ~}',
        "    numbers:",
        f'      "{number(5)}": {{}} # vendor A',
        f"  {INSTANCE}:",
        "    skillGroups:",
        "      sales: {displayName: 销售组}",
        "      vip: {displayName: 贵宾组}",
    ]
    assert "      web: {displayName: 网页, mediaType: chat}" in text
    assert json.loads(Path(f"stacks/flows/{INSTANCE}-夜间流程.json").read_text("utf-8")) == json.loads(flow)
    assert project.run("check").code == 0

    # One more number is adopted by its name; the one that no filter named is nobody's, and no `up` takes it out.
    answer = adopt(project, "--number", number(2), "--with", "groups")
    assert "nothing new to import" in answer.out
    pulumi("up", "--yes", "--skip-preview", "--stack", "acme")
    assert set(project.simulator.numbers(INSTANCE)) == {number(1), number(2), "4008001001"}
    assert writes(project) == []
    answer = adopt(project, "--number", "400")
    assert answer.code == 2
    assert '--number "400": no number is called so' in answer.err
