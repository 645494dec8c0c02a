"""Numbers made unreadable for logs and comments that more people see than the stack files."""

from __future__ import annotations

import re

# A phone number as CCC shows it, alone: not part of a word, a path, a decimal or a longer id.
_NUMBER = re.compile(r"(?<![\w.])\d{5,16}(?![\w])")
_SHOWN = 2


def mask_numbers(text: str) -> str:
    """The text with every phone number as `02*******01`: two digits at either end, so that lines can be told
    apart by somebody who has the list, and by nobody else. Its length stays."""
    return _NUMBER.sub(
        lambda found: found[0][:_SHOWN] + "*" * (len(found[0]) - 2 * _SHOWN) + found[0][-_SHOWN:], text
    )


def unmasked(text: str) -> str:
    """The text as it is, for where a masking function is wanted and masking is not."""
    return text
