"""Compare what CCC holds with what the stack files declare, all instances at once, and write nothing.

Each finding says what differs, how grave it is, the cause where it is known, where it is declared, and the command
that repairs it. An instance that could not be read is reported as such and never counted as clean.

With `--traffic 30d` it looks at the calls of that time too: which lines nobody calls or answers, and which are paid for
nothing.

Examples: `ccc-numbers drift` · `ccc-numbers drift acme --skip order-lapsing` · `ccc-numbers drift --number 02180001001` · `ccc-numbers drift --traffic 30d` ·
`ccc-numbers drift -o table -o json=drift.json -o html=drift.html --mask`

Exit codes: 0 all as declared · 1 something differs · 2 something could not be looked at (a file with mistakes, no
credentials, an instance that does not answer): then nothing is called clean.

docs/drift.md explains every kind of finding, the ignore file and the baseline.
"""

import sys
from pathlib import Path
from typing import Annotated

from typer import Exit, Option, echo

from ccc_numbers.declaration import clock
from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.drift.findings import chosen_kinds
from ccc_numbers.fleet.drift.output.forms import DriftForm, parse_outputs, text_of
from ccc_numbers.fleet.drift.output.json_form import schema_text
from ccc_numbers.fleet.drift.output.table import print_table
from ccc_numbers.fleet.drift.report import Verdict, masked
from ccc_numbers.fleet.drift.run import DriftOptions, FailOn, accept, look
from ccc_numbers.fleet.drift.selection import Selection
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.project import chosen_stacks, find_project
from ccc_numbers.fleet.traffic.window import chosen_window
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.finding_kinds import ABOUT_REACH
from ccc_numbers.vendors.ledger import LAPSING_DAYS


def _schema(wanted: bool) -> None:
    if wanted:
        echo(schema_text(), nl=False)
        raise Exit


def command(
    stacks: Annotated[list[str] | None, options.stacks()] = None,
    output: Annotated[
        list[str] | None,
        Option(
            "--output",
            "-o",
            metavar="FORM[=FILE]",
            help="table, json, markdown, junit, html or prometheus; can be given several times.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, Option(metavar="KINDS", help="Report only these: missing,unmanaged.")
    ] = None,
    skip: Annotated[list[str] | None, Option(metavar="KINDS", help="Do not report these kinds.")] = None,
    number: Annotated[
        list[str] | None,
        Option(metavar="NUMBER", help="Report only what is about this number; can be given several times."),
    ] = None,
    fail_on: Annotated[FailOn, Option(help="The severity that makes the exit code 1.")] = FailOn.WARNING,
    state: Annotated[
        bool, Option("--state", help="Compare Pulumi's state too (needs its passphrase).")
    ] = False,
    traffic: options.Traffic = None,
    reachability: options.Reachability = False,
    mask: options.MaskNumbers = False,
    ignore: options.IgnoreFile = None,
    baseline: options.Baseline = None,
    accepting: Annotated[
        bool, Option("--accept", help="Write the baseline that accepts these findings.")
    ] = False,
    metrics: Annotated[Path | None, Option(help="Also write Prometheus metrics to this file.")] = None,
    lapsing_days: Annotated[int, options.lapsing(1, "--lapsing-days")] = LAPSING_DAYS,
    today: options.Today = None,
    project: options.Project = None,
    _print_schema: Annotated[
        bool, Option("--schema", callback=_schema, is_eager=True, help="Print the JSON form's schema.")
    ] = False,
) -> None:
    if accepting and number:
        raise FleetError(tr("--accept: accepts all that a stack has; leave --number out"))
    outputs = parse_outputs(output or [])
    kinds = chosen_kinds(only or [], skip or [])
    # Whoever names such a kind wants it looked for: never "clean" of what nobody looked at.
    reachability |= bool(only) and not ABOUT_REACH.isdisjoint(kinds or ())
    folder = find_project(project)
    day, at = clock.today(today), clock.now(today)
    window = chosen_window(traffic, at, only=kinds or () if only else ())
    wanted = DriftOptions(
        kinds,
        lapsing_days,
        ignore,
        baseline,
        state,
        accepting,
        fail_on=fail_on,
        reachability=reachability,
        traffic=window,
        numbers=Selection(tuple(dict.fromkeys(number or ()))),
    )
    with InstanceProgress(err()) as progress:
        names = chosen_stacks(folder, stacks)
        found = look(folder, names, wanted, day, progress, at=at).report
    report = masked(found) if mask else found
    for target in outputs:
        if target.file is not None:
            write_text(target.file, text_of(target.form, report))
        elif target.form is DriftForm.TABLE:
            print_table(out(), report)
        else:
            sys.stdout.write(text_of(target.form, report))
            sys.stdout.flush()
    if metrics is not None:
        from ccc_numbers.fleet.drift.output.prometheus import write_metrics

        write_metrics(metrics, report)
    if not accepting:
        raise Exit(found.verdict.exit_code)
    if found.verdict is Verdict.INCOMPLETE:
        raise FleetError(tr("--accept: nothing was written, since not everything could be looked at"))
    path = accept(folder, found, wanted)
    err().print(tr("{path} accepts what was found; review it and commit it", path=path), soft_wrap=True)
