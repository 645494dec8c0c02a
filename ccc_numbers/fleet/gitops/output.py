"""The end of a run over many stacks: as a table, JSON or Markdown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.plan.form import as_json, schema_text
from ccc_numbers.fleet.plan.markdown import body
from ccc_numbers.fleet.plan.result import OUTCOME_WORDS, Outcome, Result, summary_line
from ccc_numbers.fleet.plan.terminal import closing_lines, next_lines, print_results
from ccc_numbers.fleet.plan.words import headline, sentence
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.markdown import code, inline
from ccc_numbers.messages.masking import mask_numbers, unmasked

_SUMMARY_LIMIT = 1_000_000
"""GitHub takes 1 MiB as the summary of a step."""
COMMENT_LIMIT = 65_536
"""Characters GitHub takes in a comment; GitLab takes more."""
_MARKS = {Outcome.DONE: "✅", Outcome.FAILED: "❌", Outcome.REFUSED: "⛔", Outcome.LEFT_OUT: "⏸️"}
_RESERVE = 400


def _print_schema(wanted: bool) -> None:
    if wanted:
        typer.echo(schema_text(), nl=False)
        raise typer.Exit


@dataclass(frozen=True, slots=True)
class ResultOutput:
    """How a command shows the results of a run."""

    form: Annotated[Literal["table", "json", "markdown"], options.output()] = "table"
    summary: Annotated[Path | None, typer.Option(metavar="FILE", help="Append Markdown to FILE.")] = None
    mask: Annotated[bool, typer.Option("--mask", help="Mask phone numbers in the answer.")] = False
    schema: Annotated[
        bool,
        typer.Option("--schema", callback=_print_schema, is_eager=True, help="Print the JSON form's schema."),
    ] = False

    @property
    def masking(self) -> Callable[[str], str]:
        return mask_numbers if self.mask else unmasked

    def print(self, results: Sequence[Result]) -> None:
        """Print the results for a person."""
        print_results([each.masked(self.masking) for each in results], out())

    def show(self, results: Sequence[Result], title: str, do: str | None = None) -> None:
        """Print the results, and append them to the summary. `do`: the command that does what is only planned."""
        shown = [each.masked(self.masking) for each in results]
        if self.form == "json":
            typer.echo(as_json(shown))
        elif self.form == "markdown":
            typer.echo(as_markdown(shown, title, _SUMMARY_LIMIT), nl=False)
        else:
            print_results(shown, out())
            for line in closing_lines(results) if do is None else next_lines(results, do):
                out().print(line, soft_wrap=True)
        if self.summary is not None:
            with self.summary.open("a", encoding="utf-8") as file:
                file.write(as_markdown(shown, title, _SUMMARY_LIMIT))


def as_markdown(results: Sequence[Result], title: str, limit: int = COMMENT_LIMIT) -> str:
    """A summary line, a row per stack, then each stack's changes folded away; at most `limit` characters.

    Text that does not fit is left out from the end, details first, and a count stands in its place.
    """
    ordered = sorted(results, key=lambda each: (each.well, not each.changes, each.stack))
    head = f"### {title}\n\n{summary_line(results)}\n\n"
    if not ordered:
        return f"{head.rstrip()}\n"
    rows = [tr("| stack | | changes | because of |") + "\n|---|---|---|---|\n", *map(_stack_row, ordered)]
    table = _fitting(rows, len(rows), (limit - len(head)) * 2 // 3, tr("stacks in the table"))
    detailed = [each for each in ordered if each.changes or each.errors or each.warnings]
    room = limit - len(head) - len(table) - 1
    details = _fitting(map(_details, detailed), len(detailed), room, tr("stacks with details"))
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
    return (
        "".join(kept)
        + "\n"
        + tr(
            "**{count} more {what}** did not fit; the run's log has all.", count=count - len(kept), what=what
        )
        + "\n"
    )


def _stack_row(result: Result) -> str:
    mark = f"{_MARKS[result.outcome]} {tr(OUTCOME_WORDS[result.outcome])}"
    because = code(result.reason) if result.reason else ""
    changes = inline(sentence(result.changes) or tr("no changes"))
    return f"| {inline(result.stack)} | {mark} | {changes} | {because} |\n"


def _details(result: Result) -> str:
    open_ = "" if result.well else " open"
    summary = f"<summary>{inline(headline(result))}</summary>"
    return f"\n<details{open_}>{summary}\n\n{body(result).strip()}\n\n</details>\n"
