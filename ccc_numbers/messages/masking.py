"""Masks phone numbers for places that many can read: CI logs, comments, issues, shared pages."""

import re
from collections.abc import Set as AbstractSet

# A number alone: not part of a word, a path or a longer id.
_DIGITS = re.compile(r"(?<![\w.-])\d{5,16}(?!\w)")
# Shorter runs of digits may be anything, unless they are known to be a number.
_SURELY = 7


def mask(number: str) -> str:
    """`021****1001`: enough to tell numbers apart, too little to call one."""
    if len(number) >= 10:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return number[:2] + "*" * (len(number) - 2)


def mask_numbers(text: str, known: AbstractSet[str] = frozenset()) -> str:
    """The text with every number in it masked; runs of five or six digits only where they are `known` numbers."""

    def hidden(found: re.Match[str]) -> str:
        return mask(found[0]) if len(found[0]) >= _SURELY or found[0] in known else found[0]

    return _DIGITS.sub(hidden, text)


def mask_path(path: str) -> str:
    """A path in a file with every number masked."""
    return re.sub(r"\d{5,16}", lambda found: mask(found[0]), path)


def unmasked(text: str) -> str:
    """The text unchanged: the masking function where nothing is masked."""
    return text
