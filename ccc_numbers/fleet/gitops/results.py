"""What came of one stack in a run over many: frozen, and readable from the file a plan is saved with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from ccc_numbers.fleet.errors import FleetError

Verb = Literal["plan", "apply"]
_BOOKKEEPING = ("pulumi:pulumi:", "pulumi:providers:", "ccc:components:")
_GUARDS = frozenset({"ccc:index:InstanceRoster", "ccc:index:InstanceLatch"})


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"  # by a stop rule, or because it is no longer what was reviewed; nothing was changed
    LEFT_OUT = "left out"  # not begun, because another stack failed before


class Effect(StrEnum):
    """What a change comes to in CCC."""

    GUARD = "guard"  # a budget or the protection changes: nothing in CCC, but what may be done to it
    ADD = "add"
    CHANGE = "change"
    MOVE = "move"  # out of one instance and into another
    TAKE_OVER = "take over"  # no write
    FORGET = "forget"  # no write
    REMOVE = "remove"
    REPLACE = "replace"


_SIGNS = {
    Effect.GUARD: "!",
    Effect.ADD: "+",
    Effect.CHANGE: "~",
    Effect.MOVE: "→",
    Effect.TAKE_OVER: "=",
    Effect.FORGET: "·",
    Effect.REMOVE: "-",
    Effect.REPLACE: "±",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One property that differs; values as short text, None where there is nothing."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that an update creates, changes or removes.

    `kind` is its type without the package, `op` the engine's word for the step, `leaves` the instance that a number is
    taken out of.
    """

    name: str
    kind: str
    op: str
    fields: tuple[Field, ...] = ()
    effect: Effect = Effect.CHANGE
    leaves: str | None = None

    @property
    def sign(self) -> str:
        """`+` add, `~` change, `→` move, `=` take over, `·` forget, `-` remove, `±` replace, `!` a guard."""
        return _SIGNS[self.effect]

    @property
    def removes(self) -> bool:
        """Whether something leaves its place, even if something else takes it or it goes somewhere else."""
        return self.effect in (Effect.REMOVE, Effect.REPLACE, Effect.MOVE)


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
            changes=tuple(_masked(change, mask) for change in self.changes),
            errors=tuple(map(mask, self.errors)),
            warnings=tuple(map(mask, self.warnings)),
        )


def is_bookkeeping(type_: str) -> bool:
    """Whether a resource of this type is nobody's number, flow, group or order."""
    return type_.startswith(_BOOKKEEPING) or type_ in _GUARDS


def in_words(change: Change) -> list[str]:
    """What a change does, a phrase for each part; a removal names the instance that the number leaves."""
    fields = [
        f"{each.name} {each.after}"
        if each.before is None
        else f"{each.name} {each.before} → {each.after or 'none'}"
        for each in change.fields
    ]
    match change.effect:
        case Effect.REMOVE:
            return [f"removed from {change.leaves}" if change.leaves else "deleted"]
        case Effect.FORGET:
            return ["forgotten, stays as it is"]
        case Effect.TAKE_OVER:
            return ["taken over as it is", *fields]
        case Effect.MOVE:
            return [f"moved out of {change.leaves}", *fields]
    return fields or [change.op]


def in_signs(counts: Mapping[str, int]) -> str:
    """`+2 ~1 -3`, or `no changes`."""
    return " ".join(f"{sign}{count}" for sign, count in counts.items()) or "no changes"


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


def _masked(change: Change, mask: Callable[[str], str]) -> Change:
    def text(value: str | None) -> str | None:
        return None if value is None else mask(value)

    fields = tuple(Field(each.name, text(each.before), text(each.after)) for each in change.fields)
    return replace(change, name=mask(change.name), fields=fields)
