"""`ccc-numbers override`: what it writes, what it refuses, and that it changes nothing else in the file."""

from pathlib import Path
from typing import Any

import pytest

from tests.fleet.drift_world import NUMBER, Answer, World, number

TEXT = f"""\
# kept as it is
instances:
  acme-support:
    defaults: {{usage: bidirectional, flow: 主流程, skillGroups: [sales]}}  # the usual
    numbers:
      "{number(1)}": {{}}
      "{number(2)}": {{}}
"""
NIGHT = f"""\
overrides:
  # while the office is closed
  - numbers: ["{number(1)}", "{number(2)}"]
    flow: 夜间流程
    from: 2027-02-05
    until: 2027-02-12  # agreed
    reason: 春节放假
    owner: 客服值班组
"""
SAID = ("--until", "2027-02-20", "--reason", "停电", "--owner", "ops", "--stack", "acme")


@pytest.fixture
def file(world: World, monkeypatch: Any) -> Path:
    monkeypatch.setenv("CCC_NOW", "2027-02-06T09:30")
    world.stack("acme", TEXT)
    return world.root / "stacks" / "acme.yaml"


def override(world: World, *words: str) -> Answer:
    return world.run("override", *words)


def test_an_override_is_added_and_the_rest_kept(world: World, file: Path) -> None:
    done = override(world, NUMBER, "--flow", "夜间流程", *SAID)
    assert done.code == 0, done.err
    assert "+  - {numbers:" in done.out
    assert file.read_text("utf-8").startswith(TEXT + "overrides:\n  - {numbers: [")
    assert world.run("check", "--today", "2027-02-10").code == 0
    assert world.drift("--only", "wrong-flow").the("wrong-flow")["subject"] == NUMBER

    world.stack("acme", TEXT + NIGHT)
    assert override(world, number(2), "--skill-groups", "vip", *SAID).code == 0
    assert file.read_text("utf-8").startswith(
        TEXT + NIGHT + f'  - {{numbers: ["{number(2)}"], skillGroups: [vip], '
    )


def test_the_stack_is_named_where_there_are_two(world: World, file: Path) -> None:
    unnamed = ("--flow", "夜间流程", *SAID[:-2])
    assert override(world, NUMBER, *unnamed).code == 0
    world.stack("beta", TEXT)
    refused = override(world, number(2), *unnamed)
    assert (refused.code, refused.err) == (2, "ccc-numbers: say which stack: --stack acme, beta\n")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("02180009999", "--flow", "夜间流程", *SAID), "is not a number of this file"),
        ((NUMBER, "--flow", "停电流程", *SAID[:1], "2027-02-08", *SAID[2:]), "contradicts overrides[0]"),
        ((NUMBER, *SAID), "changes nothing"),
        ((NUMBER, "--flow", "f", "--from", "soon", *SAID), "is not a time"),
        ((NUMBER, "--flow", "f", "--stack", "acme"), "needs --until, --reason, --owner"),
        ((NUMBER, "--end", "--stack", "acme"), f"is for {number(2)} too"),
        (("02180009999", "--end", "--stack", "acme"), "no override is for 02180009999"),
        ((NUMBER, "--end", "--flow", "f", "--stack", "acme"), "no other option"),
    ],
)
def test_what_check_would_refuse_is_not_written(
    world: World, file: Path, words: tuple[str, ...], why: str
) -> None:
    world.stack("acme", TEXT + NIGHT)
    refused = override(world, *words)
    assert (refused.code, file.read_text("utf-8")) == (2, TEXT + NIGHT)
    assert why in refused.err


def test_an_override_is_ended_now(world: World, file: Path) -> None:
    world.stack("acme", TEXT + NIGHT)
    done = override(world, number(1), number(2), "--end", "--stack", "acme")
    assert done.code == 0, done.err
    assert file.read_text("utf-8") == TEXT + NIGHT.replace("2027-02-12  #", "2027-02-06T09:30:00  #")
    assert world.drift("--only", "wrong-flow").code == 0


def test_a_number_with_an_override_does_not_move(world: World, file: Path) -> None:
    later = NIGHT.replace(f'numbers: ["{number(1)}", "{number(2)}"]', "where: {flow: 主流程}").replace(
        "2027", "2028"
    )
    world.stack("acme", TEXT + later)
    world.stack("beta", "instances: {acme-billing: {numbers: {}}}\n")
    refused = world.run("move", NUMBER, "--from", "acme", "--to", "beta", "--yes")
    assert refused.code == 2
    assert f"is for {NUMBER}: take it or them out of it first" in refused.err
