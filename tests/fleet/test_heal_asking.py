"""`ccc-numbers heal` at a real terminal: what is answered is done, once it is confirmed, and nothing else."""

from pathlib import Path
from typing import Any

from tests.fleet.drift_world import INSTANCE, World, instance, live, number
from tests.fleet.real_stack import Real
from tests.support.terminal import at_terminal

FILE, IGNORE = Path("stacks/dev.yaml"), Path("drift-ignore.yaml")
MENU = "q leave all others [l]:"
DECLARED = f"""\
# lines of the support centre
instances:
  {INSTANCE}:
    skillGroups:
      night: {{displayName: 夜班}}  # since May
    defaults: {{usage: bidirectional, flow: 主流程, skillGroups: [sales]}}
    numbers:
      "{number(1)}": {{}}  # reception
      "{number(2)}":  # hotline
      "{number(3)}": {{flow: 主流程, skillGroups: [sales]}}  # shop
      # fax, they say
      "{number(4)}":
        usage: bidirectional
"""
UNDEPLOYED = f'      "{number(5)}": {{}}\n'
RULES = """\
rules:
  # agreed with wang
  - {subject: x, reason: r, owner: o, until: 2099-01-01}
"""
WRITES = ("AddPhoneNumbers", "RemovePhoneNumbers", "ModifyPhoneNumber", "ModifySkillGroup")


def changed_by_hand(real: Real) -> None:
    """All as declared, then changed by hand; one number more is declared, and never deployed."""
    FILE.write_text(DECLARED, "utf-8")
    rows = [live(number(index)) for index in range(1, 5)]
    real.simulator.put_state({"instances": {INSTANCE: instance(*rows)}})
    up = real.stack.up()
    assert up.code == 0, up.text
    FILE.write_text(DECLARED + UNDEPLOYED, "utf-8")
    IGNORE.write_text(RULES, "utf-8")
    state = real.simulator.state()
    here = state["instances"][INSTANCE]
    found = {row["number"]: row for row in here["numbers"]}
    for index in (1, 2):
        found[number(index)]["contactFlow"] = "夜间流程"
    found[number(3)]["skillGroups"] = ["vip"]
    found[number(4)] |= {"usage": "Inbound", "skillGroups": ["sales"]}
    next(group for group in here["skillGroups"] if group["name"] == "night")["displayName"] = "白班"
    here["numbers"].append(live(number(9), contactFlow="夜间流程"))
    state["unassigned"] = [{"number": number(5)}]
    real.simulator.put_state(state)


def rows(real: Real) -> dict[str, Any]:
    return {row["number"]: row for row in real.simulator.state()["instances"][INSTANCE]["numbers"]}


def test_what_is_answered_at_a_terminal_is_done(real: Real) -> None:
    changed_by_hand(real)
    before, writes = rows(real), real.simulator.count(*WRITES)
    with at_terminal("ccc-numbers", "heal", "dev") as heal:
        heal.answer(MENU, "r")
        heal.answer("not in Pulumi's state, so not repaired alone", "l")
        heal.answer("wrong-flow × 2", "e")
        heal.answer(number(1), "r")
        heal.answer(number(2), "d")
        heal.answer("wrong-groups", "i")
        heal.answer("until which day (2027-02-12):", "soon")
        heal.answer("reason:", "trial")
        heal.answer("who answers for it:", "li")
        heal.answer('rules[1].until: "soon"', "i")
        heal.answer("[soon]:", "2099-02-01")
        heal.answer("[trial]:", "")
        heal.answer("[li]:", "")
        for kind in ("wrong-usage", "group-changed", "unmanaged"):
            heal.answer(kind, "d")
        # The one plan: what is repaired, and what is written.
        heal.answer(f"ccc-numbers heal dev --only wrong-flow:{number(1)} --yes", "y")
        code = heal.end()
    assert code == 1, heal.text  # what was left
    assert "repair 1 finding, write 2 files?" in heal.text
    assert "looked again: 1 missing left" in heal.text
    assert real.simulator.count(*WRITES) - writes == 1
    assert rows(real) == before | {number(1): before[number(1)] | {"contactFlow": "主流程"}}
    edits = {
        "{displayName: 夜班}": "{displayName: 白班}",
        f'"{number(2)}":': f'"{number(2)}": {{flow: 夜间流程}}',
        "        usage: bidirectional": "        usage: inbound",
    }
    expected = DECLARED
    for old, new in edits.items():
        expected = expected.replace(old, new)
    added = f'      "{number(9)}": {{flow: 夜间流程}} # vendor A\n'
    assert FILE.read_text("utf-8") == expected + UNDEPLOYED + added
    rule = f'  - subject: "{number(3)}"\n    kind: wrong-groups\n    stack: dev\n    instance: {INSTANCE}\n'
    rule += "    field: skillGroups\n    reason: trial\n    owner: li\n    until: 2099-02-01\n"
    assert IGNORE.read_text("utf-8") == RULES + rule
    assert real.kinds("--skip", "group-empty") == [("missing", number(5))]


def test_files_that_somebody_edited_meanwhile_stay_as_they_are(world: World) -> None:
    world.rows[0]["contactFlow"] = "夜间流程"
    world.rows[1]["usage"] = "Inbound"
    world.set()
    file = Path("stacks/acme.yaml")
    edited = file.read_text("utf-8") + "# mine\n"
    with at_terminal("ccc-numbers", "heal") as heal:
        heal.answer(MENU, "d")
        heal.answer("wrong-usage", "i")
        for answer in ("2099-01-01", "r", "o"):
            heal.answer(":", answer)
        heal.wait("write 2 files? [y/N]:")
        file.write_text(edited, "utf-8")
        heal.type("y")
        assert heal.end() == 2
    assert "stacks/acme.yaml: somebody has changed it meanwhile, so nothing was written or run" in heal.text
    assert file.read_text("utf-8") == edited
    assert not IGNORE.exists()


def test_nothing_is_done_for_who_leaves_or_goes(world: World) -> None:
    world.rows[0]["contactFlow"] = "夜间流程"
    world.set()
    before, file = world.simulator.state(), Path("stacks/acme.yaml").read_text("utf-8")
    for answers in (["q"], ["d", "n"], ["d", "\x04"], ["x", "\x04"]):
        with at_terminal("ccc-numbers", "heal") as heal:
            for answer in answers:
                heal.answer("]:", answer)
            assert heal.end() == 1, heal.text
        assert "nothing was written or run; drift: 1 finding: 1 error" in heal.text
    assert (world.simulator.state(), Path("stacks/acme.yaml").read_text("utf-8")) == (before, file)
    # Where nobody can be asked, all is as it was.
    assert "nothing was run; --yes runs it" in world.run("heal").out
