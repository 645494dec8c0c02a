"""Reads `pulumi preview --json`: what an `up` would do, and whether any of it reaches CCC. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ccc_numbers.fleet.adopt.import_file import COMPONENT, NUMBER
from ccc_numbers.fleet.errors import FleetError

# Resources that exist in Pulumi's state alone: making or changing them calls nothing that writes.
_VIRTUAL = frozenset(
    {
        "ccc:index:InstanceRoster",
        "ccc:index:InstanceLatch",
        "ccc:index:VendorOrder",
        COMPONENT,
        "pulumi:pulumi:Stack",
        "pulumi:providers:ccc",
    }
)
# What is said of a number and no fact of CCC.
_SAID = frozenset({"order", "agent", "adopt", "keepOnRemoval"})
_IDLE = frozenset({"same", "refresh", "read"})


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Step(_Wire):
    op: str
    urn: str
    detailed_diff: dict[str, object] | None = None
    diff_reasons: list[str] | None = None

    @property
    def type(self) -> str:
        return self.urn.split("::")[-2].split("$")[-1]

    @property
    def name(self) -> str:
        return self.urn.split("::", 3)[-1]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(path.partition("[")[0] for path in self.detailed_diff or self.diff_reasons or ())


class _Preview(_Wire):
    steps: list[_Step] = Field(default_factory=list)


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
    try:
        preview = _Preview.model_validate_json(text[text.index("{") :])
    except (ValueError, ValidationError):
        raise FleetError("pulumi preview did not answer the JSON expected of it") from None
    sorts: dict[str, list[str]] = {"bookkeeping": [], "joining": [], "others": []}
    for step in preview.steps:
        if step.op not in _IDLE:
            sorts[_sort(step, coming)].append(f"{step.op} {step.type.split(':')[-1]} {step.name}")
    return Foreseen(**{name: tuple(found) for name, found in sorts.items()})


def _sort(step: _Step, coming: Collection[str]) -> str:
    if step.type in _VIRTUAL and step.op in ("create", "update"):
        return "bookkeeping"
    if step.type == NUMBER and step.op == "create" and step.name in coming:
        return "joining"
    if step.type == NUMBER and step.op == "update" and step.fields and step.fields <= _SAID:
        return "bookkeeping"
    return "others"
