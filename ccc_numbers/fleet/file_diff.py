"""A file that changes, as a diff for the terminal."""

from difflib import unified_diff
from pathlib import Path

from rich.console import Console
from rich.syntax import Syntax

from ccc_numbers.messages.problem import shown
from ccc_numbers.messages.visible import visible


def print_diff(console: Console, path: Path, before: str | None, after: str) -> None:
    """`before` is None for a file that is new."""
    name = shown(path)
    old, new = (before or "").splitlines(keepends=True), after.splitlines(keepends=True)
    lines = unified_diff(old, new, name if before else "/dev/null", name)
    diff = "\n".join(visible(line.removesuffix("\n")) for line in lines)
    console.print(Syntax(diff, "diff", background_color="default", word_wrap=True))
