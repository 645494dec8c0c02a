"""A preview of `up`, read for what would reach CCC; and an `up` of what would not."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.fleet.engine.pulumi import answer
from ccc_numbers.fleet.engine.resources import (
    COMPONENT,
    LATCH,
    NUMBER,
    ORDER,
    ROSTER,
    PreviewStep,
    preview_steps,
    short_type,
)

# Resources that exist only in Pulumi's state: making or changing them makes no call that writes.
_VIRTUAL = frozenset({ROSTER, LATCH, ORDER, COMPONENT, "pulumi:pulumi:Stack", "pulumi:providers:ccc"})
# Properties of a number that CCC does not hold.
_SAID = frozenset({"order", "adopt", "keepOnRemoval"})
_IDLE = frozenset({"same", "refresh", "read"})


@dataclass(frozen=True, slots=True)
class UpPreview:
    """What an `up` would do. `bookkeeping` happens only in Pulumi's state, `joining` numbers are new in their
    instance, `others` would change CCC in another way; each as `operation type name`."""

    bookkeeping: tuple[str, ...]
    joining: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not (self.bookkeeping or self.joining or self.others)

    @property
    def reaches_ccc(self) -> bool:
        """Whether an `up` would write to CCC."""
        return bool(self.joining or self.others)

    def count_others(self) -> str:
        """The other changes by kind: `2 update PhoneNumber, 1 delete SkillGroup`."""
        counted = Counter(each.rpartition(" ")[0] for each in self.others)
        return ", ".join(f"{count} {what}" for what, count in counted.items())


def preview_up(project: Path, stack: str, coming: Collection[str] = ()) -> UpPreview:
    """Preview a stack; `coming` as in `parse_preview`. Raises FleetError with Pulumi's reason."""
    return parse_preview(
        # not translated: a command
        answer(project, ["preview", "--json", "--stack", stack], "pulumi preview"),
        coming,
    )


def up_without_preview(project: Path, stack: str) -> None:
    """`pulumi up`, after a preview of bookkeeping alone. Raises FleetError with Pulumi's reason."""
    answer(
        project,
        ["up", "--yes", "--skip-preview", "--stack", stack],
        "pulumi up",  # not translated: a command
    )


def parse_preview(text: str, coming: Collection[str]) -> UpPreview:
    """`coming` are the numbers that are expected to join their instance. Raises FleetError."""
    sorts: dict[str, list[str]] = {"bookkeeping": [], "joining": [], "others": []}
    for step in preview_steps(text, "preview"):
        if step.op not in _IDLE:
            sorts[_sort(step, coming)].append(f"{step.op} {short_type(step.type)} {step.name}")
    return UpPreview(**{name: tuple(found) for name, found in sorts.items()})


def _sort(step: PreviewStep, coming: Collection[str]) -> str:
    if step.type in _VIRTUAL and step.op in ("create", "update"):
        return "bookkeeping"
    if step.type == NUMBER and step.op == "create" and step.name in coming:
        return "joining"
    if step.type == NUMBER and step.op == "update" and step.fields and step.fields <= _SAID:
        return "bookkeeping"
    return "others"
