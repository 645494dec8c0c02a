"""What came of one stack in a run over many: frozen, and readable from the file a plan is saved with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from ccc_numbers.fleet.engine.changes import Change
from ccc_numbers.fleet.errors import FleetError

Verb = Literal["plan", "apply"]


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"  # by a stop rule, or because it is no longer what was reviewed; nothing was changed
    LEFT_OUT = "left out"  # not begun, because another stack failed before


@dataclass(frozen=True, slots=True)
class Result:
    """One stack. `changes` leaves out Pulumi's own bookkeeping and ours (component, latch, a roster but its guards)."""

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
        """How many changes by sign, see `Change.sign`."""
        found = Counter(change.sign for change in self.changes)
        return {sign: found[sign] for sign in "!+=~→·-±" if found[sign]}

    @property
    def removals(self) -> int:
        """How many resources are gone afterwards."""
        return sum(change.removes for change in self.changes)

    @property
    def well(self) -> bool:
        """Whether it did what it was asked."""
        return self.outcome is Outcome.DONE

    def masked(self, mask: Callable[[str], str]) -> Result:
        """The same with every text sent through `mask`."""
        return replace(
            self,
            changes=tuple(change.masked(mask) for change in self.changes),
            errors=tuple(map(mask, self.errors)),
            warnings=tuple(map(mask, self.warnings)),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a stack has come, for the board. `outcome` is None while it runs, `step` what it is at."""

    stack: str
    step: str = "waiting"
    counts: Mapping[str, int] | None = None
    seconds: float = 0.0
    outcome: Outcome | None = None
    error: str | None = None


def write_result(result: Result, file: Path) -> None:
    """Save it as JSON."""
    file.write_bytes(_ADAPTER.dump_json(result, indent=2) + b"\n")


def read_result(file: Path) -> Result:
    """Read it back. Raises FleetError with one line when the file is not one of ours."""
    try:
        return _ADAPTER.validate_json(file.read_bytes())
    except OSError as error:
        raise FleetError(f"{file}: cannot be read: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        raise FleetError(f"{file}: is no summary of a plan: {where}: {first['msg']}") from None


_ADAPTER = TypeAdapter(Result)
