"""Find the preview run whose plans were reviewed with a merged commit, and print its id.

A GitHub workflow also gets the step's outputs: run, request. A commit that nobody reviewed is refused: pushed
directly, from a fork, or with a preview that did not succeed.
"""

import os
from typing import Annotated

import typer

from ccc_numbers.fleet.gitops.github import find_reviewed
from ccc_numbers.fleet.gitops.pipeline import github_of, hand_on
from ccc_numbers.messages.language import tr


def command(
    commit: Annotated[str, typer.Argument(envvar="GITHUB_SHA", help="The merged commit.")],
    workflow: Annotated[str, typer.Option(help="File name of the workflow that plans.")] = "preview.yml",
) -> None:
    otherwise = tr("only GitHub keeps plans in another run; on GitLab the deploy pipeline has its own")
    found = find_reviewed(github_of(os.environ, otherwise), commit, workflow)
    typer.echo(str(found.run))
    hand_on(f"run={found.run}\nrequest={found.request}\n")
