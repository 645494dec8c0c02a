"""Where the reviewed plans of a merged commit are: in the preview run of the pull request it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import JsonValue

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import GitHub

_BY_HAND = "start the deploy workflow by hand for its stacks: it plans anew, and waits for approval"
# A run of this event is always one of the default branch's own workflow. A branch's copy of the file, run on any other
# event, could leave a plan of its own making.
_OURS = "event=pull_request_target"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The pull request a commit came from, and the run that planned its last state."""

    request: int
    run: int


def find_reviewed(github: GitHub, commit: str, workflow: str) -> Reviewed:
    """Raises FleetError when nothing was reviewed: a direct push, a fork, or a preview that did not succeed."""
    request = _request(github, commit)
    number = request.get("number")
    head = _object(request, "head")
    sha = head.get("sha")
    if not isinstance(number, int) or not isinstance(sha, str):
        raise FleetError(f"GitHub told of a pull request for {commit[:12]} without number or head")
    if _object(head, "repo").get("full_name") != _object(_object(request, "base"), "repo").get("full_name"):
        raise FleetError(f"pull request #{number} came from a fork, for which nothing is planned; {_BY_HAND}")
    runs = github.api.call(
        "GET",
        f"{github.path}/actions/workflows/{quote(workflow)}/runs?{_OURS}&head_sha={quote(sha)}&per_page=20",
    )
    rows = runs.get("workflow_runs") if isinstance(runs, dict) else None
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    # Newest first. A run that is under way or failed later hides an older success on purpose.
    newest = max(found, key=lambda row: str(row.get("created_at") or ""), default=None)
    run = newest.get("id") if newest else None
    if newest is None or newest.get("conclusion") != "success" or not isinstance(run, int):
        state = "is not there" if newest is None else f"is {newest.get('conclusion') or newest.get('status')}"
        raise FleetError(
            f"the preview ({workflow}) of pull request #{number} at {sha[:12]} {state}: "
            f"nothing reviewed can be applied; run it again, or {_BY_HAND}"
        )
    return Reviewed(number, run)


def _request(github: GitHub, commit: str) -> Mapping[str, JsonValue]:
    rows = github.api.call("GET", f"{github.path}/commits/{quote(commit)}/pulls")
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("merged_at"):
            return row
    raise FleetError(f"{commit[:12]} came with no pull request, so nothing was reviewed; {_BY_HAND}")


def _object(row: Mapping[str, JsonValue], key: str) -> Mapping[str, JsonValue]:
    found = row.get(key)
    return found if isinstance(found, dict) else {}
