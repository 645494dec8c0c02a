"""Another binding for a while: one entry of `overrides:`, and the binding that is declared at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ccc_numbers.messages.problem import Source

if TYPE_CHECKING:
    from ccc_numbers.declaration.model import Declaration, InstanceDeclaration, NumberDeclaration


@dataclass(frozen=True, slots=True)
class Override:
    """Another binding of some numbers from `begins` until right before `ends`.

    `binding` has the fields of `NumberDeclaration` that it says otherwise; `until` is its end as written.
    """

    numbers: frozenset[str]
    binding: Mapping[str, Any]
    begins: datetime
    ends: datetime
    until: str
    reason: str
    owner: str
    source: Source

    def in_force(self, at: datetime) -> bool:
        """Whether it is what is declared at that moment."""
        return self.begins <= at < self.ends

    def overlaps(self, other: Override) -> bool:
        """Whether both are in force at some moment."""
        return self.begins < other.ends and other.begins < self.ends

    def __str__(self) -> str:
        return f"{self.until} ({self.reason}, {self.owner})"  # not translated: kept in state


def declared_at(declaration: Declaration, at: datetime) -> Declaration:
    """What a stack declares at a moment: each number with the overrides in force laid over its own binding."""
    current = [each for each in declaration.overrides if each.in_force(at)]
    if not current:
        return declaration
    instances = {key: _instance_at(each, current) for key, each in declaration.instances.items()}
    return replace(declaration, instances=instances)


def _instance_at(instance: InstanceDeclaration, current: Sequence[Override]) -> InstanceDeclaration:
    concerned = instance.numbers.keys() & {number for each in current for number in each.numbers}
    changed = {
        number: overridden(instance.numbers[number], [each for each in current if number in each.numbers])
        for number in concerned
    }
    return replace(instance, numbers={**instance.numbers, **changed}) if changed else instance


def overridden(number: NumberDeclaration, overrides: Iterable[Override]) -> NumberDeclaration:
    """The number with overrides laid over it. One that takes no more calls needs no flow."""
    laid = tuple(overrides)
    said: dict[str, Any] = {}
    for each in laid:
        said |= each.binding
    if not said.get("usage", number.usage).takes_calls:
        said.setdefault("flow", None)
    return replace(number, **said, overrides=laid)
