"""The stacks of a project and the grammar of their names: a file's name, a word of a command line, a cell of a matrix."""

import re
from pathlib import Path

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.problem import Problem

FOLDER = "stacks"
"""Where Pulumi's own files of the stacks and the declarations beside them are, below the project's folder."""
IGNORE_FILE = "drift-ignore.yaml"
"""The differences that a team accepts for a while, in the project's folder."""

_LONGEST = 100  # as Pulumi has it
_ALLOWED = re.compile(r"[A-Za-z0-9_.-]", re.ASCII)


def name_fault(name: str) -> str | None:
    """Why `name` is not a stack's name, to stand after it; None when it is one.

    Pulumi also allows a dash or a dot in front: a command takes the one for an option, a path leads out by the other.
    """
    strange = next((letter for letter in name if not _ALLOWED.match(letter)), None)
    if not name:
        why = tr("it is empty")
    elif strange is not None:
        why = tr("it holds {character}", character=quoted(strange))
    elif name[0] in "-.":
        why = tr("it begins with {character}", character=quoted(name[0]))
    elif len(name) > _LONGEST:
        why = tr("it has {count} characters", count=len(name))
    else:
        return None
    return tr(
        "is not a stack's name: {why}; write letters, digits, _, - and ., beginning with a letter, a digit or _, at most "
        "{most} characters",
        why=why,
        most=_LONGEST,
    )


def full_name_fault(name: str) -> str | None:
    """The same for a name as commands take it, which may be `organization/project/stack`."""
    parts = name.split("/")
    return name_fault(name) if len(parts) > 3 else next(filter(None, map(name_fault, parts)), None)


def discover(project: Path) -> list[str]:
    """The names of the project's stacks, in order, without those of `misnamed` files."""
    return sorted(name for name in _files(project) if name_fault(name) is None)


def misnamed(project: Path) -> list[Problem]:
    """The files that look like a stack's but cannot be one by their name: nobody reads what they declare."""
    return [
        Problem.of_file(file, f"{quoted(name)} {fault}", "stack-name")
        for name, file in sorted(_files(project).items())
        if (fault := name_fault(name))
    ]


def _files(project: Path) -> dict[str, Path]:
    files = (project / FOLDER).glob("Pulumi.*.yaml")
    return {file.name.removeprefix("Pulumi.").removesuffix(".yaml"): file for file in files}
