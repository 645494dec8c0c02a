"""Markdown of GitHub and GitLab: a name stays text; it mentions nobody, links nowhere, breaks no table or list."""

import re

from ccc_numbers.messages.visible import visible

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]|~$"})
# A zero-width space in them keeps both forges from calling somebody, linking an issue, a page, an address, and from
# making an emoji. A backslash would not: GitLab looks for them in the finished page.
_LIVE = re.compile(
    r"(?<=[@#~%^])(?=[\w\"])|(?<=[!$])(?=\d)|(?<=&amp;)(?=\d)|(?<=GH-)(?=\d)"  # people, issues, labels, milestones
    r"|(?<=:)(?=//)|(?<=www)(?=\.)"  # addresses
    r"|(?<=:)(?=[a-z+_-][\w+-]*:)",  # emoji
    re.IGNORECASE,
)
# At the beginning of a line: a list, a heading's underline, a numbered list, a command to GitLab.
_BEGINNING = re.compile(r"^(\s*)(?:([-+=/])|(\d+)([.)]))")
_BREAK = "\u200b"


def inline(text: object) -> str:
    """Text that stays text anywhere in Markdown, a table's cell included."""
    line = visible(str(text)).translate(_ENTITIES).translate(_SIGNS)
    line = _BEGINNING.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", line)
    return _LIVE.sub(_BREAK, line)


def code(text: object) -> str:
    """Text set as code, also in a table's cell."""
    line = visible(str(text))
    # Between backquotes a bar after a backslash still ends a table's cell, and a backquote the code.
    return f"<code>{inline(line)}</code>" if set(line) & set("|`<") else f"`{line}`"
