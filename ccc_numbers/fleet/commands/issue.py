"""One issue per stack that is not as declared, opened, updated and closed after a drift run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.gitops.drift_issues import LABEL, carry_out, read_report, steps
from ccc_numbers.fleet.gitops.pipeline import forge_of, run_link

EPILOG = (
    "Example: [bold]ccc-numbers drift -o json=drift.json || true; ccc-numbers issue drift.json --post[/bold]\n\n"
    "Exit codes: 0 told · 2 could not: no report, no token, or the forge refused."
)


def command(
    report: Annotated[Path, typer.Argument(metavar="FILE", help="What `drift --output json=FILE` wrote.")],
    post: Annotated[
        bool,
        typer.Option("--post", help="Open, update and close the issues; else print what would be opened."),
    ] = False,
) -> None:
    """Keep one issue per stack: opened when it is not as declared, updated while so, closed when clean again.

    A stack that could not be looked at has its issue too, for nobody knows that it is clean. Issues carry the label
    ccc-numbers-drift and are known by a mark in their first line.
    """
    form = read_report(report)
    link = run_link(os.environ)
    if not post:
        for step in steps(form, [], link):
            if step.do == "open":
                typer.echo(f"{step.title}\n\n{step.body}")
        return
    forge = forge_of(os.environ)
    todo = steps(form, forge.issues(LABEL), link)
    carry_out(forge, todo)
    for step in todo:
        which = f" #{step.issue}" if step.issue else ""
        said = {"nothing": f"issue{which} is up to date" if which else "as declared, no issue"}
        out().print(f"{step.stack}: {said.get(step.do, f'{step.do} issue{which}')}")
