"""Show the numbers of a stack as the last `up` left them, and what to try next.

CCC is not called and nothing is changed: the table comes from the outputs in Pulumi's state. `ccc-numbers drift`
shows what CCC holds now.
"""

import sys
from pathlib import Path
from typing import Annotated, Literal

from typer import Option, echo

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import read_text
from ccc_numbers.fleet.project import chosen_stack, commands_for, find_project, stack_named
from ccc_numbers.fleet.stack_numbers import as_json, ask_pulumi, parse_outputs, print_numbers
from ccc_numbers.messages.language import tr


def command(
    stack: options.OneStack = None,
    form: Annotated[Literal["table", "json"], options.output()] = "table",
    json: Annotated[bool, Option("--json", hidden=True, help="The same as --output json.")] = False,
    brief: Annotated[bool, Option("--brief", help="A row for all numbers that are bound alike.")] = False,
    outputs: Annotated[Path | None, Option(help="File of `pulumi stack output --json`; - is stdin.")] = None,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    stack = stack_named(stack) if stack else chosen_stack(folder, None)
    if outputs is None:
        text = ask_pulumi(folder, stack)
    else:
        text = sys.stdin.read() if str(outputs) == "-" else read_text(outputs)
    numbers = parse_outputs(text, stack if outputs is None else str(outputs))
    if json or form == "json":
        echo(as_json(numbers))
        return
    if not numbers.rows:
        raise FleetError(
            tr("stack {stack} has no numbers yet; run: {up}", stack=stack, up=commands_for(folder, stack).up)
        )
    print_numbers(out(), stack, numbers, commands_for(folder, stack), brief=brief)
