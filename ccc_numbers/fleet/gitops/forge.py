"""A place with pull (or merge) requests and issues: one comment per request, one issue per stack.

Whatever we look for again to change it is ours: written by the account that the token posts as. Anybody may write
our mark into a comment of his own; only what we wrote is ever edited or closed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

from pydantic import JsonValue

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.http import Api

JsonObject = Mapping[str, JsonValue]

BOT = "CCC_BOT"
"""Environment variable: the accounts whose posts are ours, separated by commas, in place of asking the forge."""


@dataclass(frozen=True, slots=True)
class Post:
    """A comment or an issue that is there. `id` is what the forge wants to hear to change it."""

    id: int
    body: str
    title: str = ""
    author: str = ""


class Forge(ABC):
    """One forge, as the environment of its pipeline names it. Everything raises FleetError."""

    name: ClassVar[str]
    mark: ClassVar[str]
    """The environment variable that is `true` in its pipelines."""
    settings: ClassVar[str]
    """Where a person sets a pipeline's variables and secrets."""
    applies_reviewed_plans: ClassVar[bool]
    """Whether its deploy pipeline can reach the plans of a preview; else it plans again."""

    def __init__(self, api: Api, path: str, bot: str = "") -> None:
        self.api = api
        self.path = path
        self.bot = bot

    @classmethod
    @abstractmethod
    def of(cls, environ: Mapping[str, str]) -> Self | None:
        """The forge whose pipeline this is; None when it is another's."""

    @staticmethod
    @abstractmethod
    def run_link(environ: Mapping[str, str]) -> str | None:
        """The address of this pipeline run, for people; None when it is another forge's."""

    @abstractmethod
    def poster(self) -> str:
        """The account that the token posts as, as the forge says it."""

    @abstractmethod
    def comments(self, request: int) -> list[Post]:
        """Our comments on a pull request, oldest first."""

    @abstractmethod
    def add_comment(self, request: int, body: str) -> None:
        """Write a new one."""

    @abstractmethod
    def change_comment(self, request: int, comment: int, body: str) -> None:
        """Replace its text."""

    @abstractmethod
    def issues(self, label: str) -> list[Post]:
        """Our open issues with this label."""

    @abstractmethod
    def open_issue(self, title: str, body: str, label: str) -> None:
        """Open one."""

    @abstractmethod
    def change_issue(self, issue: int, title: str, body: str) -> None:
        """Replace its title and text."""

    @abstractmethod
    def close_issue(self, issue: int, why: str) -> None:
        """Say why, and close it."""

    @cached_property
    def names(self) -> frozenset[str]:
        """Whose posts are ours."""
        names = (self.bot or self.poster()).split(",")
        return frozenset(name.strip().casefold() for name in names if name.strip())

    def ours(self, posts: Iterable[Post]) -> list[Post]:
        """Those of the posts that we wrote."""
        return [each for each in posts if each.author.casefold() in self.names]

    def write(self, path: str, post: JsonObject) -> None:
        """Make a post. Refuses to go on when the next run would not know it again, and write it once more."""
        author = _author(self.api.call("POST", path, post))
        if author.casefold() not in self.names:
            raise FleetError(
                f"{self.name} took it as written by {author or 'nobody'}, whom the next run would take for a "
                f"stranger: set {BOT} to {author or 'the name of the account the token posts as'}"
            )


def post(row: JsonObject, id_key: str = "id", body_key: str = "body") -> Post:
    """A comment or issue as a forge's answer has it. Raises FleetError when it has no id."""
    id_ = row.get(id_key)
    if not isinstance(id_, int):
        raise FleetError(f"the forge answered with a post without {id_key}")
    return Post(id_, str(row.get(body_key) or ""), str(row.get("title") or ""), _author(row))


def text_at(found: JsonValue | JsonObject, *keys: str) -> str:
    """The text at the end of a path; "" where there is none."""
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _author(row: JsonValue | JsonObject) -> str:
    """GitHub's `user.login`, GitLab's `author.username`; "" for an account that is gone."""
    return text_at(row, "user", "login") or text_at(row, "author", "username")
