"""The end of a run over many stacks: as a table, JSON or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from ccc_numbers.fleet.engine.changes import Change, in_signs, in_words
from ccc_numbers.fleet.gitops.fleet_run import summary_line
from ccc_numbers.fleet.gitops.markdown import as_markdown
from ccc_numbers.fleet.gitops.results import Result
from ccc_numbers.messages.json_text import visible_json
from ccc_numbers.messages.names import others
from ccc_numbers.messages.terminal import Text


class Output(StrEnum):
    """Form of the answer."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


_SUMMARY_LIMIT = 1_000_000
"""GitHub takes 1 MiB as the summary of a step."""
_CHANGES_SHOWN = 50
_COLOURS = {
    "!": "bold red",
    "+": "green",
    "~": "yellow",
    "→": "magenta",
    "-": "red",
    "±": "red",
    "=": "cyan",
    "·": "cyan",
}
_RESULTS = TypeAdapter(tuple[Result, ...])


def tell(
    results: Sequence[Result],
    form: Output,
    console: Console,
    *,
    title: str,
    mask: Callable[[str], str],
    summary: Path | None,
) -> None:
    """Print the results, and append them as Markdown to the file `summary`."""
    shown = [each.masked(mask) for each in results]
    if form is Output.JSON:
        typer.echo(visible_json(_RESULTS.dump_json(tuple(shown), indent=2).decode()))
    elif form is Output.MARKDOWN:
        typer.echo(as_markdown(shown, title, _SUMMARY_LIMIT), nl=False)
    else:
        _print_table(shown, console)
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
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
    for error in result.errors:
        console.print(Text(f"  {error}", "red"), soft_wrap=True)
    for warning in result.warnings:
        console.print(Text(f"  {warning}", "yellow"), soft_wrap=True)
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
    for change in result.changes[:_CHANGES_SHOWN]:
        table.add_row(
            Text(change.sign, _COLOURS[change.sign]), Text(change.kind), Text(change.name), _fields(change)
        )
    console.print(table)
    if more := others(len(result.changes) - _CHANGES_SHOWN, "changes (--output json has all)"):
        console.print(f"  {more}")
    console.print()


def _fields(change: Change) -> Text:
    parts = in_words(change)
    return Text(", ".join(parts), overflow="ellipsis", no_wrap=True)
