"""Pulumi's plan files: the steps that each plans, and whether two plan the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, JsonValue, TypeAdapter

from ccc_numbers.fleet.engine.changes import GUARDS
from ccc_numbers.fleet.engine.resources import ROSTER, Wire, is_bookkeeping, urn_name, urn_type
from ccc_numbers.fleet.files import read_json
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed

_NOTHING = frozenset({"same", "refresh", "read"})


class _Diff(Wire):
    adds: dict[str, JsonValue] = Field(default_factory=dict)
    updates: dict[str, JsonValue] = Field(default_factory=dict)
    deletes: list[str] = Field(default_factory=list)


class _Goal(Wire):
    input_diff: _Diff = _Diff()


class _Resource(Wire):
    steps: tuple[str, ...] = ()
    goal: _Goal | None = None


class _Plan(Wire):
    resource_plans: dict[str, _Resource]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """The planned operations on one resource, and the inputs they change with their new values."""

    name: str
    ops: tuple[str, ...]
    changes: Mapping[str, JsonValue]

    def __str__(self) -> str:
        fields = ", ".join(sorted(self.changes)) if self.ops == ("update",) else ""
        ops = listed(self.ops)
        return tr("{ops} of {fields}", ops=ops, fields=fields) if fields else ops


_PLAN = TypeAdapter(_Plan)
Plan = Mapping[str, PlannedStep]
"""The steps that do something to a number, a flow, a group or an order, by URN."""


def read_plan(file: Path) -> Plan:
    """Read what `pulumi preview --save-plan` wrote. Raises FleetError with one line."""
    plan: dict[str, PlannedStep] = {}
    for urn, each in _read(file).items():
        type_ = urn_type(urn)
        # Of a roster only its guards count: its lists follow from the numbers.
        changes = _changes(each.goal, GUARDS if type_ == ROSTER else ())
        counts = not is_bookkeeping(type_) or (type_ == ROSTER and bool(changes))
        if counts and not _NOTHING.issuperset(each.steps):
            plan[urn] = PlannedStep(urn_name(urn), each.steps, changes)
    return plan


def does_nothing(file: Path) -> bool:
    """Whether the plan changes nothing at all, not even bookkeeping."""
    return all(_NOTHING.issuperset(each.steps) for each in _read(file).values())


def _read(file: Path) -> Mapping[str, _Resource]:
    return read_json(file, _PLAN, tr("plan of Pulumi; make it with `ccc-numbers plan --save`")).resource_plans


def misfits(reviewed: Plan, fresh: Plan) -> Iterator[str]:
    """The steps that were not reviewed like that, one line each.

    A reviewed step that is no longer to be done is not a misfit: a first try may have done it.
    """
    for urn, step in sorted(fresh.items()):
        seen = reviewed.get(urn)
        if seen is None:
            yield tr("{name}: {step}, which was not reviewed", name=step.name, step=step)
        elif seen.ops != step.ops:
            yield tr("{name}: {step}; reviewed was: {seen}", name=step.name, step=step, seen=seen)
        elif seen.changes != step.changes:
            keys = sorted(
                key
                for key in seen.changes.keys() | step.changes.keys()
                if seen.changes.get(key, _ABSENT) != step.changes.get(key, _ABSENT)
            )
            yield tr(
                "{name}: {step} with another {names} than was reviewed",
                name=step.name,
                step=step,
                names=listed(keys),
            )


_ABSENT = object()


def _changes(goal: _Goal | None, only: Sequence[str] = ()) -> dict[str, JsonValue]:
    if goal is None:
        return {}
    gone: dict[str, JsonValue] = dict.fromkeys(goal.input_diff.deletes)
    changes = {**goal.input_diff.adds, **goal.input_diff.updates, **gone}
    return {key: value for key, value in changes.items() if not only or key in only}
