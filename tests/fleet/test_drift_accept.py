"""The ignore file and the baseline: what keeps a finding out of the count, and for how long."""

import os
from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from tests.fleet.drift_world import INSTANCE, NUMBER, World, live, number

TOMORROW = date.today() + timedelta(days=1)
YESTERDAY = date.today() - timedelta(days=1)


@pytest.fixture
def drifted(world: World) -> World:
    """One number with another flow, one nobody declares."""
    world.rows[0]["contactFlow"] = "夜间流程"
    world.rows.append(live(number(9)))
    world.set()
    return world


def rule(subject: str = f'"{NUMBER}"', until: object = TOMORROW, more: str = "") -> str:
    return f"rules:\n  - {{subject: {subject}, reason: OPS-1, owner: wang.li, until: {until}{more}}}\n"


def ignore(text: str) -> None:
    Path("drift-ignore.yaml").write_text(text, "utf-8")


def test_a_rule_hides_what_it_names_and_is_counted(drifted: World) -> None:
    ignore(rule())
    answer = drifted.drift()
    assert answer.kinds == [("unmanaged", number(9))]
    (ignored,) = answer.report["ignored"]
    assert (ignored["finding"]["kind"], ignored["owner"], ignored["reason"]) == (
        "wrong-flow",
        "wang.li",
        "OPS-1",
    )
    assert "1 finding ignored (accepted by wang.li)" in drifted.run("drift").out


@pytest.mark.parametrize(
    ("more", "subject", "hides"),
    [
        ("", '"0218*"', True),
        ("", '["1*", "02180001001"]', True),
        ("", '"0219*"', False),
        (", kind: wrong-flow", '"*"', True),
        (", kind: [missing, wrong-flow]", '"*"', True),
        (", kind: missing", '"*"', False),
        (", field: flow", f'"{NUMBER}"', True),
        (", field: usage", f'"{NUMBER}"', False),
        (", stack: ac*", f'"{NUMBER}"', True),
        (", stack: beta", f'"{NUMBER}"', False),
        (f", instance: {INSTANCE}", f'"{NUMBER}"', True),
        (", instance: other", f'"{NUMBER}"', False),
    ],
)
def test_a_rule_hides_by_every_condition_it_has(drifted: World, more: str, subject: str, hides: bool) -> None:
    ignore(rule(subject, more=more))
    assert (("wrong-flow", NUMBER) not in drifted.drift().kinds) is hides


def test_a_rule_holds_on_its_last_day(drifted: World) -> None:
    ignore(rule(until=date.today()))
    assert ("wrong-flow", NUMBER) not in drifted.drift().kinds


def test_an_ended_rule_hides_nothing_and_is_itself_a_finding(drifted: World) -> None:
    ignore(rule(until=YESTERDAY))
    answer = drifted.drift()
    assert ("wrong-flow", NUMBER) in answer.kinds
    found = answer.the("ignore-ended")
    assert (found["severity"], found["subject"], found["actual"]) == (
        "warning",
        NUMBER,
        f"ended on {YESTERDAY}",
    )
    assert found["cause"] == "wang.li: OPS-1"
    assert found["source"] == {"file": "drift-ignore.yaml", "line": 2, "column": 5}
    ignore(rule(until=TOMORROW))
    assert not [kind for kind, _ in drifted.drift().kinds if kind.startswith("ignore")]


def test_a_rule_that_hides_nothing_is_reported_when_everything_was_looked_at(world: World) -> None:
    ignore(rule())
    answer = world.drift()
    assert (answer.code, answer.kinds) == (0, [("ignore-unused", NUMBER)])
    assert answer.the("ignore-unused")["severity"] == "info"
    assert world.drift("--only", "missing").kinds == []
    numbers = {number(50): {"usage": "inbound", "flow": "主流程"}}
    world.stack("beta", {"instances": {"acme-billing": {"numbers": numbers}}})
    assert world.drift("acme").kinds == []


def test_a_rule_cannot_hide_the_findings_about_rules(world: World) -> None:
    ignore(rule('"*"', YESTERDAY) + rule('"**"').removeprefix("rules:\n"))
    assert ("ignore-ended", "*") in world.drift().kinds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "rules:\n  - {subjct: x}\n",
            'drift-ignore.yaml:2:6: rules[0].subjct: unknown key; did you mean "subject"?',
        ),
        ("rule: []\n", 'drift-ignore.yaml:1:1: rule: unknown key; did you mean "rules"?'),
        (rule(more=", kind: wrong-flw"), 'is not a kind of finding; did you mean "wrong-flow"?'),
        (rule(more=", field: flw"), 'is not a field; did you mean "flow"?'),
        (rule(until="soon"), '"soon" is not a date; write year-month-day'),
        (
            "rules:\n  - {subject: x}\n",
            "drift-ignore.yaml:2:5: rules[0].reason: is missing",
        ),
        (
            "rules:\n  - subject: x\n    reason:\n    owner: a\n    until: 2030-01-01\n",
            "rules[0].reason: has no value; text",
        ),
        ("rules: x\n", 'drift-ignore.yaml:1:8: rules: "x" is text; a list is needed here'),
        ("rules: [x]\n", 'rules[0]: "x" is text; a mapping is needed here'),
        ("", "drift-ignore.yaml:1:1: has no value; a mapping"),
        ("rules: [\n", "is not valid YAML"),
    ],
)
def test_a_mistake_in_the_ignore_file_stops_the_run_with_its_place(
    world: World, text: str, said: str
) -> None:
    ignore(text)
    answer = world.run("drift")
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_all_mistakes_of_an_ignore_file_are_reported_at_once(world: World) -> None:
    ignore(
        dedent("""\
        rules:
          - {subject: x, reason: y, owner: z, until: never}
          - {subject: x, reason: y, owner: z, until: 2030-01-01, kind: odd}
        """)
    )
    lines = world.run("drift").err.splitlines()
    assert [line.partition(" rules[")[2][:8] for line in lines] == ["0].until", "1].kind["]


