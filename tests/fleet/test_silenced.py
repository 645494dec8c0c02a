"""What `drift-ignore.yaml` silences and `up` repairs all the same: every plan says so before it is done."""

import json
from pathlib import Path

from tests.fleet.drift_world import INSTANCE, instance, live, number
from tests.fleet.real_stack import Real

RULE = """\
rules:
  - {subject: "0218000*", kind: [wrong-flow, missing], reason: 节日公告, owner: wang.li, until: 2099-01-01}
  - {subject: "*", kind: wrong-groups, reason: over, owner: o, until: 2020-01-01}
  - {subject: night, field: displayName, stack: dev, reason: r, owner: o, until: 2099-01-01}
"""


def test_what_the_ignore_file_silences_is_said_before_up_repairs_it(real: Real) -> None:
    real.stack.declare(
        {
            "instances": {
                INSTANCE: {
                    "changeBudget": "100%",
                    "skillGroups": {"night": {"displayName": "夜班"}},
                    "defaults": {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]},
                    "numbers": {number(index): {} for index in range(1, 5)},
                }
            }
        }
    )
    live_rows = [live(number(index)) for index in range(1, 5)]
    real.simulator.put_state({"instances": {INSTANCE: instance(*live_rows)}})
    assert real.stack.up().code == 0
    state = real.simulator.state()
    here = state["instances"][INSTANCE]
    rows = {row["number"]: row for row in here["numbers"]}
    for index in (1, 2):
        rows[number(index)]["contactFlow"] = "夜间流程"
    rows[number(3)]["skillGroups"] = ["vip"]
    state["unassigned"] = [{"number": rows.pop(number(4))["number"]}]
    here["numbers"] = list(rows.values())
    next(group for group in here["skillGroups"] if group["name"] == "night")["displayName"] = "白班"
    real.simulator.put_state(state)
    Path("drift-ignore.yaml").write_text(RULE, "utf-8")
    assert real.kinds("--skip", "group-empty") == [("ignore-ended", "*"), ("wrong-groups", number(3))]

    silences = "that drift-ignore.yaml silences"
    said = f"{INSTANCE}: this update repairs 3 differences {silences}: "
    why = "until 2099-01-01 (节日公告, wang.li)"
    of_group = f"{INSTANCE}: this update repairs 1 difference {silences}: group-changed of night"
    (planned,) = json.loads(real.run("plan", "dev", "--output", "json", "--save", "plans").out)
    (numbers, group) = sorted(planned["warnings"], reverse=True)
    assert numbers.startswith(said)
    assert f"missing of {number(4)}, {why}" in numbers
    assert f"wrong-flow of {number(1)}, {number(2)}, {why}" in numbers
    assert number(3) not in numbers
    assert group.startswith(of_group)
    assert f"this update repairs 3 differences {silences}" in real.run("comment", "plans").out
    preview = real.stack.preview()
    assert {numbers, group} <= set(preview.messages("warning")), preview.text

    # A file that cannot be read is said to be so; it stops nobody, for `drift` refuses it.
    Path("drift-ignore.yaml").write_text("rules: [{subject: x}]\n", "utf-8")
    up = real.stack.up()
    assert up.code == 0, up.text
    (unread,) = [each for each in up.messages("warning") if "which differences" in each]
    assert "drift-ignore.yaml:1:" in unread
    # As declared again, nothing is left to be said.
    Path("drift-ignore.yaml").write_text(RULE, "utf-8")
    assert real.stack.preview("--expect-no-changes").messages("warning") == []
