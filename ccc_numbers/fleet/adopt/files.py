"""Makes a stack file of a plan, and proves that it adds the plan's numbers and changes nothing else."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from ccc_numbers.declaration.model import Declaration, NumberDeclaration
from ccc_numbers.declaration.read import load_text
from ccc_numbers.fleet.adopt.plan import AdoptedNumber, AdoptionPlan
from ccc_numbers.fleet.adopt.stack_text import Defaults, extended_text, new_text
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.names import first_of
from ccc_numbers.messages.problem import Problem, Source, shown
from ccc_numbers.messages.visible import cut, visible
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.numbers.plan_number import Binding

_LONGEST = 60
_SCHEMA = "ccc_numbers/declaration/schema.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """The new text of a stack file; `plan` has only the numbers that it declares."""

    plan: AdoptionPlan
    text: str
    declaration: Declaration


def draft(path: Path, before: str | None, plan: AdoptionPlan, today: date, command: str) -> Draft:
    """A stack file with the plan in it. `before` is its text so far, None for a new one.

    Numbers that the declaration's rules refuse are left out, with the reason. Raises FleetError when no text declares
    everything as before and the plan besides.
    """
    old = None if before is None else _sound(before, path)
    while True:
        text = _text(path, before, plan, today, command)
        loaded = load_text(text, path)
        if loaded.declaration is not None:
            _prove(old, loaded.declaration, plan, path)
            return Draft(plan, text, loaded.declaration)
        refused = _refused(loaded.problems, plan)
        plan = plan.without(refused)
        if not plan.found:
            raise FleetError(
                "no number can be declared as it is:",
                *first_of([f"  {number} {reason}" for number, reason in plan.left_out.items()], 20),
            )


def _text(path: Path, before: str | None, plan: AdoptionPlan, today: date, command: str) -> str:
    if before is None:
        return new_text(plan, _head(path, plan, today, command))
    document = read_yaml(before, shown(path))
    instances = document.at(("instances",))
    known = isinstance(instances, dict) and plan.instance in instances
    try:
        return extended_text(before, plan, Defaults.read(document, plan.instance) if known else None)
    except yaml.YAMLError as error:
        raise FleetError(f"{shown(path)}: cannot be added to: {' '.join(str(error).split())}") from None


def _head(path: Path, plan: AdoptionPlan, today: date, command: str) -> str:
    vendors = ", ".join(
        f"{count} of vendor {cut(visible(vendor), _LONGEST)}"
        if vendor
        else f"{count} without a vendor's name"
        for vendor, count in sorted(plan.vendors.items(), key=lambda item: (not item[0], -item[1], item[0]))
    )
    # In a team's repository there is the file that its README says how to make.
    checkout = (path.parent.parent / _SCHEMA).is_file()
    lines = [
        f"yaml-language-server: $schema=../{_SCHEMA if checkout else 'stack.schema.json'}",
        "",
        f"Written by `{command}` on {today}, as CCC held it then.",
        f"Vendors as CCC names them: {vendors}." if vendors else "",
    ]
    if any(each.order is None for each in plan.written):
        lines.append("`order: ~` says that the order of a number is not known: CCC does not hold it.")
    return "\n".join(line for index, line in enumerate(lines) if line or index == 1)


def _sound(text: str, path: Path) -> Declaration:
    loaded = load_text(text, path)
    if loaded.declaration is None:
        raise FleetError(*map(str, loaded.problems))
    return loaded.declaration


def _refused(problems: tuple[Problem, ...], plan: AdoptionPlan) -> dict[str, str]:
    """The numbers of the plan that the declaration's rules refuse, and why; FleetError for any other problem."""
    refused: dict[str, str] = {}
    numbers = {each.number for each in plan.written}
    lead = f"instances.{plan.instance}.numbers."
    for problem in problems:
        number = problem.path.removeprefix(lead).partition(".")[0]
        if not problem.path.startswith(lead) or number not in numbers:
            raise FleetError(f"{problem}; nothing was written")
        key = problem.path.removeprefix(lead + number).lstrip(".")
        refused.setdefault(number, f"{key} {problem.message}".strip())
    return refused


def _prove(old: Declaration | None, new: Declaration, plan: AdoptionPlan, path: Path) -> None:
    """Raise FleetError unless everything declared before is unchanged, and only the plan was added."""
    before = {} if old is None else _all(old)
    after = _all(new)
    added = {(plan.instance, each.number): each for each in plan.written}
    proven = (
        after.keys() == before.keys() | added.keys()
        and all(after[key] == number for key, number in before.items())
        and all(_says(after[key], each) for key, each in added.items())
        and (old is None or old.orders.keys() == new.orders.keys())
    )
    if not proven:
        raise FleetError(f"{shown(path)}: cannot take numbers without changing others; nothing was written")


def _all(declaration: Declaration) -> dict[tuple[str, str], NumberDeclaration]:
    """Every number by instance and number, without its place in the file, which moves."""
    nowhere = Source("")
    return {
        (instance.id, number.number): replace(number, source=nowhere)
        for instance in declaration.instances.values()
        for number in instance.numbers.values()
    }


def _says(declared: NumberDeclaration, adopted: AdoptedNumber) -> bool:
    binding = Binding(declared.usage, declared.flow, frozenset(declared.skill_groups))
    groups = adopted.binding.groups if not adopted.agent else frozenset()
    wanted = replace(adopted.binding, groups=groups)
    return binding == wanted and declared.order == adopted.order and declared.agent == adopted.agent
