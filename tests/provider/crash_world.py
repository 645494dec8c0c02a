"""A stack whose next `up` adds, modifies, rebinds, moves and removes, and the ways to end that `up` at any of its writes."""

import json
import os
import shutil
import signal
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.provider.test_interruption import begin_up
from tests.provider.test_reverted_crash import orphans, plugin_of, said
from tests.provider.test_up import held
from tests.support import trail
from tests.support.patience import HANG_S
from tests.support.simulator import Simulator, start_simulator, wait_until
from tests.support.stack import Stack
from tests.support.trail import FREE, Stay
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

Held = dict[str, tuple[str, str | None, tuple[str, ...]]]

FOREIGN = number(20)
USUAL = ("Bidirectional", "主流程", ("sales",))
BEFORE = said({n: {} for n in numbers(6)}, {number(11): {}})
AFTER = said(
    {
        number(1): {},
        number(2): {"flow": "夜间流程"},
        number(3): {"skillGroups": ["vip"]},
        number(6): {"usage": "inbound", "skillGroups": []},
        number(7): {},
        number(8): {},
    },
    {number(11): {}, number(4): {}},
)
HELD_BEFORE: dict[str, Held] = {INSTANCE: dict.fromkeys(numbers(6), USUAL), OTHER: {number(11): USUAL}}
HELD_AFTER: dict[str, Held] = {
    INSTANCE: {
        number(1): USUAL,
        number(2): ("Bidirectional", "夜间流程", ("sales",)),
        number(3): ("Bidirectional", "主流程", ("vip",)),
        number(6): ("Inbound", "主流程", ()),
        number(7): USUAL,
        number(8): USUAL,
    },
    OTHER: {number(4): USUAL, number(11): USUAL},
}
WORDS = {"Bidirectional": "bidirectional", "Inbound": "inbound", "Outbound": "outbound"}


def where(places: dict[str, Held]) -> dict[str, tuple[str, str, str | None, tuple[str, ...]]]:
    return {n: (place, *row) for place, rows in places.items() for n, row in rows.items()}


def allowed() -> dict[str, set[Stay]]:
    """What the old or the new declaration says of each number; between two instances, and before and after, it is free."""
    old, new = where(HELD_BEFORE), where(HELD_AFTER)
    found: dict[str, set[Stay]] = {}
    for each in {*old, *new}:
        rows = [row for row in (old.get(each), new.get(each)) if row]
        found[each] = {Stay(*row[:3]) for row in rows}
        if len(rows) < 2 or rows[0][0] != rows[1][0]:
            found[each].add(FREE)
    return found


@dataclass
class CrashWorld:
    """One stack in the state of before, kept as files, so that each case begins from it in a moment."""

    folder: Path
    file: Path
    simulator: Simulator
    stack: Stack
    open: ExitStack
    live: dict[str, Any] = field(default_factory=dict)
    point: int = 0

    @classmethod
    def made(cls, folder: Path, stay: ExitStack) -> "CrashWorld":
        file = folder / "simulator.db"
        free = [*numbers(8), number(11)]
        state = seed(free, support=instance([bound(FOREIGN)]))
        simulator = stay.enter_context(start_simulator(state, state=file))
        (project := folder / "project").mkdir()
        world = cls(folder, file, simulator, Stack(project, {"endpoint": simulator.url}), stay)
        world.stack.declare(BEFORE)
        first = world.stack.up()
        assert first.code == 0, first.text
        world.live = simulator.state()
        shutil.copytree(project / "state", folder / "kept")
        trail.follow(file)
        return world

    def begin(self) -> None:
        """As after the first `up`, with the declaration that is to come."""
        project = self.stack.folder
        shutil.rmtree(project / "state")
        shutil.copytree(self.folder / "kept", project / "state")
        shutil.rmtree(project / ".ccc-numbers", ignore_errors=True)
        self.simulator.begin_anew(self.live)
        self.stack.declare(AFTER)
        trail.forget(self.file)

    def run_to(self, point: int, *, done: bool, checkpoints: bool) -> "subprocess.Popen[str]":
        """An `up` that stands at its write `point`, which is done or not; no later write comes through."""
        self.point = point
        first = {"writes": True, "after": point, "times": 1, "fault": "hold", "done": done}
        self.simulator.faults([first, {"writes": True, "after": point, "fault": "hold", "done": False}])
        running = begin_up(self.stack, PULUMI_SKIP_CHECKPOINTS=str(not checkpoints).lower())
        wait_until(lambda: self.simulator.struck() or running.poll() is not None)
        return running

    def end(self, victim: str, running: "subprocess.Popen[str]") -> str:
        """End the victim there, let everything else come to its own end, and give what the CLI said."""
        match victim:
            case "cli":
                running.kill()
            case "plugin":
                os.kill(plugin_of(running.pid), signal.SIGKILL)
            case "host":
                os.kill(language_host(running.pid), signal.SIGKILL)
            case "simulator":
                self.restart_simulator()
            case "interrupt":
                running.send_signal(signal.SIGINT)
            case "interrupt twice":
                running.send_signal(signal.SIGINT)
                running.send_signal(signal.SIGINT)
        self.simulator.faults([])
        text, _ = running.communicate(timeout=HANG_S)
        wait_until(lambda: not orphans(self.stack.folder))
        return text

    def restart_simulator(self) -> None:
        """Killed outright, and started again where it was: only its state file is left."""
        port = int(self.simulator.url.rsplit(":", 1)[1])
        self.simulator.process.kill()
        self.simulator.process.wait()
        self.simulator = self.open.enter_context(start_simulator(None, state=self.file, port=port))

    def locked(self) -> bool:
        return any((self.stack.folder / "state" / ".pulumi" / "locks").rglob("*.json"))

    def held(self) -> dict[str, Held]:
        found = {place: held(self.simulator, place) for place in (INSTANCE, OTHER)}
        assert found[INSTANCE].pop(FOREIGN) == USUAL, "a number that nobody declares was touched"
        return found

    def remembered(self) -> dict[str, Held]:
        """The numbers as Pulumi's state has them."""
        found: dict[str, Held] = {INSTANCE: {}, OTHER: {}}
        wire = {word: usage for usage, word in WORDS.items()}
        for each in self._saved()["resources"]:
            if each["type"] == "ccc:index:PhoneNumber":
                row, name = each["outputs"], each["urn"].rsplit("::", 1)[-1]
                groups = tuple(sorted(row.get("skillGroups") or ()))
                found[row["instanceId"]][name] = (wire[row["usage"]], row.get("contactFlow"), groups)
        return found

    def pending(self) -> dict[str, str]:
        """What Pulumi's state keeps as begun and not ended: the operation by name."""
        begun = self._saved().get("pending_operations", ())
        return {each["resource"]["urn"].rsplit("::", 1)[-1]: each["type"] for each in begun}

    def _saved(self) -> dict[str, Any]:
        (file,) = (self.stack.folder / "state" / ".pulumi" / "stacks").rglob("dev.json")
        saved: dict[str, Any] = json.loads(file.read_text("utf-8"))["checkpoint"]["latest"]
        return saved


def language_host(cli: int) -> int:
    """The language host below the CLI, whose program is still running."""
    for each in psutil.Process(cli).children(recursive=True):
        if Path(each.cmdline()[0]).name == "pulumi-language-python":
            return int(each.pid)
    raise AssertionError("there is no language host")
