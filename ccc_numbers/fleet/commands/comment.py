"""The one comment of a pull request: what its stacks' plans would change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.comment import comment_text, post_comment, waits_text, with_missing
from ccc_numbers.fleet.gitops.pipeline import applies_reviewed_plans, forge_of, run_link
from ccc_numbers.fleet.gitops.results import summaries

EPILOG = (
    "Example, in a workflow: [bold]ccc-numbers comment out/plans --request 7 --post[/bold]\n\n"
    "Exit codes: 0 told · 2 could not: no plans, no token, or the forge refused."
)


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="What `plan --save` left, in any subfolders.")
    ],
    post: Annotated[
        bool, typer.Option("--post", help="Write or update the comment; else only print it.")
    ] = False,
    request: Annotated[
        int | None,
        typer.Option(
            min=1,
            envvar="CI_MERGE_REQUEST_IID",
            help="Number of the pull request (GitLab: of the merge request).",
        ),
    ] = None,
    commit: Annotated[str | None, typer.Option(envvar="CI_COMMIT_SHA", help="What was planned.")] = None,
    expect: Annotated[
        str | None,
        typer.Option(metavar="STACKS", help="Stacks that should be there; missing ones are told as failed."),
    ] = None,
    waits: Annotated[
        str | None,
        typer.Option(metavar="WHY", help="Say instead that a maintainer has to allow it: what it changes."),
    ] = None,
) -> None:
    """Build the one comment of a pull request out of the plans of its stacks, and keep it up to date.

    It fits into what a forge takes (65,536 characters): counts are never cut, details are. The comment is known by a
    mark in its first line and updated in place, so there is one, whatever is pushed.
    """
    if waits:
        text, worth_a_new_one = waits_text(waits, commit, run_link(os.environ)), True
    else:
        text, worth_a_new_one = _of_plans(folder, expect, commit)
    if not post:
        typer.echo(text, nl=False)
        return
    if request is None:
        raise FleetError("--post: say which pull request: --request N")
    done = post_comment(forge_of(os.environ), request, text, worth_a_new_one=worth_a_new_one)
    typer.echo(f"#{request}: {done}")


def _of_plans(folder: Path, expect: str | None, commit: str | None) -> tuple[str, bool]:
    # A pipeline without a stack to plan has no artifact to download, and so no folder.
    found = [] if expect is not None and not folder.is_dir() else summaries(folder)
    results = with_missing(found, (expect or "").split())
    text = comment_text(
        results, commit, run_link(os.environ), applies_this=applies_reviewed_plans(os.environ)
    )
    return text, bool(results)
