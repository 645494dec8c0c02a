"""Pulumi's state against CCC and the declaration: `pulumi refresh --preview-only` of each stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Unpack

from ccc_numbers.fleet.drift.findings import FIELDS, Details, Finding, FindingKind, Next
from ccc_numbers.fleet.drift.report import Unseen
from ccc_numbers.fleet.drift.stacks import Stack, numbers_of
from ccc_numbers.fleet.engine.pulumi import run
from ccc_numbers.fleet.engine.resources import NUMBER, PreviewStep, preview_steps
from ccc_numbers.fleet.errors import FleetError

# Each is a CLI, a language host and a plugin: more at a time than cores is no faster.
_AT_ONCE = 4
_EXPECTED_CHANGES = 7


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


def compare_state(stack: Stack, held: Iterable[PreviewStep]) -> list[Finding]:
    """Pure: what a stack declares, and what its state holds, into findings."""
    resources = [each for each in held if each.type.startswith("ccc:index:")]
    numbers = {each.name for each in resources if each.type == NUMBER}
    declared = {number.number: (instance, number) for instance, number in numbers_of(stack.declaration)}
    found = [_behind(stack, each) for each in resources if each.op in ("update", "delete")]
    for subject in sorted(declared.keys() - numbers):
        instance, number = declared[subject]
        lacks = Details(expected="in the state", actual="not there: never brought up", source=number.source)
        found.append(_finding(stack, FindingKind.STATE_LACKS, subject, instance.id, **lacks))
    keeps = Details(
        expected="not declared", actual="in the state: the next `up` takes it out of its instance"
    )
    found += [
        _finding(stack, FindingKind.STATE_KEEPS, each.name, _instance(each), **keeps)
        for each in resources
        if each.type == NUMBER and each.name not in declared
    ]
    return found


def _look(project: Path, stack: Stack) -> Sequence[PreviewStep] | str:
    words = ["refresh", "--preview-only", "--json", "--stack", stack.name]
    try:
        done = run(project, words)
        if done.code not in (0, _EXPECTED_CHANGES):
            return done.reason
        return preview_steps(done.out, "refresh")
    except FleetError as error:
        return str(error)


def _instance(step: PreviewStep) -> str | None:
    value = step.old_state.inputs.get("instanceId")
    return value if isinstance(value, str) else None


def _behind(stack: Stack, step: PreviewStep) -> Finding:
    expected: str | None
    actual: str | None
    if step.op == "delete":
        expected, actual, field = "there, says the state", "gone", None
    else:
        paths = sorted(step.fields)
        field = next((path for path in paths if path in FIELDS), None)
        expected = "; ".join(f"{path}: {_text(step.old_state.inputs.get(path))}" for path in paths) or None
        live = {**step.new_state.outputs, **step.new_state.inputs}
        actual = "; ".join(f"{path}: {_text(live.get(path))}" for path in paths) or None
    behind = Details(expected=expected, actual=actual, field=field)
    return _finding(stack, FindingKind.STATE_BEHIND, step.name, _instance(step), **behind)


def _finding(
    stack: Stack, kind: FindingKind, subject: str, instance: str | None, **details: Unpack[Details]
) -> Finding:
    way_out = Next(f"pulumi up --refresh --stack {stack.name}")
    return Finding.of(kind, stack.name, subject, way_out, instance=instance, **details)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)
