"""Skill groups and contact flows that a stack manages itself."""

import pytest

from ccc_numbers.api.rows import FlowType, MediaType
from tests.declaration.conftest import Folder

NUMBER = "    numbers: {95518: {usage: bidirectional, flow: main, skillGroups: [sales]}}\n"


def test_managed_groups_and_flows_are_read_with_their_definition(folder: Folder) -> None:
    folder.write("flows/night.json", '{"activities": []}')
    instance = folder.declared(
        "instances:\n  acme:\n"
        "    skillGroups: {sales: {displayName: 销售组, description: 一线销售}, web: {displayName: W, mediaType: chat}}\n"
        "    contactFlows: {夜间流程: {type: main, definition: flows/night.json}, s: {type: survey, "
        "definition: flows/night.json, description: after the call}}\n" + NUMBER
    ).instances["acme"]
    sales, web = instance.skill_groups["sales"], instance.skill_groups["web"]
    assert (sales.display_name, sales.description, sales.media_type) == (
        "销售组",
        "一线销售",
        MediaType.AUDIO,
    )
    assert web.media_type is MediaType.CHAT
    night = instance.contact_flows["夜间流程"]
    assert (night.type, night.definition) == (FlowType.MAIN, '{"activities": []}')
    assert night.definition_file.as_posix() == "stacks/flows/night.json"
    assert instance.contact_flows["s"].description == "after the call"


GROUPS = {
    "a name that begins with a digit": (
        "1st: {displayName: First}",
        "4:7: instances.acme.skillGroups.1st: is not a skill group name: a letter first, "
        "then letters, digits, _ or -, at most 64",
    ),
    "a Chinese name": (
        "销售: {displayName: 销售}",
        "4:7: instances.acme.skillGroups.销售: is not a skill group name: a letter first, "
        "then letters, digits, _ or -, at most 64",
    ),
    "no display name": (
        "web: {}",
        "4:7: instances.acme.skillGroups.web.displayName: is missing: 1 to 64 characters, any script",
    ),
    "a display name too long": (
        f"web: {{displayName: {'长' * 65}}}",
        f'4:26: instances.acme.skillGroups.web.displayName: "{"长" * 59}…" is 65 characters long; 64 are the most',
    ),
    "an unknown medium": (
        "web: {displayName: Web, mediaType: phone}",
        '4:42: instances.acme.skillGroups.web.mediaType: "phone" is not a media type; one of: audio, chat, video',
    ),
}


@pytest.mark.parametrize(("group", "line"), GROUPS.values(), ids=GROUPS.keys())
def test_a_mistake_in_a_group_is_one_line(folder: Folder, group: str, line: str) -> None:
    content = f"instances:\n  acme:\n    skillGroups:\n      {group}\n{NUMBER}"
    assert folder.lines(content) == [f"stacks/acme.yaml:{line}"]


