"""Bring many stacks about, exactly as planned and reviewed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StopRules, masking, run_many
from ccc_numbers.fleet.gitops.output import ResultForm, tell
from ccc_numbers.fleet.gitops.results import saved_plans
from ccc_numbers.fleet.project import chosen_stacks, find_project

_FAILED = 1

EPILOG = (
    "Examples: [bold]ccc-numbers apply acme beta --max-removals 0[/bold] · "
    "[bold]ccc-numbers apply --plan out/plans[/bold]\n\n"
    "Exit codes: 0 all as declared · 1 a stack failed, was refused or left out · 2 could not begin."
)


def command(
    stacks: Annotated[
        list[str] | None,
        options.stacks("Stacks to apply; without, those of --plan, or --all."),
    ] = None,
    everything: options.Everything = False,
    plan: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Do only what was reviewed: plans of `plan --save`.")
    ] = None,
    form: Annotated[ResultForm, options.output()] = ResultForm.TABLE,
    summary: options.Summary = None,
    max_changes: options.MaxChanges = None,
    max_removals: options.MaxRemovals = None,
    fail_fast: options.FailFast = False,
    lock_wait: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Wait so long for a state that is locked.")
    ] = 0,
    jobs: options.Jobs = None,
    mask: options.MaskAnswer = False,
    project: options.Project = None,
) -> None:
    """Bring many stacks about, several at a time, each by `pulumi up` held to a plan.

    All stacks are planned first and held against the stop rules; nothing is changed when one is broken. With --plan,
    a stack is refused, before anything of it is changed, when that would do something that was not reviewed. What
    somebody has done already is no reason to refuse.
    """
    folder = find_project(project)
    reviewed = saved_plans(plan, stacks or None) if plan is not None else None
    if reviewed is None and bool(stacks) == everything:
        raise FleetError("say what to apply: stacks by name, --plan DIR or --all")
    names = chosen_stacks(folder, list(reviewed) if reviewed else stacks or None)
    rules = StopRules(max_changes, max_removals, fail_fast, lock_wait)
    with TemporaryDirectory(prefix="ccc-numbers-") as scratch:
        results = run_many(
            folder,
            names,
            Path(scratch),
            work=FleetRun.apply,
            rules=rules,
            jobs=jobs,
            mask=mask,
            reviewed=reviewed,
        )
    tell(results, form, out(), title="Apply", mask=masking(mask), summary=summary)
    if not all(each.well for each in results):
        raise typer.Exit(_FAILED)
