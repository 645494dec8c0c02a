"""Makes a stack file of a plan, and proves that it adds the plan's numbers and changes nothing else."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from ccc_numbers.declaration.model import Declaration, NumberDeclaration
from ccc_numbers.declaration.read import load_text
from ccc_numbers.fleet.adopt.plan import AdoptedNumber, AdoptionPlan
from ccc_numbers.fleet.adopt.stack_text import extended_text, new_text
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.essence import essence
from ccc_numbers.fleet.written_numbers import Defaults
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import first_of, quoted
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.messages.visible import cut, visible
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.numbers.plan_number import Binding

_LONGEST = 60
_SCHEMA = "ccc_numbers/declaration/schema.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text of a stack file that proves a plan: without its flows, whose definitions are files that are not there yet.

    `plan` has only what can be declared.
    """

    plan: AdoptionPlan
    text: str
    declaration: Declaration


def text_of(path: Path, before: str | None, plans: Iterable[AdoptionPlan], head: str) -> str | None:
    """The stack file with the drafted plans in it, flows and all; a new one gets the `head`."""
    for plan in plans:
        if plan.found:
            before = _text(path, before, plan, head)
    return before


def draft(path: Path, before: str | None, plan: AdoptionPlan) -> Draft:
    """A stack file with the plan in it. `before` is its text so far, None for a new one.

    Numbers and groups that the declaration's rules refuse are left out, with the reason. Raises FleetError when no text
    declares everything as before and the plan besides.
    """
    old = None if before is None else _sound(before, path)
    while True:
        proof = plan.without_flows
        # An instance of flows alone declares nothing without them, and has nothing to prove.
        text = _text(path, before, proof, "") if proof.found else before or ""
        loaded = load_text(text, path)
        if loaded.declaration is not None or not proof.found:
            _prove(old, loaded.sound, proof, path)
            return Draft(plan, text, loaded.sound)
        refused = _refused(loaded.problems, plan)
        plan = plan.without(refused)
        if not plan.found:
            raise FleetError(
                tr("no number can be declared as it is:"),
                *first_of([f"  {number} {reason}" for number, reason in plan.left_out.items()], 20),
            )


def _text(path: Path, before: str | None, plan: AdoptionPlan, head: str) -> str:
    if before is None:
        return new_text(plan, head)
    document = read_yaml(before, shown(path))
    instances = document.at(("instances",))
    known = isinstance(instances, dict) and plan.instance in instances
    try:
        return extended_text(before, plan, Defaults.read(document, plan.instance) if known else None)
    except yaml.YAMLError as error:
        raise FleetError(
            tr("{path}: cannot be added to: {names}", path=shown(path), names=" ".join(str(error).split()))
        ) from None


def head_of(path: Path, plans: Sequence[AdoptionPlan], today: date, command: str) -> str:
    """The comment on top of a new stack file."""
    counted = sum((Counter(plan.vendors) for plan in plans), Counter[str]())
    vendors = ", ".join(
        f"{count} of vendor {cut(visible(vendor), _LONGEST)}"  # not translated: kept in the file
        if vendor
        else f"{count} without a vendor's name"  # not translated: kept in the file
        for vendor, count in sorted(counted.items(), key=lambda item: (not item[0], -item[1], item[0]))
    )
    # In a team's repository there is the file that its README says how to make.
    checkout = (path.parent.parent / _SCHEMA).is_file()
    lines = [
        f"yaml-language-server: $schema=../{_SCHEMA if checkout else 'stack.schema.json'}",  # not translated: kept in the file
        "",
        f"Written by `{command}` on {today}, as CCC held it then.",  # not translated: kept in the file
        f"Vendors as CCC names them: {vendors}." if vendors else "",  # not translated: kept in the file
    ]
    if any(each.order is None for plan in plans for each in plan.written):
        # not translated: kept in the file
        lines.append("`order: ~` says that the order of a number is not known: CCC does not hold it.")
    return "\n".join(line for index, line in enumerate(lines) if line or index == 1)


def definitions(folder: Path, plans: Iterable[AdoptionPlan]) -> dict[Path, str]:
    """The definition files to write. Raises FleetError where another flow, or other content, has such a file."""
    found: dict[Path, str] = {}
    for plan in plans:
        for flow in plan.managed.flows:
            path = folder / flow.file(plan.instance)
            if path in found or (path.exists() and _parsed(path) != json.loads(flow.definition)):
                raise FleetError(
                    tr(
                        "{path}: holds something else than the definition of {name}; move it away, or leave the flow "
                        "out (--flow)",
                        path=shown(path),
                        name=quoted(flow.row.name),
                    )
                )
            found[path] = flow.definition
    return {path: text for path, text in found.items() if not path.exists()}


def _parsed(path: Path) -> object:
    try:
        parsed: object = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return parsed


def _sound(text: str, path: Path) -> Declaration:
    loaded = load_text(text, path)
    if loaded.declaration is None:
        raise FleetError(*map(str, loaded.problems))
    return loaded.declaration


def _refused(problems: tuple[Problem, ...], plan: AdoptionPlan) -> dict[str, str]:
    """What of the plan the declaration's rules refuse, and why; FleetError for any other problem."""
    refused: dict[str, str] = {}
    here = f"instances.{plan.instance}."
    named = {f"{here}numbers.{each.number}": each.number for each in plan.written}
    named |= {f"{here}skillGroups.{each.name}": each.name for each in plan.managed.groups}
    for problem in problems:
        lead = next((path for path in named if f"{problem.path}.".startswith(f"{path}.")), None)
        if lead is None:
            raise FleetError(tr("{problem}; nothing was written", problem=problem))
        refused.setdefault(
            named[lead], f"{problem.path.removeprefix(lead).lstrip('.')} {problem.message}".strip()
        )
    return refused


def _prove(old: Declaration | None, new: Declaration, plan: AdoptionPlan, path: Path) -> None:
    """Raise FleetError unless everything declared before is unchanged, and only the plan was added."""
    before = {} if old is None else essence(old)
    after = essence(new)
    numbers = {("number", plan.instance, each.number): each for each in plan.written}
    groups = {("group", plan.instance, each.name) for each in plan.managed.groups}
    added = {
        *numbers,
        *groups,
        ("rest",),
        *([("instance", plan.instance)] if plan.without_flows.found else []),
    }
    proven = (
        after.keys() == before.keys() | added
        and all(after[key] == said for key, said in before.items())
        and all(_says(after[key], each) for key, each in numbers.items())
    )
    if not proven:
        raise FleetError(
            tr("{path}: cannot take numbers without changing others; nothing was written", path=shown(path))
        )


def _says(declared: object, adopted: AdoptedNumber) -> bool:
    if not isinstance(declared, NumberDeclaration):
        return False
    binding = Binding(declared.usage, declared.flow, frozenset(declared.skill_groups))
    groups = adopted.binding.groups if not adopted.agent else frozenset()
    wanted = replace(adopted.binding, groups=groups, agent="")
    return binding == wanted and declared.order == adopted.order and declared.agent == adopted.agent
