"""`ccc-numbers adopt`: what is written, what is left out, and that neither CCC nor other lines are touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

from components.declaration import load
from fleet.adopt.import_file import import_text, parse_export, to_import
from fleet.adopt.preview import parse_preview
from fleet.adopt.vendor_csv import read_delivered
from fleet.errors import FleetError
from tests.fleet.drift_world import (
    INSTANCE,
    NUMBER,
    OTHER,
    Answer,
    World,
    instance,
    live,
    number,
    simulator,
    world,
)
from tests.support.simulator import start_simulator
from tests.support.stack import Stack

__all__ = ["simulator", "world"]

WRITES = ("Add", "Modify", "Remove", "Create", "Delete", "Start", "Commit", "Publish", "Discard")


def adopt(world: World, *words: str) -> Answer:
    return world.run("adopt", INSTANCE, "--stack", "acme", *words)


@pytest.fixture
def fresh(world: World) -> World:
    """Six numbers bound by hand in four ways; no stack declares anything."""
    for file in (world.root / "stacks").iterdir():
        file.unlink()
    world.here["numbers"] = [
        live(number(1), province="上海", city="上海"),
        live(number(2), province="江苏", city="无锡", provider="B"),
        live(number(3), contactFlow="夜间流程", skillGroups=["sales", "vip"]),
        live(number(4), usage="Outbound", contactFlow=None, provider=None),
        live("4008001001", usage="Inbound", skillGroups=[]),
        live(number(6), usage="Inbound", skillGroups=[], user="wang"),
    ]
    world.simulator.put_state(world.state)
    return world


def test_a_new_stack_file_has_the_most_common_binding_as_defaults(fresh: World) -> None:
    answer = adopt(fresh, "--endpoint", fresh.simulator.url, "--files-only")
    assert answer.code == 0, answer.err
    text = Path("stacks/acme.yaml").read_text("utf-8")
    assert text.partition("instances:\n")[2].splitlines() == [
        "  acme-support:",
        "    defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales], order: ~}",
        "    numbers:",
        '      "02180001001": {}                                         # 上海, vendor A',
        '      "02180001002": {}                                         # 江苏 无锡, vendor B',
        '      "02180001003": {flow: 夜间流程, skillGroups: [sales, vip]}    # vendor A',
        '      "02180001004": {usage: outbound}',
        '      "02180001006": {usage: inbound, agent: wang@acme-support} # vendor A',
        '      "4008001001": {usage: inbound, skillGroups: []}           # vendor A',
    ]
    vendors = [line for line in text.splitlines() if line.startswith("# Vendors")]
    assert vendors == [
        "# Vendors as CCC names them: 4 of vendor A, 1 of vendor B, 1 without a vendor's name."
    ]
    assert "# `order: ~` says that the purchase behind a number is not known: CCC does not tell it." in text
    settings = Path("stacks/Pulumi.acme.yaml").read_text("utf-8")
    assert settings == f"config:\n  ccc:endpoint: {fresh.simulator.url}\n  ccc:region: cn-shanghai\n"
    assert fresh.run("check").code == 0
    assert fresh.drift().kinds == []


def test_a_dry_run_shows_the_file_and_writes_nothing(fresh: World) -> None:
    answer = adopt(fresh, "--endpoint", fresh.simulator.url, "--dry-run")
    assert answer.code == 0
    assert '+      "02180001004": {usage: outbound}' in answer.out
    assert list(Path("stacks").iterdir()) == []


def test_what_cannot_be_declared_as_it_is_is_left_out_and_told(fresh: World) -> None:
    fresh.here["numbers"] += [
        live(number(11), contactFlow=None),
        live(number(12), skillGroups=[]),
        live(number(13), contactFlow="草稿"),
        live(number(14), usage="Inbound", contactFlow=None, skillGroups=[], user="li"),
        live("0218", usage="Inbound", skillGroups=[]),
    ]
    fresh.simulator.put_state(fresh.state)
    answer = adopt(fresh, "--endpoint", fresh.simulator.url, "--files-only")
    assert answer.code == 0, answer.err
    left = {line.split()[2]: line for line in answer.out.splitlines() if "left out:" in line}
    assert "without a contact flow: a dead line" in left[number(11)]
    assert "without a skill group: nobody can use it" in left[number(12)]
    assert "is answered by 草稿, which was never published" in left[number(13)]
    assert "without a contact flow" in left[number(14)]
    assert "has 4 digits" in left["0218"]
    declared = load(Path("stacks/acme.yaml")).declaration
    assert declared is not None
    assert len(declared.instances[INSTANCE].numbers) == 6


BEFORE = """\
# Our numbers. Ask 王丽 before changing anything.
x-night: &night {flow: 夜间流程}

