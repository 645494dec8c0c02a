"""Name the stacks a change touches, for a pipeline that runs one job per stack.

A stack is touched when its own files change, or a file they refer to: a numbersFile, a flow's definition, an
order's materials, its catalogue. Code that all stacks run touches all. The change is everything since REV forked
off, with uncommitted work. A REV of zeros, as in a branch's first push, means all stacks.

A GitHub workflow also gets the step's outputs: matrix, count, stacks, removed.

Examples: `ccc-numbers matrix --since origin/main -o list` · `ccc-numbers matrix --all -o gitlab --job deploy`

Exit codes: 0 printed, also when there is nothing to do · 2 could not look.
"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from typer import Option, echo

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.identity import Identity
from ccc_numbers.api.settings import Settings
from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.fleet import options
from ccc_numbers.fleet.answers import GoneStack, MatrixAnswer, MatrixStack
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.git import changed_since
from ccc_numbers.fleet.gitops.matrix import TEMPLATES, Job, as_github, as_gitlab, as_list, github_outputs
from ccc_numbers.fleet.gitops.pipeline import hand_on
from ccc_numbers.fleet.gitops.touched import Selection, TouchedStack, select, stack_texts
from ccc_numbers.fleet.project import chosen_stacks, find_project, refuse_misnamed
from ccc_numbers.messages.language import tr


def command(
    stacks: Annotated[list[str] | None, options.stacks("Only these, touched or not.")] = None,
    since: Annotated[
        str | None, Option(metavar="REV", help="Stacks touched since a branch or commit.")
    ] = None,
    everything: options.Everything = False,
    form: Annotated[Literal["github", "gitlab", "list", "json"], options.output()] = "github",
    job: Annotated[Job, Option(help="For gitlab: the work on the stacks.")] = Job.PREVIEW,
    include: Annotated[str, Option(help="For gitlab: the file with the jobs' templates.")] = TEMPLATES,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    if (since is not None) + everything + bool(stacks) != 1:
        raise FleetError(tr("say which stacks: --since REV, --all, or their names"))
    selection = _selection(folder, since, stacks)
    identified = (replace(each, identity=_identity(folder, each.stack)) for each in selection.touched)
    selection = replace(selection, touched=tuple(identified))
    for name in selection.removed:
        err().print(tr("note: {gone}", gone=_gone(name, selection)), soft_wrap=True)
    if form == "gitlab":
        echo(as_gitlab(selection, job, include), nl=False)
    elif form == "json":
        echo(_answer(selection).text())
    else:
        echo(as_github(selection) if form == "github" else as_list(selection), nl=form == "github")
    hand_on(github_outputs(selection))


def _answer(selection: Selection) -> MatrixAnswer:
    roles = {each.stack: each.identity.role for each in selection.touched}
    return MatrixAnswer(
        stacks=tuple(
            MatrixStack(
                stack=each.stack,
                reason=each.reason,
                account=each.identity.account,
                role=role.write if (role := roles[each.stack]) else None,
                read_role=role.read if role else None,
            )
            for each in selection.touched
        ),
        removed=tuple(
            GoneStack(stack=name, successor=selection.successors.get(name), advice=_gone(name, selection))
            for name in selection.removed
        ),
    )


def _gone(name: str, selection: Selection) -> str:
    """What to do about the state of a stack whose files are gone."""
    successor = selection.successors.get(name)
    if successor in selection.new:
        return tr(
            "stack {name} is {successor} now, with the same instances; give its state that name too, before "
            "the next up: pulumi stack rename {successor} --stack {name}",
            name=name,
            successor=successor,
        )
    if successor:
        return tr(
            "stack {name} is no longer here, and {successor} declares its instances. When `ccc-numbers "
            "move` has moved them, its state is empty: pulumi stack rm {name}",
            name=name,
            successor=successor,
        )
    return tr(
        "stack {name} is no longer here, but its resources are still in Pulumi's state and in CCC. If "
        "it has another name now: pulumi stack rename NAME --stack {name}; to forget it: pulumi stack "
        "rm --force {name}; to remove its numbers, restore its files and destroy it",
        name=name,
    )


def _selection(folder: Path, since: str | None, stacks: list[str] | None) -> Selection:
    if not stacks:
        refuse_misnamed(folder)
    # Git and both forges write the commit before a branch's first push as zeros.
    if since is None or (since and not since.strip("0")):
        names = chosen_stacks(folder, stacks) if stacks else discover(folder)
        return Selection(
            tuple(TouchedStack(name, tr("asked for") if stacks else tr("all stacks")) for name in names)
        )
    changed, before = changed_since(folder, since)
    return select(changed, stack_texts(folder), before)


def _identity(folder: Path, stack: str) -> Identity:
    """The identity that works on a stack; none where its settings are wrong, which its job will report."""
    try:
        return Settings.parse(stack_file(folder, stack).provider, base=folder).identity
    except CccError:
        return Identity()
