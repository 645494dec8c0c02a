"""The report as Markdown for a comment or an issue: cut where it grows too long, its counts always whole."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ccc_numbers.fleet.drift.findings import grouped
from ccc_numbers.fleet.drift.report import Report, by_reason, of_stack
from ccc_numbers.fleet.drift.words import headline, managed, scope
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.markdown import code, inline
from ccc_numbers.messages.names import others, some
from ccc_numbers.numbers.finding_kinds import Severity

LIMIT = 64_000
"""Bytes: GitHub takes 65,536 characters in a comment, and the caller may want a line of his own."""

_ROWS = 100
_SUBJECTS = 20
# Room kept for the line that counts the findings left out.
_TAIL = 200
_MARKS = {Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.INFO: "🔵"}


@dataclass(frozen=True, slots=True)
class StackRow:
    """One stack's counts."""

    stack: str
    counts: tuple[int, ...]
    unread: int
    managed: str


def as_markdown(report: Report, limit: int = LIMIT) -> str:
    """At most `limit` bytes. Every count is whole; findings that do not fit are counted in the last line."""
    head = _template("head.md.j2", md=inline, others=others).render(_head(report))
    parts, left = [head], limit - len(head.encode()) - _TAIL
    groups = grouped(report.findings)
    one = _template("finding.md.j2", md=inline, code=code)
    for shown, group in enumerate(groups):
        text = one.render(group=group, subjects=some(group.subjects, _SUBJECTS), mark=_MARKS)
        left -= len(text.encode())
        if left < 0:
            count = sum(len(each.subjects) for each in groups[shown:])
            parts.append(
                _template("tail.md.j2").render(count=trn("{count:,} finding", "{count:,} findings", count))
            )
            break
        parts.append(text)
    return "".join(parts).rstrip() + "\n"


def _head(report: Report) -> dict[str, object]:
    rows = sorted(_rows(report), key=lambda row: (tuple(-count for count in row.counts), row.stack))
    reasons = by_reason(report.unseen)
    return {
        "headline": headline(report),
        "scope": scope(report),
        "by_kind": report.by_kind,
        "rows": rows[:_ROWS],
        "rest": _rest(rows[_ROWS:]),
        "reasons": [(reason[:300], len(places), places[0]) for reason, places in reasons[:_ROWS]],
        "more_reasons": max(0, len(reasons) - _ROWS),
        "problems": report.problems[:_ROWS],
        "more_problems": sum(problem.count for problem in report.problems[_ROWS:]),
        "ignored": trn("{count:,} finding ignored", "{count:,} findings ignored", len(report.ignored))
        if report.ignored
        else "",
        "notes": report.notes[:10],
    }


def _rows(report: Report) -> list[StackRow]:
    counted = Counter((finding.stack, finding.severity) for finding in report.findings)
    unread = Counter(each.stack for each in report.unseen)
    return [
        StackRow(
            stack or tr("ignore file"),
            tuple(counted[stack, severity] for severity in Severity),
            unread[stack],
            some([f"{each.instance}: {managed(each)}" for each in of_stack(stack, report.coverage)], 3),
        )
        for stack in report.places
    ]


def _rest(rows: list[StackRow]) -> StackRow | None:
    """The rows that are left out, as one."""
    if not rows:
        return None
    counts = tuple(sum(column) for column in zip(*(row.counts for row in rows), strict=True))
    return StackRow(
        trn("{count:,} more stack", "{count:,} more stacks", len(rows)),
        counts,
        sum(row.unread for row in rows),
        "",
    )


def _template(name: str, **filters: Callable[..., str]) -> Template:
    """A template of plain text: its filters escape what Markdown wants escaped."""
    environment = Environment(
        loader=PackageLoader("ccc_numbers.fleet.drift.output", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 no HTML
    )
    environment.filters.update(filters)
    environment.globals["_"] = tr
    return environment.get_template(name)
