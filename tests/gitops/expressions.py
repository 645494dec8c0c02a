"""GitHub's expression language, as far as our workflows use it; anything else is an error of the test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from tests.gitops.logic import Logic, Value, taken

_WHOLE = re.compile(r"^\$\{\{(.*)\}\}$", re.DOTALL)
_INNER = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


class Expressions(Logic):
    """Evaluates against contexts: `github`, `env`, `needs` … as nested mappings; what is absent is empty."""

    token: ClassVar[re.Pattern[str]] = re.compile(
        r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_][\w.-]*)|(?P<sign>==|!=|&&|\|\||[!(),]))"
    )

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

    def unary(self, tokens: list[str]) -> Value:
        """GitHub knows `!` as well."""
        return not self.unary(tokens) if taken(tokens, "!") else super().unary(tokens)

    def operand(self, token: str, tokens: list[str]) -> Value:
        """A text, a call of a function, or a context's value."""
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if taken(tokens, "("):
            arguments = [] if tokens[0] == ")" else [self.either(tokens)]
            assert taken(tokens, ")")
            return self._functions[token](*arguments)
        return self._named(token)

    def same(self, left: Value, right: Value) -> bool:
        """GitHub compares what it would show."""
        return _shown(left) == _shown(right)

    def _named(self, path: str) -> Value:
        found: object = self._contexts
        first = path.split(".", 1)[0]
        assert first in self._contexts, f"no context {first} here: {path}"
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return found


def _shown(value: Value) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
