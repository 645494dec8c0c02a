"""Results as Markdown for a pull request, a job's summary or a log, cut to fit without losing a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ccc_numbers.fleet.engine.changes import Change, in_signs, in_words
from ccc_numbers.fleet.gitops.fleet_run import summary_line
from ccc_numbers.fleet.gitops.results import Outcome, Result
from ccc_numbers.messages.markdown import code, inline
from ccc_numbers.messages.names import others

COMMENT_LIMIT = 65_536
"""Characters GitHub takes in a comment; GitLab takes more."""
_ROWS_EACH = 200
_MARKS = {Outcome.DONE: "✅", Outcome.FAILED: "❌", Outcome.REFUSED: "⛔", Outcome.LEFT_OUT: "⏸️"}
_RESERVE = 400


def as_markdown(results: Sequence[Result], title: str, limit: int = COMMENT_LIMIT) -> str:
    """A summary line, a row per stack, then each stack's changes folded away; at most `limit` characters.

    What does not fit is left out from the end, details first, and is counted where it would have stood.
    """
    ordered = sorted(results, key=lambda each: (each.well, not each.changes, each.stack))
    head = f"### {title}\n\n{summary_line(results)}\n\n"
    if not ordered:
        return f"{head.rstrip()}\n"
    rows = ["| stack | | changes | because of |\n|---|---|---|---|\n", *map(_row, ordered)]
    table = _fitting(rows, len(rows), (limit - len(head)) * 2 // 3, "stacks in the table")
    told = [each for each in ordered if each.changes or each.errors or each.warnings]
    room = limit - len(head) - len(table) - 1
    details = _fitting(map(_details, told), len(told), room, "stacks with details")
    return f"{head}{table}\n{details}".rstrip() + "\n"


def _fitting(parts: Iterable[str], count: int, room: int, what: str) -> str:
    """As many of the `count` parts as fit, made only as far as needed, and a line with the number of the others."""
    kept: list[str] = []
    used = 0
    for part in parts:
        if used + len(part) > room:
            break
        kept.append(part)
        used += len(part)
    if len(kept) == count:
        return "".join(kept)
    while kept and used > room - _RESERVE:
        used -= len(kept.pop())
    return "".join(kept) + f"\n**{count - len(kept)} more {what}** did not fit; the run's log has all.\n"


def _row(result: Result) -> str:
    mark = f"{_MARKS[result.outcome]} {result.outcome}"
    because = code(result.reason) if result.reason else ""
    return f"| {inline(result.stack)} | {mark} | {in_signs(result.counts)} | {because} |\n"


def _details(result: Result) -> str:
    body = "".join(
        (
            *(f"- ❌ {inline(error)}\n" for error in result.errors),
            *(f"- ⚠️ {inline(warning)}\n" for warning in result.warnings[:_ROWS_EACH]),
        )
    )
    if result.changes:
        rows = [_change(change) for change in result.changes[:_ROWS_EACH]]
        body += "\n| | what | change |\n|---|---|---|\n" + "".join(rows)
        body += f"\n{others(len(result.changes) - len(rows), 'changes')}\n"
    open_ = "" if result.well else " open"
    summary = f"<summary>{inline(result.stack)}: {in_signs(result.counts)}</summary>"
    return f"\n<details{open_}>{summary}\n\n{body.strip()}\n\n</details>\n"


def _change(change: Change) -> str:
    what = inline("; ".join(in_words(change)))
    return f"| {change.sign} | {change.kind} {inline(change.name)} | {what} |\n"
