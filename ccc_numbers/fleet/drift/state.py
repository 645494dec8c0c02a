"""Pulumi's state against CCC and the declaration: `pulumi refresh --preview-only` of each stack."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Unpack

from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.findings import Details, Finding, Next
from ccc_numbers.fleet.drift.report import Unseen
from ccc_numbers.fleet.engine.pulumi import run
from ccc_numbers.fleet.engine.resources import NUMBER, PreviewStep, preview_steps
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.stacks import Stack, numbers_of
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.finding_kinds import FIELDS, FindingKind

# Each is a CLI, a language host and a plugin: more at a time than cores is no faster.
_AT_ONCE = 4
_EXPECTED_CHANGES = 7


def state_findings(project: Path, stacks: Sequence[Stack]) -> tuple[list[Finding], list[Unseen]]:
    """The findings about state, declaration and CCC; and the stacks whose state could not be read."""
    found: list[Finding] = []
    blind: list[Unseen] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for stack, answer in zip(stacks, pool.map(lambda each: _look(project, each), stacks), strict=True):
            if isinstance(answer, str):
                blind.append(Unseen(stack.name, None, tr("Pulumi state: {why}", why=answer)))
            else:
                found.extend(_compare(stack, answer))
    return found, blind


def _look(project: Path, stack: Stack) -> Sequence[PreviewStep] | str:
    words = ["refresh", "--preview-only", "--json", "--stack", stack.name]
    try:
        done = run(project, words)
        if done.code not in (0, _EXPECTED_CHANGES):
            return done.reason
        return preview_steps(done.out, "refresh")
    except FleetError as error:
        return str(error)


def _compare(stack: Stack, held: Iterable[PreviewStep]) -> Iterator[Finding]:
    """The findings about a stack whose state holds `held`. Pure."""
    resources = [each for each in held if each.type.startswith("ccc:index:")]
    in_state = {each.name for each in resources if each.type == NUMBER}
    declared = {number.number: (instance, number) for instance, number in numbers_of(stack.declaration)}
    yield from (_behind(stack, each) for each in resources if each.op in ("update", "delete"))
    for subject in sorted(declared.keys() - in_state):
        instance, number = declared[subject]
        lacks = Details(expected=texts.IN_STATE, actual=texts.NEVER_UP, source=number.source)
        yield _finding(stack, FindingKind.STATE_LACKS, subject, instance.id, **lacks)
    for each in resources:
        if each.type == NUMBER and each.name not in declared:
            keeps = Details(expected=texts.NOT_DECLARED, actual=texts.TAKEN_OUT)
            yield _finding(stack, FindingKind.STATE_KEEPS, each.name, _instance(each), **keeps)


def _instance(step: PreviewStep) -> str | None:
    value = step.old_state.inputs.get("instanceId")
    return value if isinstance(value, str) else None


def _behind(stack: Stack, step: PreviewStep) -> Finding:
    if step.op == "delete":
        behind = Details(expected=texts.AS_STATE, actual=texts.GONE)
    else:
        paths, live = sorted(step.fields), {**step.new_state.outputs, **step.new_state.inputs}
        behind = Details(
            expected=_texts(paths, step.old_state.inputs),
            actual=_texts(paths, live),
            field=next((path for path in paths if path in FIELDS), None),
        )
    return _finding(stack, FindingKind.STATE_BEHIND, step.name, _instance(step), **behind)


def _texts(paths: Iterable[str], values: Mapping[str, object]) -> str | None:
    return "; ".join(f"{path}: {_text(values.get(path))}" for path in paths) or None


def _finding(
    stack: Stack, kind: FindingKind, subject: str, instance: str | None, **details: Unpack[Details]
) -> Finding:
    way_out = Next(f"pulumi up --refresh --stack {stack.name}")  # not translated: a command
    return Finding.of(kind, stack.name, subject, way_out, instance=instance, **details)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or texts.NONE
    return texts.NONE if value is None or value == "" else str(value)
