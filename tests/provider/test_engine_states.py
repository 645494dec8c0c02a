"""Random verbs of the real engine against a model: a line leaves its instance only when the declaration drops it.

The model knows the declaration and what people did by hand, nothing of Pulumi. Each rule is one thing a person does; after
each, CCC is compared with the model. A fixed seed makes the same walks every time; CCC_NIGHTLY=1 walks ten times as far.
"""

import os
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.provider.test_up import held
from tests.support.simulator import Simulator, start_simulator
from tests.support.stack import Result, Stack
from tests.support.worlds import INSTANCE, declaration, numbers, seed

POOL = numbers(5)
WALKS, STEPS = (20, 12) if os.environ.get("CCC_NIGHTLY") else (2, 6)
WIRE = {
    "主流程": ("Bidirectional", "主流程", ("sales",)),
    "夜间流程": ("Bidirectional", "夜间流程", ("sales",)),
}


class Walk:
    """One stack, its declaration as number -> flow, and the numbers that a run may have left to a later one."""

    def __init__(self, folder: Path, simulator: Simulator, random: Random) -> None:
        self.stack = Stack(folder, {"endpoint": simulator.url, "region": "cn-shanghai"})
        self.simulator, self.random = simulator, random
        self.declared: dict[str, str] = dict.fromkeys(POOL[:3], "主流程")
        self.protected = random.random() < 0.5
        self.shown: list[str] = []

    def write(self) -> None:
        lines: dict[str, Any] = {n: {"flow": flow} for n, flow in self.declared.items()}
        self.stack.declare(
            declaration(lines, protected=self.protected, removalBudget="100%", changeBudget="100%")
        )

    def up(self, *more: str) -> Result:
        """An `up`, of which only one without options promises anything but safety."""
        before = held(self.simulator)
        result = self.stack.up(*more)
        self.shown.append(f"up {' '.join(more)}: exit {result.code}")
        after = held(self.simulator)
        cut = {n for n in before if n in self.declared and n not in after}
        assert not cut, f"{cut} were declared and bound, and are gone\n" + self.story(result)
        rerouted = {
            n
            for n in before
            if n in after and after[n] not in (before[n], WIRE[self.declared.get(n, "主流程")])
        }
        assert not rerouted, f"{rerouted} ring where nobody said\n" + self.story(result)
        return result

    def story(self, result: Result) -> str:
        return "\n".join([*self.shown, result.text])

    def plain_up(self) -> None:
        result = self.up()
        assert result.code == 0, self.story(result)
        assert held(self.simulator) == {n: WIRE[flow] for n, flow in self.declared.items()}, self.story(
            result
        )

    def edit(self) -> None:
        choice = self.random.choice(["drop", "add", "rebind"])
        one = self.random.choice(POOL)
        if choice == "drop" and len(self.declared) > 1:
            self.declared.pop(one, None)
        else:
            self.declared[one] = self.random.choice(list(WIRE))
        self.shown.append(f"declared {self.declared}")
        self.write()

    def by_hand(self) -> None:
        """An operator reroutes a line, or takes one out."""
        state = self.simulator.state()
        rows = state["instances"][INSTANCE]["numbers"]
        if not rows:
            return
        row = self.random.choice(rows)
        if self.random.random() < 0.5:
            row["contactFlow"] = "夜间流程"
        else:
            rows.remove(row)
            state["unassigned"].append({"number": row["number"]})
        self.shown.append(f"by hand: {row['number']}")
        self.simulator.put_state(state)

    def replace(self) -> None:
        one = f"**::{self.random.choice(list(self.declared))}"
        what = self.random.choice([("--replace", one), ("--replace", "**"), ("--target-replace", one)])
        self.up(*what)

    def taint(self) -> None:
        found = self.stack.state()
        named = [n for n in (*self.declared, f"{INSTANCE}-roster") if n in found]
        if named:
            name = self.random.choice(named)
            self.shown.append(f"taint {name}")
            self.stack.pulumi("state", "taint", "--yes", str(found[name]["urn"]))

    def target(self) -> None:
        self.up(self.random.choice(["--target", "--exclude"]), f"**::{self.random.choice(POOL)}")

    def older(self) -> None:
        """An `up`, and the state of before it is restored."""
        before = self.stack.keep()
        self.up()
        self.stack.restore(before)
        self.shown.append("restored the state of before")
        # What the lost state had taken in is found as declared; edited meanwhile, it would be somebody else's.
        self.plain_up()


RULES = ("edit", "edit", "by_hand", "replace", "replace", "taint", "target", "older", "plain_up", "plain_up")


@pytest.mark.parametrize("walk", range(WALKS))
def test_a_line_leaves_only_when_it_is_dropped(walk: int) -> None:
    random = Random(walk)  # the same walk every time
    with start_simulator(seed(POOL)) as simulator, TemporaryDirectory() as folder:
        here = Walk(Path(folder), simulator, random)
        here.write()
        here.plain_up()
        for _ in range(STEPS):
            getattr(here, random.choice(RULES))()
        here.plain_up()
