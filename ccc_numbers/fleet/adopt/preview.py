"""Reads `pulumi preview --json`: what an `up` would do, and whether any of it reaches CCC. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from ccc_numbers.fleet.engine.preview import PreviewStep, preview_steps
from ccc_numbers.fleet.engine.resources import COMPONENT, LATCH, NUMBER, ORDER, ROSTER, short_type

# Resources that exist in Pulumi's state alone: making or changing them calls nothing that writes.
_VIRTUAL = frozenset(
    {
        ROSTER,
        LATCH,
        ORDER,
        COMPONENT,
        "pulumi:pulumi:Stack",
        "pulumi:providers:ccc",
    }
)
# What is said of a number and no fact of CCC.
_SAID = frozenset({"order", "agent", "adopt", "keepOnRemoval"})
_IDLE = frozenset({"same", "refresh", "read"})


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an `up` would do. `bookkeeping` happens in Pulumi's state alone, `joining` numbers are new in their
    instance, `others` would change CCC in another way; each as `operation type name`."""

    bookkeeping: tuple[str, ...]
    joining: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Nothing at all would be done."""
        return not (self.bookkeeping or self.joining or self.others)

    def others_told(self) -> str:
        """The other changes, counted: `2 update PhoneNumber, 1 delete SkillGroup`."""
        counted = Counter(" ".join(each.split(" ")[:2]) for each in self.others)
        return ", ".join(f"{count} {what}" for what, count in counted.items())


def parse_preview(text: str, coming: Collection[str]) -> Foreseen:
    """`coming` are the numbers that are expected to join their instance. Raises FleetError."""
    sorts: dict[str, list[str]] = {"bookkeeping": [], "joining": [], "others": []}
    for step in preview_steps(text, "preview"):
        if step.op not in _IDLE:
            sorts[_sort(step, coming)].append(f"{step.op} {short_type(step.type)} {step.name}")
    return Foreseen(**{name: tuple(found) for name, found in sorts.items()})


def _sort(step: PreviewStep, coming: Collection[str]) -> str:
    if step.type in _VIRTUAL and step.op in ("create", "update"):
        return "bookkeeping"
    if step.type == NUMBER and step.op == "create" and step.name in coming:
        return "joining"
    if step.type == NUMBER and step.op == "update" and step.fields and step.fields <= _SAID:
        return "bookkeeping"
    return "others"
