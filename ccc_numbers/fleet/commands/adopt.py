"""Put numbers that people bound in the console under a stack's control, without writing to CCC."""

from __future__ import annotations

from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.syntax import Syntax

from ccc_numbers.declaration.problem import shown
from ccc_numbers.fleet.adopt.look import Looked, Request, look
from ccc_numbers.fleet.adopt.settings import stack_settings
from ccc_numbers.fleet.adopt.steps import Taken, take_over
from ccc_numbers.fleet.adopt.vendor_csv import read_delivered
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.drift.words import plural
from ccc_numbers.fleet.engine.pulumi import pulumi_path
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.project import find_project
from ccc_numbers.messages.names import first_of, some
from ccc_numbers.messages.terminal import Text
from ccc_numbers.messages.visible import visible

_LEFT = 1
_SHOWN = 20

EPILOG = (
    "Examples: [bold]ccc-numbers adopt acme-support --stack acme[/bold] · [bold]ccc-numbers adopt acme-support "
    "--stack acme --dry-run[/bold] · [bold]ccc-numbers adopt acme-support --stack acme --csv 优音.csv --order "
    "youyin-2026-08[/bold]\n\n"
    "Exit codes: 0 adopted, and the next preview is empty · 1 adopted, but `pulumi up` has other work waiting · "
    "2 nothing was adopted."
)


def command(
    instance: Annotated[str, typer.Argument(metavar="INSTANCE", help="The instance's id in CCC.")],
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack that shall declare it; may be new.")],
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
    project: Annotated[
        Path | None, typer.Option(help="The project's folder; without, the one you are in.")
    ] = None,
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
    _print(out(), looked)
    if dry_run:
        _print_diff(out(), looked)
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
    _conclude(out(), stack, taken)


def _print(console: Console, looked: Looked) -> None:
    plan = looked.plan
    console.print(
        Text(f"{plan.instance}: {plural(len(plan.adopted), 'number')} to adopt", style="bold"), soft_wrap=True
    )
    if plan.defaults is not None and looked.draft is not None:
        console.print(f"  most common: {plan.defaults}", soft_wrap=True)
    if plan.already:
        console.print(f"  {plural(plan.already, 'number')} declared already")
    if plan.coming:
        numbers = some([each.number for each in plan.coming], _SHOWN)
        told = plural(len(plan.coming), "number")
        console.print(f"  {told} not in the instance yet; the next `pulumi up` adds them: {numbers}")
    for line in first_of(
        [f"left out: {each.number} {each.reason}" for each in plan.left_out], _SHOWN, "left out"
    ):
        console.print(Text(f"  {line}", style="yellow"), soft_wrap=True)


def _print_diff(console: Console, looked: Looked) -> None:
    if looked.draft is None:
        console.print("nothing to write")
        return
    name = shown(looked.path)
    before, after = looked.before.splitlines(keepends=True), looked.draft.text.splitlines(keepends=True)
    lines = unified_diff(before, after, name if looked.before else "/dev/null", name)
    diff = "\n".join(visible(line.removesuffix("\n")) for line in lines)
    console.print(Syntax(diff, "diff", background_color="default", word_wrap=True))


def _conclude(console: Console, stack: str, taken: Taken) -> None:
    """Say what is proven; exit code 1 when `up` has work left."""
    imported = f"{plural(taken.imported, 'number')} imported" if taken.imported else "nothing new to import"
    if taken.left.empty:
        line = f"{imported}; CCC was only read, and the next preview of {stack} is empty"
        console.print(Text(line, style="bold green"))
        return
    console.print(Text(f"{imported}; CCC was only read", style="bold"))
    if taken.left.others:
        line = f"the stack has other changes waiting: {taken.left.others_told()}; look at them before the next up:"
        console.print(Text(line, style="yellow"), soft_wrap=True)
    if taken.left.joining:
        console.print(
            f"the next `pulumi up` adds {plural(len(taken.left.joining), 'number')} to the instance"
        )
    console.print(Text(f"  pulumi preview --stack {stack}", style="bold"))
    raise typer.Exit(_LEFT)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise FleetError(f"{shown(path)}: cannot be written: {error.strerror}") from None
    out().print(f"wrote {shown(path)}", soft_wrap=True)


def _tell(line: str) -> None:
    err().print(f"{line} …", soft_wrap=True)
