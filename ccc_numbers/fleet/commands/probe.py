"""Find out how CCC behaves where its documentation is silent, and write it down as a profile.

Reading comes first and is all without --expendable: it changes nothing. With --expendable, one number that its owner
gives for it is added to the instance, changed, bound and taken out again, each step shown before it is done; a skill
group is made for the time and deleted. The number has to be unassigned, and no stack file may declare it. It is
unassigned again at the end. No other number is written.

--save writes a profile that `ccc-numbers simulator --profile` behaves by. --record writes the calls and answers, with a
stand-in for every number, name and id, to be attached to a report.

Examples: `ccc-numbers probe acme` · `ccc-numbers probe acme --expendable 02180001999 --save acme.profile.json`

Exit codes: 0 probed · 1 trials not confirmed · 2 could not look, or something could not be undone.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Exit, Option, confirm, echo

from ccc_numbers.fleet import options
from ccc_numbers.fleet.answers import ProbeAnswer
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.probe.run import probe, refuse_declared
from ccc_numbers.fleet.probe.trials import INSIDE, OUTSIDE
from ccc_numbers.fleet.project import find_project
from ccc_numbers.fleet.stacks import refuse_to_write, sound_stack
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.language import tr, trn


def command(
    stack: Annotated[str, Argument(metavar="STACK", help="The stack whose account and settings are used.")],
    form: Annotated[Literal["table", "json"], options.output()] = "table",
    *,
    instance: Annotated[
        str | None, Option(metavar="ID", help="The instance; else the stack's first.")
    ] = None,
    expendable: Annotated[
        str | None, Option(metavar="NUMBER", help="An unassigned number that trials may be made on.")
    ] = None,
    yes: Annotated[bool, Option("--yes", "-y", help="Make the trials without asking.")] = False,
    save: Annotated[Path | None, Option(metavar="FILE", help="Write the profile.")] = None,
    record: Annotated[
        Path | None, Option(metavar="FILE", help="Write the calls, without anybody's data.")
    ] = None,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    declared = sound_stack(folder, stack)
    chosen = instance or next(iter(declared.declaration.instances), None)
    if chosen is None:
        raise FleetError(
            tr("stack {stack} declares no instance; name one with --instance", stack=declared.name)
        )
    if expendable is not None:
        refuse_to_write(folder, [declared.name], "probe")
        refuse_declared(folder, expendable)
        if not (yes or _confirmed(expendable, chosen)):
            raise Exit(1)
    say = err()
    found = asyncio.run(
        probe(
            folder,
            declared.file,
            chosen,
            expendable,
            lambda step: say.print(step, soft_wrap=True),
        )
    )
    reasons = found.reasons(tried=expendable is not None)
    profile = ProbeAnswer(instance=chosen, switches=dict(sorted(found.told.items())), untold=reasons)
    if save is not None:
        write_text(save, profile.text() + "\n")
    if record is not None:
        write_text(record, json_text(found.recording) + "\n")
    if form == "json":
        echo(profile.text())
        return
    console = out()
    width = max(map(len, (*found.told, *reasons)))
    for switch, value in profile.switches.items():
        console.print(f"{switch:<{width}}  {value}", soft_wrap=True)
    for switch, why in reasons.items():
        console.print(f"{switch:<{width}}  – {why}", soft_wrap=True, style="dim")
    console.print(
        trn("{count} behaviour found", "{count} behaviours found", len(found.told))
        + tr(", {untold} not", untold=len(reasons))
    )


def _confirmed(number: str, instance: str) -> bool:
    """Whether the trials are wanted; without a terminal they are only shown."""
    console = err()
    for step in (*OUTSIDE, *INSIDE):
        console.print(f"  {tr(step.does)}", soft_wrap=True)
    asked = tr("Make these trials on {number} in {instance}?", number=number, instance=instance)
    if sys.stdin.isatty():
        return confirm(asked, default=False, err=True)
    console.print(tr("{question} --yes makes them.", question=asked), soft_wrap=True)
    return False
