"""What CCC holds against what the stack files declare: read-only, no Pulumi state or passphrase needed."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.drift.findings import chosen_kinds
from ccc_numbers.fleet.drift.output.forms import DriftForm, OutputTarget, parse_outputs, text_of
from ccc_numbers.fleet.drift.output.json_form import schema_text
from ccc_numbers.fleet.drift.output.table import print_table
from ccc_numbers.fleet.drift.report import Report, Verdict, masked
from ccc_numbers.fleet.drift.run import DriftOptions, FailOn, accept, look
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.project import chosen_stacks, find_project

EPILOG = (
    "Examples: [bold]ccc-numbers drift[/bold] · [bold]ccc-numbers drift acme --skip order-lapsing[/bold] · "
    "[bold]ccc-numbers drift -o table -o json=drift.json -o html=drift.html --mask[/bold]\n\n"
    "Exit codes: 0 all as declared · 1 something differs · 2 something could not be looked at (a file with "
    "mistakes, no credentials, an instance that does not answer): then nothing is called clean.\n\n"
    "docs/drift.md tells every kind of finding, the ignore file and the baseline."
)


def _schema(wanted: bool) -> None:
    if wanted:
        typer.echo(schema_text(), nl=False)
        raise typer.Exit


def command(
    stacks: Annotated[list[str] | None, options.stacks()] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORM[=FILE]",
            help="table, json, markdown, junit, html or prometheus; may be given several times.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="KINDS", help="Tell these kinds alone: missing,unmanaged.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="KINDS", help="Do not tell these kinds.")] = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="From which severity on the exit code is 1.")
    ] = FailOn.WARNING,
    state: Annotated[
        bool,
        typer.Option("--state", help="Compare with Pulumi's state as well: slower, needs its passphrase."),
    ] = False,
    mask: options.MaskNumbers = False,
    ignore: options.IgnoreFile = None,
    baseline: options.Baseline = None,
    accepting: Annotated[
        bool, typer.Option("--accept", help="Write the baseline: from now on tell only what changes.")
    ] = False,
    metrics: Annotated[
        Path | None, typer.Option(help="Write Prometheus metrics to this file as well.")
    ] = None,
    lapsing_days: Annotated[int, typer.Option(min=1, help="Tell orders that end within so many days.")] = 30,
    project: options.Project = None,
    _print_schema: Annotated[
        bool,
        typer.Option("--schema", callback=_schema, is_eager=True, help="Print the JSON form's schema."),
    ] = False,
) -> None:
    """Compare what CCC holds with what the stack files declare, all instances at once, and write nothing.

    Each finding says what differs, how grave it is, why where that is known, where it is declared, and the command
    that puts it right. An instance that could not be read is told as such and never counted as clean.
    """
    outputs = parse_outputs(output or [])
    wanted = DriftOptions(
        chosen_kinds(only or [], skip or []),
        lapsing_days,
        ignore,
        baseline,
        state,
        accepting,
        fail_on=fail_on,
    )
    folder = find_project(project)
    with InstanceProgress(err()) as progress:
        report = look(folder, chosen_stacks(folder, stacks), wanted, date.today(), progress).report
    told = masked(report) if mask else report
    for each in outputs:
        _write(each, told)
    if metrics is not None:
        from ccc_numbers.fleet.drift.output.prometheus import write_metrics

        write_metrics(metrics, told)
    if accepting:
        _accept(folder, report, wanted)
        return
    raise typer.Exit(report.verdict.exit_code)


def _write(output: OutputTarget, report: Report) -> None:
    if output.file is not None:
        write_text(output.file, text_of(output.form, report))
    elif output.form is DriftForm.TABLE:
        print_table(out(), report)
    else:
        sys.stdout.write(text_of(output.form, report))
        sys.stdout.flush()


def _accept(folder: Path, report: Report, wanted: DriftOptions) -> None:
    if report.verdict is Verdict.INCOMPLETE:
        raise FleetError("--accept: nothing was written, since not everything could be looked at")
    path = accept(folder, report, wanted)
    err().print(f"{path} accepts what was found; review it and commit it", soft_wrap=True)
