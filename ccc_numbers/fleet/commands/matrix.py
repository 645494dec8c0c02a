"""The stacks a change touches, as a CI matrix."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.identity import Identity
from ccc_numbers.api.settings import Settings
from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.git import changed_since
from ccc_numbers.fleet.gitops.matrix import Job, as_github, as_gitlab, as_list, github_outputs
from ccc_numbers.fleet.gitops.pipeline import hand_on
from ccc_numbers.fleet.gitops.touched import Selection, Touched, select, stack_texts
from ccc_numbers.fleet.project import chosen_stacks, find_project, refuse_misnamed


class MatrixForm(StrEnum):
    """Who shall read it."""

    GITHUB = "github"
    GITLAB = "gitlab"
    LIST = "list"


EPILOG = (
    "Examples: [bold]ccc-numbers matrix --since origin/main -o list[/bold] · "
    "[bold]ccc-numbers matrix --all -o gitlab --job deploy[/bold]\n\n"
    "Exit codes: 0 told, also when there is nothing to do · 2 could not look."
)


def command(
    stacks: Annotated[list[str] | None, options.stacks("Only these, touched or not.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="REV", help="Stacks touched since REV: branch, tag or commit.")
    ] = None,
    everything: options.Everything = False,
    form: Annotated[MatrixForm, options.output()] = MatrixForm.GITHUB,
    job: Annotated[Job, typer.Option(help="For gitlab: what to do with the stacks.")] = Job.PREVIEW,
    include: Annotated[str, typer.Option(help="For gitlab: the file with the jobs' templates.")] = (
        "/pipelines/gitlab/stacks.yml"
    ),
    project: options.Project = None,
) -> None:
    """Name the stacks a change touches, for a pipeline that runs one job per stack.

    A stack is touched when its own files change, or a file they refer to: a numbersFile, a flow's definition, an
    order's materials, its catalogue. Code that every stack runs through touches all. The change is everything since
    REV forked off, uncommitted work included. A REV of zeros, as a branch's first push has it, means all stacks.

    In a GitHub workflow the answer is also written to the step's outputs: matrix, count, stacks, removed.
    """
    folder = find_project(project)
    if (since is not None) + everything + bool(stacks) != 1:
        raise FleetError("say which stacks: --since REV, --all, or their names")
    selection = _selection(folder, since, stacks)
    known = tuple(replace(each, identity=_identity(folder, each.stack)) for each in selection.touched)
    selection = replace(selection, touched=known)
    for name in selection.removed:
        err().print(
            f"note: stack {name} is no longer here, but what it made is still in Pulumi's state and in CCC; "
            f"bring its files back and destroy it, or forget it with: pulumi stack rm --force {name}",
            soft_wrap=True,
        )
    typer.echo(_rendered(form, selection, job, include), nl=form is MatrixForm.GITHUB)
    hand_on(github_outputs(selection))


def _selection(folder: Path, since: str | None, stacks: list[str] | None) -> Selection:
    if not stacks:
        refuse_misnamed(folder)
    # A branch's first push has nothing before it, which git and both forges write as zeros.
    if since is None or (since and not since.strip("0")):
        names = chosen_stacks(folder, stacks) if stacks else discover(folder)
        return Selection(tuple(Touched(name, "asked for" if stacks else "all stacks") for name in names))
    change = changed_since(folder, since)
    return select(change.files, stack_texts(folder), change.before)


def _identity(folder: Path, stack: str) -> Identity:
    """As whom a stack is worked on; nobody where its settings are wrong, which its job will say."""
    try:
        return Settings.parse(stack_file(folder, stack).provider, base=folder).identity
    except CccError:
        return Identity()


def _rendered(form: MatrixForm, selection: Selection, job: Job, include: str) -> str:
    if form is MatrixForm.GITLAB:
        return as_gitlab(selection, job, include)
    return as_list(selection) if form is MatrixForm.LIST else as_github(selection)