instances:
    acme-support:   # the hotline
        removalBudget: 2
        defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales], order: o1}
        numbers:
            02180001001:            # quotes are optional
            "02180001002": {<<: *night}
            '02180001003':
                skillGroups:
                  - sales
                  - vip

        # nothing below this line yet

    acme-billing:
        numbers:
            "02180001050": {usage: inbound, flow: 主流程}
orders:
    o1: {vendor: A, product: landline-aftersales, stage: imported, quantity: 9, purchased: 2026-08-01, term: 1y}
"""


def existing(world: World, text: str = BEFORE) -> None:
    """A stack with three of five numbers declared, in a style of its own."""
    world.begin(5)
    world.rows[1]["contactFlow"] = "夜间流程"
    world.rows[2]["skillGroups"] = ["sales", "vip"]
    world.rows[4] |= {"usage": "Inbound", "skillGroups": [], "city": "上海", "province": "上海"}
    world.state["instances"][OTHER]["numbers"] = [live(number(50), usage="Inbound", skillGroups=[])]
    world.simulator.put_state(world.state)
    world.stack("acme", text)


def added(before: str) -> list[str]:
    """The lines that came into the stack file; nothing else may have changed."""
    after = Path("stacks/acme.yaml").read_text("utf-8")
    diff = list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    assert not [line for line in diff if line.startswith("-")], diff
    return [line[1:] for line in diff if line.startswith("+")]


def test_numbers_join_an_existing_instance_and_every_other_line_stays(world: World) -> None:
    existing(world)
    answer = adopt(world, "--files-only")
    assert answer.code == 0, answer.err
    assert added(BEFORE) == [
        '            "02180001004": {order: ~}                                  # vendor A',
        '            "02180001005": {usage: inbound, skillGroups: [], order: ~} # 上海, vendor A',
    ]
    assert "3 numbers declared already" in answer.out
    assert world.drift("--skip", "order-lapsing,order-lapsed").kinds == []


def test_adopting_twice_writes_nothing_new(world: World) -> None:
    existing(world)
    adopt(world, "--files-only")
    after = Path("stacks/acme.yaml").read_text("utf-8")
    answer = adopt(world, "--files-only")
    assert (answer.code, "0 numbers to adopt" in answer.out) == (0, True)
    assert Path("stacks/acme.yaml").read_text("utf-8") == after


def test_another_instance_joins_the_stack_as_a_block_of_its_own(world: World) -> None:
    existing(world)
    world.state["instances"]["acme-new"] = instance(live("02188888888"))
    world.simulator.put_state(world.state)
    answer = world.run("adopt", "acme-new", "--stack", "acme", "--order", "o1", "--files-only")
    assert answer.code == 0, answer.err
    assert added(BEFORE) == [
        "    acme-new:",
        "      defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales], order: o1}",
        "      numbers:",
        '        "02188888888": {} # vendor A',
    ]


def test_an_instance_with_a_numbers_file_alone_gets_numbers_beside_it(world: World) -> None:
    existing(world)
    text = "instances:\n  acme-support:\n    numbersFile: n.csv\n"
    (world.root / "stacks" / "n.csv").write_text(f"number,usage,flow\n{number(1)},inbound,主流程\n", "utf-8")
    world.stack("acme", text)
    assert adopt(world, "--files-only").code == 0
    assert added(text)[:2] == [
        "    numbers:",
        '      "02180001002": {usage: bidirectional, flow: 夜间流程, skillGroups: [sales]} # vendor A',
    ]


@pytest.mark.parametrize(
    "text",
    [
        "instances:\n  acme-support: {numbers: {'02180001001': {usage: inbound, flow: 主流程}}}\n",
        "instances: {acme-support: {numbers: {'02180001001': {usage: inbound, flow: 主流程}}}}\n",
        "x: &n\n  '02180001001': {usage: inbound, flow: 主流程}\ninstances:\n  acme-support:\n    numbers: *n\n"
        "  acme-billing:\n    numbers: {'02180001077': {usage: inbound, flow: 主流程}}\n".replace(
            "x:", "x-n:"
        ),
    ],
)
def test_a_file_whose_form_leaves_no_room_is_not_written(world: World, text: str) -> None:
    existing(world, text)
    answer = adopt(world, "--files-only")
    after = Path("stacks/acme.yaml").read_text("utf-8")
    if answer.code == 0:  # room was found, and only the adopted numbers came
        assert after.count("\n") > text.count("\n")
    else:
        assert after == text
        assert "ccc-numbers: " in answer.err
    assert "Traceback" not in answer.err


def test_what_another_stack_or_instance_declares_is_left_to_it(world: World) -> None:
    existing(world)
    beta = {"instances": {OTHER: {"numbers": {number(4): {"usage": "inbound", "flow": "主流程"}}}}}
    world.stack("beta", beta)
    answer = adopt(world, "--files-only")
    assert f"left out: {number(4)} is declared for {OTHER} at stacks/beta.yaml:4" in answer.out
    assert len(added(BEFORE)) == 1


def vendor_file(text: str, encoding: str = "utf-8", name: str = "vendor.csv") -> Path:
    file = Path(name)
    file.write_bytes(text.encode(encoding))
    return file


def test_a_vendors_list_limits_what_is_adopted_and_declares_what_is_to_come(world: World) -> None:
    existing(world)
    world.state["unassigned"] = [{"number": number(7)}]
    world.state["instances"][OTHER]["numbers"].append(live(number(8), usage="Inbound", skillGroups=[]))
    world.simulator.put_state(world.state)
    rows = "".join(f"{index},+86 21-8000{1000 + index},上海\n" for index in (1, 4, 7, 8))
    vendor_file(f"序号,号码,归属地\n{rows}", "gb18030")
    answer = adopt(world, "--csv", "vendor.csv", "--order", "o1", "--files-only")
    assert answer.code == 0, answer.err
    assert added(BEFORE) == [
        '            "02180001004": {} # vendor A',
        '            "02180001007": {} # not in the instance yet',
    ]
    assert (
        f"left out: {number(8)} is in {OTHER}; to move it, declare it by hand with `adopt: true`"
        in answer.out
    )
    assert "the next `pulumi up` adds them: 02180001007" in answer.out
    assert "vendor.csv: 4 numbers put into CCC's form" in answer.err


@pytest.mark.parametrize(
    ("text", "encoding", "numbers"),
    [
        ("02180001001\n02180001002\n", "utf-8", [number(1), number(2)]),
        ("number;city\n02180001001;x\n", "utf-8", [number(1)]),
        ("城市\t电话号码\n上海\t2180001001\n", "gb18030", [number(1)]),
        ('\ufeffPhone\n="02180001001"\n', "utf-8", [number(1)]),
        ("号码\r\n０２１８０００１００１\r\n\r\n", "utf-8", [number(1)]),
        ("客户，号码\n甲，02180001001\n", "utf-8", [number(1)]),
        ("订购号码数,号码\n2,02180001001\n2,02180001002\n", "utf-8", [number(1), number(2)]),
        ("号码\n02180001001\n02180001001\n", "utf-16", [number(1)]),
        ("优音通信 2026\n\n号码,城市\n4008001001,–\n", "utf-8", ["4008001001"]),
    ],
)
def test_vendors_lists_are_read_as_they_come(
    world: World, text: str, encoding: str, numbers: list[str]
) -> None:
    assert list(read_delivered(vendor_file(text, encoding)).numbers) == numbers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "号码\n2.18E+10\n",
            'vendor.csv:2: "2.18E+10" is what Excel makes of a number: its last digits are lost',
        ),
        (
            "号码\n02180001001\n0218000100\n",
            'vendor.csv:3: "0218000100" a landline of area 021 has 11 digits',
        ),
        ("城市\n上海\n", "vendor.csv: has no column of numbers; head one with 号码 or number"),
        ("号码\n\n", "vendor.csv: holds no numbers"),
        ("PK\x03\x04", "vendor.csv: is an Excel workbook; save the sheet as CSV"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused_with_its_line(world: World, text: str, said: str) -> None:
    with pytest.raises(FleetError) as error:
        read_delivered(vendor_file(text))
    assert str(error.value).startswith(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--order", "o2"], '--order "o2": no order of stacks/acme.yaml; its orders are: o1'),
        (["--csv", "none.csv"], "none.csv: cannot be read: No such file or directory"),
        (["--region", "cn-beijing"], '--region "cn-beijing": stacks/Pulumi.acme.yaml says "nothing"'),
        (["--stack", "a/b"], '--stack "a/b" is no stack name'),
        (["--stack", "new", "--region", "cn-hangzhou"], 'ccc:region: "cn-hangzhou" is no region of CCC'),
    ],
)
def test_words_that_make_no_sense_are_one_line(world: World, words: list[str], said: str) -> None:
    existing(world)
    answer = adopt(world, *words, "--files-only")
    assert answer.code == 2
    assert answer.err.startswith(f"ccc-numbers: {said}"), answer.err
    assert Path("stacks/acme.yaml").read_text("utf-8") == BEFORE


def test_an_instance_that_does_not_exist(world: World) -> None:
    answer = world.run("adopt", "acme-suport", "--stack", "acme", "--files-only")
    assert answer.code == 2
    assert f'no instance "acme-suport" in this account; did you mean "{INSTANCE}"?' in answer.err


def test_a_stack_file_with_mistakes_is_not_added_to(world: World) -> None:
    existing(world, BEFORE.replace("inbound", "in"))
    answer = adopt(world, "--files-only")
    assert answer.code == 2
    assert 'did you mean "inbound"?' in answer.err


URN = "urn:pulumi:acme::ccc-numbers::"
COMPONENT = f"{URN}ccc:components:InstanceNumbers::{INSTANCE}"


def test_the_bulk_import_puts_numbers_below_a_component_that_is_new_or_known() -> None:
    new = json.loads(import_text(INSTANCE, [NUMBER], {}))
    assert new == {
        "resources": [
            {"type": "ccc:components:InstanceNumbers", "name": INSTANCE, "component": True},
            {"type": "ccc:index:PhoneNumber", "name": NUMBER, "id": NUMBER, "parent": INSTANCE},
        ]
    }
    known = json.loads(import_text(INSTANCE, [NUMBER], {INSTANCE: COMPONENT}))
    assert known["nameTable"] == {INSTANCE: COMPONENT}
    assert [each["type"] for each in known["resources"]] == ["ccc:index:PhoneNumber"]


def test_what_is_in_the_state_is_not_imported_again() -> None:
    number_urn = f"{URN}ccc:components:InstanceNumbers$ccc:index:PhoneNumber::{NUMBER}"
    export = {"deployment": {"resources": [{"urn": COMPONENT}, {"urn": number_urn}]}}
    held = parse_export(json.dumps(export))
    assert held.components == {INSTANCE: COMPONENT}
    assert to_import([NUMBER, number(2)], held) == [number(2)]
    assert parse_export('{"deployment": null}').numbers == frozenset()


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
        found.others_told()
        == "1 create PhoneNumber, 1 update PhoneNumber, 1 delete PhoneNumber, 1 delete InstanceLatch"
    )


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
    state = {"instances": {INSTANCE: instance(*rows, dead)}, "unassigned": [{"number": number(60)}]}
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
    vendor_file(f"号码\n{number(40)}\n{number(60)}\n")
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
