"""Pulumi's state against CCC and the declaration: `pulumi refresh --preview-only` of each stack."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ccc_numbers.declaration.model import InstanceDeclaration, NumberDeclaration
from ccc_numbers.fleet.drift.findings import FIELDS, Finding, Next
from ccc_numbers.fleet.drift.kinds import ABOUT, Kind
from ccc_numbers.fleet.drift.report import Unseen
from ccc_numbers.fleet.drift.stacks import Stack, numbers_of
from ccc_numbers.fleet.engine.pulumi import ask
from ccc_numbers.fleet.errors import FleetError

# Each is a CLI, a language host and a plugin: more at a time than cores is no faster.
_AT_ONCE = 4
_NUMBER = "ccc:index:PhoneNumber"
_EXPECTED_CHANGES = 7


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Difference(_Wire):
    kind: str
    input_diff: bool = False


class _Resource(_Wire):
    type: str = ""
    inputs: dict[str, object] = Field(default_factory=dict)
    outputs: dict[str, object] = Field(default_factory=dict)


class _Step(_Wire):
    op: str
    urn: str
    old_state: _Resource = _Resource()
    new_state: _Resource = _Resource()
    detailed_diff: dict[str, _Difference] | None = None


class _Preview(_Wire):
    steps: tuple[_Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Held:
    """One resource of a state: its logical name, and how it differs from CCC."""

    name: str
    step: _Step

    @property
    def instance(self) -> str | None:
        value = self.step.old_state.inputs.get("instanceId")
        return value if isinstance(value, str) else None


def state_findings(project: Path, stacks: Sequence[Stack]) -> tuple[list[Finding], list[Unseen]]:
    """Where state, declaration and CCC disagree; and the stacks whose state could not be looked at."""
    found: list[Finding] = []
    blind: list[Unseen] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for stack, answer in zip(stacks, pool.map(lambda each: _look(project, each), stacks), strict=True):
            if isinstance(answer, str):
                blind.append(Unseen(stack.name, None, f"Pulumi state: {answer}"))
            else:
                found.extend(compare_state(stack, answer))
    return found, blind


def parse_preview(text: str) -> list[_Held]:
    """The resources of a state out of `pulumi refresh --preview-only --json`. Raises FleetError."""
    try:
        preview = _Preview.model_validate(json.loads(text[text.index("{") :]))
    except (ValueError, RecursionError, ValidationError):
        raise FleetError("pulumi refresh did not answer the JSON expected of it") from None
    return [_Held(step.urn.rsplit("::", 1)[-1], step) for step in preview.steps]


def compare_state(stack: Stack, held: Iterable[_Held]) -> list[Finding]:
    """Pure: what a stack declares, and what its state holds, into findings."""
    resources = [each for each in held if _type(each).startswith("ccc:index:")]
    numbers = {each.name for each in resources if _type(each) == _NUMBER}
    declared = {number.number: (instance, number) for instance, number in numbers_of(stack.declaration)}
    found = [_behind(stack, each) for each in resources if each.step.op in ("update", "delete")]
    found += [_lacks(stack, *declared[number]) for number in sorted(declared.keys() - numbers)]
    found += [
        _finding(
            stack,
            Kind.STATE_KEEPS,
            each.name,
            each.instance,
            "not declared",
            "in the state: the next `up` takes it out of its instance",
        )
        for each in resources
        if _type(each) == _NUMBER and each.name not in declared
    ]
    return found


def _look(project: Path, stack: Stack) -> list[_Held] | str:
    words = ["refresh", "--preview-only", "--json", "--stack", stack.name]
    try:
        done = ask(project, words)
        if done.code not in (0, _EXPECTED_CHANGES):
            return done.reason
        return parse_preview(done.out)
    except FleetError as error:
        return str(error)


def _type(held: _Held) -> str:
    return held.step.urn.split("::")[-2].split("$")[-1]


def _behind(stack: Stack, held: _Held) -> Finding:
    step = held.step
    expected: str | None
    actual: str | None
    if step.op == "delete":
        expected, actual, field = "there, says the state", "gone", None
    else:
        paths = sorted({path.partition("[")[0] for path in step.detailed_diff or {}})
        field = next((path for path in paths if path in FIELDS), None)
        expected = "; ".join(f"{path}: {_text(step.old_state.inputs.get(path))}" for path in paths) or None
        actual = "; ".join(f"{path}: {_text(_live(step).get(path))}" for path in paths) or None
    return _finding(stack, Kind.STATE_BEHIND, held.name, held.instance, expected, actual, field)


def _live(step: _Step) -> Mapping[str, object]:
    return {**step.new_state.outputs, **step.new_state.inputs}


def _lacks(stack: Stack, instance: InstanceDeclaration, number: NumberDeclaration) -> Finding:
    finding = _finding(
        stack, Kind.STATE_LACKS, number.number, instance.id, "in the state", "not there: never brought up"
    )
    return replace(finding, source=number.source)


def _finding(
    stack: Stack,
    kind: Kind,
    subject: str,
    instance: str | None,
    expected: str | None,
    actual: str | None,
    field: str | None = None,
) -> Finding:
    return Finding(
        kind=kind,
        severity=ABOUT[kind].severity,
        stack=stack.name,
        instance=instance,
        subject=subject,
        field=field,
        expected=expected,
        actual=actual,
        cause=None,
        next=Next(f"pulumi up --refresh --stack {stack.name}"),
        heal=ABOUT[kind].heal,
        source=None,
    )


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)
