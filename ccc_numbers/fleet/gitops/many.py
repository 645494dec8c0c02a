"""What `plan` and `apply` have in common: their stacks, their surroundings, their board."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.engine.automation import PulumiEngine
from ccc_numbers.fleet.gitops.board import board
from ccc_numbers.fleet.gitops.fleet_run import FleetRun, Rules, Task
from ccc_numbers.fleet.gitops.results import Result
from ccc_numbers.fleet.gitops.saved import Saved, digests, plan_path, stack_texts
from ccc_numbers.fleet.gitops.surroundings import check_surroundings
from ccc_numbers.messages.masking import mask_numbers, unmasked

Work = Callable[[FleetRun, Sequence[Task], Callable[[Result], None]], list[Result]]


def run_many(
    project: Path,
    stacks: Sequence[str],
    plans: Path,
    *,
    work: Work,
    rules: Rules,
    jobs: int | None,
    mask: bool,
    reviewed: dict[str, Saved] | None = None,
    reason: str | None = None,
) -> list[Result]:
    """Work on the stacks with the board on stderr; plans go to the folder `plans`. Raises FleetError."""
    check_surroundings(os.environ, project, stacks)
    plans.mkdir(parents=True, exist_ok=True)
    texts = stack_texts(project)
    tasks = [
        Task(
            stack,
            plan_path(plans, stack),
            files=digests(project, stack, texts),
            reviewed=reviewed[stack].plan if reviewed else None,
            files_reviewed=reviewed[stack].summary.files if reviewed else {},
        )
        for stack in stacks
    ]
    run = FleetRun(PulumiEngine(project), rules, jobs or default_jobs())
    with board(err(), run.standings, masking(mask)) as told:
        results = work(run, tasks, told)
    return [replace(each, reason=reason) for each in results]


def masking(wanted: bool) -> Callable[[str], str]:
    """What every text goes through before somebody reads it."""
    return mask_numbers if wanted else unmasked


def default_jobs() -> int:
    """Stacks at a time: each is a CLI, a language host, a program and a plugin, which wait a good deal."""
    return min(max(2 * (os.cpu_count() or 1), 2), 16)
