"""What a team notices when it moves its pin: the entries of CHANGELOG.md between two versions."""

import re
from pathlib import Path

from ccc_numbers.fleet.repository.render import TEMPLATE

_HEADING = re.compile(r"^## (\S+).*$", re.MULTILINE)
_NEXT = "Unreleased"
"""The heading of the version that is being made."""


def changes(before: str, after: str) -> str:
    """The entries of the versions after `before`, up to and with `after`, newest first; empty when there are none."""
    shipped = TEMPLATE / "CHANGELOG.md"
    text = (shipped if shipped.exists() else Path(TEMPLATE.parents[1], "CHANGELOG.md")).read_text("utf-8")
    headings = list(_HEADING.finditer(text))
    starts = {each[1]: each.start() for each in headings}
    start = starts.get(after, starts.get(_NEXT))
    if before == after or start is None:
        return ""
    return text[start : starts.get(before, len(text))].strip()
