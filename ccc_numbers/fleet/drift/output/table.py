"""The report on a terminal: findings instance by instance, the gravest first, and one line of counts."""

from collections.abc import Sequence
from itertools import groupby

from rich.cells import set_cell_size
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from ccc_numbers.fleet.drift.findings import Finding, FindingGroup, grouped
from ccc_numbers.fleet.drift.report import Report, Unseen, Verdict, by_reason
from ccc_numbers.fleet.drift.words import headline, managed, scope
from ccc_numbers.fleet.hints import pasted
from ccc_numbers.messages.language import mark, tr, trn
from ccc_numbers.messages.names import listed, some
from ccc_numbers.messages.terminal import Text
from ccc_numbers.numbers.finding_kinds import Severity

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_VERDICTS = {Verdict.CLEAN: "green", Verdict.DRIFT: "red", Verdict.INCOMPLETE: "magenta"}
_SUBJECTS = 6
SEVERITIES = {Severity.ERROR: mark("error"), Severity.WARNING: mark("warning"), Severity.INFO: mark("info")}
_UNLOOKED = {"traffic": mark("traffic"), "reachability": mark("reachability")}
LABELS = {
    "expected": mark("expected"),
    "actual": mark("actual"),
    "cause": mark("cause"),
    "at": mark("at"),
    "first": mark("first"),
    "next": mark("next"),
}
"""Of `Finding.lines`, for the reader."""


def print_table(console: Console, report: Report) -> None:
    """Everything to `console`, which decides about width and colour."""
    for _, members in groupby(report.findings, key=lambda finding: (finding.stack, finding.instance)):
        _print_place(console, report, list(members))
    print_unseen(console, report)
    for note in report.notes:
        console.print(Text(tr("note: {note}", note=note), style="dim"), soft_wrap=True)
    if report.unseen or report.problems or report.notes:
        console.print()
    if report.ignored:
        console.print(Text(_ignored(report)))
    line = Text(headline(report), style=f"bold {_VERDICTS[report.verdict]}")
    console.print(line, soft_wrap=True)
    looked = tr("{scope}, looked at in {seconds:.1f} s", scope=scope(report), seconds=report.seconds)
    if report.unlooked and report.kinds is None:
        names = listed(tr(_UNLOOKED[each]) for each in report.unlooked)
        looked = tr("{looked}; not looked at: {names}", looked=looked, names=names)
    console.print(Text(looked), soft_wrap=True)


def _print_place(console: Console, report: Report, findings: Sequence[Finding]) -> None:
    first = findings[0]
    title = Text(first.stack or tr("ignore file"), style="bold")
    if first.instance is not None:
        title.append(f" › {first.instance}")
        for each in report.coverage:
            if (each.stack, each.instance) == (first.stack, first.instance):
                title.append(f"   {managed(each)}", style="dim")
    console.print(title)
    for group in grouped(findings):
        console.print(Padding(group_lines(group), (0, 0, 0, 2), expand=False))
    console.print()


def group_lines(group: FindingGroup) -> RenderableType:
    """A finding, or those that differ in their subject alone."""
    finding = group.finding
    head = Text()
    head.append(set_cell_size(tr(SEVERITIES[finding.severity]), 8), style=f"bold {COLOURS[finding.severity]}")
    head.append(f"{finding.kind}", style="bold")
    if len(group.subjects) > 1:
        head.append(f" × {len(group.subjects):,}", style="bold")
    head.append(f"  {finding.kind.means}", style="dim")
    lines = Table.grid(padding=(0, 1))
    lines.add_column(min_width=11, style="dim")
    lines.add_column(overflow="fold")
    lines.add_row(finding.field or tr("subject"), _subjects(group))
    styles = {"expected": "green", "actual": COLOURS[finding.severity], "next": "bold"}
    for label, text in finding.lines.items():
        if label != "at":
            lines.add_row(tr(LABELS[label]), Text(pasted(text), style=styles.get(label, "")))
    return Group(head, Padding(lines, (0, 0, 0, 8), expand=False))


def _subjects(group: FindingGroup) -> Text:
    text = Text(some(group.subjects, _SUBJECTS), style="bold")
    if group.place is not None:
        text.append(f"  {group.place}", style="not bold blue")
    return text


def print_unseen(console: Console, report: Report) -> None:
    """Everything that could not be looked at: a line for each reason."""
    for problem in report.problems:
        line = Text(tr("unread") + "  ", style="bold magenta")
        line.append(str(problem), style="")
        console.print(line, soft_wrap=True)
    for reason, members in by_reason(report.unseen):
        line = Text(tr("unread") + "  ", style="bold magenta")
        line.append(some([_place(each) for each in members]), style="bold")
        line.append(tr(": ") + reason, style="")
        console.print(line, soft_wrap=True)


def _place(unseen: Unseen) -> str:
    return unseen.stack if unseen.instance is None else f"{unseen.stack} › {unseen.instance}"


def _ignored(report: Report) -> str:
    return trn(
        "{count:,} finding ignored (accepted by {owners})",
        "{count:,} findings ignored (accepted by {owners})",
        len(report.ignored),
        owners=listed(sorted({each.owner for each in report.ignored})),
    )
