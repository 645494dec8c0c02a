"""Other bindings for a while: those in force, to come, and over but still in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ccc_numbers.declaration.clock import CHINA
from ccc_numbers.declaration.override import Override
from ccc_numbers.declaration.override_warnings import ENDING
from ccc_numbers.fleet.engine.changes import Field
from ccc_numbers.fleet.plan.words import field_in_words
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed

_PROPERTIES = {"flow": "contactFlow", "skill_groups": "skillGroups"}


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One override. `standing` says in a word whether it is in force, `soon` whether somebody should look at it."""

    stack: str
    numbers: tuple[str, ...]
    binding: str
    begins: str
    until: str
    reason: str
    owner: str
    standing: str
    soon: bool


def override_rows(stacks: Iterable[Stack], at: datetime, hide: Callable[[str], str]) -> Iterator[OverrideRow]:
    """Those of the stacks, the first to end first. `hide` masks a number, or does not."""
    for stack in stacks:
        for each in sorted(stack.declaration.overrides, key=lambda each: each.ends):
            standing, soon = _standing(each, at)
            numbers = tuple(map(hide, sorted(each.numbers)))
            begins = f"{each.begins.astimezone(CHINA):%Y-%m-%d %H:%M}"
            yield OverrideRow(
                *(stack.name, numbers, _binding(each), begins, each.until, each.reason, each.owner),
                *(standing, soon),
            )


def _standing(override: Override, at: datetime) -> tuple[str, bool]:
    if override.ends <= at:
        return tr("ended"), True
    if not override.in_force(at):
        return tr("to come"), False
    soon = override.ends - at <= ENDING
    return tr("ends soon") if soon else tr("in force"), soon


def _binding(override: Override) -> str:
    fields = (
        Field(_PROPERTIES.get(name, name), None, listed(said) if isinstance(said, tuple) else said)
        for name, said in override.binding.items()
    )
    return listed(map(field_in_words, fields))
