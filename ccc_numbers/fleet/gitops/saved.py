"""The folder that carries plans from review to apply: per stack Pulumi's plan and our summary of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.declaration.names import FOLDER
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.results import Result, read_result, write_result
from ccc_numbers.fleet.gitops.touched import files_of
from ccc_numbers.messages.names import quoted, suggestion

_PLAN, _SUMMARY = ".plan.json", ".summary.json"


@dataclass(frozen=True, slots=True)
class Saved:
    """One stack's plan as it was reviewed."""

    plan: Path
    summary: Result


def plan_path(folder: Path, stack: str) -> Path:
    """Where a stack's plan is saved."""
    return folder / f"{stack}{_PLAN}"


def save_summaries(folder: Path, results: Iterable[Result], mask: Callable[[str], str]) -> None:
    """Write each stack's summary; a plan that failed or was refused is taken away, so that nobody applies it."""
    for result in results:
        write_result(result.masked(mask), folder / f"{result.stack}{_SUMMARY}")
        if not result.well:
            plan_path(folder, result.stack).unlink(missing_ok=True)


def summaries(folder: Path) -> list[Result]:
    """All summaries below a folder, by stack: pipelines put each stack's artifact into a folder of its own."""
    if not folder.is_dir():
        raise FleetError(f"there is no folder {quoted(str(folder))}")
    found = [read_result(file) for file in sorted(folder.rglob(f"*{_SUMMARY}"))]
    return sorted(found, key=lambda each: each.stack)


def saved_plans(folder: Path, stacks: Sequence[str] | None) -> dict[str, Saved]:
    """The reviewed plans of these stacks, or of all that are in the folder. Raises FleetError if one is not."""
    by_stack = {each.stack: each for each in summaries(folder)}
    plans = {file.name.removesuffix(_PLAN): file for file in sorted(folder.rglob(f"*{_PLAN}"))}
    if not by_stack:
        raise FleetError(f"{folder}: no plan is saved here; make one with: ccc-numbers plan --save {folder}")
    wanted = list(stacks) if stacks else sorted(by_stack)
    for stack in wanted:
        if stack not in by_stack:
            near = suggestion(stack, sorted(by_stack), "it has plans of")
            raise FleetError(f"{folder}: no plan of stack {quoted(stack)} is saved here; {near}")
        if stack not in plans:
            why = "; ".join(by_stack[stack].errors[:1]) or f"it was {by_stack[stack].outcome}"
            raise FleetError(f"stack {stack}: there is no plan to apply, for its planning failed: {why}")
    return {stack: Saved(plans[stack], by_stack[stack]) for stack in wanted}


def digests(project: Path, stack: str, texts: Mapping[str, str]) -> dict[str, str]:
    """SHA-256 of the files a stack is made of, by path from the project's folder; `texts` as in `touched`."""
    files = (path for path in files_of(stack, texts) if path.startswith(f"{FOLDER}/"))
    return {path: _digest(project / path) for path in sorted(files) if (project / path).is_file()}


def _digest(file: Path) -> str:
    # Pulumi writes this line into its own file when it first sees the stack; nobody has changed anything then.
    lines = file.read_bytes().splitlines(keepends=True)
    content = b"".join(line for line in lines if not line.startswith(b"encryptionsalt:"))
    return hashlib.sha256(content).hexdigest()


def stack_texts(project: Path) -> dict[str, str]:
    """The text of every YAML file below `stacks/`, by path from the project's folder."""
    files = sorted(file for file in (project / FOLDER).rglob("*.y*ml") if file.is_file())
    return {
        file.relative_to(project).as_posix(): file.read_text("utf-8-sig", errors="replace") for file in files
    }
