"""The text of a stack file with an override more, or with one that ends. All other lines stay as people wrote them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from textwrap import indent

import yaml
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ccc_numbers.declaration.clock import CHINA
from ccc_numbers.declaration.model import Declaration
from ccc_numbers.declaration.override import Override
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.essence import NOWHERE, essence, sound_text
from ccc_numbers.fleet.yaml_text import STEP, child, compose, dumped, insert, line
from ccc_numbers.messages.names import some
from ccc_numbers.messages.problem import shown

_KEY = "overrides"


def with_override(path: Path, text: str, numbers: Sequence[str], said: Mapping[str, object]) -> str:
    """The text with one override more. FleetError for one that `check` would refuse, and for a form that has no place."""
    before = sound_text(path, text)
    row = line({"numbers": list(map(DoubleQuotedScalarString, numbers)), **said})
    made = _added(path, text, f"- {dumped(row)}")
    after = sound_text(path, made)
    if not _same(before, after) or _bare(after)[:-1] != _bare(before):
        raise FleetError(
            f"{shown(path)}: cannot take an override without changing others; nothing was written"
        )
    return made


def ended(path: Path, text: str, numbers: Sequence[str], at: datetime) -> str:
    """The text with the overrides of these numbers ended. FleetError where that would end those of other numbers too."""
    before, moment = (
        sound_text(path, text),
        at.astimezone(CHINA).replace(tzinfo=None, microsecond=0).isoformat(),
    )
    wrong = [number for number in numbers if not any(number in each.numbers for each in before.overrides)]
    if wrong:
        raise FleetError(f"{shown(path)}: no override is for {some(wrong)}")
    entries, made, done = child(compose(text), _KEY), text, 0
    rows = entries.value if isinstance(entries, yaml.SequenceNode) else []
    # From the last one on, so that the places of those before stay true.
    for override, row in reversed(list(zip(before.overrides, rows, strict=True))):
        until = child(row, "until")
        if not override.numbers.intersection(numbers) or not override.in_force(at) or until is None:
            continue
        if others := sorted(override.numbers.difference(numbers)):
            raise FleetError(
                f"{override.source}: the override until {override} is for {some(others)} too; name all of its numbers, or "
                "change it in the file"
            )
        made = made[: until.start_mark.index] + moment + made[until.end_mark.index :]
        done += 1
    if not done:
        raise FleetError(
            f"{shown(path)}: no override of {some(list(numbers))} is in force; take one that has not begun out"
        )
    after = sound_text(path, made)
    if not _same(before, after) or any(
        each.in_force(at) for each in after.overrides if each.numbers & set(numbers)
    ):
        raise FleetError(f"{shown(path)}: cannot end it without changing others; nothing was written")
    return made


def _added(path: Path, text: str, entry: str) -> str:
    entries = child(compose(text), _KEY)
    text = text if not text or text.endswith("\n") else f"{text}\n"
    if entries is None:
        return f"{text}{_KEY}:\n{indent(entry, ' ' * STEP)}"
    if isinstance(entries, yaml.SequenceNode) and entries.value and not entries.flow_style:
        return insert(text, entries, entry)
    raise FleetError(
        f"{shown(path)}: {_KEY} is not a list with a line for each; add by hand:", entry.rstrip()
    )


def _same(before: Declaration, after: Declaration) -> bool:
    """Whether everything but the overrides is declared as before."""
    return essence(replace(before, overrides=())) == essence(replace(after, overrides=()))


def _bare(declaration: Declaration) -> list[Override]:
    return [replace(each, source=NOWHERE) for each in declaration.overrides]
