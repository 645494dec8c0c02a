"""The Pulumi half of `adopt`: numbers into the state first, and a preview that proves that CCC was not touched."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from ccc_numbers.fleet.engine.preview import PreviewStep, preview_steps
from ccc_numbers.fleet.engine.pulumi import answer, run
from ccc_numbers.fleet.engine.resources import (
    COMPONENT,
    LATCH,
    NUMBER,
    ORDER,
    ROSTER,
    short_type,
    urn_name,
    urn_type,
)
from ccc_numbers.fleet.errors import FleetError

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


class _Resource(BaseModel):
    urn: str


class _Deployment(BaseModel):
    resources: list[_Resource] = Field(default_factory=list)


class _Export(BaseModel):
    deployment: _Deployment | None = None


@dataclass(frozen=True, slots=True)
class StateContents:
    """What a stack's state holds already: the numbers by their names, the instances' components by name."""

    numbers: frozenset[str]
    components: dict[str, str]


def parse_export(text: str) -> StateContents:
    """What `pulumi stack export` says. Raises FleetError."""
    try:
        deployment = _Export.model_validate_json(text).deployment or _Deployment()
    except ValidationError:
        raise FleetError("pulumi stack export did not answer the JSON expected of it") from None
    numbers: set[str] = set()
    components: dict[str, str] = {}
    for resource in deployment.resources:
        name, type_ = urn_name(resource.urn), urn_type(resource.urn)
        if type_ == NUMBER:
            numbers.add(name)
        elif type_ == COMPONENT:
            components[name] = resource.urn
    return StateContents(frozenset(numbers), components)


def import_text(instance: str, numbers: Iterable[str], components: dict[str, str]) -> str:
    """The bulk import of an instance's numbers, below their component, which is made where it is new."""
    parent = [] if instance in components else [{"type": COMPONENT, "name": instance, "component": True}]
    rows = [
        {"type": NUMBER, "name": number, "id": f"{instance}/{number}", "parent": instance}
        for number in sorted(numbers)
    ]
    table = {instance: components[instance]} if instance in components else {}
    whole = {"nameTable": table, "resources": [*parent, *rows]}
    return (
        json.dumps({key: value for key, value in whole.items() if value}, indent=1, ensure_ascii=False) + "\n"
    )


def to_import(declared_as_live: Collection[str], held: StateContents) -> list[str]:
    """The numbers that are declared, live, and not in the state yet."""
    return sorted(set(declared_as_live) - held.numbers)


@dataclass(frozen=True, slots=True)
class UpPreview:
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


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How it ended: how many numbers were imported, and what an `up` would still do."""

    imported: int
    left: UpPreview


def take_over(
    project: Path,
    stack: str,
    instance: str,
    as_declared: Collection[str],
    coming: Collection[str],
    tell: Callable[[str], None],
) -> TakenOver:
    """Import what is not in the state yet, make the stack's bookkeeping resources, and preview what is left.

    An `up` is run only when its preview shows nothing that reaches CCC. Raises FleetError with Pulumi's reason.
    """
    _select(project, stack, tell)
    held = parse_export(answer(project, ["stack", "export", "--stack", stack], "pulumi stack export"))
    numbers = to_import(as_declared, held)
    if numbers:
        tell(f"importing {len(numbers):,} numbers into Pulumi's state")
        file = project / "stacks" / f"{stack}.import.json"
        file.write_text(import_text(instance, numbers, held.components), "utf-8")
        words = ["import", "--file", str(file.relative_to(project)), "--yes", "--skip-preview"]
        words += ["--generate-code=false", "--protect=false", "--stack", stack]
        answer(project, words, f"pulumi import (the file {file} is left for another try)")
        file.unlink()
    tell("previewing what `pulumi up` would do now")
    left = _preview(project, stack, coming)
    if left.bookkeeping and not (left.joining or left.others):
        tell("making the roster and the latch, which exist in Pulumi's state alone")
        answer(project, ["up", "--yes", "--skip-preview", "--stack", stack], "pulumi up")
        tell("previewing once more, as the proof")
        left = _preview(project, stack, coming)
    return TakenOver(len(numbers), left)


def _select(project: Path, stack: str, tell: Callable[[str], None]) -> None:
    """Make the stack in the backend when it is new."""
    known = run(project, ["stack", "export", "--stack", stack])
    if known.code == 0:
        return
    if "no stack named" not in known.err:
        raise FleetError(f"pulumi stack export: {known.reason}")
    tell(f"making the stack {stack}")
    answer(project, ["stack", "init", stack, "--no-select"], "pulumi stack init")


def _preview(project: Path, stack: str, coming: Collection[str]) -> UpPreview:
    return parse_preview(answer(project, ["preview", "--json", "--stack", stack], "pulumi preview"), coming)
