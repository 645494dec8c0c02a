"""Show the numbers of a stack as the last `up` left them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.engine.stack_outputs import NumberRow, StackNumbers, as_json, ask_pulumi, parse_outputs
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.project import Words, find_project, stack_named, words_for
from ccc_numbers.messages.names import some
from ccc_numbers.messages.terminal import Text

_COLOURS = {"bound": "green", "pending": "yellow", "unassigned": "yellow", "gone": "red"}


def command(
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack to show.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    outputs: Annotated[
        Path | None,
        typer.Option(
            help="Read `pulumi stack output --json` from this file, - for stdin; without, ask Pulumi."
        ),
    ] = None,
    project: Annotated[
        Path | None, typer.Option(help="The project's folder; without, the one you are in.")
    ] = None,
) -> None:
    """Show the numbers of a stack as the last `up` left them, and what to try next.

    Nothing is called and nothing changed: the table comes from the outputs kept in Pulumi's state. `ccc-numbers
    drift` tells what CCC holds now.
    """
    folder = find_project(project)
    stack = stack_named(stack)
    text, source = (ask_pulumi(folder, stack), stack) if outputs is None else _read(outputs)
    numbers = parse_outputs(text, source)
    if json:
        typer.echo(as_json(numbers))
        return
    if not numbers.rows:
        raise FleetError(f"stack {stack} has no numbers yet; run: {words_for(folder, stack).up}")
    _print(out(), stack, numbers, words_for(folder, stack))


def _read(file: Path) -> tuple[str, str]:
    if str(file) == "-":
        return sys.stdin.read(), "stdin"
    try:
        return file.read_text("utf-8"), str(file)
    except (OSError, UnicodeDecodeError) as error:
        raise FleetError(f"{file}: cannot be read: {error}") from None


def _print(console: Console, stack: str, numbers: StackNumbers, words: Words) -> None:
    console.print(_table(numbers))
    told = Counter(row.status for row in numbers.rows)
    instances = len({row.instance for row in numbers.rows})
    summary = ", ".join(f"{count} {status}" for status, count in told.most_common())
    console.print()
    console.print(f"{_count(len(numbers.rows), 'number')} in {_count(instances, 'instance')}: {summary}")
    for instance, unmanaged in numbers.unmanaged.items():
        listed = some(unmanaged, 5)
        console.print(f"{instance} also holds {len(unmanaged)} that no stack file declares: {listed}")
    console.print()
    console.print(Text("What to try next", style="bold"))
    for line in _next(stack, numbers, words):
        console.print(f"  {line}", soft_wrap=True)


def _count(many: int, thing: str) -> str:
    return f"{many} {thing}" if many == 1 else f"{many} {thing}s"


def _table(numbers: StackNumbers) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("instance", "number", "status", "usage", "flow", "skill groups", "city", "order"):
        table.add_column(heading, no_wrap=heading in ("number", "status", "usage"))
    last = None
    for row in numbers.rows:
        if last not in (None, row.instance):
            table.add_section()
        table.add_row(Text("" if row.instance == last else row.instance), *_cells(row))
        last = row.instance
    return table


def _cells(row: NumberRow) -> list[Text]:
    place = (
        row.city
        if row.city == row.province or not row.province
        else f"{row.province} {row.city or ''}".strip()
    )
    return [
        Text(row.number),
        Text(row.status, style=_COLOURS.get(row.status, "red")),
        Text(row.usage),
        Text(row.flow or "–"),
        Text(", ".join(row.skill_groups) or "–"),
        Text(place or "–"),
        Text(row.order or "–"),
    ]


def _next(stack: str, numbers: StackNumbers, words: Words) -> Iterator[str]:
    file = f"stacks/{stack}.yaml"
    yield f"edit {file}: another flow, usage or skill group, then {words.preview} and {words.up}"
    pending = numbers.pending
    if pending:
        which = pending[0].number if len(pending) == 1 else f"{len(pending)} numbers"
        wait = "waits" if len(pending) == 1 else "wait"
        yield f"{which} {wait} for CCC support to import it; once that is done, {words.up} binds it"
    yield f"{words.up} again: nothing changes, as long as nobody touched CCC by hand"
    yield f"{words.ours} check: everything wrong with the stack files, without network"
    yield f"{words.ours} --help: drift, orders and the other verbs"
