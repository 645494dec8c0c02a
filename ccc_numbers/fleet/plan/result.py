"""The result of each stack in a run: what was planned or done, what was seen, what went wrong."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from ccc_numbers.fleet.engine.changes import Change, Effect, SeenInstance, Verb, in_signs
from ccc_numbers.messages.language import markn, tr, trn
from ccc_numbers.messages.names import listed


class Outcome(StrEnum):
    """How the work on a stack ended."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"  # by a stop rule, or because it would do more than was reviewed; nothing was changed
    # not translated: a value
    LEFT_OUT = "left out"  # not begun, because another stack failed before, or nobody confirmed it


OUTCOMES = {
    Outcome.DONE: markn("{count} done", "{count} done"),
    Outcome.FAILED: markn("{count} failed", "{count} failed"),
    Outcome.REFUSED: markn("{count} refused", "{count} refused"),
    Outcome.LEFT_OUT: markn("{count} left out", "{count} left out"),
}
"""How many stacks ended so."""


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
    instances: tuple[SeenInstance, ...] = ()
    """The stack's instances as they were found."""

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
            instances=tuple(
                replace(
                    each,
                    pending=tuple(map(mask, each.pending)),
                    unmanaged=tuple(map(mask, each.unmanaged)),
                )
                for each in self.instances
            ),
        )


def summary_line(results: Sequence[Result]) -> str:
    """`50 stacks: 48 done, 2 failed; +12 ~3 -1`."""
    found = Counter(each.outcome for each in results)
    outcomes = listed(trn(*OUTCOMES[each], found[each]) for each in Outcome if found[each])
    counts = Counter[str]()
    for each in results:
        counts.update(each.counts)
    return trn(
        "{count} stack: {outcomes}; {changes}",
        "{count} stacks: {outcomes}; {changes}",
        len(results),
        outcomes=outcomes or tr("nothing to do"),
        changes=in_signs(counts),
    )


@dataclass(frozen=True, slots=True)
class StackProgress:
    """How far a stack has come, for the board. `outcome` is None while it runs, at its `step`."""

    stack: str
    step: str = "waiting"
    counts: Mapping[str, int] | None = None
    seconds: float = 0.0
    outcome: Outcome | None = None
    error: str | None = None
