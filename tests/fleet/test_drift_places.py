"""Numbers that are not where they are declared: each made by hand in the simulator, found, named right, and gone after what it names."""

from datetime import date
from typing import Any

import pytest

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.fleet.drift.compare import compare
from ccc_numbers.fleet.drift.gather import InstanceKey, InstanceView, Snapshot
from ccc_numbers.fleet.stacks import read_fleet
from ccc_numbers.numbers.finding_kinds import FindingKind
from tests.fleet.drift_world import INSTANCE, NUMBER, OTHER, World, live, number

HEAL = "ccc-numbers heal acme --yes"
ADOPT = f"ccc-numbers adopt {INSTANCE} --stack acme"
TODAY = date.today()


def test_a_number_taken_out_by_hand_is_missing(world: World) -> None:
    del world.rows[0]
    world.state["unassigned"] = [{"number": NUMBER}]
    world.set()
    answer = world.drift()
    assert answer.kinds == [("missing", NUMBER)]
    assert answer.the("missing")["actual"] == "in no instance (among the account's unassigned numbers)"
    assert answer.the("missing")["next"]["command"] == HEAL


@pytest.mark.parametrize("listed", [False, True])
def test_a_number_in_another_instance(world: World, listed: bool) -> None:
    """Found in an instance the run reads anyway (`listed`), or by asking the account where it is."""
    world.state["instances"][OTHER]["numbers"].append(world.rows.pop(0))
    if listed:
        other = {"defaults": {"usage": "inbound", "flow": "主流程"}, "numbers": {number(9): {}}}
        world.declared["instances"][OTHER] = other
        world.state["instances"][OTHER]["numbers"].append(live(number(9), usage="Inbound", skillGroups=[]))
    world.set()
    answer = world.drift()
    assert answer.kinds == [("elsewhere", NUMBER)]
    found = answer.the("elsewhere")
    assert (found["expected"], found["actual"]) == (f"in {INSTANCE}", f"in {OTHER}")
    assert (found["heal"], found["next"]["command"]) == ("repairs" if listed else "refuses", HEAL)
    assert ("`adopt: true`" in (found["next"]["do"] or "")) is not listed
    world.numbers[NUMBER] = {"adopt": True}
    world.set()
    found = world.drift().the("elsewhere")
    assert (found["heal"], found["next"]["do"]) == ("repairs", None)


def test_a_bound_number_that_leaves_the_account_fails_the_run(world: World) -> None:
    """It used to be "pending", an info, and the run clean."""
    del world.rows[0]
    world.set()
    answer = world.drift("--fail-on", "error")
    assert (answer.code, answer.kinds) == (1, [("not-in-account", NUMBER)])
    found = answer.the("not-in-account")
    assert (found["severity"], found["heal"], found["actual"]) == ("error", "leaves", "not in the account")
    assert found["cause"] == "no order says that it is still to be imported"
    assert found["next"]["do"] == (
        "have CCC support (DingTalk cccsupport2) import it, name its order with its stage, or take it out of the file"
    )
    del world.numbers[NUMBER]
    world.set()
    assert world.drift().code == 0


def test_accepting_a_pending_number_does_not_hide_its_loss(world: World) -> None:
    """An ignore rule or a baseline for `pending` says nothing about a number that is gone."""
    del world.rows[0]
    world.set()
    rule = f"{{subject: '{NUMBER}', kind: pending, reason: r, owner: o, until: 2099-01-01}}"
    (world.root / "drift-ignore.yaml").write_text(f"rules:\n  - {rule}\n", "utf-8")
    entry = f"{{stack: acme, instance: {INSTANCE}, kind: pending, subject: '{NUMBER}', actual: not in the account}}"
    (world.root / "drift-baseline.yaml").write_text(f"accepted:\n  - {entry}\n", "utf-8")
    answer = world.drift("--only", "not-in-account,pending")
    assert (answer.code, answer.kinds) == (1, [("not-in-account", NUMBER)])
    assert world.run("drift", "--accept").code == 0
    assert world.drift("--only", "not-in-account,pending").code == 0


