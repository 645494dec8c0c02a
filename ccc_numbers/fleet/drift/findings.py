"""A finding: one thing a drift run has to say."""

from __future__ import annotations

from dataclasses import dataclass

from ccc_numbers.declaration.problem import Source
from ccc_numbers.fleet.drift.kinds import Heal, Kind, Severity

FIELDS = (
    "usage",
    "flow",
    "skillGroups",
    "order",
    "agent",
    "term",
    "contactFlows",
    "displayName",
    "description",
    "until",
)
"""What `Finding.field` may be."""


@dataclass(frozen=True, slots=True)
class Next:
    """The way out: the `command` to run, and what a person has to `do` before it, if anything."""

    command: str
    do: str | None = None

    def __str__(self) -> str:
        return f"{self.do}, then {self.command}" if self.do else self.command


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between what is declared and what CCC holds.

    `subject` is a number, or the name of a flow, skill group, order or ignore rule. `field` is the key of the
    stack file that differs (`usage`, `flow`, `skillGroups`, …). `expected` and `actual` are plain words;
    None where there is nothing to name. `stack` is "" for a finding about no stack, `instance` None for one
    about no instance. `source` is where the declaration says it, None for what is declared nowhere.
    """

    kind: Kind
    severity: Severity
    stack: str
    instance: str | None
    subject: str
    field: str | None
    expected: str | None
    actual: str | None
    cause: str | None
    next: Next
    heal: Heal
    source: Source | None

    @property
    def order(self) -> tuple[str, str, int, str, str]:
        """By stack and instance, the gravest first."""
        return (self.stack, self.instance or "", -self.severity.rank, self.kind, self.subject)
