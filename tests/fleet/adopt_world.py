"""What tests of `adopt` share: the command, and a stack that exists."""

from difflib import unified_diff
from pathlib import Path

from tests.fleet.drift_world import INSTANCE, OTHER, Answer, World, live, number


def adopt(world: World, *words: str) -> Answer:
    return world.run("adopt", INSTANCE, "--stack", "acme", *words)


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
