"""A stand-in for GitLab's REST API: notes on merge requests, issues; it knows what a token may do."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.gitops.stand_in import Answer, Query, page, serving

PROJECT_ID = "12"
PROJECT = "team/numbers"
_LONGEST_NOTE = 1_000_000
_SCOPES = {"GET": ("api", "read_api")}


@dataclass
class GitLabStandIn:
    """What is there. `tokens` are the scopes of each access token; nobody else's token is known."""

    url: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    notes: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    """By merge request."""
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    issue_notes: dict[int, list[str]] = field(default_factory=dict)
    poster: str = "project_12_bot_5f1c"
    """The user GitLab has made for the access token."""
    calls: list[str] = field(default_factory=list)
    _last: int = 1000

    def answer(self, method: str, path: str, query: Query, body: Any, headers: Mapping[str, str]) -> Answer:
        """(status, JSON) for one call."""
        self.calls.append(f"{method} {path}")
        scope = self.tokens.get(headers.get("private-token", ""))
        if scope is None:
            return 401, {"message": "401 Unauthorized"}
        if scope not in _SCOPES.get(method, ("api",)):
            return 403, {"error": "insufficient_scope", "scope": "api"}
        if (method, path) == ("GET", "/user"):
            return 200, {"id": 77, "username": self.poster, "bot": True}
        if not path.startswith(f"{_PATH}/"):
            return 404, {"message": "404 Project Not Found"}
        for pattern, verb, handler in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and verb == method:
                return handler(self, found, query, body)
        return 404, {"error": "404 Not Found"}

    def _notes_of(self, found: re.Match[str], query: Query, _body: Any) -> Answer:
        rows = self.notes.get(int(found[1]), [])
        # GitLab's own order is newest first.
        return 200, page(rows if query.get("sort") == ["asc"] else rows[::-1], query)

    def _write_note(self, found: re.Match[str], _query: Query, body: Any) -> Answer:
        note = {
            "id": self._next(),
            "system": False,
            "body": _posted(body["body"]),
            "author": {"username": self.poster},
        }
        self.notes.setdefault(int(found[1]), []).append(note)
        return 201, note

    def _change_note(self, found: re.Match[str], _query: Query, body: Any) -> Answer:
        for note in self.notes.get(int(found[1]), []):
            if note["id"] == int(found[2]):
                note["body"] = _posted(body["body"])
                return 200, note
        return 404, {"message": "404 Note Not Found"}

    def _list_issues(self, _found: re.Match[str], query: Query, _body: Any) -> Answer:
        wanted, state = set(query["labels"][0].split(",")), query["state"][0]
        rows = [
            each for each in self.issues.values() if each["state"] == state and wanted <= {*each["labels"]}
        ]
        return 200, page(rows, query)

    def _open_issue(self, _found: re.Match[str], _query: Query, body: Any) -> Answer:
        iid = len(self.issues) + 1
        self.issues[iid] = {
            # Not the id but the iid is what the other calls want to hear.
            "id": self._next(),
            "iid": iid,
            "state": "opened",
            "title": body["title"],
            "author": {"username": self.poster},
            "description": _posted(body["description"]),
            "labels": body["labels"].split(","),
        }
        return 201, self.issues[iid]

    def _change_issue(self, found: re.Match[str], _query: Query, body: Any) -> Answer:
        issue = self.issues[int(found[1])]
        issue.update({key: body[key] for key in ("title", "description") if key in body})
        if body.get("state_event") == "close":
            issue["state"] = "closed"
        return 200, issue

    def _note_on_issue(self, found: re.Match[str], _query: Query, body: Any) -> Answer:
        self.issue_notes.setdefault(int(found[1]), []).append(_posted(body["body"]))
        return 201, {"id": self._next(), "body": body["body"]}

    def _next(self) -> int:
        self._last += 1
        return self._last


def _posted(text: str) -> str:
    assert len(text) <= _LONGEST_NOTE
    # Such a line is a command to GitLab ("/close"), and not shown.
    assert not re.search(r"^/\w", text, re.MULTILINE), text
    return text.strip()


_PATH = f"/projects/{PROJECT_ID}"
_ROUTES = (
    (rf"{_PATH}/merge_requests/(\d+)/notes", "GET", GitLabStandIn._notes_of),
    (rf"{_PATH}/merge_requests/(\d+)/notes", "POST", GitLabStandIn._write_note),
    (rf"{_PATH}/merge_requests/(\d+)/notes/(\d+)", "PUT", GitLabStandIn._change_note),
    (rf"{_PATH}/issues", "GET", GitLabStandIn._list_issues),
    (rf"{_PATH}/issues", "POST", GitLabStandIn._open_issue),
    (rf"{_PATH}/issues/(\d+)", "PUT", GitLabStandIn._change_issue),
    (rf"{_PATH}/issues/(\d+)/notes", "POST", GitLabStandIn._note_on_issue),
)


@contextmanager
def gitlab(**tokens: str) -> Iterator[GitLabStandIn]:
    """Run the stand-in on a port of its own; `tokens` by their scope."""
    stand_in = GitLabStandIn(tokens={token: scope for scope, token in tokens.items()})
    with serving(stand_in.answer) as stand_in.url:
        yield stand_in
