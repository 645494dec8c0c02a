"""`plan`, `apply` and `destroy` by the real CLI: what they say is what CCC then holds, and it fits a screen."""

import json
from pathlib import Path

import jsonschema

from ccc_numbers.fleet.plan.form import SHIPPED, schema_text
from tests.fleet.real_stack import Real
from tests.support.worlds import INSTANCE, OTHER, bound, declaration, instance, number, numbers, seed

SCREEN = 24


def declare(real: Real, here: dict[str, dict[str, object]], there: dict[str, dict[str, object]]) -> None:
    """Two instances of the stack `dev`."""
    one = declaration(here, removalBudget="50%")["instances"]
    other = declaration(there, instance=OTHER, removalBudget="50%")["instances"]
    real.stack.declare({"instances": one | other})


def test_a_plan_tells_every_effect_apart_and_apply_does_it(real: Real) -> None:
    real.simulator.put_state(seed(numbers(9)))
    dropped: dict[str, dict[str, object]] = {
        number(3): {"keepOnRemoval": True},
        number(4): {},
        number(5): {},
        number(30): {},
    }
    declare(real, {number(1): {}, number(2): {}, **dropped}, {number(6): {}, number(7): {}})
    assert real.run("apply", "dev").code == 0
    unchanged = (
        "nothing to change: 7 numbers are in CCC as declared (2 instances); 1 more waits for its import"
    )
    assert real.run("plan", "dev").out.startswith(f"dev: {unchanged}")
    assert real.run("apply", "dev").out.startswith(f"dev: done: {unchanged}")
    # The next declaration: 1 is rebound, 2 moves, 3 is kept, 4 removed, 5 goes to another stack, 30 was never there.
    state = real.simulator.state()
    state["instances"][INSTANCE]["numbers"].append(bound(number(20)))
    state["instances"][INSTANCE]["numbers"].append(bound(number(21), flow="夜间流程"))
    real.simulator.put_state(state)
    new: dict[str, dict[str, object]] = {
        number(8): {},
        number(31): {},
        number(20): {},
        number(21): {"adopt": True},
    }
    declare(real, {number(1): {"flow": "夜间流程"}, **new}, {number(2): {}, number(6): {}, number(7): {}})
    stacks = Path("stacks")
    (stacks / "Pulumi.beta.yaml").write_text((stacks / "Pulumi.dev.yaml").read_text("utf-8"), "utf-8")
    (stacks / "beta.yaml").write_text(json.dumps(declaration([number(5)])), "utf-8")

    planned = real.run("plan", "dev", "-o", "json")
    (result,) = json.loads(planned.out)
    jsonschema.validate([result], json.loads(schema_text()))
    assert {each["name"]: each["effect"] for each in result["changes"] if each["kind"] == "PhoneNumber"} == {
        number(1): "change",
        number(2): "move",
        number(3): "forget",
        number(4): "remove",
        number(5): "forget",
        number(8): "add",
        number(20): "take over",
        number(21): "change",
        number(30): "forget",
        number(31): "wait",
    }
    sentence = (
        f"1 added, 2 rebound in 2 ways, 1 moved from {INSTANCE} to {OTHER}, 1 waiting for its import, "
        f"1 taken over as it is, 3 forgotten, stay as they are, 1 removed from {INSTANCE}"
    )
    assert result["headline"] == f"dev: {sentence}"
    done = real.run("apply", "dev", "--max-removals", "2")
    assert (done.code, done.out.splitlines()[0].startswith(f"dev: done: {sentence}")) == (0, True), done.out
    assert "1 number is unassigned now; its vendor contract goes on." in done.out
    held = {row["number"]: row for row in real.simulator.state()["instances"][INSTANCE]["numbers"]}
    assert sorted(held) == sorted([number(n) for n in (1, 3, 5, 8, 20, 21)])
    assert (held[number(1)]["contactFlow"], held[number(21)]["contactFlow"]) == ("夜间流程", "主流程")
    assert sorted(each["number"] for each in real.simulator.state()["unassigned"]) == [number(4), number(9)]
    assert real.run("numbers", "-s", "dev", "--brief").out.count("that no stack file declares") == 1


