"""Print, and with --yes run, the repair of drift: `pulumi up --refresh` on exactly the stacks concerned.

`up` makes a whole stack as declared, and nothing else: numbers that no stack declares stay untouched. A stack where
a person has to decide something is left alone and named.

Examples: `ccc-numbers heal` · `ccc-numbers heal acme --yes`

Exit codes: 0 nothing is left to repair · 1 something is, or an error that only a person can put right, such as a
declared number that the account lacks · 2 something could not be looked at, or Pulumi failed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ccc_numbers.declaration import clock
from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.drift.healing import Healer
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.drift.run import DriftOptions, look
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.project import chosen_stacks, find_project
from ccc_numbers.fleet.stacks import refuse_to_write


def command(
    stacks: Annotated[list[str] | None, options.stacks()] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Run what is printed.")] = False,
    ignore: options.IgnoreFile = None,
    baseline: options.Baseline = None,
    project: options.Project = None,
) -> None:
    folder, wanted = find_project(project), DriftOptions(ignore=ignore, baseline=baseline)
    moment = clock.now()

    def looked(names: list[str]) -> Report:
        with InstanceProgress(err()) as progress:
            return look(folder, names, wanted, clock.today(), progress, "heal", moment).report

    names = chosen_stacks(folder, stacks)
    if yes:
        refuse_to_write(folder, names, "heal")
    healer = Healer(looked, lambda concerned: _up(folder, concerned), out())
    raise typer.Exit(healer.heal(names, yes=yes))


def _up(folder: Path, stacks: list[str]) -> list[str]:
    """Deploy the stacks, with a look at everything in their states first; those that failed."""
    from ccc_numbers.fleet.engine.automation import Engine
    from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StopRules, run_many
    from ccc_numbers.fleet.gitops.output import ResultOutput

    output = ResultOutput()
    with TemporaryDirectory(prefix="ccc-numbers-") as scratch:
        engine = Engine(folder, refresh=True)
        results = run_many(FleetRun.apply, engine, stacks, Path(scratch), StopRules(), None, output.masking)
    output.print(results)
    return [each.stack for each in results if not each.well]
