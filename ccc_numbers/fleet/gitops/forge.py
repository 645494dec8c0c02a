"""What we ask of GitHub and GitLab: one comment per request, one issue per stack, who reviewed a commit.

Whatever we look for again to change it is ours: written by the account that the token posts as. Anybody may write
our mark into a comment of his own; only what we wrote is ever edited or closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from pydantic import JsonValue

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.http import Api

Row = Mapping[str, JsonValue]

BOT = "CCC_BOT"
"""Environment variable: the accounts whose posts are ours, separated by commas, in place of asking the forge."""
_ACTIONS = "github-actions[bot]"


@dataclass(frozen=True, slots=True)
class Post:
    """A comment or an issue that is there. `id` is what the forge wants to hear to change it."""

    id: int
    body: str
    title: str = ""
    author: str = ""


class Forge(Protocol):
    """A place with pull (or merge) requests and issues. Everything raises FleetError."""

    name: str

    def comments(self, request: int) -> list[Post]:
        """Our comments on a pull request, oldest first."""

    def add_comment(self, request: int, body: str) -> None:
        """Write a new one."""

    def change_comment(self, request: int, comment: int, body: str) -> None:
        """Write it anew."""

    def issues(self, label: str) -> list[Post]:
        """Our open issues with this label."""

    def open_issue(self, title: str, body: str, label: str) -> None:
        """Open one."""

    def change_issue(self, issue: int, title: str, body: str) -> None:
        """Write it anew."""

    def close_issue(self, issue: int, why: str) -> None:
        """Say why, and close it."""


class GitHub:
    """GitHub, or GitHub Enterprise, as a workflow's environment names it."""

    name = "GitHub"

    def __init__(self, api: Api, repository: str, bot: str = "") -> None:
        self.api = api
        self.path = f"/repos/{repository}"
        self.bot = bot

    @cached_property
    def names(self) -> frozenset[str]:
        """Whose posts are ours. REST has no answer for the token of an app, and so of Actions; GraphQL has."""
        if self.bot:
            return _names(self.bot)
        graphql = replace(self.api, base=self.api.base.removesuffix("/v3"))
        try:
            answer = graphql.call("POST", "/graphql", {"query": "{ viewer { login } }"})
        except FleetError:
            answer = None
        return _names(_at(answer, "data", "viewer", "login") or _ACTIONS)

    def comments(self, request: int) -> list[Post]:
        rows = self.api.pages(f"{self.path}/issues/{request}/comments")
        return _ours(self, (_post(row) for row in rows))

    def add_comment(self, request: int, body: str) -> None:
        _check(self, self.api.call("POST", f"{self.path}/issues/{request}/comments", {"body": body}))

    def change_comment(self, request: int, comment: int, body: str) -> None:
        self.api.call("PATCH", f"{self.path}/issues/comments/{comment}", {"body": body})

    def issues(self, label: str) -> list[Post]:
        rows = self.api.pages(f"{self.path}/issues", labels=label, state="open")
        return _ours(self, (_post(row, "number") for row in rows if "pull_request" not in row))

    def open_issue(self, title: str, body: str, label: str) -> None:
        issue: Row = {"title": title, "body": body, "labels": [label]}
        _check(self, self.api.call("POST", f"{self.path}/issues", issue))

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

    def __init__(self, api: Api, project: str, bot: str = "") -> None:
        self.api = api
        self.path = f"/projects/{project}"
        self.bot = bot

    @cached_property
    def names(self) -> frozenset[str]:
        """Whose posts are ours: the user of the token, which GitLab makes for each project access token."""
        name = self.bot or _at(self.api.call("GET", "/user"), "username")
        if not name:
            raise FleetError(f"GitLab does not say whose token GITLAB_TOKEN is: set {BOT} to its user's name")
        return _names(name)

    def comments(self, request: int) -> list[Post]:
        rows = self.api.pages(f"{self.path}/merge_requests/{request}/notes", sort="asc")
        return _ours(self, (_post(row) for row in rows if row.get("system") is not True))

    def add_comment(self, request: int, body: str) -> None:
        _check(self, self.api.call("POST", f"{self.path}/merge_requests/{request}/notes", {"body": body}))

    def change_comment(self, request: int, comment: int, body: str) -> None:
        self.api.call("PUT", f"{self.path}/merge_requests/{request}/notes/{comment}", {"body": body})

    def issues(self, label: str) -> list[Post]:
        rows = self.api.pages(f"{self.path}/issues", labels=label, state="opened")
        return _ours(self, (_post(row, "iid", "description") for row in rows))

    def open_issue(self, title: str, body: str, label: str) -> None:
        issue: Row = {"title": title, "description": body, "labels": label}
        _check(self, self.api.call("POST", f"{self.path}/issues", issue))

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
        api = Api("GitHub", environ.get("GITHUB_API_URL", "https://api.github.com"), headers)
        return GitHub(api, repository, environ.get(BOT, ""))
    if project := environ.get("CI_PROJECT_ID"):
        token = environ.get("GITLAB_TOKEN")
        if not token:
            raise FleetError(
                "no GITLAB_TOKEN: put a project access token with the scope api into the CI/CD variables; "
                "the job's own token may not comment"
            )
        api = Api("GitLab", environ.get("CI_API_V4_URL", ""), {"PRIVATE-TOKEN": token})
        return GitLab(api, project, environ.get(BOT, ""))
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
    return Post(id_, str(row.get(body_key) or ""), str(row.get("title") or ""), _author(row))


def _author(row: JsonValue | Row) -> str:
    """GitHub's `user.login`, GitLab's `author.username`; "" for an account that is gone."""
    return _at(row, "user", "login") or _at(row, "author", "username")


def _at(found: JsonValue | Row, *keys: str) -> str:
    """The text at the end of a path; "" where there is none."""
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip().casefold() for name in text.split(",") if name.strip())


def _ours(forge: GitHub | GitLab, posts: Iterable[Post]) -> list[Post]:
    return [each for each in posts if each.author.casefold() in forge.names]


def _check(forge: GitHub | GitLab, written: JsonValue) -> None:
    """Refuse to go on when the next run would not know again what was just written, and write it once more."""
    author = _author(written)
    if author.casefold() not in forge.names:
        raise FleetError(
            f"{forge.name} took it as written by {author or 'nobody'}, whom the next run would take for a stranger: "
            f"set {BOT} to {author or 'the name of the account the token posts as'}"
        )
