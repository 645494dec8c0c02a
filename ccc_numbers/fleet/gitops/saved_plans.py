"""The folder that carries plans from review to apply."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import read_json, write_bytes
from ccc_numbers.fleet.plan.result import OUTCOME_WORDS, Result
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted, suggestion

_PLAN, _SUMMARY = ".plan.json", ".summary.json"
_RESULT = TypeAdapter(Result)


def write_result(result: Result, file: Path) -> None:
    write_bytes(file, _RESULT.dump_json(result, indent=2) + b"\n")


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A stack's plan as it was reviewed."""

    plan: Path
    summary: Result


def plan_path(folder: Path, stack: str) -> Path:
    return folder / f"{stack}{_PLAN}"


def save_summaries(folder: Path, results: Iterable[Result], mask: Callable[[str], str]) -> None:
    """Write each stack's summary; delete a plan that failed or was refused, so that nobody applies it."""
    for result in results:
        write_result(result.masked(mask), folder / f"{result.stack}{_SUMMARY}")
        if not result.well:
            plan_path(folder, result.stack).unlink(missing_ok=True)


def summaries(folder: Path) -> list[Result]:
    """All summaries below a folder, by stack: pipelines put each stack's artifact into a folder of its own."""
    if not folder.is_dir():
        raise FleetError(tr("there is no folder {folder}", folder=quoted(str(folder))))
    found = [
        read_json(file, _RESULT, tr("summary of a plan")) for file in sorted(folder.rglob(f"*{_SUMMARY}"))
    ]
    return sorted(found, key=lambda each: each.stack)


def saved_plans(folder: Path, stacks: Sequence[str] | None) -> dict[str, SavedPlan]:
    """The reviewed plans of these stacks, or of all in the folder. Raises FleetError when one is not there."""
    by_stack = {each.stack: each for each in summaries(folder)}
    plans = {file.name.removesuffix(_PLAN): file for file in sorted(folder.rglob(f"*{_PLAN}"))}
    if not by_stack:
        raise FleetError(
            tr(
                "{folder}: no plan is saved here; make one with: ccc-numbers plan --save {folder}",
                folder=folder,
            )
        )
    wanted = stacks or sorted(by_stack)
    for stack in wanted:
        if stack not in by_stack:
            near = suggestion(stack, by_stack, "it has plans of")
            raise FleetError(
                tr(
                    "{folder}: no plan of stack {stack} is saved here; {near}",
                    folder=folder,
                    stack=quoted(stack),
                    near=near,
                )
            )
        if stack not in plans:
            why = "; ".join(by_stack[stack].errors[:1]) or tr(
                "it was {outcome}", outcome=tr(OUTCOME_WORDS[by_stack[stack].outcome])
            )
            raise FleetError(
                tr(
                    "stack {stack}: there is no plan to apply, because its planning failed: {why}",
                    stack=stack,
                    why=why,
                )
            )
    return {stack: SavedPlan(plans[stack], by_stack[stack]) for stack in wanted}
