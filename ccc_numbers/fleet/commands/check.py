"""Find everything wrong with the stack files, all of it at once, without network.

Each finding is one line: file:line:column, the path of the value, the value, why it is wrong and what would be
right. It covers the declarations, their orders against the vendors' catalogue, and the stacks against each other:
a number, an instance or an order declared twice. A GitHub workflow marks these lines in the pull request.

Examples: `ccc-numbers check` · `ccc-numbers check acme demo` · `ccc-numbers check --output sarif > check.sarif`

Exit codes: 0 nothing wrong (there may be warnings) · 2 something is wrong.
"""

import os
import sys
from typing import Annotated, Literal

import typer

from ccc_numbers.declaration import clock
from ccc_numbers.declaration.names import discover
from ccc_numbers.fleet import options
from ccc_numbers.fleet.check import problem_output as output
from ccc_numbers.fleet.check.examine import examine, misnamed_stacks
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.project import chosen_stacks, find_project

_WRONG = 2


def command(
    stacks: Annotated[list[str] | None, options.stacks()] = None,
    form: Annotated[Literal["table", "json", "markdown", "sarif"], options.output()] = "table",
    today: options.Today = None,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    known, strange = discover(folder), [] if stacks else misnamed_stacks(folder)
    names = known if strange else chosen_stacks(folder, stacks)
    examined = [*examine(folder, names, known, clock.today(today), clock.now(today)), *strange]
    if form == "table":
        output.print_table(out(), examined)
    else:
        render = {"json": output.as_json, "markdown": output.as_markdown, "sarif": output.as_sarif}[form]
        typer.echo(render(examined), nl=form != "markdown")
    sys.stdout.flush()
    if os.environ.get("GITHUB_ACTIONS") == "true":
        # On stderr, which the runner reads too: JSON or SARIF on stdout stay whole.
        for line in output.github_annotations(output.problems_of(examined)):
            typer.echo(line, err=True)
    if any(each.errors for each in examined):
        raise typer.Exit(_WRONG)
