"""Print, and with --yes run, the repair of drift: `pulumi up --refresh` on exactly the stacks concerned.

`up` makes a whole stack as declared, and nothing else: numbers that no stack declares stay untouched. A stack where
a person has to decide something is left alone and named.

Examples: `ccc-numbers heal` · `ccc-numbers heal acme --yes`

Exit codes: 0 nothing is left to repair · 1 something is, or the account lacks a declared number · 2 something could
not be looked at, or Pulumi failed.
"""

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
    raise typer.Exit(Healer(folder, looked, out(), err()).heal(names, yes=yes))
