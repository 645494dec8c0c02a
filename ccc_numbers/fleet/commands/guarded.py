"""Refuse an environment of GitHub that any branch could use, or that nobody has to allow."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import GitHub, forge_of
from ccc_numbers.fleet.gitops.guarded import check_guarded

EPILOG = "Exit codes: 0 guarded · 2 not guarded, or could not look."


def command(
    environment: Annotated[str, typer.Argument(help="Name of the environment a later job runs in.")],
) -> None:
    """Refuse an environment of GitHub that any branch's own workflow could use, before a job gets its identity.

    Its deployment branches have to be chosen; preview-allowed has to have required reviewers too. The token needs
    the permission actions: read.
    """
    forge = forge_of(os.environ)
    if not isinstance(forge, GitHub):
        raise FleetError("only GitHub's environments are looked at; on GitLab see docs/gitops.md")
    check_guarded(forge, environment)
    typer.echo(f"{environment}: guarded")
