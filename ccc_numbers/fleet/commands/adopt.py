"""Put numbers that people bound in the console under a stack's control, without writing to CCC."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers.fleet import options
from ccc_numbers.fleet.adopt.look import Request, look
from ccc_numbers.fleet.adopt.output import print_diff, print_plan, print_taken
from ccc_numbers.fleet.adopt.settings import stack_settings
from ccc_numbers.fleet.adopt.state import take_over
from ccc_numbers.fleet.adopt.vendor_csv import read_delivered
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.engine.pulumi import pulumi_path
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.project import find_project
from ccc_numbers.messages.names import plural
from ccc_numbers.messages.problem import shown

_LEFT = 1

EPILOG = (
    "Examples: [bold]ccc-numbers adopt acme-support --stack acme[/bold] · [bold]ccc-numbers adopt acme-support "
    "--stack acme --dry-run[/bold] · [bold]ccc-numbers adopt acme-support --stack acme --csv 优音.csv --order "
    "youyin-2026-08[/bold]\n\n"
    "Exit codes: 0 adopted, and the next preview is empty · 1 adopted, but `pulumi up` has other work waiting · "
    "2 nothing was adopted."
)


def command(
    instance: Annotated[str, typer.Argument(metavar="INSTANCE", help="The instance's id in CCC.")],
    stack: Annotated[str, options.stack("The stack that shall declare it; may be new.")],
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Only the numbers of this list, as the vendor delivered it.")
    ] = None,
    order: Annotated[
        str | None, typer.Option(help="Put the numbers on this vendor order of the stack.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="A new stack's region: cn-shanghai.")] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="A new stack's endpoint, when it is not the region's own.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")
    ] = False,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Write the stack file; leave Pulumi's state alone.")
    ] = False,
    project: options.Project = None,
) -> None:
    """Write into a stack file what an instance holds, and import it into Pulumi's state; CCC is only read.

    The most common binding becomes the defaults, each number says what differs, with city and vendor as a comment.
    Numbers that no call could use, and those other stacks declare, are left out and told. At the end a preview
    proves that the next `pulumi up` has nothing to do.
    """
    folder = find_project(project)
    delivered = read_delivered(csv) if csv is not None else None
    if delivered is not None and delivered.mended:
        err().print(f"{csv}: {plural(delivered.mended, 'number')} put into CCC's form")
    file, settings = stack_settings(folder, stack, region, endpoint)
    told = f"ccc-numbers adopt {instance} --stack {stack}"
    looked = look(folder, Request(instance, file, delivered, order, told), date.today())
    print_plan(out(), looked)
    if dry_run:
        print_diff(out(), looked)
        return
    if settings is not None:
        _write(settings.path, settings.text(looked.account))
    if looked.draft is not None:
        _write(looked.path, looked.draft.text)
    if files_only:
        return
    if not looked.as_declared and looked.draft is None:
        raise FleetError(f"nothing of {instance} is declared in {stack}, so there is nothing to import")
    pulumi_path()
    coming = {each.number for each in looked.plan.coming}
    taken = take_over(folder, stack, instance, looked.as_declared, coming, _tell)
    print_taken(out(), stack, taken)
    if not taken.left.empty:
        raise typer.Exit(_LEFT)


def _write(path: Path, text: str) -> None:
    write_text(path, text, folders=True)
    out().print(f"wrote {shown(path)}", soft_wrap=True)


def _tell(line: str) -> None:
    err().print(f"{line} …", soft_wrap=True)
