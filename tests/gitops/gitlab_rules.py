"""GitLab's `rules:`, their expressions, and how GitLab fills in variables; anything we do not use is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from tests.gitops.logic import Logic, Value

_MENTION = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")


class Conditions(Logic):
    """`$NAME`, texts in double quotes, `null`. Variables are compared as they were written, not filled in."""

    token: ClassVar[re.Pattern[str]] = re.compile(r'\s*(?:"[^"]*"|\$\w+|null\b|==|!=|&&|\|\||[()])')

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def operand(self, token: str, tokens: list[str]) -> Value:
        """What is not there is null, which is no empty text."""
        if token.startswith('"'):
            return token[1:-1]
        return None if token == "null" else self._variables.get(token.removeprefix("$"))

    def same(self, left: Value, right: Value) -> bool:
        """An empty text is not null."""
        return left == right


def first_that_fits(
    rules: Iterable[Mapping[str, Any]], variables: Mapping[str, str]
) -> Mapping[str, Any] | None:
    """The rule that decides, or None when none does: then there is no such job, or no pipeline."""
    for rule in rules:
        if "if" not in rule or Conditions(variables).value(rule["if"]):
            return None if rule.get("when") == "never" else rule
    return None


def filled_in(variables: Mapping[str, str]) -> dict[str, str]:
    """All variables with the others in them put in their place, however deep; what is not there is nothing.

    GitLab sorts them by who mentions whom; a circle is left alone, which no pipeline of ours may have.
    """

    def value(name: str, above: tuple[str, ...]) -> str:
        assert name not in above, f"{' mentions '.join((*above, name))}: a circle"
        return _MENTION.sub(
            lambda found: "$" if found[0] == "$$" else put(found[1] or found[2], (*above, name)),
            variables[name],
        )

    def put(name: str, above: tuple[str, ...]) -> str:
        return value(name, above) if name in variables else ""

    return {name: value(name, ()) for name in variables}


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """A text with variables in it; they are filled in already."""
    return _MENTION.sub(
        lambda found: "$" if found[0] == "$$" else variables.get(found[1] or found[2], ""), text
    )
