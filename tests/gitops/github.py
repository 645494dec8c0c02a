"""A stand-in for GitHub's REST API: pull requests, comments, issues, runs; it knows what a token may do."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.gitops.identity import GITHUB, id_token
from tests.gitops.stand_in import Answer, Query, page, serving

REPOSITORY = "example/numbers"


@dataclass(frozen=True)
class Environment:
    """`branches` are its deployment branches, None for all; `reviewers` who may allow a job in it."""

    branches: tuple[str, ...] | None = ("main",)
    reviewers: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass
class GitHubStandIn:
    """What is there. `requests` are pull requests as the API tells them, `runs` workflow runs by file name."""

    url: str = ""
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    poster: str = "github-actions[bot]"
    """Whom the token posts as; `viewer` is whether GraphQL says so."""
    viewer: bool = True
    failures: list[int] = field(default_factory=list)
    """Status codes that the next calls are answered with."""
    _last: int = 100

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any, token: str) -> Answer:
        """(status, JSON) for one call."""
        self.calls.append(f"{method} {path}")
        if self.failures:
            return self.failures.pop(0), {"message": "as the test wants it"}
        if not token.startswith("token"):
            return 401, {"message": "Bad credentials"}
        for pattern, verb, permission, handler in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and verb == method:
                if permission not in token:
                    return 403, {"message": "Resource not accessible by integration"}
                return handler(self, found, query, body)
        return 404, {"message": "Not Found"}

    def _comments_of(self, found: re.Match[str], query: Any, _body: Any) -> Answer:
        return 200, page(self.comments.get(int(found[1]), []), query)

    def _comment(self, found: re.Match[str], _query: Any, body: Any) -> Answer:
        comment = {"id": self._next(), "body": body["body"], "user": {"login": self.poster}}
        assert len(comment["body"]) <= 65_536
        self.comments.setdefault(int(found[1]), []).append(comment)
        return 201, comment

    def _change_comment(self, found: re.Match[str], _query: Any, body: Any) -> Answer:
        for comments in self.comments.values():
            for comment in comments:
                if comment["id"] == int(found[1]):
                    comment["body"] = body["body"]
                    return 200, comment
        return 404, {"message": "Not Found"}

    def _list_issues(self, _found: re.Match[str], query: Any, _body: Any) -> Answer:
        label = query.get("labels", [""])[0]
        rows = [
            row for row in self.issues.values() if row["state"] == "open" and label in row.get("labels", [])
        ]
        return 200, page(rows, query)

    def _open_issue(self, _found: re.Match[str], _query: Any, body: Any) -> Answer:
        number = self._next()
        self.issues[number] = {"number": number, "state": "open", "user": {"login": self.poster}, **body}
        return 201, self.issues[number]

    def _change_issue(self, found: re.Match[str], _query: Any, body: Any) -> Answer:
        self.issues[int(found[1])].update(body)
        return 200, self.issues[int(found[1])]

    def _viewer(self, _found: re.Match[str], _query: Any, body: Any) -> Answer:
        assert body == {"query": "{ viewer { login } }"}
        if not self.viewer:
            return 200, {"data": None, "errors": [{"message": "Resource not accessible by integration"}]}
        return 200, {"data": {"viewer": {"login": self.poster}}}

    def _pulls_of(self, found: re.Match[str], _query: Any, _body: Any) -> Answer:
        return 200, [each for each in self.requests if each["merge_commit_sha"] == found[1]]

    def _runs_of(self, found: re.Match[str], query: Any, _body: Any) -> Answer:
        sha = query["head_sha"][0]
        event = query["event"][0]
        runs = [run for run in self.runs.get(found[1], []) if (run["head_sha"], run["event"]) == (sha, event)]
        return 200, {"total_count": len(runs), "workflow_runs": runs}

    def _environment(self, found: re.Match[str], _query: Any, _body: Any) -> Answer:
        there = self.environments.get(found[1])
        if there is None:
            return 404, {"message": "Not Found"}
        policy = (
            None if there.branches is None else {"protected_branches": False, "custom_branch_policies": True}
        )
        people = [{"type": "User", "reviewer": {"login": each}} for each in there.reviewers]
        rules = [{"type": "required_reviewers", "reviewers": people}] if people else []
        return 200, {"name": found[1], "protection_rules": rules, "deployment_branch_policy": policy}

    def _identity(self, _found: re.Match[str], query: Any, _body: Any) -> Answer:
        """The token of a job, whose `sub` its address says; GitHub knows that by itself."""
        claims = {"iss": GITHUB, "sub": query["sub"][0], "aud": query["audience"][0]}
        return 200, {"value": id_token(claims)}

    def _next(self) -> int:
        self._last += 1
        return self._last


_REPO = f"/repos/{REPOSITORY}"
_ROUTES = (
    (r"/graphql", "POST", "", GitHubStandIn._viewer),
    (r"/identity", "GET", "id-token:write", GitHubStandIn._identity),
    (rf"{_REPO}/issues/(\d+)/comments", "GET", "pull-requests", GitHubStandIn._comments_of),
    (rf"{_REPO}/issues/(\d+)/comments", "POST", ":write", GitHubStandIn._comment),
    (rf"{_REPO}/issues/comments/(\d+)", "PATCH", "pull-requests:write", GitHubStandIn._change_comment),
    (rf"{_REPO}/issues", "GET", "issues", GitHubStandIn._list_issues),
    (rf"{_REPO}/issues", "POST", "issues:write", GitHubStandIn._open_issue),
    (rf"{_REPO}/issues/(\d+)", "PATCH", "issues:write", GitHubStandIn._change_issue),
    (rf"{_REPO}/commits/(\w+)/pulls", "GET", "pull-requests", GitHubStandIn._pulls_of),
    (rf"{_REPO}/environments/([\w.-]+)", "GET", "actions", GitHubStandIn._environment),
    (rf"{_REPO}/actions/workflows/([\w.-]+)/runs", "GET", "actions", GitHubStandIn._runs_of),
)


@contextmanager
def github() -> Iterator[GitHubStandIn]:
    """Run the stand-in on a port of its own."""
    stand_in = GitHubStandIn()

    def answer(method: str, path: str, query: Query, body: Any, headers: Mapping[str, str]) -> Answer:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        return stand_in.answer(method, path, query, body, token)

    with serving(answer) as stand_in.url:
        yield stand_in
