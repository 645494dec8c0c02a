"""Numbers made unreadable in any text, in the form drift reports have."""

from __future__ import annotations

import re

from fleet.drift.mask import mask

# A phone number alone: not part of a word, a path or a longer id. Shorter runs of digits may be anything.
_NUMBER = re.compile(r"(?<![\w.-])\d{7,16}(?!\w)")


def mask_numbers(text: str) -> str:
    """The text with every phone number of seven digits or more as `021****1001`."""
    return _NUMBER.sub(lambda found: mask(found[0]), text)


def unmasked(text: str) -> str:
    """The text as it is, for where a masking function is wanted and masking is not."""
    return text
