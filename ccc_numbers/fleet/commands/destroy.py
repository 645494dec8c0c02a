"""Take all numbers of stacks out of their instances, by `pulumi destroy`: they are unassigned then.

The vendors' contracts go on. An instance that is `protected` is refused before the first number goes, and a number that
another stack declares stays as it is. First the plan is shown; --yes does it without asking.

Examples: `ccc-numbers destroy acme` · `ccc-numbers destroy acme --yes`

Exit codes: 0 done, or nothing to do · 1 refused, failed or not confirmed · 2 could not begin.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from typer import Argument, Exit, Option

from ccc_numbers.fleet import options
from ccc_numbers.fleet.engine.automation import Destroyer
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.confirm import apply_if_confirmed
from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StopRules, run_many
from ccc_numbers.fleet.gitops.output import ResultOutput
from ccc_numbers.fleet.project import chosen_stacks, find_project
from ccc_numbers.fleet.stacks import refuse_to_write
from ccc_numbers.messages.language import tr

_FAILED = 1


def command(
    stacks: Annotated[list[str], Argument(metavar="STACK", help="Stacks to destroy.")],
    yes: Annotated[bool, Option("--yes", "-y", help="Do it without asking.")] = False,
    *,
    output: ResultOutput,
    rules: StopRules,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    names = chosen_stacks(folder, stacks)
    refuse_to_write(folder, names, "destroy")
    if not yes and not sys.stdin.isatty():
        raise FleetError(
            tr(
                "nothing was changed: nobody can be asked here; say ccc-numbers destroy {names} --yes",
                names=" ".join(names),
            )
        )
    with TemporaryDirectory(prefix="ccc-numbers-") as scratch:
        work = FleetRun.apply if yes else apply_if_confirmed(output.print)
        results = run_many(work, Destroyer(folder), names, Path(scratch), rules, None, output.masking)
    output.show(results, tr("Destroy"))
    if not all(each.well for each in results):
        raise Exit(_FAILED)
