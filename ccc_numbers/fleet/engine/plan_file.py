"""Pulumi's plan files: what each says will be done, and whether two say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from ccc_numbers.fleet.engine.changes import GUARDS
from ccc_numbers.fleet.engine.resources import ROSTER, is_bookkeeping, urn_name, urn_type
from ccc_numbers.fleet.errors import FleetError

_NOTHING = frozenset({"same", "refresh", "read"})


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Diff(_Wire):
    adds: dict[str, JsonValue] = Field(default_factory=dict)
    updates: dict[str, JsonValue] = Field(default_factory=dict)
    deletes: list[str] = Field(default_factory=list)


class _Goal(_Wire):
    input_diff: _Diff = _Diff()


class _Resource(_Wire):
    steps: tuple[str, ...] = ()
    goal: _Goal | None = None


class _Plan(_Wire):
    resource_plans: dict[str, _Resource]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """What a plan does to one resource: the operations, and the inputs it changes with their new values."""

    name: str
    ops: tuple[str, ...]
    changes: Mapping[str, JsonValue]

    def __str__(self) -> str:
        fields = ", ".join(sorted(self.changes)) if self.ops == ("update",) else ""
        return f"{' and '.join(self.ops)}{f' of {fields}' if fields else ''}"


Plan = Mapping[str, PlannedStep]
"""The steps that do something to a number, a flow, a group or an order, by URN."""


def read_plan(file: Path) -> Plan:
    """Read what `pulumi preview --save-plan` wrote. Raises FleetError with one line."""
    return {
        urn: PlannedStep(urn_name(urn), each.steps, _changes(each.goal, _compared(urn)))
        for urn, each in _read(file).items()
        if not _NOTHING.issuperset(each.steps) and (not is_bookkeeping(urn_type(urn)) or _guards(urn, each))
    }


def _compared(urn: str) -> Sequence[str]:
    """The inputs that count, all when empty: of a roster only its guards, for its lists follow from the numbers."""
    return GUARDS if urn_type(urn) == ROSTER else ()


def _guards(urn: str, each: _Resource) -> bool:
    """Whether a roster's step changes one of its guards."""
    return bool(_compared(urn)) and bool(_changes(each.goal, GUARDS))


def does_nothing(file: Path) -> bool:
    """Whether the plan changes nothing at all, not even bookkeeping."""
    return all(_NOTHING.issuperset(each.steps) for each in _read(file).values())


def _read(file: Path) -> Mapping[str, _Resource]:
    try:
        return _Plan.model_validate_json(file.read_bytes()).resource_plans
    except OSError as error:
        raise FleetError(f"{file}: cannot be read: {error.strerror or error}") from None
    except ValidationError:
        raise FleetError(
            f"{file}: is no plan of Pulumi's; make it anew with: ccc-numbers plan --save"
        ) from None


def misfits(reviewed: Plan, fresh: Plan) -> list[str]:
    """What would be done now that was not reviewed like that, one line each; empty: all of it was.

    What was reviewed and is no longer to be done is no misfit: a first try may have done it.
    """
    return list(_misfits(reviewed, fresh))


def _misfits(reviewed: Plan, fresh: Plan) -> Iterator[str]:
    for urn, step in sorted(fresh.items()):
        seen = reviewed.get(urn)
        if seen is None:
            yield f"{step.name}: {step}, which was not reviewed"
        elif seen.ops != step.ops:
            yield f"{step.name}: {step}; reviewed was: {seen}"
        elif seen.changes != step.changes:
            keys = sorted(
                key
                for key in seen.changes.keys() | step.changes.keys()
                if seen.changes.get(key, _ABSENT) != step.changes.get(key, _ABSENT)
            )
            yield f"{step.name}: {step} with another {', '.join(keys)} than was reviewed"


_ABSENT = object()


def _changes(goal: _Goal | None, only: Sequence[str] = ()) -> dict[str, JsonValue]:
    if goal is None:
        return {}
    gone: dict[str, JsonValue] = dict.fromkeys(goal.input_diff.deletes)
    changes = {**goal.input_diff.adds, **goal.input_diff.updates, **gone}
    return {key: value for key, value in changes.items() if not only or key in only}
