"""The Pulumi half of `adopt`: state first, and a preview that proves that CCC was not touched."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.fleet.adopt.import_file import import_text, parse_export, to_import
from ccc_numbers.fleet.adopt.preview import Foreseen, parse_preview
from ccc_numbers.fleet.engine.pulumi import Done, ask
from ccc_numbers.fleet.errors import FleetError

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """How it ended: how many numbers were imported, and what an `up` would still do."""

    imported: int
    left: Foreseen


def import_file(project: Path, stack: str) -> Path:
    """Where the bulk import of a stack is written."""
    return project / "stacks" / f"{stack}.import.json"


def import_words(file: Path) -> tuple[str, ...]:
    """The words after `pulumi` that import it."""
    return (
        "import",
        "--file",
        str(file),
        "--yes",
        "--skip-preview",
        "--generate-code=false",
        "--protect=false",
    )


def take_over(
    project: Path,
    stack: str,
    instance: str,
    as_declared: Collection[str],
    coming: Collection[str],
    tell: Tell,
) -> Taken:
    """Import what is not in the state yet, make the stack's bookkeeping resources, and preview what is left.

    An `up` is run only when its preview shows nothing that reaches CCC. Raises FleetError with Pulumi's reason.
    """
    _select(project, stack, tell)
    held = parse_export(_asked(project, ["stack", "export", "--stack", stack], "stack export").out)
    numbers = to_import(as_declared, held)
    if numbers:
        tell(f"importing {len(numbers):,} numbers into Pulumi's state")
        file = import_file(project, stack)
        file.write_text(import_text(instance, numbers, held.components), "utf-8")
        words = [*import_words(file.relative_to(project)), "--stack", stack]
        _asked(project, words, f"import (the file {file} is left for another try)")
        file.unlink()
    tell("previewing what `pulumi up` would do now")
    left = _preview(project, stack, coming)
    if left.bookkeeping and not (left.joining or left.others):
        tell("making the roster and the latch, which exist in Pulumi's state alone")
        _asked(project, ["up", "--yes", "--skip-preview", "--stack", stack], "up")
        tell("previewing once more, as the proof")
        left = _preview(project, stack, coming)
    return Taken(len(numbers), left)


def _select(project: Path, stack: str, tell: Tell) -> None:
    """Make the stack in the backend when it is new."""
    known = ask(project, ["stack", "export", "--stack", stack])
    if known.code == 0:
        return
    if "no stack named" not in known.err:
        raise FleetError(f"pulumi stack export: {known.reason}")
    tell(f"making the stack {stack}")
    _asked(project, ["stack", "init", stack, "--no-select"], "stack init")


def _preview(project: Path, stack: str, coming: Collection[str]) -> Foreseen:
    done = _asked(project, ["preview", "--json", "--stack", stack], "preview")
    return parse_preview(done.out, coming)


def _asked(project: Path, words: Sequence[str], what: str) -> Done:
    done = ask(project, words)
    if done.code != 0:
        raise FleetError(f"pulumi {what}: {done.reason}")
    return done
