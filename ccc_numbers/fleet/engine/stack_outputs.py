"""What `pulumi up` left behind: the numbers of a stack as its outputs tell them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.names import quoted


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Number(_Wire):
    status: str
    usage: str
    flow: str | None = None
    skill_groups: list[str] = Field(default_factory=list)
    order: str | None = None
    city: str | None = None
    province: str | None = None


class _Instance(_Wire):
    numbers: dict[str, _Number] = Field(default_factory=dict)
    unmanaged: list[str] = Field(default_factory=list)
    pending: list[str] = Field(default_factory=list)


class _Outputs(_Wire):
    instances: dict[str, _Instance] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number as the last `up` left it."""

    instance: str
    number: str
    status: str
    usage: str
    flow: str | None
    skill_groups: tuple[str, ...]
    order: str | None
    city: str | None
    province: str | None


@dataclass(frozen=True, slots=True)
class StackNumbers:
    """All numbers of a stack, and those its instances hold that nobody declares."""

    rows: tuple[NumberRow, ...]
    unmanaged: Mapping[str, tuple[str, ...]]

    @property
    def pending(self) -> tuple[NumberRow, ...]:
        """Those that support has not imported yet, or had not at the last `up`."""
        return tuple(row for row in self.rows if row.status != "bound")


def parse_outputs(text: str, source: str) -> StackNumbers:
    """The outputs of a stack from `pulumi stack output --json`."""
    try:
        outputs = _Outputs.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise FleetError(
            f"{source}: these are no outputs of a ccc-numbers stack: {where} {first['msg']}"
        ) from None
    rows = tuple(
        NumberRow(
            instance=id,
            number=number,
            status=each.status,
            usage=each.usage,
            flow=each.flow,
            skill_groups=tuple(each.skill_groups),
            order=each.order,
            city=each.city,
            province=each.province,
        )
        for id, instance in sorted(outputs.instances.items())
        for number, each in sorted(instance.numbers.items())
    )
    unmanaged = {id: tuple(each.unmanaged) for id, each in outputs.instances.items() if each.unmanaged}
    return StackNumbers(rows, unmanaged)


def ask_pulumi(project: Path, stack: str) -> str:
    """What `pulumi stack output --json` says. Raises `FleetError` with Pulumi's own words."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise FleetError(
            "the Pulumi CLI is not on PATH; `make tools` brings it, `tools/run ccc-numbers …` finds it"
        )
    words = [pulumi, "stack", "output", "--json", "--non-interactive", "--stack", stack]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603 the words are ours
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise FleetError(f"stack {quoted(stack)}: {' '.join(said[-1].split()) if said else 'pulumi failed'}")
    return done.stdout


def as_json(numbers: StackNumbers) -> str:
    """One object: a row per number, and what nobody declares."""
    rows = [
        {to_camel(name): getattr(row, name) for name in NumberRow.__dataclass_fields__}
        for row in numbers.rows
    ]
    return json_text({"numbers": rows, "unmanaged": numbers.unmanaged})
