"""The grammar of a stack's name: it becomes a file's name, a word of a command line and a cell of a CI matrix."""

from __future__ import annotations

import re

from messages.names import quoted

_LONGEST = 100  # as Pulumi has it
_ALLOWED = re.compile(r"[A-Za-z0-9_.-]", re.ASCII)
_GRAMMAR = "letters, digits, _, - and ., beginning with a letter, a digit or _"


def name_fault(name: str) -> str | None:
    """Why `name` is not a stack's name, to be read after it; None when it is one.

    Pulumi allows a dash or a dot in front as well. To a command the one is an option, to a path the other leads out.
    """
    strange = next((letter for letter in name if not _ALLOWED.match(letter)), None)
    if not name:
        why = "is empty"
    elif strange is not None:
        why = f"holds {quoted(strange)}"
    elif name[0] in "-.":
        why = f"begins with {quoted(name[0])}"
    elif len(name) > _LONGEST:
        why = f"has {len(name)} characters"
    else:
        return None
    return f"is not a stack's name: it {why}; write {_GRAMMAR}, at most {_LONGEST} characters"


def full_name_fault(name: str) -> str | None:
    """The same for a name as commands take it, which may be `organization/project/stack`."""
    parts = name.split("/")
    return name_fault(name) if len(parts) > 3 else next(filter(None, map(name_fault, parts)), None)
