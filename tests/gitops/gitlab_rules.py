"""GitLab's `rules:`, their expressions, and how GitLab fills in variables; anything we do not use is an error."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_MENTION = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")


_TOKEN = re.compile(r'\s*("[^"]*"|\$\w+|null\b|==|!=|&&|\|\||[()])')


class Conditions:
    """`$NAME`, texts in double quotes, `null`, `==`, `!=`, `&&` before `||`, brackets.

    Variables are compared as they were written, not filled in.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._tokens: list[str] = []

    def value(self, expression: str) -> object:
        """The value of a whole expression; whatever cannot be read is an error of the test."""
        self._tokens = _TOKEN.findall(expression)
        assert not _TOKEN.sub("", expression).strip(), f"cannot read {expression!r}"
        value = self._either()
        assert not self._tokens, f"cannot read {expression!r} from {self._tokens[0]}"
        return value

    def _either(self) -> object:
        left = self._both()
        while self._taken("||"):
            right = self._both()
            left = left or right
        return left

    def _both(self) -> object:
        left = self._equal()
        while self._taken("&&"):
            right = self._equal()
            left = right if left else left
        return left

    def _equal(self) -> object:
        left = self._operand()
        for sign in ("==", "!="):
            if self._taken(sign):
                return (left == self._operand()) is (sign == "==")
        return left

    def _operand(self) -> object:
        """What is not there is null, which is not an empty text."""
        token = self._tokens.pop(0)
        if token == "(":
            value = self._either()
            assert self._taken(")")
            return value
        if token.startswith('"'):
            return token[1:-1]
        return None if token == "null" else self._variables.get(token.removeprefix("$"))

    def _taken(self, wanted: str) -> bool:
        found = self._tokens[:1] == [wanted]
        del self._tokens[: int(found)]
        return found


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
