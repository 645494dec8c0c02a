"""Take the stacks/ of a proposed commit, merged into this checkout, and name the stacks that merging it touches.

The program, the tools and the lock stay those of this checkout, and nothing of the commit is run: only regular
files of stacks/ are taken. A commit that changes more than stacks/, or settings that say whom a preview talks to,
belongs in the environment preview-allowed, where somebody has to allow it. There all of it is taken.

A GitHub workflow also gets the step's outputs: matrix, count, stacks, removed, environment, waits (why somebody
has to allow it).

Example, in a job on the default branch: `ccc-numbers proposal COMMIT`

Exit codes: 0 taken · 2 refused: a link, a conflict, or more than this environment may run.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option, echo

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.gitlab import read_event
from ccc_numbers.fleet.gitops.matrix import (
    TEMPLATES,
    Job,
    as_github,
    as_gitlab,
    github_outputs,
    nothing_to_do,
)
from ccc_numbers.fleet.gitops.pipeline import hand_on
from ccc_numbers.fleet.gitops.proposal import Environment, take
from ccc_numbers.fleet.project import find_project
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import some


def command(
    commit: Annotated[str | None, Argument(help="Full id of the proposed commit.")] = None,
    environment: Annotated[
        Environment | None, Option("--in", help="This job's environment; refused unless it is the right one.")
    ] = None,
    event: Annotated[Path | None, Option(metavar="FILE", help="GitLab's event, instead of COMMIT.")] = None,
    form: Annotated[Literal["github", "gitlab"], options.output()] = "github",
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    request = read_event(event, os.environ) if event else None
    commit = request.commit if request else commit
    if event and request is None:
        echo(nothing_to_do(TEMPLATES), nl=False)
        return
    if commit is None:
        raise FleetError(tr("say which commit, or --event FILE"))
    proposal, selection = take(folder, commit, environment, os.environ)
    waits = some(proposal.waits_for)
    if waits:
        err().print(
            tr("a maintainer has to allow this; it changes {waits}", waits=waits),
            markup=False,
            soft_wrap=True,
        )
    if form == "gitlab":
        job = Job.ALLOWED if waits and selection.touched else Job.PREVIEW
        known = {"PROPOSED": commit, "WAITS": waits} | ({"REQUEST": str(request.iid)} if request else {})
        echo(as_gitlab(selection, job, TEMPLATES, known), nl=False)
    else:
        echo(as_github(selection))
    hand_on(f"{github_outputs(selection)}environment={proposal.environment}\nwaits={waits}\n")
