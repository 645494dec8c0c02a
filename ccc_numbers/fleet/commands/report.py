"""Write the fleet as a folder of static pages, to open from disk, put on any web server, or print.

An overview, every number with search and filters, findings with their repair, orders on a timeline, cost by
vendor, and a page per stack. The pages fetch nothing. An instance that could not be read is shown as not read and
never counted as in order.

Examples: `ccc-numbers report --out public` · `ccc-numbers report --out public acme --mask` · `ccc-numbers report --out
public --offline`

Exit codes: 0 written, whatever was found · 2 nothing written, or written but not complete: the pages say what could
not be looked at. `ccc-numbers drift` is the verb that fails on drift.

docs/report.md shows the pages.
"""

from pathlib import Path
from typing import Annotated, Literal

from typer import Exit, Option, echo

from ccc_numbers.declaration import clock
from ccc_numbers.fleet import options
from ccc_numbers.fleet.answers import ReportAnswer
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.project import chosen_stacks, find_project
from ccc_numbers.fleet.report.build import ReportOptions, build
from ccc_numbers.fleet.report.model import Status
from ccc_numbers.fleet.report.render import headline, pages
from ccc_numbers.fleet.report.write import publish
from ccc_numbers.fleet.traffic.window import chosen_window
from ccc_numbers.vendors.ledger import LAPSING_DAYS

_COULD_NOT = 2


def command(
    out_folder: Annotated[Path, Option("--out", metavar="DIR", help="Folder to write the pages into.")],
    stacks: Annotated[list[str] | None, options.stacks("Stacks to show; all without.")] = None,
    offline: Annotated[bool, options.offline("From the stack files only; do not call CCC.")] = False,
    reachability: options.Reachability = False,
    form: Annotated[Literal["table", "json"], options.output("What to say of the pages.")] = "table",
    traffic: options.Traffic = None,
    mask: options.MaskNumbers = False,
    title: Annotated[str | None, Option(help="Title of the pages; without, the project's name.")] = None,
    lapsing: Annotated[int, options.lapsing(1)] = LAPSING_DAYS,
    ignore: options.IgnoreFile = None,
    baseline: options.Baseline = None,
    today: options.Today = None,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    day, at = clock.today(today), clock.now(today)
    wanted = ReportOptions(
        lapsing_days=lapsing,
        ignore=ignore,
        baseline=baseline,
        offline=offline,
        traffic=chosen_window(traffic, at, offline=offline),
        reachability=reachability,
        title=title,
        mask=mask,
    )
    with InstanceProgress(err()) as progress:
        names = chosen_stacks(folder, stacks)
        site = build(folder, names, wanted, day, progress, at)
    first = publish(pages(site), out_folder)
    if form == "json":
        echo(
            ReportAnswer(page=str(first), status=str(site.fleet.status), headline=headline(site.fleet)).text()
        )
    else:
        out().print(str(first), soft_wrap=True)
    err().print(headline(site.fleet), soft_wrap=True)
    if site.fleet.status is Status.INCOMPLETE:
        raise Exit(_COULD_NOT)
