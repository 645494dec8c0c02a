"""Deploy several stacks at a time, each by a `pulumi up` that does exactly its plan.

All stacks are planned first and compared with the stop rules; nothing is changed when one is broken. With --plan,
a stack is refused, before anything of it is changed, when that would do something that was not reviewed. Steps
that are done already are not a reason to refuse.

Examples: `ccc-numbers apply acme beta --max-removals 0` · `ccc-numbers apply --plan out/plans`

Exit codes: 0 all as declared · 1 a stack failed, was refused or left out · 2 could not begin.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from typer import Exit, Option

from ccc_numbers.fleet import options
from ccc_numbers.fleet.engine.automation import Engine
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.confirm import apply_if_confirmed
from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StopRules, run_many
from ccc_numbers.fleet.gitops.output import ResultOutput
from ccc_numbers.fleet.gitops.saved_plans import saved_plans
from ccc_numbers.fleet.project import chosen_stacks, find_project
from ccc_numbers.fleet.stacks import refuse_to_write
from ccc_numbers.messages.language import tr

_FAILED = 1


def command(
    stacks: Annotated[list[str] | None, options.stacks("Stacks to apply, unless --plan or --all.")] = None,
    everything: options.Everything = False,
    plan: Annotated[Path | None, Option(metavar="DIR", help="Apply only the plans of `plan --save`.")] = None,
    *,
    output: ResultOutput,
    rules: StopRules,
    lock_wait: Annotated[float, Option(metavar="SECONDS", min=0, help="Wait for a locked state.")] = 0,
    jobs: options.Jobs = None,
    ask: Annotated[bool, Option("--ask", help="Show the plans and ask before the first change.")] = False,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    reviewed = saved_plans(plan, stacks) if plan is not None else {}
    if plan is None and bool(stacks) == everything:
        raise FleetError(tr("say what to apply: stacks by name, --plan DIR or --all"))
    names = chosen_stacks(folder, list(reviewed) or stacks)
    refuse_to_write(folder, names, "apply")
    rules = replace(rules, lock_wait=lock_wait)
    with TemporaryDirectory(prefix="ccc-numbers-") as scratch:
        work = apply_if_confirmed(output.print) if ask else FleetRun.apply
        results = run_many(
            work, Engine(folder), names, Path(scratch), rules, jobs, output.masking, reviewed=reviewed
        )
    output.show(results, tr("Apply"))
    if not all(each.well for each in results):
        raise Exit(_FAILED)
