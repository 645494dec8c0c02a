"""GitHub's expression language, as far as our workflows use it; anything else is an error of the test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

Value = object
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_][\w.-]*)|(?P<sign>==|!=|&&|\|\||[!(),]))"
)
_WHOLE = re.compile(r"^\$\{\{(.*)\}\}$", re.DOTALL)
_INNER = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


class Expressions:
    """Evaluates against contexts: `github`, `env`, `needs` … as nested mappings; what is absent is empty."""

    def __init__(
        self, contexts: Mapping[str, object], functions: Mapping[str, Callable[..., Value]] | None = None
    ) -> None:
        self._contexts = contexts
        self._functions: dict[str, Callable[..., Value]] = {
            "fromJSON": json.loads,
            "cancelled": lambda: False,
            **(functions or {}),
        }

    def text(self, written: object) -> str:
        """A string of the YAML with every `${{ … }}` in it replaced."""
        return _INNER.sub(lambda found: _shown(self.value(found[1])), str(written))

    def condition(self, written: object) -> bool:
        """An `if:`, with or without the braces."""
        found = _WHOLE.match(str(written).strip())
        return bool(self.value(found[1] if found else str(written)))

    def object(self, written: object) -> Value:
        """A value that is one whole expression, such as a matrix."""
        found = _WHOLE.match(str(written).strip())
        assert found, f"no expression: {written}"
        return self.value(found[1])

    def value(self, expression: str) -> Value:
        """The value of what stands between the braces."""
        tokens = _tokens(expression)
        value = self._or(tokens)
        assert not tokens, f"cannot read {expression!r} from {tokens[0]}"
        return value

    def _or(self, tokens: list[str]) -> Value:
        left = self._and(tokens)
        while _take(tokens, "||"):
            right = self._and(tokens)
            left = left or right
        return left

    def _and(self, tokens: list[str]) -> Value:
        left = self._equal(tokens)
        while _take(tokens, "&&"):
            right = self._equal(tokens)
            left = right if left else left
        return left

    def _equal(self, tokens: list[str]) -> Value:
        left = self._unary(tokens)
        for sign in ("==", "!="):
            if _take(tokens, sign):
                same = _shown(left) == _shown(self._unary(tokens))
                return same if sign == "==" else not same
        return left

    def _unary(self, tokens: list[str]) -> Value:
        if _take(tokens, "!"):
            return not self._unary(tokens)
        if _take(tokens, "("):
            value = self._or(tokens)
            assert _take(tokens, ")")
            return value
        token = tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if _take(tokens, "("):
            arguments = [] if tokens[0] == ")" else [self._or(tokens)]
            assert _take(tokens, ")")
            return self._functions[token](*arguments)
        return self._named(token)

    def _named(self, path: str) -> Value:
        found: object = self._contexts
        first = path.split(".", 1)[0]
        assert first in self._contexts, f"no context {first} here: {path}"
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return found


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        assert found, f"cannot read {text[at:]!r}"
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


def _take(tokens: list[str], wanted: str) -> bool:
    if tokens and tokens[0] == wanted:
        tokens.pop(0)
        return True
    return False


def _shown(value: Value) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
