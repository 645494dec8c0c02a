"""Results as Markdown for a pull request, a job's summary or a log, cut to fit without losing a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fleet.gitops.fleet_run import summary_line
from fleet.gitops.results import Change, Outcome, Result, in_signs

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
    because = f"`{_cell(result.reason)}`" if result.reason else ""
    return f"| {_cell(result.stack)} | {mark} | {in_signs(result.counts)} | {because} |\n"


def _details(result: Result) -> str:
    body = "".join(
        (
            *(f"- ❌ {inline(error)}\n" for error in result.errors),
            *(f"- ⚠️ {inline(warning)}\n" for warning in result.warnings[:_ROWS_EACH]),
        )
    )
    if result.changes:
        rows = [_change(change) for change in result.changes[:_ROWS_EACH]]
        left = len(result.changes) - len(rows)
        body += "\n| | what | change |\n|---|---|---|\n" + "".join(rows)
        body += f"\nand {left} more changes\n" if left else ""
    open_ = "" if result.well else " open"
    summary = f"<summary>{inline(result.stack)}: {in_signs(result.counts)}</summary>"
    return f"\n<details{open_}>{summary}\n\n{body.strip()}\n\n</details>\n"


def _change(change: Change) -> str:
    return f"| {change.sign} | {change.kind} {_cell(change.name)} | {_cell(_fields(change))} |\n"


def _fields(change: Change) -> str:
    if change.op == "delete":
        return "taken out" if change.kind == "PhoneNumber" else "deleted"
    return "; ".join(_fields_told(change)) or change.op


def _fields_told(change: Change) -> Iterable[str]:
    for each in change.fields:
        if each.before is None:
            yield f"{each.name}: {each.after}"
        else:
            yield f"{each.name}: {each.before} → {each.after if each.after is not None else 'nothing'}"


def inline(text: str) -> str:
    """Text that stays text: no HTML, no mention of a person or an issue, no emphasis."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for sign in "\\`*_[]":
        escaped = escaped.replace(sign, f"\\{sign}")
    # A zero-width space after @ and # keeps GitHub and GitLab from calling somebody or linking an issue.
    return " ".join(escaped.split()).replace("@", "@\u200b").replace("#", "#\u200b")


def _cell(text: str) -> str:
    return inline(text).replace("|", "\\|")