FLOWS = {
    "no definition": (
        "night: {type: main}",
        "stacks/acme.yaml:4:7: instances.acme.contactFlows.night.definition: is missing: "
        "JSON file with the flow, from this file's folder",
    ),
    "an unknown type": (
        "night: {type: subb, definition: ok.json}",
        'stacks/acme.yaml:4:21: instances.acme.contactFlows.night.type: "subb" is not a flow type; '
        'did you mean "sub"?',
    ),
    "a file that is not there": (
        "night: {definition: okk.json}",
        'stacks/acme.yaml:4:27: instances.acme.contactFlows.night.definition: "okk.json" does not exist; '
        'did you mean "ok.json"?',
    ),
    "a folder that is not there": (
        "night: {definition: flow/ok.json}",
        'stacks/acme.yaml:4:27: instances.acme.contactFlows.night.definition: "flow/ok.json" does not exist; '
        'neither does its folder "stacks/flow"',
    ),
    "a file outside": (
        "night: {definition: ../ok.json}",
        'stacks/acme.yaml:4:27: instances.acme.contactFlows.night.definition: "../ok.json" leads out of '
        '"stacks"; keep the file below it',
    ),
    "a path from the root": (
        "night: {definition: /ok.json}",
        'stacks/acme.yaml:4:27: instances.acme.contactFlows.night.definition: "/ok.json" must be given from '
        "this file's folder, not from the root of a machine",
    ),
    "backslashes": (
        "night: {definition: 'flows\\ok.json'}",
        'stacks/acme.yaml:4:27: instances.acme.contactFlows.night.definition: "flows\\\\ok.json" has backslashes; '
        'write "flows/ok.json"',
    ),
    "a folder for a file": (
        "night: {definition: flows}",
        'stacks/acme.yaml:4:27: instances.acme.contactFlows.night.definition: "flows" is a folder, '
        "not a file",
    ),
    "broken JSON": (
        "night: {definition: bad.json}",
        "stacks/bad.json:2:4: is not valid JSON: Expecting property name enclosed in double quotes",
    ),
    "JSON that is no object": (
        "night: {definition: list.json}",
        "stacks/list.json:1:1: is not a flow definition: a JSON object is needed",
    ),
    "JSON nested without end": (
        "night: {definition: deep.json}",
        "stacks/deep.json:1:1: is nested too deeply for a flow",
    ),
    "a definition in GBK": (
        "night: {definition: gbk.json}",
        "stacks/gbk.json:1:8: is not UTF-8 but looks like GBK; save it as UTF-8",
    ),
}


@pytest.mark.parametrize(("flow", "line"), FLOWS.values(), ids=FLOWS.keys())
def test_a_mistake_in_a_flow_is_one_line(folder: Folder, flow: str, line: str) -> None:
    folder.write("ok.json", "{}")
    folder.write("flows/ok.json", "{}")
    folder.write("bad.json", '{"a":1,\n   }')
    folder.write("list.json", "[]")
    folder.write("deep.json", '{"a":' + "[" * 100_000)
    folder.write("gbk.json", '{"a": "流程"}'.encode("gbk"))
    assert folder.lines(f"instances:\n  acme:\n    contactFlows:\n      {flow}\n{NUMBER}") == [line]


def test_a_symlink_does_not_lead_out_either(folder: Folder) -> None:
    (folder.root / "secret.json").write_text("{}")
    (folder.root / "stacks" / "link.json").symlink_to(folder.root / "secret.json")
    lines = folder.lines(f"instances:\n  acme:\n    contactFlows: {{a: {{definition: link.json}}}}\n{NUMBER}")
    assert lines == [
        'stacks/acme.yaml:3:36: instances.acme.contactFlows.a.definition: "link.json" leads out of "stacks"; '
        "keep the file below it"
    ]


def test_a_number_is_not_bound_to_a_sub_flow_of_the_same_file(folder: Folder) -> None:
    folder.write("ok.json", "{}")
    lines = folder.lines(
        "instances:\n  acme:\n    contactFlows: {main: {type: sub, definition: ok.json}, "
        f"night: {{definition: ok.json}}}}\n{NUMBER}"
    )
    assert lines == [
        'stacks/acme.yaml:4:51: instances.acme.numbers.95518.flow: "main" is a sub flow; '
        'a number takes a main flow, such as "night"'
    ]


def test_a_number_is_not_put_into_a_chat_group(folder: Folder) -> None:
    lines = folder.lines(
        f"instances:\n  acme:\n    skillGroups: {{sales: {{displayName: S, mediaType: chat}}}}\n{NUMBER}"
    )
    assert lines == [
        'stacks/acme.yaml:4:70: instances.acme.numbers.95518.skillGroups: "sales" is a chat group; '
        "numbers belong to audio groups"
    ]


def test_an_instance_may_manage_groups_before_it_has_numbers(folder: Folder) -> None:
    declaration = folder.declared("instances: {acme: {skillGroups: {sales: {displayName: Sales}}}}\n")
    assert list(declaration.instances["acme"].skill_groups) == ["sales"]
