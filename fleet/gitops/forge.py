"""What we ask of GitHub and GitLab: one comment per request, one issue per stack, who reviewed a commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from fleet.errors import FleetError
from fleet.gitops.http import Api

Row = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Post:
    """A comment or an issue that is there. `id` is what the forge wants to hear to change it."""

    id: int
    body: str
    title: str = ""


class Forge(Protocol):
    """A place with pull (or merge) requests and issues. Everything raises FleetError."""

    name: str

    def comments(self, request: int) -> list[Post]:
        """The comments of a pull request, oldest first."""

    def add_comment(self, request: int, body: str) -> None:
        """Write a new one."""

    def change_comment(self, request: int, comment: int, body: str) -> None:
        """Write it anew."""

    def issues(self, label: str) -> list[Post]:
        """The open issues with this label."""

    def open_issue(self, title: str, body: str, label: str) -> None:
        """Open one."""

    def change_issue(self, issue: int, title: str, body: str) -> None:
        """Write it anew."""

    def close_issue(self, issue: int, why: str) -> None:
        """Say why, and close it."""


class GitHub:
    """GitHub, or GitHub Enterprise, as a workflow's environment names it."""

    name = "GitHub"

    def __init__(self, api: Api, repository: str) -> None:
        self.api = api
        self.path = f"/repos/{repository}"

    def comments(self, request: int) -> list[Post]:
        return [_post(row) for row in self.api.pages(f"{self.path}/issues/{request}/comments")]

    def add_comment(self, request: int, body: str) -> None:
        self.api.call("POST", f"{self.path}/issues/{request}/comments", {"body": body})

    def change_comment(self, request: int, comment: int, body: str) -> None:
        self.api.call("PATCH", f"{self.path}/issues/comments/{comment}", {"body": body})

    def issues(self, label: str) -> list[Post]:
        rows = self.api.pages(f"{self.path}/issues", labels=label, state="open")
        return [_post(row, "number") for row in rows if "pull_request" not in row]

    def open_issue(self, title: str, body: str, label: str) -> None:
        self.api.call("POST", f"{self.path}/issues", {"title": title, "body": body, "labels": [label]})

    def change_issue(self, issue: int, title: str, body: str) -> None:
        self.api.call("PATCH", f"{self.path}/issues/{issue}", {"title": title, "body": body})

    def close_issue(self, issue: int, why: str) -> None:
        self.api.call("POST", f"{self.path}/issues/{issue}/comments", {"body": why})
        self.api.call(
            "PATCH", f"{self.path}/issues/{issue}", {"state": "closed", "state_reason": "completed"}
        )


class GitLab:
    """GitLab, as a job's environment names it."""

    name = "GitLab"

    def __init__(self, api: Api, project: str) -> None:
        self.api = api
        self.path = f"/projects/{project}"

    def comments(self, request: int) -> list[Post]:
        rows = self.api.pages(f"{self.path}/merge_requests/{request}/notes", sort="asc")
        return [_post(row) for row in rows if row.get("system") is not True]

    def add_comment(self, request: int, body: str) -> None:
        self.api.call("POST", f"{self.path}/merge_requests/{request}/notes", {"body": body})

    def change_comment(self, request: int, comment: int, body: str) -> None:
        self.api.call("PUT", f"{self.path}/merge_requests/{request}/notes/{comment}", {"body": body})

    def issues(self, label: str) -> list[Post]:
        rows = self.api.pages(f"{self.path}/issues", labels=label, state="opened")
        return [_post(row, "iid", "description") for row in rows]

    def open_issue(self, title: str, body: str, label: str) -> None:
        body_of: Row = {"title": title, "description": body, "labels": label}
        self.api.call("POST", f"{self.path}/issues", body_of)

    def change_issue(self, issue: int, title: str, body: str) -> None:
        self.api.call("PUT", f"{self.path}/issues/{issue}", {"title": title, "description": body})

    def close_issue(self, issue: int, why: str) -> None:
        self.api.call("POST", f"{self.path}/issues/{issue}/notes", {"body": why})
        self.api.call("PUT", f"{self.path}/issues/{issue}", {"state_event": "close"})


def forge_of(environ: Mapping[str, str]) -> GitHub | GitLab:
    """The forge whose pipeline this is. Raises FleetError when it is none, or its token is not there."""
    if repository := environ.get("GITHUB_REPOSITORY"):
        token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN")
        if not token:
            raise FleetError("no GITHUB_TOKEN: give the step env: GITHUB_TOKEN: ${{ github.token }}")
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        return GitHub(
            Api("GitHub", environ.get("GITHUB_API_URL", "https://api.github.com"), headers), repository
        )
    if project := environ.get("CI_PROJECT_ID"):
        token = environ.get("GITLAB_TOKEN")
        if not token:
            raise FleetError(
                "no GITLAB_TOKEN: put a project access token with the scope api into the CI/CD variables; "
                "the job's own token may not comment"
            )
        return GitLab(Api("GitLab", environ.get("CI_API_V4_URL", ""), {"PRIVATE-TOKEN": token}), project)
    raise FleetError(
        "this is no pipeline of GitHub or GitLab: neither GITHUB_REPOSITORY nor CI_PROJECT_ID is set"
    )


def run_link(environ: Mapping[str, str]) -> str | None:
    """The address of this pipeline run, for people."""
    if environ.get("GITHUB_RUN_ID"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{environ.get('GITHUB_REPOSITORY', '')}/actions/runs/{environ['GITHUB_RUN_ID']}"
    return environ.get("CI_PIPELINE_URL")


def _post(row: Row, id_key: str = "id", body_key: str = "body") -> Post:
    id_ = row.get(id_key)
    if not isinstance(id_, int):
        raise FleetError(f"the forge answered with a post without {id_key}")
    return Post(id_, str(row.get(body_key) or ""), str(row.get("title") or ""))
