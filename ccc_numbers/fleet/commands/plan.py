"""Show what an `up` of many stacks would change, and save it for review."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ccc_numbers.fleet import options
from ccc_numbers.fleet.cli import DETAILED
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StopRules, masking, run_many
from ccc_numbers.fleet.gitops.output import ResultForm, tell
from ccc_numbers.fleet.gitops.results import save_summaries
from ccc_numbers.fleet.project import chosen_stacks, find_project

_FAILED, _CHANGES = 1, 2

EPILOG = (
    "Examples: [bold]ccc-numbers plan[/bold] · [bold]ccc-numbers plan acme --save out/plans[/bold] · "
    "[bold]ccc-numbers plan $(ccc-numbers matrix --since origin/main -o list) --max-removals 0[/bold]\n\n"
    "Exit codes: 0 all planned · 1 a stack failed, or a rule was broken · 2 could not begin. With --detailed-exit-code: "
    "0 nothing to change · 2 changes · 1 anything that went wrong."
)


def command(
    stacks: Annotated[list[str] | None, options.stacks("Stacks to plan; all without.")] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the plans here, for `apply --plan DIR`.")
    ] = None,
    form: Annotated[ResultForm, options.output()] = ResultForm.TABLE,
    summary: options.Summary = None,
    max_changes: options.MaxChanges = None,
    max_removals: options.MaxRemovals = None,
    fail_fast: options.FailFast = False,
    jobs: options.Jobs = None,
    mask: options.MaskAnswer = False,
    reason: Annotated[str | None, typer.Option(help="Why these stacks: told with them.")] = None,
    detailed: Annotated[
        bool, typer.Option(DETAILED, help="End as Terraform does: 0 nothing to change, 2 changes, 1 failed.")
    ] = False,
    project: options.Project = None,
) -> None:
    """Show what an `up` of many stacks would change: several at a time, each by `pulumi preview`.

    Nothing is changed in CCC. A stack that Pulumi does not know yet is made, empty, in its state. With --save, each
    stack's plan and its summary are kept, for review and for `ccc-numbers apply --plan`.
    """
    folder = find_project(project)
    names = chosen_stacks(folder, stacks)
    rules = StopRules(max_changes, max_removals, fail_fast)
    with TemporaryDirectory(prefix="ccc-numbers-") as scratch:
        results = run_many(
            folder,
            names,
            save or Path(scratch),
            work=FleetRun.plan,
            rules=rules,
            jobs=jobs,
            mask=mask,
            reason=reason or os.environ.get("REASON") or None,
        )
    if save is not None:
        save_summaries(save, results, masking(mask))
    tell(results, form, out(), title="Plan", mask=masking(mask), summary=summary)
    if not all(each.well for each in results):
        raise typer.Exit(_FAILED)
    if detailed and any(each.changes for each in results):
        raise typer.Exit(_CHANGES)
