"""Options that several commands share, each with its words, limits and help.

Those whose help is the command's own are functions that take it. A command may also take a dataclass of options:
`spread` makes one option of each field that has typer's annotation.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, cast, get_origin, get_type_hints

import typer

Project = Annotated[Path | None, typer.Option(help="The project's folder; without, the one you are in.")]
"""For every command that reads stack files."""

IgnoreFile = Annotated[Path | None, typer.Option(help="Ignore file; else drift-ignore.yaml, if any.")]
Baseline = Annotated[Path | None, typer.Option(help="Baseline; else drift-baseline.yaml, if any.")]
"""For what compares with CCC: drift, heal, report."""

Reachability = Annotated[
    bool,
    typer.Option(
        "--reachability",
        help="Ask too whether agents are offered each number, and follow calls to their end.",
    ),
]
"""For what compares with CCC without repairing: drift, report."""

MaskNumbers = Annotated[bool, typer.Option("--mask", help="Show numbers as 021****1001.")]
_TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"]
Today = Annotated[
    datetime | None,
    typer.Option("--today", formats=_TIMES, metavar="DAY", help="Take this day, or moment, as the present."),
]
"""For what shows findings and orders: drift, check, report, orders. `declaration.clock` completes it."""

Traffic = Annotated[
    str | None,
    typer.Option(metavar="WINDOW", help="Look at the calls of so long too, such as 30d or 24h."),
]
"""For what shows calls: drift, report. `traffic.window` reads it."""

OneStack = Annotated[
    str | None, typer.Option("--stack", "-s", help="The stack; without, the only one there is.")
]
Everything = Annotated[bool, typer.Option("--all", help="All stacks.")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, max=64, help="Stacks at a time.")]


def stacks(help: str = "Stacks to look at; all without.") -> object:
    """The names of stacks, as arguments."""
    return typer.Argument(metavar="STACK", help=help)


def stack(help: str) -> object:
    """`--stack`, `-s`: the one stack of a command."""
    return typer.Option("--stack", "-s", help=help)


def output(help: str = "Form of the answer.") -> object:
    """`--output`, `-o`: one of a command's own forms."""
    return typer.Option("--output", "-o", help=help)


def offline(help: str) -> object:
    """`--offline`: CCC is not called."""
    return typer.Option("--offline", help=help)


def lapsing(least: int, name: str = "--lapsing") -> object:
    """`--lapsing`: how many days before its end an order's term is reported."""
    return typer.Option(name, min=least, help="Report terms that end within so many days.")


def spread(command: Callable[..., object]) -> Callable[..., object]:
    """The command with an option for each field of its parameters that are dataclasses, as typer takes it."""
    groups: dict[str, type] = {}
    parameters: list[Parameter] = []
    for parameter in signature(command, eval_str=True).parameters.values():
        if not is_dataclass(parameter.annotation):
            parameters.append(parameter.replace(kind=Parameter.KEYWORD_ONLY))
            continue
        group = groups[parameter.name] = cast(type, parameter.annotation)
        hints = get_type_hints(group, include_extras=True)
        parameters += [
            Parameter(each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name])
            for each in fields(group)
            if get_origin(hints[each.name]) is Annotated
        ]

    def called(**given: object) -> object:
        for name, group in groups.items():
            own = [each.name for each in fields(group) if each.name in given]
            given[name] = group(**{each: given.pop(each) for each in own})
        return command(**given)

    called.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # functions have it once it is set
    return called
