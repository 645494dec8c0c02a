"""Everything wrong with the stack files, all stacks together; no network."""

from __future__ import annotations

import os
import sys
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from ccc_numbers.declaration.names import discover
from ccc_numbers.fleet import options
from ccc_numbers.fleet.check import problem_output as output
from ccc_numbers.fleet.check.examine import Examined, examine, misnamed_stacks
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.project import chosen_stacks, find_project

_WRONG = 2


class CheckForm(StrEnum):
    """How the findings are told."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"


EPILOG = (
    "Examples: [bold]ccc-numbers check[/bold] · [bold]ccc-numbers check acme demo[/bold] · "
    "[bold]ccc-numbers check --output sarif > check.sarif[/bold]\n\n"
    "Exit codes: 0 nothing wrong (there may be warnings) · 2 something is wrong."
)


def command(
    stacks: Annotated[list[str] | None, options.stacks()] = None,
    form: Annotated[CheckForm, options.output()] = CheckForm.TABLE,
    project: options.Project = None,
) -> None:
    """Find everything wrong with the stack files, all of it at once, without network.

    Each finding is one line: file:line:column, the way to the value, the value, what is wrong and what would be
    right. The declarations themselves are checked, their orders against the vendors' catalogue, and the stacks
    against each other: a number, an instance or an order declared twice. In a GitHub workflow the lines concerned
    are marked in the pull request.
    """
    folder = find_project(project)
    known, strange = discover(folder), [] if stacks else misnamed_stacks(folder)
    names = known if strange else chosen_stacks(folder, stacks)
    examined = [*examine(folder, names, known, date.today()), *strange]
    _print(form, examined)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        # On stderr, so that JSON or SARIF on stdout stay what they are; the runner reads both.
        for line in output.github_annotations(output.problems_of(examined)):
            typer.echo(line, err=True)
    if any(each.errors for each in examined):
        raise typer.Exit(_WRONG)


def _print(form: CheckForm, examined: list[Examined]) -> None:
    if form is CheckForm.TABLE:
        output.print_table(out(), examined)
    elif form is CheckForm.JSON:
        typer.echo(output.as_json(examined))
    elif form is CheckForm.MARKDOWN:
        typer.echo(output.as_markdown(examined), nl=False)
    else:
        typer.echo(output.as_sarif(examined))
    sys.stdout.flush()
