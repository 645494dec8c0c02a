"""The Pulumi half of `adopt`: state first, and a preview that proves that CCC was not touched."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.fleet.adopt.state import UpPreview, import_text, parse_export, parse_preview, to_import
from ccc_numbers.fleet.engine.pulumi import answer, run
from ccc_numbers.fleet.errors import FleetError

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How it ended: how many numbers were imported, and what an `up` would still do."""

    imported: int
    left: UpPreview


def take_over(
    project: Path,
    stack: str,
    instance: str,
    as_declared: Collection[str],
    coming: Collection[str],
    tell: Tell,
) -> TakenOver:
    """Import what is not in the state yet, make the stack's bookkeeping resources, and preview what is left.

    An `up` is run only when its preview shows nothing that reaches CCC. Raises FleetError with Pulumi's reason.
    """
    _select(project, stack, tell)
    held = parse_export(answer(project, ["stack", "export", "--stack", stack], "pulumi stack export"))
    numbers = to_import(as_declared, held)
    if numbers:
        tell(f"importing {len(numbers):,} numbers into Pulumi's state")
        file = project / "stacks" / f"{stack}.import.json"
        file.write_text(import_text(instance, numbers, held.components), "utf-8")
        words = ["import", "--file", str(file.relative_to(project)), "--yes", "--skip-preview"]
        words += ["--generate-code=false", "--protect=false", "--stack", stack]
        answer(project, words, f"pulumi import (the file {file} is left for another try)")
        file.unlink()
    tell("previewing what `pulumi up` would do now")
    left = _preview(project, stack, coming)
    if left.bookkeeping and not (left.joining or left.others):
        tell("making the roster and the latch, which exist in Pulumi's state alone")
        answer(project, ["up", "--yes", "--skip-preview", "--stack", stack], "pulumi up")
        tell("previewing once more, as the proof")
        left = _preview(project, stack, coming)
    return TakenOver(len(numbers), left)


def _select(project: Path, stack: str, tell: Tell) -> None:
    """Make the stack in the backend when it is new."""
    known = run(project, ["stack", "export", "--stack", stack])
    if known.code == 0:
        return
    if "no stack named" not in known.err:
        raise FleetError(f"pulumi stack export: {known.reason}")
    tell(f"making the stack {stack}")
    answer(project, ["stack", "init", stack, "--no-select"], "pulumi stack init")


def _preview(project: Path, stack: str, coming: Collection[str]) -> UpPreview:
    return parse_preview(answer(project, ["preview", "--json", "--stack", stack], "pulumi preview"), coming)
