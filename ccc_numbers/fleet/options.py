"""Options that several commands share: each stands here once, with its words, its limits and its help.

Those whose help is the command's own are functions that take it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Project = Annotated[Path | None, typer.Option(help="The project's folder; without, the one you are in.")]
"""Every command that reads stack files."""

IgnoreFile = Annotated[
    Path | None, typer.Option(help="Ignore file; without, drift-ignore.yaml where there is one.")
]
Baseline = Annotated[
    Path | None, typer.Option(help="Baseline; without, drift-baseline.yaml where there is one.")
]
"""What compares with CCC: drift, heal, report."""

MaskNumbers = Annotated[bool, typer.Option("--mask", help="Show numbers as 021****1001.")]
Today = Annotated[
    datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="Reckon as of this day.")
]
"""What shows findings and orders: drift, report, orders."""

Everything = Annotated[bool, typer.Option("--all", help="All stacks.")]
MaskAnswer = Annotated[bool, typer.Option("--mask", help="Make phone numbers unreadable in the answer.")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, max=64, help="Stacks at a time.")]
Summary = Annotated[Path | None, typer.Option(metavar="FILE", help="Append the answer as Markdown to FILE.")]
MaxChanges = Annotated[
    int | None, typer.Option(metavar="N", min=0, help="Refuse more changes than N, over all stacks.")
]
MaxRemovals = Annotated[
    int | None, typer.Option(metavar="N", min=0, help="Refuse more removals than N, over all stacks.")
]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Begin no other stack once one has failed.")]
"""What runs Pulumi on many stacks: plan, apply."""


def stacks(help: str = "Stacks to look at; all without.") -> object:
    """The names of stacks, as arguments."""
    return typer.Argument(metavar="STACK", help=help)


def stack(help: str) -> object:
    """`--stack`, `-s`: the one stack that a command is about."""
    return typer.Option("--stack", "-s", help=help)


def output(help: str = "Form of the answer.") -> object:
    """`--output`, `-o`: one of a command's own forms."""
    return typer.Option("--output", "-o", help=help)


def offline(help: str) -> object:
    """`--offline`: CCC is not asked."""
    return typer.Option("--offline", help=help)


def lapsing(least: int) -> object:
    """`--lapsing`: from which day on an order's end is told."""
    return typer.Option("--lapsing", min=least, help="Tell of terms that end within so many days.")
