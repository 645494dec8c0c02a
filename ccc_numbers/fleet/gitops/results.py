"""The result of each stack in a run over many, and the folder that carries plans from review to apply."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from pydantic import TypeAdapter

from ccc_numbers.fleet.engine.changes import Change, Effect, in_signs
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import read_json, write_bytes
from ccc_numbers.messages.names import quoted, suggestion

Verb = Literal["plan", "apply"]
_PLAN, _SUMMARY = ".plan.json", ".summary.json"


class Outcome(StrEnum):
    """How the work on a stack ended."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"  # by a stop rule, or because it would do more than was reviewed; nothing was changed
    LEFT_OUT = "left out"  # not begun, because another stack failed before


@dataclass(frozen=True, slots=True)
class Result:
    """One stack. `changes` leaves out bookkeeping: Pulumi's own, components, latches, all of a roster but its guards."""

    stack: str
    verb: Verb
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    reason: str | None = None
    """Why the stack is in this run: the file that touched it."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the stack's files as they were planned, by path."""

    @property
    def counts(self) -> dict[str, int]:
        """How many changes by sign, in the order of `Effect`."""
        found = Counter(change.effect for change in self.changes)
        return {effect.sign: found[effect] for effect in Effect if found[effect]}

    @property
    def removals(self) -> int:
        """How many resources are gone afterwards."""
        return sum(change.removes for change in self.changes)

    @property
    def well(self) -> bool:
        return self.outcome is Outcome.DONE

    def masked(self, mask: Callable[[str], str]) -> Self:
        """The same with every text sent through `mask`."""
        return replace(
            self,
            changes=tuple(change.masked(mask) for change in self.changes),
            errors=tuple(map(mask, self.errors)),
            warnings=tuple(map(mask, self.warnings)),
        )


def summary_line(results: Sequence[Result]) -> str:
    """`50 stacks: 48 done, 2 failed; +12 ~3 -1`."""
    found = Counter(each.outcome for each in results)
    outcomes = ", ".join(f"{found[outcome]} {outcome}" for outcome in Outcome if found[outcome])
    counts = Counter[str]()
    for each in results:
        counts.update(each.counts)
    stacks = "1 stack" if len(results) == 1 else f"{len(results)} stacks"
    return f"{stacks}: {outcomes or 'nothing to do'}; {in_signs(counts)}"


@dataclass(frozen=True, slots=True)
class StackProgress:
    """How far a stack has come, for the board. `outcome` is None while it runs, at its `step`."""

    stack: str
    step: str = "waiting"
    counts: Mapping[str, int] | None = None
    seconds: float = 0.0
    outcome: Outcome | None = None
    error: str | None = None


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
        raise FleetError(f"there is no folder {quoted(str(folder))}")
    found = [read_json(file, _RESULT, "summary of a plan") for file in sorted(folder.rglob(f"*{_SUMMARY}"))]
    return sorted(found, key=lambda each: each.stack)


def saved_plans(folder: Path, stacks: Sequence[str] | None) -> dict[str, SavedPlan]:
    """The reviewed plans of these stacks, or of all in the folder. Raises FleetError when one is not there."""
    by_stack = {each.stack: each for each in summaries(folder)}
    plans = {file.name.removesuffix(_PLAN): file for file in sorted(folder.rglob(f"*{_PLAN}"))}
    if not by_stack:
        raise FleetError(f"{folder}: no plan is saved here; make one with: ccc-numbers plan --save {folder}")
    wanted = stacks or sorted(by_stack)
    for stack in wanted:
        if stack not in by_stack:
            near = suggestion(stack, by_stack, "it has plans of")
            raise FleetError(f"{folder}: no plan of stack {quoted(stack)} is saved here; {near}")
        if stack not in plans:
            why = "; ".join(by_stack[stack].errors[:1]) or f"it was {by_stack[stack].outcome}"
            raise FleetError(f"stack {stack}: there is no plan to apply, because its planning failed: {why}")
    return {stack: SavedPlan(plans[stack], by_stack[stack]) for stack in wanted}
