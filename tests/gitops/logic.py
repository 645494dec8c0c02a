"""The part of GitHub's and GitLab's expressions that is the same: and, or, equality, brackets."""

from __future__ import annotations

import re
from typing import ClassVar

Value = object


class Logic:
    """Reads from left to right, `&&` before `||`. A forge's own words are read by `operand`."""

    token: ClassVar[re.Pattern[str]]

    def value(self, expression: str) -> Value:
        """The value of a whole expression; whatever cannot be read is an error of the test."""
        tokens = self._tokens(expression)
        value = self.either(tokens)
        assert not tokens, f"cannot read {expression!r} from {tokens[0]}"
        return value

    def operand(self, token: str, tokens: list[str]) -> Value:
        """The value of a token that is no sign; it may take more of them."""
        raise NotImplementedError

    def same(self, left: Value, right: Value) -> bool:
        """What `==` means."""
        raise NotImplementedError

    def either(self, tokens: list[str]) -> Value:
        """A chain of `||`."""
        left = self._both(tokens)
        while taken(tokens, "||"):
            right = self._both(tokens)
            left = left or right
        return left

    def unary(self, tokens: list[str]) -> Value:
        """One operand, or what stands in brackets."""
        if taken(tokens, "("):
            value = self.either(tokens)
            assert taken(tokens, ")")
            return value
        return self.operand(tokens.pop(0), tokens)

    def _both(self, tokens: list[str]) -> Value:
        left = self._equal(tokens)
        while taken(tokens, "&&"):
            right = self._equal(tokens)
            left = right if left else left
        return left

    def _equal(self, tokens: list[str]) -> Value:
        left = self.unary(tokens)
        for sign in ("==", "!="):
            if taken(tokens, sign):
                return self.same(left, self.unary(tokens)) is (sign == "==")
        return left

    def _tokens(self, text: str) -> list[str]:
        tokens, at = [], 0
        while text[at:].strip():
            found = self.token.match(text, at)
            assert found, f"cannot read {text[at:]!r}"
            tokens.append(found[0].strip())
            at = found.end()
        return tokens


def taken(tokens: list[str], wanted: str) -> bool:
    """Whether it is the next one, which is then gone."""
    if tokens and tokens[0] == wanted:
        tokens.pop(0)
        return True
    return False
