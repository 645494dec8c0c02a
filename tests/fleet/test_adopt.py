"""`ccc-numbers adopt`: what is written, what is left out, and that no other line is touched."""

from pathlib import Path

import pytest
import yaml

from ccc_numbers.declaration.read import load
from tests.fleet.adopt_world import BEFORE, added, adopt, existing
from tests.fleet.drift_world import INSTANCE, OTHER, World, instance, live, number


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
    assert "# `order: ~` says" in text
    assert text.startswith("# yaml-language-server: $schema=../stack.schema.json\n")
    settings = Path("stacks/Pulumi.acme.yaml").read_text("utf-8")
    assert yaml.safe_load(settings)["config"] == {
        "ccc:account": "1570000000000001",
        "ccc:endpoint": fresh.simulator.url,
        "ccc:region": "cn-shanghai",
    }
    assert fresh.run("check").code == 0
    assert fresh.drift().kinds == []


def test_a_stack_as_init_writes_it_gets_the_same_as_a_new_one(fresh: World) -> None:
    Path("stacks/Pulumi.acme.yaml").write_text(f"config:\n  ccc:endpoint: {fresh.simulator.url}\n", "utf-8")
    before = f"# Ours.\ninstances:\n  {INSTANCE}: # the id\n    numbers: {{}}\n# The end.\n"
    Path("stacks/acme.yaml").write_text(before, "utf-8")
    answer = adopt(fresh, "--files-only")
    assert answer.code == 0, answer.err
    lines = Path("stacks/acme.yaml").read_text("utf-8").splitlines()
    assert lines[:2] == ["# Ours.", "instances:"]
    assert lines[3] == "    defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales], order: ~}"
    assert lines[5].startswith('      "02180001001": {}')
    assert lines[-1] == "# The end."
    assert fresh.run("check").code == 0


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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--order", "xy"], '--order "xy": no order of stacks/acme.yaml; its orders are: o1'),
        (["--csv", "none.csv"], "none.csv:1:1: does not exist"),
        (["--region", "cn-beijing"], '--region "cn-beijing": stacks/Pulumi.acme.yaml says "nothing"'),
        (["--stack", "a/b"], '--stack "a/b" is not a stack\'s name: it holds "/"'),
        (["--stack", "new", "--region", "cn-hangzhou"], 'ccc:region: "cn-hangzhou" is not a CCC region'),
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
