"""Move numbers, or a whole instance, from one stack to another: stack files and Pulumi states, in one proven step.

CCC is only read: each line stays in its instance, bound as it is. Comments come along, a number says of its own what
the other stack's defaults do not, and an order that no other number needs moves with its numbers. At the end a
preview of both stacks proves that nothing of what moved would change; what fails before that is taken back.

Examples: `ccc-numbers move acme-support --from acme --to beta` · `ccc-numbers move 02180001001 02180001002 --from acme
--to beta --yes`

Exit codes: 0 moved · 1 not moved yet, --yes would; or moved, and `pulumi up` has other work waiting · 2 nothing was
moved.
"""

import sys
from typing import Annotated, Literal

import typer

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.engine.pulumi import pulumi_path
from ccc_numbers.fleet.move.choice import choose
from ccc_numbers.fleet.move.output import answer, print_moved, print_plan
from ccc_numbers.fleet.move.rewrite import rewrite
from ccc_numbers.fleet.move.run import Moved, Ready, move, ready
from ccc_numbers.fleet.move.stacks import both
from ccc_numbers.fleet.project import find_project
from ccc_numbers.messages.language import tr

_NOT_YET = 1


def command(
    subjects: Annotated[
        list[str], typer.Argument(metavar="NUMBER|INSTANCE", help="The numbers or instances.")
    ],
    source: Annotated[str, typer.Option("--from", metavar="STACK", help="The stack that declares them.")],
    target: Annotated[str, typer.Option("--to", metavar="STACK", help="The stack that shall declare them.")],
    form: Annotated[Literal["table", "json"], options.output()] = "table",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Move them.")] = False,
    project: options.Project = None,
) -> None:
    pulumi_path()
    folder = find_project(project)
    fleet = both(folder, source, target)
    choice = choose(fleet, fleet.stacks[source], fleet.stacks[target], subjects)
    files = rewrite(choice)
    prepared = ready(folder, choice, files, _report)
    console = err() if form == "json" else out()
    print_plan(console, prepared)
    if not yes and not (form == "table" and sys.stdin.isatty() and typer.confirm("Move?")):
        console.print(tr("nothing was moved; --yes moves it"))
        _answer(form, prepared, None)
        raise typer.Exit(_NOT_YET)
    moved = move(prepared, _report)
    print_moved(console, prepared, moved)
    _answer(form, prepared, moved)
    if not all(each.empty for each in moved.left.values()):
        raise typer.Exit(_NOT_YET)


def _answer(form: str, prepared: Ready, moved: Moved | None) -> None:
    if form == "json":
        typer.echo(answer(prepared, moved).text())


def _report(line: str) -> None:
    err().print(f"{line} …", soft_wrap=True)
