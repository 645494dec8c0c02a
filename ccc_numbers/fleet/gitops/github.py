"""GitHub: its comments and issues, whether its environments keep strangers out, and which plans were reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from pydantic import JsonValue

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import BOT, Forge, JsonObject, Post, post, text_at
from ccc_numbers.fleet.gitops.http import Api
from ccc_numbers.fleet.gitops.proposal import Environment

_ACTIONS = "github-actions[bot]"
_SETTINGS = "Settings, Environments"
_BY_HAND = "start the deploy workflow by hand for its stacks: it plans anew, and waits for approval"
# A run of this event is always one of the default branch's own workflow. A branch's copy of the file, run on any other
# event, could leave a plan of its own making.
_OURS = "event=pull_request_target"


class GitHub(Forge):
    """GitHub, or GitHub Enterprise."""

    name = "GitHub"
    mark = "GITHUB_ACTIONS"
    settings = "in the repository's or environment's settings"
    applies_reviewed_plans = True

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> GitHub | None:
        repository = environ.get("GITHUB_REPOSITORY")
        if not repository:
            return None
        token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN")
        if not token:
            raise FleetError("no GITHUB_TOKEN: give the step env: GITHUB_TOKEN: ${{ github.token }}")
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        api = Api("GitHub", environ.get("GITHUB_API_URL", "https://api.github.com"), headers)
        return cls(api, f"/repos/{repository}", environ.get(BOT, ""))

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

    def comments(self, request: int) -> list[Post]:
        return self.ours(map(post, self.api.pages(f"{self.path}/issues/{request}/comments")))

    def add_comment(self, request: int, body: str) -> None:
        self.write(f"{self.path}/issues/{request}/comments", {"body": body})

    def change_comment(self, request: int, comment: int, body: str) -> None:
        self.api.call("PATCH", f"{self.path}/issues/comments/{comment}", {"body": body})

    def issues(self, label: str) -> list[Post]:
        rows = self.api.pages(f"{self.path}/issues", labels=label, state="open")
        return self.ours(post(row, "number") for row in rows if "pull_request" not in row)

    def open_issue(self, title: str, body: str, label: str) -> None:
        self.write(f"{self.path}/issues", {"title": title, "body": body, "labels": [label]})

    def change_issue(self, issue: int, title: str, body: str) -> None:
        self.api.call("PATCH", f"{self.path}/issues/{issue}", {"title": title, "body": body})

    def close_issue(self, issue: int, why: str) -> None:
        self.api.call("POST", f"{self.path}/issues/{issue}/comments", {"body": why})
        closed: JsonObject = {"state": "closed", "state_reason": "completed"}
        self.api.call("PATCH", f"{self.path}/issues/{issue}", closed)


def check_guarded(github: GitHub, environment: str) -> None:
    """Raises FleetError when a branch's own workflow could run in it, or nobody has to allow a job in `preview-allowed`.

    GitHub makes an environment that is not there, without any rule, when a job first names it.
    """
    found = github.api.call("GET", f"{github.path}/environments/{quote(environment, safe='')}")
    row = found if isinstance(found, dict) else {}
    if not row.get("deployment_branch_policy"):
        raise FleetError(
            f"the environment {environment} is open to every branch, and so to every branch's own workflow: "
            f"choose its deployment branches, main alone ({_SETTINGS})"
        )
    rules = row.get("protection_rules")
    reviewed = any(
        isinstance(rule, dict) and rule.get("type") == "required_reviewers" and rule.get("reviewers")
        for rule in (rules if isinstance(rules, list) else [])
    )
    if environment == Environment.ALLOWED and not reviewed:
        raise FleetError(
            f"the environment {environment} has no required reviewers, so nobody would have to allow what runs "
            f"in it: name them ({_SETTINGS})"
        )


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
