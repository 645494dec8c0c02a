"""Find the preview run whose plans were reviewed with a merged commit (GitHub)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import GitHub, forge_of
from ccc_numbers.fleet.gitops.reviewed import find_reviewed


def command(
    commit: Annotated[str, typer.Argument(envvar="GITHUB_SHA", help="The merged commit.")],
    workflow: Annotated[str, typer.Option(help="File name of the workflow that plans.")] = "preview.yml",
) -> None:
    """Find the preview run whose plans were reviewed with a merged commit, and print its id.

    In a GitHub workflow it is also written to the step's outputs: run, request. A commit that nobody reviewed is
    refused: pushed directly, from a fork, or with a preview that did not succeed.
    """
    forge = forge_of(os.environ)
    if not isinstance(forge, GitHub):
        raise FleetError("only GitHub keeps plans in another run; on GitLab the deploy pipeline has its own")
    found = find_reviewed(forge, commit, workflow)
    typer.echo(str(found.run))
    if path := os.environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as outputs:
            outputs.write(f"run={found.run}\nrequest={found.request}\n")
