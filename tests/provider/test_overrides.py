"""`pulumi up` with a binding for a while, and with parts of a binding that others may change by hand."""

from typing import Any

from tests.provider.conftest import Begin
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, bound, declaration, instance, number, numbers, seed

BEFORE, WITHIN, AFTER = "2027-02-04T23:59", "2027-02-12T23:59", "2027-02-13"
HOLIDAY: dict[str, Any] = {
    "where": {"flow": "主流程"},
    "flow": "夜间流程",
    "from": "2027-02-05",
    "until": "2027-02-12",
    "reason": "春节放假",
    "owner": "客服值班组",
}
WHY = "override until 2027-02-12 (春节放假, 客服值班组)"


def flows(simulator: Simulator) -> dict[str, str | None]:
    """The flow of each number of the instance, as CCC holds it."""
    return {each: row.get("contactFlow") for each, row in simulator.numbers(INSTANCE).items()}


def test_an_override_reroutes_for_its_time_and_the_line_comes_back(begin: Begin) -> None:
    rows = [bound(number(1)), bound(number(2), flow="夜间流程"), bound(number(3))]
    stack, simulator = begin(seed([], support=instance(rows)))
    usual = dict.fromkeys(numbers(3), "主流程") | {number(2): "夜间流程"}
    said = declaration({number(1): {}, number(2): {"flow": "夜间流程"}, number(3): {}}, changeBudget="1")
    stack.declare(said | {"overrides": [HOLIDAY]})
    assert stack.up(CCC_NOW=BEFORE).code == 0
    assert flows(simulator) == usual

    # It is a change like any other: the budget counts it, before the first write.
    refused = stack.up(CCC_NOW=WITHIN)
    assert refused.code != 0
    assert "change budget allows 1" in refused.text
    assert flows(simulator) == usual

    said["instances"][INSTANCE]["changeBudget"] = "2"
    stack.declare(said | {"overrides": [HOLIDAY]})
    preview = stack.preview(CCC_NOW=WITHIN)
    assert f"{INSTANCE}: {WHY} on 2 numbers: {number(1)}, {number(3)}" in preview.messages("info")
    assert f"flow 主流程 → 夜间流程; {WHY}" in preview.text
    assert any("as of 2027-02-12 23:59 CST" in each for each in preview.warnings)
    assert stack.up(CCC_NOW=WITHIN).code == 0
    assert flows(simulator) == dict.fromkeys(numbers(3), "夜间流程")
    again = stack.preview("--expect-no-changes", CCC_NOW=WITHIN)
    assert again.code == 0, again.text
    assert sum(WHY in each for each in again.messages("info")) == 1

    ended = stack.up(CCC_NOW=AFTER)
    assert ended.code == 0, ended.text
    assert WHY not in "".join(ended.messages("info"))
    assert flows(simulator) == usual


def test_what_others_may_change_stays_and_is_shown(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(3)))
    said = declaration(numbers(2), ignoreChanges=["flow", "skillGroups"])
    stack.declare(said)
    assert stack.up().code == 0
    assert flows(simulator) == dict.fromkeys(numbers(2), "主流程")  # what joins gets what is declared

    by_hand = [bound(number(1), flow="夜间流程", groups=("vip",)), bound(number(2), flow=None)]
    simulator.put_state(seed([number(3)], support=instance(by_hand)))
    # A number of its own joins; the usage of another is changed here: nothing of that takes the flow back.
    said["instances"][INSTANCE]["numbers"] |= {number(1): {"usage": "inbound"}, number(3): {}}
    stack.declare(said)
    done = stack.up(preview=True)
    assert done.code == 0, done.text
    left = "left alone (ignoreChanges): flow 主流程 → 夜间流程, skill groups sales → vip: "
    assert f"{INSTANCE}: {left}{number(1)}" in done.messages("info")
    held = simulator.numbers(INSTANCE)
    assert bound(number(1), "Inbound", "夜间流程", ("vip",)).items() <= held[number(1)].items()
    # A line that nobody answers is nobody's wish.
    assert (held[number(2)]["contactFlow"], held[number(3)]["contactFlow"]) == ("主流程", "主流程")

    again = stack.preview("--expect-no-changes")
    assert again.code == 0, again.text
    assert sum(left in each for each in again.messages("info")) == 1

    del said["instances"][INSTANCE]["ignoreChanges"]
    said["instances"][INSTANCE]["numbers"][number(1)] = {}
    stack.declare(said)
    back = stack.up()
    assert back.code == 0, back.text
    assert bound(number(1)).items() <= simulator.numbers(INSTANCE)[number(1)].items()
