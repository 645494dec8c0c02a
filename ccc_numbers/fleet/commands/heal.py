"""Print, and with --yes run, the repair of drift: `pulumi up --refresh` on exactly the stacks concerned.

`up` makes a whole stack as declared, and nothing else: numbers that no stack declares stay untouched. A stack where
a person has to decide something is left alone and named.

With --number, --kind or --only exactly the named findings are repaired, and nothing else is touched: not by a plain
`up`, but by one that is held to their numbers, flows and groups. The change budget counts them all the same. A number
that has another finding too stays as it is, unless that is named as well.

At a terminal, without --yes, it asks for each finding, or all that are alike: repair it, ignore it until a day (writes the ignore
file), declare what is there (edits the stack file), or leave it. Then it shows all of that, and asks once.

Examples: `ccc-numbers heal` · `ccc-numbers heal acme --yes` · `ccc-numbers heal acme --number 02180001001 --yes` ·
`ccc-numbers heal --only wrong-flow:02180001001`

Exit codes: 0 nothing (that was named) is left to repair · 1 something is, or an error that only a person can put right, such as a
declared number that the account lacks · 2 something could not be looked at, or Pulumi failed.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import typer

from ccc_numbers.declaration import clock
from ccc_numbers.declaration.names import IGNORE_FILE
from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.drift.healing import Healed, Healer, Healing, healings
from ccc_numbers.fleet.drift.picked import picked_healings, targets_of
from ccc_numbers.fleet.drift.run import DriftOptions, DriftRun, look
from ccc_numbers.fleet.drift.selection import Selection
from ccc_numbers.fleet.edited_files import EditedFiles
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.project import chosen_stacks, find_project
from ccc_numbers.fleet.stacks import refuse_to_write
from ccc_numbers.messages.masking import unmasked
from ccc_numbers.messages.terminal import Terminal


def command(
    stacks: Annotated[list[str] | None, options.stacks()] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Run what is printed.")] = False,
    number: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help="Repair only this number; can be given several times."),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="KINDS", help="Repair only these: missing,wrong-flow.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND:SUBJECT", help="Repair only this finding; can be given several times."),
    ] = None,
    form: Annotated[Literal["table", "json"], options.output()] = "table",
    ignore: options.IgnoreFile = None,
    baseline: options.Baseline = None,
    project: options.Project = None,
) -> None:
    folder, wanted = find_project(project), DriftOptions(ignore=ignore, baseline=baseline)
    moment, selection = clock.now(), Selection.of(number or (), kind or (), only or ())

    def looked(names: list[str]) -> DriftRun:
        with InstanceProgress(err()) as progress:
            return look(folder, names, wanted, clock.today(), progress, "heal", moment)

    names = chosen_stacks(folder, stacks)
    if yes:
        refuse_to_write(folder, names, "heal")
    plans = partial(picked_healings, selection=selection) if selection else healings
    shown = err() if form == "json" else out()
    healer = Healer(looked, lambda concerned: _up(folder, concerned, moment, shown), shown, plans)
    if form == "table" and not yes and sys.stdin.isatty() and shown.is_terminal:
        healed = _asking(folder, healer, names, ignore or folder / IGNORE_FILE)
    else:
        healed = healer.heal(names, yes=yes)
    if form == "json":
        from ccc_numbers.fleet.drift.heal_form import HealAnswer

        typer.echo(HealAnswer.of(healed).text())
    raise typer.Exit(healed.exit_code)


def _asking(folder: Path, healer: Healer, stacks: list[str], ignore: Path) -> Healed:
    """Ask a person what to do with each finding."""
    from ccc_numbers.fleet.drift.asking import Asking
    from ccc_numbers.fleet.engine.states import export

    def declared(stack: str) -> Path:
        return stack_file(folder, stack).declaration

    files = EditedFiles([*map(declared, stacks), ignore])
    return Asking(healer, files, declared, ignore, cache(partial(export, folder))).heal(stacks)


def _up(folder: Path, plans: Sequence[Healing], moment: datetime, shown: Terminal) -> list[str]:
    """Deploy the stacks, with a look at everything in their states first; those that failed."""
    from ccc_numbers.fleet.engine.automation import Engine
    from ccc_numbers.fleet.engine.states import export
    from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StopRules, run_many
    from ccc_numbers.fleet.plan.terminal import print_results

    stacks = [plan.stack for plan in plans]
    picked = {each.stack: targets_of(each, export(folder, each.stack)) for each in plans if each.selection}
    with TemporaryDirectory(prefix="ccc-numbers-") as scratch:
        engine = Engine(folder, refresh=True, at=moment, targets=picked or None)
        # A repair that was named takes nothing out of its place, nor replaces it.
        rules = StopRules(max_removals=0) if picked else StopRules()
        results = run_many(FleetRun.apply, engine, stacks, Path(scratch), rules, None, unmasked)
    print_results(results, shown)
    return [each.stack for each in results if not each.well]
