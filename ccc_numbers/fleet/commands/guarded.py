"""Refuse an environment of GitHub that any branch's own workflow could use, before a job gets its identity.

It must have chosen deployment branches, and preview-allowed required reviewers too. The token needs the permission
actions: read.

Exit codes: 0 guarded · 2 not guarded, or could not look.
"""

import os
from typing import Annotated

import typer

from ccc_numbers.fleet.gitops.github import check_guarded
from ccc_numbers.fleet.gitops.pipeline import github_of
from ccc_numbers.messages.language import tr


def command(
    environment: Annotated[str, typer.Argument(help="Name of the environment a later job runs in.")],
) -> None:
    github = github_of(
        os.environ, tr("only GitHub's environments are looked at; on GitLab see docs/gitops.md")
    )
    check_guarded(github, environment)
    typer.echo(tr("{environment}: guarded", environment=environment))
