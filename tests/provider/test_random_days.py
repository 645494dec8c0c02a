"""Random days of two stacks, their operators and their mishaps: nobody loses a line, and one `up` mends what can be mended.

Files, console, faults, crashes, replacements, targets and old states in any order, against the model of `fleet_model.py`. The
plugin answers over its protocol, CCC is the simulator, `support/engine.py` stands for Pulumi. A failure is printed as the
shortest day that ends so, one step a line. HYPOTHESIS_PROFILE=nightly walks ten times as far.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ccc_numbers.api import retry
from ccc_numbers.fleet.drift.report import Verdict
from ccc_numbers.fleet.drift.run import DriftOptions, look
from tests.provider.fleet_model import (
    FREE,
    SHOP,
    STACKS,
    STRANGER,
    Files,
    Remembered,
    Truth,
    beyond_budget,
    faults_of_a_verb,
    truth,
)
from tests.support import trail
from tests.support.effort import NIGHTLY, effort
from tests.support.engine import Engine, Outcome, State
from tests.support.simulator import Simulator, start_simulator
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

OWN = numbers(6)
LATE = number(7)
FOREIGN = [number(8), number(9)]
BINDINGS: dict[str, dict[str, Any]] = {
    "usual": {},
    "night": {"flow": "夜间流程"},
    "more groups": {"skillGroups": ["sales", "support"]},
    "other group": {"skillGroups": ["vip"]},
    "inbound": {"usage": "inbound", "skillGroups": []},
    "outbound": {"usage": "outbound", "skillGroups": ["vip"]},
}
BY_HAND = {
    "usual": bound(""),
    "night": bound("", "Inbound", "夜间流程", ()),
    "no flow": bound("", "Bidirectional", None, ("sales", "vip")),
    "nobody": bound("", "Bidirectional", "主流程", ()),
}
PLACES = {place: stack for stack, places in STACKS.items() for place in places}
SPOILT = ("throttle", "unavailable", "lostResponse", "reset", "badJson", "partial")

stacks = st.sampled_from(list(STACKS))
places = st.sampled_from(list(PLACES))
lines = st.sampled_from([*OWN, LATE])
once = st.sampled_from([1, 1, 2, 40])
faults = st.lists(
    st.fixed_dictionaries(
        {"fault": st.sampled_from(SPOILT), "after": st.sampled_from([0, 0, 1, 2, 6]), "times": once},
        optional={"writes": st.just(True)},
    ),
    min_size=1,
    max_size=2,
)


class Days(RuleBasedStateMachine):
    simulator: Simulator
    trail: Path
    steps = 0
    calls = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(prefix="days-")
        self.project = Path(self.folder.name)
        (self.project / "stacks").mkdir()
        self.files = Files(self.project, self.simulator.url)
        settings = {"endpoint": self.simulator.url, "timeouts": '{"operation": 1}', "batchSize": "2"}
        self.engines = {stack: Engine(self.project, stack, settings) for stack in STACKS}
        self.old: dict[str, list[State]] = {stack: [] for stack in STACKS}
        self.writer = dict.fromkeys([*OWN, LATE, *FOREIGN], "a person")

    @initialize(start=st.lists(lines, min_size=2, max_size=6, unique=True))
    def begin(self, start: list[str]) -> None:
        state = seed(OWN, support=instance([bound(FOREIGN[0])]))
        state["instances"] |= {SHOP: instance(), STRANGER: instance([bound(FOREIGN[1])])}
        self.simulator.begin_anew(state)
        self.files.numbers = {stack: {place: {} for place in places} for stack, places in STACKS.items()}
        self.files.numbers["acme"][INSTANCE] = {each: {} for each in start}
        self.files.instances = {}
        self.files.write()
        self._up("acme")

    # What people do to the files.

    @rule(
        line=lines,
        place=places,
        binding=st.sampled_from(list(BINDINGS)),
        more=st.sampled_from(["", "", "adopt", "keepOnRemoval"]),
    )
    def declare(self, line: str, place: str, binding: str, more: str) -> None:
        self._drop(line)
        said = BINDINGS[binding] | ({more: True} if more else {})
        self.files.numbers[PLACES[place]].setdefault(place, {})[line] = said
        self.files.write()

    @rule(line=lines, adopt=st.booleans())
    def declare_in_the_shop_too(self, line: str, adopt: bool) -> None:
        self.files.numbers["shop"].setdefault(SHOP, {})[line] = {"adopt": adopt}
        self.files.write()

    @rule(some=st.lists(lines, min_size=1, max_size=4, unique=True))
    def drop(self, some: list[str]) -> None:
        for line in some:
            self._drop(line)
        self.files.write()

    def _drop(self, line: str) -> None:
        for each in self.files.numbers.values():
            for listed in each.values():
                listed.pop(line, None)

    @rule(place=places, protected=st.booleans(), budget=st.integers(0, 4))
    def set_guards(self, place: str, protected: bool, budget: int) -> None:
        self.files.instances[place] = {"protected": protected, "removalBudget": budget}
        self.files.write()

    @rule()
    def give_the_second_instance_up(self) -> None:
        self.files.numbers["acme"].pop(OTHER, None)
        self.files.write()

    # What people do in the console.

    @rule(line=lines, place=st.sampled_from([*PLACES, STRANGER]), how=st.sampled_from(list(BY_HAND)))
    def bind_by_hand(self, line: str, place: str, how: str) -> None:
        state = self._taken_out(line)
        if state:
            state["instances"][place]["numbers"].append(BY_HAND[how] | {"number": line})
            self.simulator.put_state(state)
            self.writer[line] = "a person"

    @rule(line=lines)
    def take_out_by_hand(self, line: str) -> None:
        state = self._taken_out(line)
        if state:
            state["unassigned"].append({"number": line})
            self.simulator.put_state(state)
            self.writer[line] = "a person"

    def _taken_out(self, line: str) -> dict[str, Any]:
        """The account's state without the number; nothing when the account does not have it."""
        state = self.simulator.state()
        lists = [state["unassigned"], *(each["numbers"] for each in state["instances"].values())]
        for each in lists:
            for row in each:
                if row["number"] == line:
                    each.remove(row)
                    return state
        return {}

    @rule()
    def support_imports_the_late_number(self) -> None:
        self.simulator.import_numbers(LATE)

    # What people do to the state.

    @precondition(lambda self: any(each.state.entries for each in self.engines.values()))
    @rule(data=st.data(), stack=stacks)
    def taint(self, data: st.DataObject, stack: str) -> None:
        engine = self.engines[stack]
        urns = [urn for urn, each in engine.state.entries.items() if not each.protected]
        if urns:
            engine.taint(data.draw(st.sampled_from(urns), label="resource"))

    @precondition(lambda self: any(each.state.entries for each in self.engines.values()))
    @rule(data=st.data(), stack=stacks)
    def delete_from_the_state(self, data: st.DataObject, stack: str) -> None:
        engine = self.engines[stack]
        if engine.state.entries:
            urn = data.draw(st.sampled_from(list(engine.state.entries)), label="resource")
            engine.forget(urn)
            self.writer[urn.rsplit("::", 1)[-1]] = "a person"

    @rule(stack=stacks, back=st.integers(1, 4))
    def restore_an_old_state(self, stack: str, back: int) -> None:
        if len(self.old[stack]) >= back:
            self.engines[stack].state = self.old[stack][-back]
            self.writer = dict.fromkeys(self.writer, "a person")

    # The verbs.

    @rule(stack=stacks, looking_first=st.booleans())
    def up(self, stack: str, looking_first: bool) -> None:
        if looking_first and not self._preview(stack).ok:
            return
        self._up(stack)

    @rule(stack=stacks, spoilt=faults)
    def up_with_faults(self, stack: str, spoilt: list[dict[str, Any]]) -> None:
        self._up(stack, spoilt)

    @rule(stack=stacks, at=st.sampled_from([0, 0, 1, 2, 4]), done=st.booleans(), checkpoints=st.booleans())
    def up_that_is_killed(self, stack: str, at: int, done: bool, checkpoints: bool) -> None:
        """At this write, which is done or not; nothing that comes later reaches CCC."""
        here = {"fault": "reset", "writes": True, "after": at}
        self._up(stack, [here | {"times": 1, "done": done}, here], dies=True, checkpoints=checkpoints)

    @rule(
        stack=stacks,
        names=st.lists(
            st.sampled_from([*OWN, f"{INSTANCE}-roster", f"{INSTANCE}-latch"]), min_size=1, max_size=2
        ),
    )
    def up_with_targets(self, stack: str, names: list[str]) -> None:
        self._up(stack, targets=names)

    @rule(stack=stacks)
    def preview(self, stack: str) -> None:
        self._preview(stack)

    @rule(stack=stacks, spoilt=faults)
    def preview_with_faults(self, stack: str, spoilt: list[dict[str, Any]]) -> None:
        self._preview(stack, spoilt)

    @rule(stack=stacks, spoilt=st.just([]) | faults)
    def refresh(self, stack: str, spoilt: list[dict[str, Any]]) -> None:
        before = truth(self.simulator)
        self.simulator.faults(spoilt)
        self.engines[stack].refresh()
        self.simulator.faults([])
        assert truth(self.simulator) == before, "a refresh wrote"
        self._walked(stack)

    @rule(stack=stacks)
    def destroy(self, stack: str) -> None:
        known, before = self._begun(stack)
        outcome = self.engines[stack].destroy()
        self._judged(stack, known, before, outcome, destroying=True, budgets=False)

    @rule(spoilt=st.just([]) | faults)
    def drift(self, spoilt: list[dict[str, Any]]) -> None:
        self.simulator.faults(spoilt)
        found = look(self.project, list(STACKS), DriftOptions(), date(2026, 11, 28)).report
        self.simulator.faults([])
        self._walked("")
        now = truth(self.simulator)
        wrong = {
            n
            for stack in STACKS
            for n in self.files.declared(stack)
            if now.get(n) != self.files.wanted(stack, n)
        }
        if found.verdict is Verdict.CLEAN:
            assert not wrong, "drift calls clean what is not as declared"
        elif found.verdict is Verdict.DRIFT:
            named = {each.subject for each in found.findings}
            assert wrong <= named, f"drift looked at everything and does not name {wrong - named}"

    # How a verb is held against the model.

    def _begun(self, stack: str) -> tuple[Remembered, Truth]:
        trail.forget(self.trail)
        journal = self.project / ".ccc-numbers" / "journal" / stack
        return Remembered.of(self.engines[stack].state, journal), truth(self.simulator)

    def _up(self, stack: str, spoilt: list[dict[str, Any]] | None = None, **how: Any) -> Outcome:
        known, before = self._begun(stack)
        self.simulator.faults(spoilt or [])
        outcome = self.engines[stack].up(**how)
        self.simulator.faults([])
        after = self._judged(stack, known, before, outcome, budgets="environment" not in how)
        if how.get("targets") and not any("roster" in name for name in how["targets"]):
            left = {n for n in before if before[n] != FREE and after[n] == FREE} - set(
                self.files.declared(stack)
            )
            assert not left, f"{left} were taken out without a roster that allowed it"
        if outcome.ok and not how.get("targets") and not how.get("dies"):
            self._said_done(stack, after, partial=any(each["fault"] == "partial" for each in spoilt or ()))
        return outcome

    def _said_done(self, stack: str, after: Truth, *, partial: bool) -> None:
        """An `up` without an error: everything declared is so, but for what support has not imported."""
        wrong = {
            n: after[n]
            for n in self.files.declared(stack)
            if n in after and after[n] != self.files.wanted(stack, n)
        }
        assert not wrong or partial, f"done, it said, and it is not: {wrong}"
        for each in self.writer.keys() - set(self.files.declared(stack)):
            if self.writer[each] == stack:
                self.writer[each] = "a person"  # forgotten, or removed

    def _preview(self, stack: str, spoilt: list[dict[str, Any]] | None = None) -> Outcome:
        before, kept = truth(self.simulator), self.engines[stack].state
        self.simulator.faults(spoilt or [])
        outcome = self.engines[stack].up(preview=True)
        self.simulator.faults([])
        assert truth(self.simulator) == before, "a preview wrote"
        assert self.engines[stack].state == kept
        if outcome.ok and not outcome.ops:
            self._said_done(stack, before, partial=False)
        self._walked(stack, outcome)
        return outcome

    def _judged(
        self,
        stack: str,
        known: Remembered,
        before: Truth,
        outcome: Outcome,
        *,
        budgets: bool,
        destroying: bool = False,
    ) -> Truth:
        after = truth(self.simulator)
        wrong = faults_of_a_verb(self.files, stack, known, before, after, destroying=destroying)
        if budgets:
            wrong += beyond_budget(self.files, stack, known, before, after)
        assert not wrong, "\n".join([*wrong, *outcome.errors])
        stays = {n: before[n][0] for n in before if before[n][0] == after[n][0] != ""}
        astray = [
            (n, stay) for n, stay in trail.strays(self.trail, {}) if n in stays and stay.instance != stays[n]
        ]
        assert not any(stay.instance not in ("", None) for _, stay in astray), (
            f"on its way elsewhere: {astray}"
        )
        if outcome.ok:
            assert not astray, f"out of its instance for a moment: {astray}"
        self.writer |= {n: stack for n in before if before[n] != after[n]}
        self._walked(stack, outcome)
        return after

    def _walked(self, stack: str, outcome: Outcome | None = None) -> None:
        type(self).steps += 1
        if outcome:
            note(f"  {outcome.ops or 'nothing to do'} {outcome.errors or ''}")
        if stack:
            self.old[stack] = [*self.old[stack], self.engines[stack].state][-6:]

    def teardown(self) -> None:
        try:
            if self.files.numbers:
                self._settled()
        finally:
            type(self).calls += sum(each.calls for each in self.engines.values())
            self.folder.cleanup()

    def _settled(self) -> None:
        """Without faults, one `up` of each stack makes CCC as declared; what it refuses, a person's hand explains."""
        for listed in self.files.numbers["shop"].values():
            for line in [each for each in listed if self.files.place_of("acme", each)]:
                del listed[line]  # declared twice: somebody decides
        self.files.instances = {}
        self.files.numbers["acme"].setdefault(OTHER, {})
        self.files.write()
        allowed = {"CCC_ALLOW_REMOVALS": "9"}
        for stack in STACKS:
            now = truth(self.simulator)
            wrong = {n for n in self.files.declared(stack) if now.get(n, FREE) != self.files.wanted(stack, n)}
            outcome = self._up(stack, environment=allowed)
            disputed = {n for n in wrong if self.writer[n] != stack}
            assert outcome.ok or disputed, f"one up does not converge: {outcome.errors}"
        for stack in STACKS:
            for line in self.files.declared(stack):
                self.files.settings(stack, line)["adopt"] = True
        self.files.write()
        for stack in STACKS:
            outcome = self._up(stack, environment=allowed)
            assert outcome.ok, f"one up does not converge: {outcome.errors}"
        for stack in STACKS:
            again = self._up(stack)
            assert (again.ops, again.errors) == ({}, []), "another up is not quiet"
        assert truth(self.simulator)[FOREIGN[1]] == (STRANGER, ("Bidirectional", "主流程", ("sales",)))


def test_random_days_lose_no_line_and_end_as_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(retry, "_FIRST_WAIT", 0.001)
    monkeypatch.setattr(retry, "_LONGEST_WAIT", 0.01)
    monkeypatch.setattr(retry, "random", SimpleNamespace(uniform=lambda *_: 0.001))
    Days.trail = tmp_path / "simulator.db"
    with start_simulator({}, state=Days.trail) as Days.simulator:
        trail.follow(Days.trail)
        run_state_machine_as_test(Days, settings=effort(quick=28, nightly=300, steps=30))
    assert Days.calls >= (50_000 if NIGHTLY else 5_000), Days.calls
    if file := os.environ.get("CCC_FIGURES"):
        Path(file).write_text(f"{Days.steps} verbs, {Days.calls} calls of the plugin\n", "utf-8")
