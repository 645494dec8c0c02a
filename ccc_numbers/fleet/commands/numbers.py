"""Show the numbers of a stack as the last `up` left them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.project import find_project, stack_named, words_for
from ccc_numbers.fleet.stack_numbers import as_json, ask_pulumi, parse_outputs, print_numbers


def command(
    stack: Annotated[str, options.stack("The stack to show.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    outputs: Annotated[
        Path | None,
        typer.Option(
            help="Read `pulumi stack output --json` from this file, - for stdin; without, ask Pulumi."
        ),
    ] = None,
    project: options.Project = None,
) -> None:
    """Show the numbers of a stack as the last `up` left them, and what to try next.

    Nothing is called and nothing changed: the table comes from the outputs kept in Pulumi's state. `ccc-numbers
    drift` tells what CCC holds now.
    """
    folder = find_project(project)
    stack = stack_named(stack)
    text, source = (ask_pulumi(folder, stack), stack) if outputs is None else _read(outputs)
    numbers = parse_outputs(text, source)
    if json:
        typer.echo(as_json(numbers))
        return
    if not numbers.rows:
        raise FleetError(f"stack {stack} has no numbers yet; run: {words_for(folder, stack).up}")
    print_numbers(out(), stack, numbers, words_for(folder, stack))


def _read(file: Path) -> tuple[str, str]:
    if str(file) == "-":
        return sys.stdin.read(), "stdin"
    try:
        return file.read_text("utf-8"), str(file)
    except (OSError, UnicodeDecodeError) as error:
        raise FleetError(f"{file}: cannot be read: {error}") from None