def test_the_baseline_accepts_today_and_tells_what_changes(drifted: World) -> None:
    accepted = drifted.run("drift", "--accept")
    assert (accepted.code, accepted.err) == (
        0,
        "drift-baseline.yaml accepts what was found; review it and commit it\n",
    )
    answer = drifted.drift()
    assert (answer.code, answer.kinds, len(answer.report["ignored"])) == (0, [], 2)
    drifted.rows[0]["contactFlow"] = None
    del drifted.rows[0]["contactFlow"]
    drifted.set()
    answer = drifted.drift()
    assert answer.kinds == [("dead-inbound", NUMBER)]
    (note,) = answer.report["notes"]
    assert note.startswith("1 entry of the baseline is no longer true")


def test_accepting_again_keeps_what_is_still_so_and_drops_what_is_not(drifted: World) -> None:
    drifted.run("drift", "--accept")
    drifted.rows[0]["contactFlow"] = "主流程"
    drifted.set()
    drifted.run("drift", "--accept")
    entries = yaml.safe_load(Path("drift-baseline.yaml").read_text("utf-8"))["accepted"]
    assert [(each["kind"], str(each["subject"])) for each in entries] == [("unmanaged", number(9))]


def test_accepting_some_kinds_or_stacks_leaves_the_others_entries(drifted: World) -> None:
    drifted.run("drift", "--accept", "--only", "unmanaged")
    assert drifted.drift().kinds == [("wrong-flow", NUMBER)]
    drifted.run("drift", "--accept", "--only", "wrong-flow")
    assert drifted.drift().kinds == []
    drifted.stack(
        "beta",
        {"instances": {"acme-billing": {"numbers": {number(50): {"usage": "inbound", "flow": "主流程"}}}}},
    )
    drifted.run("drift", "beta", "--accept")
    assert drifted.drift("acme").kinds == []


def test_nothing_is_accepted_unseen(drifted: World) -> None:
    drifted.here["status"] = "STOPPED"
    drifted.set()
    answer = drifted.run("drift", "--accept")
    assert answer.code == 2
    assert "--accept: nothing was written, since not everything could be looked at" in answer.err
    assert not Path("drift-baseline.yaml").exists()


def test_a_baseline_somebody_broke_names_the_place(world: World) -> None:
    Path("drift-baseline.yaml").write_text("accepted:\n  - {stack: acme, kin: x, subject: y}\n", "utf-8")
    answer = world.run("drift")
    assert answer.code == 2
    assert 'drift-baseline.yaml:2:19: accepted[0].kin: unknown key; did you mean "kind"?' in answer.err


def test_a_baseline_may_stand_elsewhere(drifted: World) -> None:
    drifted.run("drift", "--accept", "--baseline", "stacks/accepted.yaml")
    assert drifted.drift("--baseline", "stacks/accepted.yaml").kinds == []
    assert len(drifted.drift().kinds) == 2


@pytest.mark.parametrize("option", ["ignore", "baseline"])
def test_an_accepting_file_is_a_file_of_the_project(
    drifted: World, option: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A pipe used to hang the run; a link let a pull request have a runner's files quoted."""
    own = Path(f"drift-{option}.yaml")
    os.mkfifo(own)
    for words in ((), (f"--{option}", str(own))):
        answer = drifted.run("drift", *words)
        assert (answer.code, answer.err) == (2, f"ccc-numbers: {own}:1:1: is a named pipe, not a file\n")
    own.unlink()
    secret = tmp_path_factory.mktemp("elsewhere") / "environment"
    secret.write_text("TOKEN=pa55word\n", "utf-8")
    own.symlink_to(secret)
    answer = drifted.run("drift")
    assert answer.code == 2
    assert answer.err.startswith(f"ccc-numbers: {own}: leads out of ")
    assert "pa55word" not in answer.err
    answer = drifted.run("drift", f"--{option}", "/dev/zero")
    assert (answer.code, answer.err) == (2, "ccc-numbers: /dev/zero:1:1: is a device, not a file\n")
