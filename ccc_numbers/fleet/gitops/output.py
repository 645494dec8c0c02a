"""The end of a run over many stacks: as a table, JSON or Markdown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.engine.changes import Change, Effect, in_signs, in_words
from ccc_numbers.fleet.gitops.results import Outcome, Result, summary_line
from ccc_numbers.messages.json_text import visible_json
from ccc_numbers.messages.markdown import code, inline
from ccc_numbers.messages.masking import mask_numbers, unmasked
from ccc_numbers.messages.names import others
from ccc_numbers.messages.terminal import Text

_SUMMARY_LIMIT = 1_000_000
"""GitHub takes 1 MiB as the summary of a step."""
_CHANGES_SHOWN = 50
_COLOURS = {
    Effect.GUARD: "bold red",
    Effect.ADD: "green",
    Effect.CHANGE: "yellow",
    Effect.MOVE: "magenta",
    Effect.REMOVE: "red",
    Effect.REPLACE: "red",
    Effect.TAKE_OVER: "cyan",
    Effect.FORGET: "cyan",
}
_RESULTS = TypeAdapter(tuple[Result, ...])
COMMENT_LIMIT = 65_536
"""Characters GitHub takes in a comment; GitLab takes more."""
_ROWS_EACH = 200
_MARKS = {Outcome.DONE: "✅", Outcome.FAILED: "❌", Outcome.REFUSED: "⛔", Outcome.LEFT_OUT: "⏸️"}
_RESERVE = 400


@dataclass(frozen=True, slots=True)
class ResultOutput:
    """How a command shows the results of a run."""

    form: Annotated[Literal["table", "json", "markdown"], options.output()] = "table"
    summary: Annotated[Path | None, typer.Option(metavar="FILE", help="Append Markdown to FILE.")] = None
    mask: Annotated[bool, typer.Option("--mask", help="Mask phone numbers in the answer.")] = False

    @property
    def masking(self) -> Callable[[str], str]:
        return mask_numbers if self.mask else unmasked

    def show(self, results: Sequence[Result], title: str) -> None:
        """Print the results, and append them to the summary."""
        shown = [each.masked(self.masking) for each in results]
        if self.form == "json":
            typer.echo(visible_json(_RESULTS.dump_json(tuple(shown), indent=2).decode()))
        elif self.form == "markdown":
            typer.echo(as_markdown(shown, title, _SUMMARY_LIMIT), nl=False)
        else:
            _print_table(shown, out())
        if self.summary is not None:
            with self.summary.open("a", encoding="utf-8") as file:
                file.write(as_markdown(shown, title, _SUMMARY_LIMIT))


def _print_table(results: Sequence[Result], console: Console) -> None:
    for result in results:
        if result.changes or result.errors or result.warnings:
            _print_stack(result, console)
    console.print(Text(summary_line(results), "bold"), soft_wrap=True)


def _print_stack(result: Result, console: Console) -> None:
    heading = Text(result.stack, "bold")
    heading.append(f"  {result.outcome}, {in_signs(result.counts)}, {result.seconds:.1f} s", "not bold")
    console.print(heading)
    for lines, colour in ((result.errors, "red"), (result.warnings, "yellow")):
        for line in lines:
            console.print(Text(f"  {line}", colour), soft_wrap=True)
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
    for change in result.changes[:_CHANGES_SHOWN]:
        fields = Text(", ".join(in_words(change)), overflow="ellipsis", no_wrap=True)
        sign = Text(change.sign, _COLOURS[change.effect])
        table.add_row(sign, Text(change.kind), Text(change.name), fields)
    console.print(table)
    if more := others(len(result.changes) - _CHANGES_SHOWN, "changes (--output json has all)"):
        console.print(f"  {more}")
    console.print()


def as_markdown(results: Sequence[Result], title: str, limit: int = COMMENT_LIMIT) -> str:
    """A summary line, a row per stack, then each stack's changes folded away; at most `limit` characters.

    Text that does not fit is left out from the end, details first, and a count stands in its place.
    """
    ordered = sorted(results, key=lambda each: (each.well, not each.changes, each.stack))
    head = f"### {title}\n\n{summary_line(results)}\n\n"
    if not ordered:
        return f"{head.rstrip()}\n"
    rows = ["| stack | | changes | because of |\n|---|---|---|---|\n", *map(_stack_row, ordered)]
    table = _fitting(rows, len(rows), (limit - len(head)) * 2 // 3, "stacks in the table")
    detailed = [each for each in ordered if each.changes or each.errors or each.warnings]
    room = limit - len(head) - len(table) - 1
    details = _fitting(map(_details, detailed), len(detailed), room, "stacks with details")
    return f"{head}{table}\n{details}".rstrip() + "\n"


def _fitting(parts: Iterable[str], count: int, room: int, what: str) -> str:
    """As many of the `count` parts as fit, made only as needed, and a line with the number of the others."""
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


def _stack_row(result: Result) -> str:
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
        rows = [_change_row(change) for change in result.changes[:_ROWS_EACH]]
        body += "\n| | what | change |\n|---|---|---|\n" + "".join(rows)
        body += f"\n{others(len(result.changes) - len(rows), 'changes')}\n"
    open_ = "" if result.well else " open"
    summary = f"<summary>{inline(result.stack)}: {in_signs(result.counts)}</summary>"
    return f"\n<details{open_}>{summary}\n\n{body.strip()}\n\n</details>\n"


def _change_row(change: Change) -> str:
    what = inline("; ".join(in_words(change)))
    return f"| {change.sign} | {change.kind} {inline(change.name)} | {what} |\n"
