"""Build the one comment of a pull request from the plans of its stacks, and keep it up to date.

It fits into 65,536 characters, the limit of a forge: counts are never cut, details are. A mark in its first line
identifies the comment, and it is updated in place, so there is one, whatever is pushed.

Example, in a workflow: `ccc-numbers comment out/plans --request 7 --post`

Exit codes: 0 done · 2 could not: no plans, no token, or the forge refused.
"""

import os
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, echo

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.comment import comment_text, post_comment, waits_text, with_missing
from ccc_numbers.fleet.gitops.pipeline import applies_reviewed_plans, forge_of, run_link
from ccc_numbers.fleet.gitops.saved_plans import summaries
from ccc_numbers.messages.language import tr


def command(
    folder: Annotated[Path, Argument(metavar="DIR", help="The files of `plan --save`, in any subfolders.")],
    post: Annotated[bool, Option("--post", help="Write or update the comment; else only print it.")] = False,
    request: Annotated[
        int | None,
        Option(min=1, envvar="CI_MERGE_REQUEST_IID", help="Number of the pull (or merge) request."),
    ] = None,
    commit: Annotated[str | None, Option(envvar="CI_COMMIT_SHA", help="The planned commit.")] = None,
    expect: Annotated[
        str | None, Option(metavar="STACKS", help="Stacks to expect; missing ones failed.")
    ] = None,
    waits: Annotated[
        str | None, Option(metavar="WHY", help="Say that a maintainer has to allow WHY.")
    ] = None,
) -> None:
    link = run_link(os.environ)
    if waits:
        text, worth_a_new_one = waits_text(waits, commit, link), True
    else:
        # A pipeline without a stack to plan has no artifact to download, and so no folder.
        found = [] if expect is not None and not folder.is_dir() else summaries(folder)
        results = with_missing(found, (expect or "").split())
        text = comment_text(results, commit, link, applies_this=applies_reviewed_plans(os.environ))
        worth_a_new_one = bool(results)
    if not post:
        echo(text, nl=False)
        return
    if request is None:
        raise FleetError(tr("--post: say which pull request: --request N"))
    done = post_comment(forge_of(os.environ), request, text, worth_a_new_one=worth_a_new_one)
    echo(f"#{request}: {done}")
