"""A forge with pull (or merge) requests and issues: one comment per request, one issue per stack.

Only posts written by the account that the token posts as are edited or closed: anybody may write our mark into a
comment of his own.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

from pydantic import JsonValue

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.http import Api
from ccc_numbers.messages.language import tr

JsonObject = Mapping[str, JsonValue]

BOT = "CCC_BOT"
"""Environment variable: the accounts whose posts are ours, separated by commas, in place of asking the forge."""


@dataclass(frozen=True, slots=True)
class Post:
    """A comment or an issue that is there. `id` is what the forge knows it by."""

    id: int
    body: str
    title: str = ""
    author: str = ""


class Forge(ABC):
    """One forge, as the environment of its pipeline names it; a subclass says its words. Raises FleetError."""

    name: ClassVar[str]
    in_job: ClassVar[str]
    """The environment variable that is `true` in its pipelines."""
    settings: ClassVar[str]
    """Where a person sets a pipeline's variables and secrets."""
    applies_reviewed_plans: ClassVar[bool]
    """Whether its deploy pipeline can reach the plans of a preview; else it plans again."""
    # The environment variables that name this project and hold the token; how paths of the project begin.
    project: ClassVar[str]
    tokens: ClassVar[tuple[str, ...]]
    without_token: ClassVar[str]
    home: ClassVar[str]
    # The method that changes a post; how paths name requests and comments; the keys of an issue's number and text.
    change: ClassVar[str]
    requests: ClassVar[str]
    notes: ClassVar[str]
    issue_keys: ClassVar[tuple[str, str]]
    opened: ClassVar[str]
    closing: ClassVar[JsonObject]

    def __init__(self, api: Api, path: str, bot: str = "") -> None:
        self.api = api
        self.path = path
        self.bot = bot

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self | None:
        """The forge whose pipeline this is; None when it is another's."""
        project = environ.get(cls.project)
        if not project:
            return None
        token = next(filter(None, map(environ.get, cls.tokens)), None)
        if not token:
            raise FleetError(tr(cls.without_token))
        return cls(cls.api_of(environ, token), f"{cls.home}/{project}", environ.get(BOT, ""))

    @staticmethod
    @abstractmethod
    def api_of(environ: Mapping[str, str], token: str) -> Api:
        """Its API at the address that the environment names."""

    @staticmethod
    @abstractmethod
    def run_link(environ: Mapping[str, str]) -> str | None:
        """The address of this pipeline run, for people; None when it is another forge's."""

    @abstractmethod
    def poster(self) -> str:
        """The account that the token posts as, as the forge says it."""

    @staticmethod
    def labels(label: str) -> JsonValue:
        """One label, as a new issue carries it."""
        return [label]

    def comments_path(self, request: int) -> str:
        return f"{self.path}/{self.requests}/{request}/{self.notes}"

    def comment_path(self, request: int, comment: int) -> str:
        return f"{self.comments_path(request)}/{comment}"

    def comments(self, request: int) -> list[Post]:
        """Our comments on a pull request, oldest first: GitHub knows no other order, and GitLab heeds `sort`."""
        rows = self.api.pages(self.comments_path(request), sort="asc")
        return self._ours(post(row) for row in rows if row.get("system") is not True)

    def add_comment(self, request: int, body: str) -> None:
        self._write(self.comments_path(request), {"body": body})

    def change_comment(self, request: int, comment: int, body: str) -> None:
        self.api.call(self.change, self.comment_path(request, comment), {"body": body})

    def issues(self, label: str) -> list[Post]:
        """Our open issues with this label. GitHub lists pull requests among them, which have a key of that name."""
        rows = self.api.pages(f"{self.path}/issues", labels=label, state=self.opened)
        return self._ours(post(row, *self.issue_keys) for row in rows if "pull_request" not in row)

    def open_issue(self, title: str, body: str, label: str) -> None:
        self._write(
            f"{self.path}/issues", {"title": title, self.issue_keys[1]: body, "labels": self.labels(label)}
        )

    def change_issue(self, issue: int, title: str, body: str) -> None:
        self.api.call(self.change, f"{self.path}/issues/{issue}", {"title": title, self.issue_keys[1]: body})

    def close_issue(self, issue: int, why: str) -> None:
        """Say why, and close it."""
        self.api.call("POST", f"{self.path}/issues/{issue}/{self.notes}", {"body": why})
        self.api.call(self.change, f"{self.path}/issues/{issue}", self.closing)

    @cached_property
    def names(self) -> frozenset[str]:
        """Whose posts are ours."""
        names = (self.bot or self.poster()).split(",")
        return frozenset(name.strip().casefold() for name in names if name.strip())

    def _ours(self, posts: Iterable[Post]) -> list[Post]:
        return [each for each in posts if each.author.casefold() in self.names]

    def _write(self, path: str, post: JsonObject) -> None:
        """Make a post. Stops when the next run would not recognise it, and write it a second time."""
        author = _author(self.api.call("POST", path, post))
        if author.casefold() not in self.names:
            raise FleetError(
                tr(
                    "{name} took it as written by {author}, whom the next run would take for a stranger: set {bot} "
                    "to {wanted}",
                    name=self.name,
                    author=author or tr("nobody"),
                    bot=BOT,
                    wanted=author or tr("the name of the account the token posts as"),
                )
            )


def post(row: JsonObject, id_key: str = "id", body_key: str = "body") -> Post:
    """A comment or issue as a forge's answer has it. Raises FleetError when it has no id."""
    id_ = row.get(id_key)
    if not isinstance(id_, int):
        raise FleetError(tr("the forge answered with a post without {id_key}", id_key=id_key))
    return Post(id_, str(row.get(body_key) or ""), str(row.get("title") or ""), _author(row))


def value_at(found: object, *keys: str) -> object:
    """What an answer has at the end of a path; None where it has nothing there."""
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def text_at(found: object, *keys: str) -> str:
    """The text at the end of a path; "" where there is none."""
    value = value_at(found, *keys)
    return value if isinstance(value, str) else ""


def _author(row: object) -> str:
    """GitHub's `user.login`, GitLab's `author.username`; "" for an account that is gone."""
    return text_at(row, "user", "login") or text_at(row, "author", "username")
