"""Which verb of Pulumi this process serves: no call of the plugin protocol says it, the engine's command line does."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from ccc_numbers.api.identity import Caller

DESTROY, DO = "destroy", "do"
READING = frozenset({"preview", "refresh", "import"})
"""Verbs that write nothing to CCC. A preview within `up` or `destroy` is theirs."""

# The engine's verb is the first word that is neither a flag nor the value of one of these.
_FLAGS_WITH_VALUE = frozenset(
    {"-C", "--cwd", "--color", "--profiling", "--tracing", "-v", "--verbose", "--memprofilerate"}
)
_ALIASES = {"down": DESTROY, "dn": DESTROY, "pre": "preview", "update": "up"}
_ANCESTORS = 3


def engine_verb(process: int) -> str | None:
    """The verb the engine above this process was started with, `destroy` for `dn`; None when that cannot be seen.

    A plugin that was added as a folder has a language host between itself and the engine.
    """
    for _ in range(_ANCESTORS):
        parent, words = _process(process)
        if words and Path(words[0]).name == "pulumi":
            verb = _verb(words[1:])
            return _ALIASES.get(verb, verb) if verb else None
        process = parent
    return None


def caller_of(stack: str, verb: str | None) -> Caller:
    """A verb of Pulumi on a stack, as whom CCC is called; one that cannot be seen may write."""
    return Caller(stack, verb or "run", writes=verb not in READING)


def _verb(words: Sequence[str]) -> str | None:
    """The first word that is neither a flag nor a flag's value."""
    rest = iter(words)
    for word in rest:
        if word in _FLAGS_WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return None


def _process(process: int) -> tuple[int, list[str]]:
    """A process's parent and command line; (0, []) where they cannot be seen."""
    try:
        words = (
            Path(f"/proc/{process}/cmdline").read_bytes().decode("utf-8", "replace").rstrip("\0").split("\0")
        )
        status = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
        return int(status.rpartition(")")[2].split()[1]), words
    except (OSError, ValueError, IndexError):
        pass
    try:
        asked = subprocess.run(  # noqa: S603  # a fixed program and a process id
            ["/bin/ps", "-o", "ppid=,command=", "-p", str(process)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return 0, []
    parent, *words = asked.stdout.split() or ["0"]
    return int(parent), words