def test_a_number_that_no_stack_declares_is_unmanaged(world: World) -> None:
    world.rows.append(live(number(9)))
    world.set()
    answer = world.drift()
    assert answer.kinds == [("unmanaged", number(9))]
    found = answer.the("unmanaged")
    assert found["actual"] == "bidirectional, flow 主流程, skill groups sales"
    assert (found["severity"], found["heal"], found["source"]) == ("warning", "leaves", None)
    assert (found["next"]["command"], found["next"]["do"]) == (ADOPT, None)
    assert answer.report["total"] == {"declared": 3, "live": 4, "managed": 3, "absent": 0}


def test_what_another_stack_declares_is_not_unmanaged(world: World) -> None:
    world.rows.append(live(number(9)))
    world.set()
    second = {"instances": {INSTANCE: {"numbers": {number(9): {"usage": "inbound", "flow": "主流程"}}}}}
    world.stack("second", second)
    assert world.drift("acme").kinds == []
    assert world.drift("acme").report["total"]["managed"] == 4
    # The two together count the instance once.
    assert world.drift().report["total"] == {"declared": 4, "live": 4, "managed": 4, "absent": 0}


def test_an_unmanaged_number_without_flow_or_group_is_reported_as_dead_too(world: World) -> None:
    world.rows.append(live(number(9), contactFlow=None, skillGroups=[]))
    world.set()
    answer = world.drift()
    assert sorted(answer.kinds) == [
        ("dead-inbound", number(9)),
        ("dead-outbound", number(9)),
        ("unmanaged", number(9)),
    ]
    assert answer.the("dead-inbound")["heal"] == "leaves"
    assert answer.the("dead-inbound")["next"] == {
        "command": ADOPT,
        "do": "bind it in CCC's workbench or take it out of the instance",
    }


def test_drift_and_adopt_call_the_same_numbers_dead(world: World) -> None:
    """An agent's own number needs a flow as any other does, and no skill group."""
    world.rows.append(live(number(8), skillGroups=[], user="li"))
    world.rows.append(live(number(9), contactFlow=None, skillGroups=[], user="li"))
    world.set()
    dead = [subject for kind, subject in world.drift().kinds if kind.startswith("dead-")]
    assert dead == [number(9)]
    left_out = world.run("adopt", INSTANCE, "--stack", "acme").out
    assert f"{number(9)} is bidirectional without a contact flow: a dead line" in " ".join(left_out.split())
    assert f"{number(8)} is" not in left_out


def test_a_number_declared_by_two_stacks_is_a_duplicate_for_both(world: World) -> None:
    world.stack("beta", {"instances": {OTHER: {"numbers": {NUMBER: {"usage": "inbound", "flow": "主流程"}}}}})
    answer = world.drift()
    assert answer.kinds == [("duplicate", NUMBER), ("duplicate", NUMBER)]
    first = answer.report["findings"][0]
    assert first["actual"] == f"declared by beta as well, for {OTHER}"
    assert (
        first["next"]["do"] == "take it out of one of the two: stacks/acme.yaml:9:7 or stacks/beta.yaml:4:7"
    )
    (world.root / "stacks" / "beta.yaml").unlink()
    (world.root / "stacks" / "Pulumi.beta.yaml").unlink()
    assert world.drift().code == 0


def test_stacks_of_different_worlds_share_no_numbers(world: World) -> None:
    declared = {"instances": {OTHER: {"numbers": {NUMBER: {"usage": "inbound", "flow": "主流程"}}}}}
    world.stack("beta", declared, endpoint="ccc.example.com")
    assert world.drift("acme").code == 0


def test_a_number_moved_while_ccc_was_listed_is_reported_as_such(world: World) -> None:
    """CCC has no snapshot: two listings may both have a number that moved between them."""

    fleet = read_fleet(world.root, ["acme"])
    wire: dict[str, Any] = {
        "Number": NUMBER,
        "Usage": "Bidirection",
        "ContactFlowId": "f",
        "ContactFlowName": "主流程",
    }
    row = PhoneNumber.from_wire({**wire, "SkillGroups": [{"SkillGroupId": "sales@x", "Name": "sales"}]})
    views = {
        place: InstanceView(place, {NUMBER: row}, {}, {})
        for place in (InstanceKey("here", INSTANCE), InstanceKey("here", OTHER))
    }
    found = compare(fleet, ["acme"], Snapshot({"acme": "here"}, {}, views, {}), TODAY, 30)
    told = next(each for each in found if each.kind is FindingKind.DUPLICATE)
    assert told.actual == f"listed in {OTHER}, {INSTANCE}"
