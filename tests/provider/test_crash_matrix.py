"""An `up` that adds, modifies, rebinds, moves and removes is ended at each of its writes: the next one completes it.

A case is one write, whether CCC did it, who is ended there, and whether Pulumi keeps checkpoints. The call is held by the
simulator, so nothing depends on time. CCC_NIGHTLY=1 runs all of them, CCC_FIGURES=FILE keeps a line for each.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.provider.crash_world import HELD_AFTER, CrashWorld, allowed, where
from tests.support import trail
from tests.support.trail import FREE

WRITES = 10
VICTIMS = ("cli", "plugin", "host", "simulator", "interrupt", "interrupt twice")
CASES = [
    (victim, point, done, checkpoints)
    for victim in VICTIMS
    for point in range(WRITES)
    for done in (True, False)
    for checkpoints in (True, False)
    # A first interrupt lets the engine save its state, with checkpoints or without.
    if not (checkpoints and victim == "interrupt")
]
EACH_TIME = [
    ("cli", 3, True, True),
    ("cli", 6, False, False),
    ("plugin", 5, True, False),
    ("host", 1, False, False),
    ("simulator", 7, True, False),
    ("interrupt twice", 4, False, False),
]


def named(case: tuple[str, int, bool, bool]) -> str:
    victim, point, done, checkpoints = case
    kept = "checkpoints" if checkpoints else "no checkpoints"
    return f"{victim}, write {point + 1} {'done' if done else 'not done'}, {kept}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrashWorld]:
    with ExitStack() as stay:
        yield CrashWorld.made(tmp_path_factory.mktemp("crash"), stay)


@pytest.mark.parametrize("case", CASES if os.environ.get("CCC_NIGHTLY") else EACH_TIME, ids=named)
def test_one_up_completes_what_was_ended(world: CrashWorld, case: tuple[str, int, bool, bool]) -> None:
    victim, point, done, checkpoints = case
    world.begin()
    running = world.run_to(point, done=done, checkpoints=checkpoints)
    reached = running.poll() is None
    if reached:
        at_that_point = where(world.held())
        silent = [n for n, row in at_that_point.items() if row[1] == "Bidirectional" and not row[3]]
        assert set(silent) <= joining(), "a line that stays was left without agents"
        said = world.end(victim, running)
        assert "Traceback" not in said, said
    else:
        said = running.communicate()[0]
    locked = world.locked()
    assert not locked or victim in ("cli", "interrupt twice"), "a lock that nobody expects"
    if locked:
        world.stack.pulumi("cancel", "--yes", "--stack", "dev", check=True)
    result = world.stack.up()
    assert result.code == 0, f"{said}\n---\n{result.text}"
    assert world.held() == HELD_AFTER
    assert world.remembered() == HELD_AFTER
    pending = world.pending()
    if pending:
        # Pulumi keeps a create it saw begin and not end, for a person to clear; CCC is as declared all the same.
        assert set(pending.values()) == {"creating"}
        assert checkpoints or victim == "interrupt twice"
        cleared = world.stack.refresh("--clear-pending-creates")
        assert cleared.code == 0, cleared.text
        assert world.pending() == {}
        assert (world.held(), world.remembered()) == (HELD_AFTER, HELD_AFTER)
    assert trail.strays(world.file, allowed()) == []
    keep_figure(case, reached=reached, locked=locked, pending=bool(pending))


def joining() -> set[str]:
    """Numbers that come into an instance: CCC takes them in first, and then into their groups."""
    return {each for each, stays in allowed().items() if FREE in stays}


def keep_figure(case: tuple[str, int, bool, bool], **seen: bool) -> None:
    if file := os.environ.get("CCC_FIGURES"):
        with Path(file).open("a", encoding="utf-8") as figures:
            figures.write(json.dumps([*case, seen]) + "\n")