def test_two_hundred_numbers_fit_a_screen_whatever_is_done(real: Real) -> None:
    real.simulator.put_state(seed(numbers(200)))
    real.stack.declare(declaration(numbers(200), protected=True))
    planned = real.run("plan", "dev")
    assert planned.out.splitlines()[-1] == (
        "Nothing is changed yet. To make these 200 changes: pulumi up --stack dev"
    )
    done = real.run("apply", "dev")
    assert done.out.startswith("dev: done: 200 added")
    state = real.simulator.state()
    for row in state["instances"][INSTANCE]["numbers"]:
        row["contactFlow"] = "夜间流程"
    real.simulator.put_state(state)
    refused = real.run("heal", "--yes")
    assert "its change budget allows 100" in refused.out
    real.stack.declare(declaration(numbers(200), changeBudget="100%", protected=True))
    healed = real.run("heal", "--yes")
    assert (
        "dev: done: change budget default → 100% on acme-support, 200 rebound (夜间流程 → 主流程)"
        in healed.out
    )
    assert "looked again: all repaired" in healed.out
    protected = real.run("destroy", "dev", "--yes")
    assert (protected.code, "set `protected: false` on it in stacks/dev.yaml" in protected.out) == (
        1,
        True,
    ), protected
    assert "pulumi destroy --ignore-protect --stack dev" in protected.out
    assert len(real.simulator.state()["instances"][INSTANCE]["numbers"]) == 200
    real.stack.declare(declaration(numbers(200), changeBudget="100%"))
    assert "protected true → false on acme-support" in real.run("apply", "dev").out.splitlines()[0]
    gone = real.run("destroy", "dev", "--yes")
    assert gone.out.startswith("dev: done: 200 removed from acme-support")
    assert real.simulator.state()["instances"][INSTANCE]["numbers"] == []
    for answer in (planned, done, refused, healed, protected, gone):
        assert len((answer.out + answer.err).splitlines()) <= SCREEN


def test_one_cause_is_one_line_however_many_numbers_wait(real: Real) -> None:
    real.simulator.put_state(seed(numbers(40)))
    real.stack.declare(declaration(numbers(40)))
    assert real.run("apply", "dev").code == 0
    state = real.simulator.state()
    state["instances"][INSTANCE]["status"] = "STOPPED"
    real.simulator.put_state(state)
    real.stack.declare(
        declaration(numbers(40), defaults={"usage": "inbound", "flow": "主流程"}, changeBudget="100%")
    )
    stopped = real.run("plan", "dev")
    assert (
        stopped.code,
        stopped.out.splitlines()[0].startswith(
            "dev: cannot be planned, nothing was changed; its 40 numbers wait"
        ),
    ) == (1, True)
    assert stopped.out.count("acme-support i") == 1
    assert len(stopped.out.splitlines()) <= 6


def test_a_failure_counts_what_was_not_done(real: Real) -> None:
    real.simulator.put_state(seed(numbers(3), support=instance([bound(number(9))])))
    real.stack.declare(declaration(numbers(3)))
    real.simulator.faults([{"fault": "partial", "action": "AddPhoneNumbers", "numbers": [number(2)]}])
    failed = real.run("apply", "dev")
    assert failed.code == 1
    assert failed.out.startswith("dev: failed: 2 added; 1 of 3 changes was not made"), failed.out
    real.simulator.faults([])
    assert real.run("apply", "dev").out.startswith("dev: done: 1 added")
    real.stack.declare(declaration([number(3)], removalBudget="2"))
    real.simulator.faults([{"fault": "partial", "action": "RemovePhoneNumbers", "numbers": [number(1)]}])
    removed = real.run("apply", "dev").out
    assert "; 1 of 3 changes was not made" in removed.splitlines()[0]
    assert f"1 removed from {INSTANCE}" in removed.splitlines()[0]
    held = real.simulator.state()["instances"][INSTANCE]["numbers"]
    assert sorted(row["number"] for row in held) == [number(1), number(3), number(9)]


def test_the_shipped_schema_of_plans_is_that_of_the_form() -> None:
    assert SHIPPED.read_text("utf-8") == schema_text()
