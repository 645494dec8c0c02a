"""Show what an `up` of many stacks would change: several at a time, each by `pulumi preview`.

Nothing is changed in CCC. A stack that Pulumi does not know yet is made, empty, in its state. With --save, each
stack's plan and its summary are kept, for review and for `ccc-numbers apply --plan`. Pulumi's own view, property by
property: `pulumi preview --diff --stack STACK`.

Examples: `ccc-numbers plan` · `ccc-numbers plan acme --save out/plans` · `ccc-numbers plan $(ccc-numbers matrix
--since origin/main -o list) --max-removals 0`

Exit codes: 0 all planned · 1 a stack failed, or a rule was broken · 2 could not begin. With --detailed-exit-code: 0
nothing to change · 2 changes · 1 anything that went wrong.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from typer import Exit, Option

from ccc_numbers.fleet import options
from ccc_numbers.fleet.cli import DETAILED
from ccc_numbers.fleet.engine.automation import Engine
from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StopRules, run_many
from ccc_numbers.fleet.gitops.output import ResultOutput
from ccc_numbers.fleet.gitops.saved_plans import save_summaries
from ccc_numbers.fleet.project import chosen_stacks, commands_for, find_project
from ccc_numbers.messages.language import tr

_FAILED, _CHANGES = 1, 2


def command(
    stacks: Annotated[list[str] | None, options.stacks("Stacks to plan; all without.")] = None,
    save: Annotated[Path | None, Option(metavar="DIR", help="Keep the plans for `apply --plan DIR`.")] = None,
    *,
    output: ResultOutput,
    rules: StopRules,
    jobs: options.Jobs = None,
    reason: Annotated[str | None, Option(help="Why these stacks are planned; shown with them.")] = None,
    detailed: Annotated[
        bool, Option(DETAILED, help="Exit as Terraform does: 0 nothing to change, 2 changes, 1 failed.")
    ] = False,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    names = chosen_stacks(folder, stacks)
    reason = reason or os.environ.get("REASON") or None
    with TemporaryDirectory(prefix="ccc-numbers-") as scratch:
        plans = save or Path(scratch)
        results = run_many(
            FleetRun.plan, Engine(folder), names, plans, rules, jobs, output.masking, reason=reason
        )
    if save is not None:
        save_summaries(save, results, output.masking)
    commands = commands_for(folder, names[0])
    # not translated: a command
    several = f"{commands.ours} apply {' '.join(names)}" if len(names) > 1 else commands.up
    # not translated: a command
    output.show(results, tr("Plan"), f"{commands.ours} apply --plan {save}" if save else several)
    if not all(each.well for each in results):
        raise Exit(_FAILED)
    if detailed and any(each.changes for each in results):
        raise Exit(_CHANGES)
