"""Builds the content of all pages from one drift run; the ledger is made from the same run."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from ccc_numbers import __version__
from ccc_numbers.declaration.clock import now
from ccc_numbers.fleet.drift.report import Report, masked
from ccc_numbers.fleet.drift.run import DriftOptions, DriftRun, look
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.report.model import Blind, InstanceRow, Part, Site, StackPart, Status
from ccc_numbers.fleet.report.number_rows import NumberRow, State, number_rows
from ccc_numbers.fleet.report.order_rows import book_of, cost_of_numbers, order_rows
from ccc_numbers.fleet.report.override_rows import override_rows
from ccc_numbers.fleet.report.page_findings import PageFinding, of_drift, of_ledger, of_scenes
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.masking import mask_numbers, unmasked
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.vendors.ledger import Ledger

_STATES, _STATUSES = list(State), list(Status)
_TITLE = mark("Phone numbers")


@dataclass(frozen=True, slots=True)
class ReportOptions(DriftOptions):
    """What to look for, and the form of the pages. `title` None takes the project's name."""

    title: str | None = None
    mask: bool = False


def build(
    project: Path,
    names: Sequence[str],
    options: ReportOptions,
    today: date,
    progress: InstanceProgress | None = None,
    at: datetime | None = None,
) -> Site:
    """Read the stacks and, unless offline, CCC once, as a drift run does; the content of all pages.

    Raises FleetError only for a bad ignore file or baseline.
    """
    run = look(project, names, options, today, progress, "report", at)
    title = options.title or _project_name(project) or tr(_TITLE)
    report = masked(run.report) if options.mask else run.report
    stacks = [run.fleet.stacks[name] for name in names]
    # The prefix of every file's name in the project.
    folder = "" if project == Path() else f"{project.as_posix().rstrip('/')}/"
    hide: Callable[[str], str] = _hidden if options.mask else unmasked
    book = book_of(run, stacks, today, options.lapsing_days)
    fleet = _fleet(run, report, book, stacks, folder, hide, options)
    fleet = replace(fleet, overrides=tuple(override_rows(stacks, at or now(), hide)))
    unpriced = dict.fromkeys(
        tr("Orders without a cost: {why}.", why=hide(why.replace(folder, "")))
        for why in book.unknown.values()
    )
    parts = [
        StackPart(
            stack.name,
            stack.declaration.file.as_posix().removeprefix(folder),
            stack.file.endpoint or _own_endpoint(stack.file.region),
            fleet.of_stack(stack.name),
        )
        for stack in stacks
    ]
    return Site(
        title=title,
        version=__version__,
        made_at=report.looked_at,
        seconds=report.seconds,
        today=today,
        masked=options.mask,
        lapsing_days=options.lapsing_days,
        fleet=fleet,
        stacks=tuple(sorted(parts, key=lambda each: (_STATUSES.index(each.part.status), each.name))),
        notes=(*report.notes, *unpriced),
        traffic=report.traffic,
    )


def _own_endpoint(region: str | None) -> str:
    if region:
        return tr("the region's own endpoint in {region}", region=region)
    return tr("the region's own endpoint")


def _project_name(project: Path) -> str | None:
    """`name` of Pulumi.yaml. A title is not a reason to fail: Pulumi reports what is wrong there."""
    text = read_text(project / "Pulumi.yaml")
    if isinstance(text, Problem):
        return None
    name = read_yaml(text, "Pulumi.yaml").at(("name",))
    return name if isinstance(name, str) and name.strip() else None


def _fleet(
    run: DriftRun,
    report: Report,
    book: Ledger,
    stacks: Sequence[Stack],
    folder: str,
    hide: Callable[[str], str],
    options: ReportOptions,
) -> Part:
    numbers = number_rows(run, cost_of_numbers(book), hide, offline=options.offline)
    scenes = of_scenes(stacks, book.today, hide)
    found = [each.from_project(folder) for each in (*of_drift(report), *of_ledger(book, run, hide), *scenes)]
    owners = {each.source: stack.name for stack in reversed(stacks) for each in stack.problems}
    blind = [
        replace(each, where=each.where.replace(folder, ""), reason=each.reason.replace(folder, ""))
        for each in blind_places(report, owners)
    ]
    return Part(
        numbers=tuple(sorted(numbers, key=_standing)),
        findings=tuple(sorted(found, key=_gravity)),
        ignored=report.ignored,
        instances=tuple(instance_rows(report, found)),
        orders=tuple(order_rows(book, numbers, scenes, hide)),
        blind=tuple(blind),
        offline=options.offline,
    )


def _hidden(text: str) -> str:
    """The text without readable numbers; a text that is nothing but digits surely is one."""
    return mask_numbers(text, frozenset({text}))


def instance_rows(report: Report, findings: Sequence[PageFinding]) -> list[InstanceRow]:
    """Every instance of a drift report, with the number of findings about it."""
    counted = Counter[tuple[str, str | None]]()
    for found in findings:
        counted[found.stack, found.instance] += found.count
    reasons = {(each.stack, each.instance): each.reason for each in report.unseen}
    rows = []
    for each in report.coverage:
        key = (each.stack, each.instance)
        reason = reasons.get(key) or reasons.get((each.stack, None))
        rows.append(
            InstanceRow(*key, each.declared, each.live, each.managed, each.absent, counted[key], reason)
        )
    return rows


def blind_places(report: Report, owners: Mapping[Source, str]) -> list[Blind]:
    """Mistakes in files, then instances that did not answer; `owners` says whose file each mistake is in."""
    return [
        *(
            Blind(
                owners.get(each.source, ""),
                str(each.source),
                str(each).removeprefix(f"{each.source}:").strip(),
                in_file=True,
            )
            for each in report.problems
        ),
        *(
            Blind(each.stack, f"{each.stack} › {each.instance}" if each.instance else each.stack, each.reason)
            for each in report.unseen
        ),
    ]


def _gravity(each: PageFinding) -> tuple[int, str, str, str]:
    return (-each.severity.rank, each.stack, each.instance or "", each.kind)


def _standing(row: NumberRow) -> tuple[int, str, str, str]:
    return (_STATES.index(row.state), row.stack, row.instance, row.number)
