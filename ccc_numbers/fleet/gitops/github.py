"""GitHub: its comments and issues, whether its environments keep strangers out, and which plans were reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar
from urllib.parse import quote

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import Forge, JsonObject, text_at, value_at
from ccc_numbers.fleet.gitops.http import Api
from ccc_numbers.fleet.gitops.proposal import Environment
from ccc_numbers.messages.language import mark, tr

_ACTIONS = "github-actions[bot]"
_SETTINGS = "Settings, Environments"  # not translated: GitHub's words
_BY_HAND = mark("start the deploy workflow by hand for its stacks: it plans again, and waits for approval")
# A run of this event is always one of the default branch's own workflow. A branch's copy of the file, run on any other
# event, could leave a plan of its own making.
_OURS = "event=pull_request_target"


class GitHub(Forge):
    name = "GitHub"
    in_job = "GITHUB_ACTIONS"
    settings = mark("in the repository's or environment's settings")
    applies_reviewed_plans = True
    project, home = "GITHUB_REPOSITORY", "/repos"
    tokens = ("GITHUB_TOKEN", "GH_TOKEN")
    without_token = mark("no GITHUB_TOKEN: give the step env: GITHUB_TOKEN: ${{ github.token }}")
    # A pull request is an issue as well, and is commented on as one.
    change, requests, notes = "PATCH", "issues", "comments"
    issue_keys = ("number", "body")
    opened = "open"
    closing: ClassVar[JsonObject] = {"state": "closed", "state_reason": "completed"}

    @staticmethod
    def api_of(environ: Mapping[str, str], token: str) -> Api:
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        return Api("GitHub", environ.get("GITHUB_API_URL", "https://api.github.com"), headers)

    @staticmethod
    def run_link(environ: Mapping[str, str]) -> str | None:
        if not environ.get("GITHUB_RUN_ID"):
            return None
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{environ.get('GITHUB_REPOSITORY', '')}/actions/runs/{environ['GITHUB_RUN_ID']}"

    def poster(self) -> str:
        """REST has no answer for the token of an app, and so of Actions; GraphQL has."""
        graphql = replace(self.api, base=self.api.base.removesuffix("/v3"))
        try:
            answer = graphql.call("POST", "/graphql", {"query": "{ viewer { login } }"})
        except FleetError:
            answer = None
        return text_at(answer, "data", "viewer", "login") or _ACTIONS

    def comment_path(self, request: int, comment: int) -> str:
        return f"{self.path}/issues/comments/{comment}"


def check_guarded(github: GitHub, environment: str) -> None:
    """Raise FleetError when a branch's own workflow could run in it, or nobody has to allow a job in `preview-allowed`.

    GitHub makes an environment that is not there, without any rule, when a job first names it.
    """
    row = github.api.call("GET", f"{github.path}/environments/{quote(environment, safe='')}")
    if not value_at(row, "deployment_branch_policy"):
        raise FleetError(
            tr(
                "the environment {environment} is open to every branch, and so to every branch's own workflow: "
                "choose its deployment branches, only main ({settings})",
                environment=environment,
                settings=_SETTINGS,
            )
        )
    reviewed = any(
        value_at(rule, "type") == "required_reviewers" and value_at(rule, "reviewers")
        for rule in _rows(value_at(row, "protection_rules"))
    )
    if environment == Environment.ALLOWED and not reviewed:
        raise FleetError(
            tr(
                "the environment {environment} has no required reviewers, so nobody would have to allow what "
                "runs in it: name them ({settings})",
                environment=environment,
                settings=_SETTINGS,
            )
        )


@dataclass(frozen=True, slots=True)
class ReviewedRun:
    """The pull request a commit came from, and the run that planned its last state."""

    request: int
    run: int


def find_reviewed(github: GitHub, commit: str, workflow: str) -> ReviewedRun:
    """Raises FleetError when nothing was reviewed: a direct push, a fork, or a preview that did not succeed."""
    pulls = _rows(github.api.call("GET", f"{github.path}/commits/{quote(commit)}/pulls"))
    request = next((row for row in pulls if value_at(row, "merged_at")), None)
    if request is None:
        raise FleetError(
            tr(
                "{commit} came without a pull request, so nothing was reviewed; {by_hand}",
                commit=commit[:12],
                by_hand=tr(_BY_HAND),
            )
        )
    number, sha = value_at(request, "number"), value_at(request, "head", "sha")
    if not isinstance(number, int) or not isinstance(sha, str):
        raise FleetError(
            tr("GitHub named a pull request for {commit} without number or head", commit=commit[:12])
        )
    if value_at(request, "head", "repo", "full_name") != value_at(request, "base", "repo", "full_name"):
        raise FleetError(
            tr(
                "pull request #{number} came from a fork, for which nothing is planned; {by_hand}",
                number=number,
                by_hand=tr(_BY_HAND),
            )
        )
    path = f"{github.path}/actions/workflows/{quote(workflow)}/runs"
    runs = github.api.call("GET", f"{path}?{_OURS}&head_sha={quote(sha)}&per_page=20")
    # A newer run that is under way or failed hides an older success on purpose.
    newest = max(
        _rows(value_at(runs, "workflow_runs")),
        key=lambda row: str(value_at(row, "created_at") or ""),
        default=None,
    )
    run = value_at(newest, "id")
    if value_at(newest, "conclusion") != "success" or not isinstance(run, int):
        state = tr("is not there")
        if newest is not None:
            state = tr("is {value_at}", value_at=value_at(newest, "conclusion") or value_at(newest, "status"))
        raise FleetError(
            tr(
                "the preview ({workflow}) of pull request #{number} at {sha} {state}: nothing reviewed can be "
                "applied; run it again, or {by_hand}",
                workflow=workflow,
                number=number,
                sha=sha[:12],
                state=state,
                by_hand=tr(_BY_HAND),
            )
        )
    return ReviewedRun(number, run)


def _rows(found: object) -> list[object]:
    return found if isinstance(found, list) else []
