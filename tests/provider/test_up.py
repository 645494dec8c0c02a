"""`pulumi up` with the real CLI: what CCC holds afterwards, and what a person reads."""

import pytest

from tests.provider.conftest import Begin
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, OTHER, Json, bound, declaration, instance, number, numbers, seed

WRITES = ("Add", "Modify", "Remove", "Create", "Delete")


def held(
    simulator: Simulator, instance_id: str = INSTANCE
) -> dict[str, tuple[str, str | None, tuple[str, ...]]]:
    """Number -> (usage, flow, groups), as the simulator has it."""
    rows = simulator.state()["instances"][instance_id]["numbers"]
    return {
        row["number"]: (row["usage"], row.get("contactFlow"), tuple(sorted(row.get("skillGroups", ()))))
        for row in rows
    }


def free(simulator: Simulator) -> list[str]:
    return sorted(row["number"] for row in simulator.state()["unassigned"])


def writes(simulator: Simulator) -> dict[str, int]:
    """Write calls by action since the last reset, failed ones included."""
    calls = simulator.calls()
    return {action: sum(counts.values()) for action, counts in calls.items() if action.startswith(WRITES)}


def lists(simulator: Simulator) -> dict[str, int]:
    calls = simulator.calls()
    return {action: sum(counts.values()) for action, counts in calls.items() if action.startswith("List")}


DEFAULT = ("Bidirectional", "主流程", ("sales",))


def test_up_makes_ccc_hold_what_is_declared_and_a_second_up_writes_nothing(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(6)))
    stack.declare(
        declaration(
            {
                number(1): {},
                number(2): {"flow": "夜间流程", "skillGroups": ["sales", "support"]},
                number(3): {"usage": "inbound", "skillGroups": []},
                number(4): {"usage": "outbound", "skillGroups": ["vip"]},
            }
        )
    )
    first = stack.up(preview=True)
    assert first.code == 0, first.text
    assert [path.name for path in (stack.folder / "home").glob("logs*")] == ["logs"], (
        "Pulumi logs every word again"
    )
    assert (stack.folder / "home" / "logs").is_file()
    assert held(simulator) == {
        number(1): DEFAULT,
        number(2): ("Bidirectional", "夜间流程", ("sales", "support")),
        number(3): ("Inbound", "主流程", ()),
        number(4): ("Outbound", None, ("vip",)),
    }
    assert free(simulator) == [number(5), number(6)]
    simulator.reset()
    second = stack.up(preview=True)
    assert second.code == 0, second.text
    assert second.changes == {}
    assert writes(simulator) == {}
    exported = stack.outputs()["instances"][INSTANCE]  # type: ignore[index]
    assert exported["numbers"][number(2)] == {
        "status": "bound",
        "usage": "bidirectional",
        "flow": "夜间流程",
        "skillGroups": ["sales", "support"],
        "province": "上海",
        "city": "上海",
    }


def test_edits_change_exactly_what_was_edited(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(4)))
    stack.declare(declaration(numbers(4)))
    assert stack.up().code == 0
    simulator.reset()
    stack.declare(
        declaration(
            {
                number(1): {"flow": "夜间流程"},
                number(2): {"skillGroups": ["support"]},
                number(3): {"usage": "inbound", "skillGroups": []},
                number(4): {},
            }
        )
    )
    result = stack.up()
    assert result.code == 0, result.text
    assert result.ops() == dict.fromkeys(numbers(3), "update")
    assert result.diff(number(1)) == {"contactFlow": "update"}
    assert set(result.diff(number(2))) == {"skillGroups"}
    assert set(result.diff(number(3))) == {"usage", "skillGroups"}
    assert held(simulator) == {
        number(1): ("Bidirectional", "夜间流程", ("sales",)),
        number(2): ("Bidirectional", "主流程", ("support",)),
        number(3): ("Inbound", "主流程", ()),
        number(4): DEFAULT,
    }
    assert writes(simulator)["ModifyPhoneNumber"] == 2


def test_what_was_done_by_hand_shows_in_preview_and_refresh_and_is_healed_by_up(begin: Begin) -> None:
    """One number bound otherwise, another taken out of its instance."""
    stack, simulator = begin(seed(numbers(3)))
    stack.declare(declaration(numbers(3)))
    assert stack.up().code == 0
    edited = simulator.state()
    rows = {row["number"]: row for row in edited["instances"][INSTANCE]["numbers"]}
    rows[number(2)] |= {"contactFlow": "夜间流程", "skillGroups": ["vip"]}
    del rows[number(1)]
    edited["instances"][INSTANCE]["numbers"] = list(rows.values())
    edited["unassigned"].append({"number": number(1), "province": "上海", "city": "上海"})
    simulator.put_state(edited)

    preview = stack.preview()
    assert preview.code == 0, preview.text
    assert preview.ops() == {number(1): "create", number(2): "update"}
    assert set(preview.diff(number(2))) == {"contactFlow", "skillGroups"}
    drift = stack.refresh("--preview-only", "--expect-no-changes")
    assert drift.code == 7
    assert "夜间流程" in drift.text

    assert stack.up().code == 0
    assert held(simulator) == dict.fromkeys(numbers(3), DEFAULT)
    assert stack.refresh("--preview-only", "--expect-no-changes").code == 0


