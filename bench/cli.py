"""`python -m bench`: progress and a table on stderr, one JSON object on stdout."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from . import rounds, startup, words
from .report import report
from .rounds import NAMES, Found, Wanted
from .subject import Verb
from .table import tables
from .watch import CommandFailed


def main() -> None:
    """The command."""
    typer.run(_bench)


def _sizes(text: str) -> list[int]:
    try:
        sizes = [int(size) for size in text.replace("_", "").split(",")]
    except ValueError:
        raise typer.BadParameter(f'"{text}" is not a list of counts; write for example 100,1000') from None
    if min(sizes) < 1:
        raise typer.BadParameter("a count is at least 1")
    return sizes


def _names(names: list[str]) -> list[str]:
    for name in names:
        if name not in NAMES:
            raise typer.BadParameter(f'"{name}" is none of {", ".join(NAMES)}')
    return names


def _bench(
    sizes: Annotated[str, typer.Option(help="How many numbers, separated by commas.")] = "100,1000,10000",
    repeat: Annotated[int, typer.Option(min=1, help="Rounds; medians are shown.")] = 3,
    only: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(NAMES)}; may be repeated.")
    ] = None,
    verb: Annotated[
        list[Verb] | None,
        typer.Option(help="Only this verb, besides up and destroy; may be repeated."),
    ] = None,
    checkpoints: Annotated[
        bool, typer.Option(help="One more row: checkpoints on, at 1,000 numbers.")
    ] = False,
    latency_ms: Annotated[
        float, typer.Option(min=0, help="How long each call to CCC takes on the way.")
    ] = 20,
) -> None:
    """Measure up, unchanged up, preview, refresh and destroy beside an engine that does nothing, and the others."""
    console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 160)
    verbs = [each for each in Verb if each in {Verb.UP, Verb.DESTROY, *(verb or Verb)}]
    wanted = Wanted(_sizes(sizes), repeat, _names(only or []), verbs, checkpoints, latency_ms)
    found, begun, failure = Found(), {}, None
    read: dict[str, object] = {}
    try:
        with console.status("") as status:

            def show(what: str) -> None:
                status.update(what)
                if not console.is_terminal:
                    console.print(what)

            show("the search for forbidden words")
            read = words.figures()
            console.print_json(data=read)
            begun = startup.measure(repeat, show)
            rounds.measure(wanted, found, show)
    except (CommandFailed, KeyboardInterrupt) as failed:
        failure = str(failed) or "interrupted"
        console.print(failure, style="red", markup=False)
    for table in tables(found):
        console.print(table)
    print(json.dumps(report(wanted, found, begun) | {"words": read, "failure": failure}, ensure_ascii=False))
    if failure:
        raise typer.Exit(1)