def test_a_pending_number_is_a_warning_and_binds_after_its_import(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(2)))
    first = stack.up()
    assert first.code == 0, first.text
    assert [line for line in first.warnings if f"{number(2)} is not imported into the account yet" in line]
    assert stack.outputs()["instances"][INSTANCE]["pending"] == [number(2)]  # type: ignore[index]
    assert stack.up().changes == {}

    state = simulator.state()
    state["unassigned"].append({"number": number(2), "province": "上海", "city": "上海"})
    simulator.put_state(state)
    second = stack.up()
    assert second.code == 0, second.text
    assert second.ops() == {number(2): "update"}
    assert held(simulator) == dict.fromkeys(numbers(2), DEFAULT)
    assert stack.outputs()["instances"][INSTANCE]["pending"] == []  # type: ignore[index]


def test_a_stack_of_250_numbers_lists_and_writes_in_batches(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(250)))
    stack.declare(declaration(numbers(250)))
    simulator.reset()
    result = stack.up(PULUMI_PARALLEL="64")
    assert result.code == 0, result.text
    assert held(simulator) == dict.fromkeys(numbers(250), DEFAULT)
    assert sum(lists(simulator).values()) <= 3 + 2
    # How many share a call depends on how fast the engine hands them over: far fewer than one call a number.
    assert sum(writes(simulator).values()) < 250

    simulator.reset()
    assert stack.refresh("--preview-only", "--expect-no-changes").code == 0
    assert sum(lists(simulator).values()) <= 3 + 2
    assert writes(simulator) == {}


def test_what_is_there_as_declared_is_taken_over_without_a_write(begin: Begin) -> None:
    stack, simulator = begin(seed([], support=instance([bound(each) for each in numbers(3)])))
    stack.declare(declaration(numbers(3)))
    simulator.reset()
    result = stack.up()
    assert result.code == 0, result.text
    assert writes(simulator) == {}


@pytest.mark.parametrize("place", [INSTANCE, OTHER])
def test_what_somebody_else_bound_is_refused_in_preview_and_adopted_when_told(
    begin: Begin, place: str
) -> None:
    theirs = instance([bound(number(1), flow="夜间流程")])
    stack, simulator = begin(seed([], **{place.removeprefix("acme-"): theirs}))
    stack.declare(declaration(numbers(1)))
    before = simulator.state()
    preview = stack.preview()
    assert preview.code != 0
    where = f"already in {INSTANCE}" if place == INSTANCE else f"in instance {OTHER}"
    shown = f"{number(1)} is {where} as bidirectional, flow 夜间流程, skill groups sales"
    assert any(shown in error and "adopt: true" in error for error in preview.errors), preview.text
    assert stack.up().code != 0
    assert simulator.state() == before

    stack.declare(declaration({number(1): {"adopt": True}}))
    result = stack.up()
    assert result.code == 0, result.text
    assert held(simulator) == {number(1): DEFAULT}
    assert held(simulator, OTHER) == {}


def test_unknown_names_are_refused_in_preview_with_the_nearest(begin: Begin) -> None:
    """Of all numbers at once; the rows of the table are in test_instance_roster.py."""
    stack, simulator = begin(seed(numbers(4)))
    wrong: Json = {
        number(2): {"flow": "主流成"},
        number(3): {"flow": "草稿"},
        number(4): {"skillGroups": ["sale"]},
    }
    stack.declare(declaration({number(1): {}, **wrong}))
    preview = stack.preview()
    assert preview.code != 0
    for expected in (
        'no contact flow "主流成" in acme-support; did you mean "主流程"?',
        'contact flow "草稿" of acme-support is not published',
        'no skill group "sale" in acme-support; did you mean "sales"?',
    ):
        assert any(expected in error for error in preview.errors), preview.text
    assert "Traceback" not in preview.text
    assert stack.up().code != 0
    assert held(simulator) == {}

    stack.declare(declaration(numbers(1), instance="acme-suport"))
    preview = stack.preview()
    assert any(
        'no instance "acme-suport" in this account; did you mean "acme-support"?' in e for e in preview.errors
    )
