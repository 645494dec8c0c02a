"""Reads the properties of a component `InstanceNumbers` as if they stood in a stack file: the same grammar, rules, messages.

A problem's place is the resource, and its path the property's: `InstanceNumbers support: numbers.02180001001.usage: …`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from pydantic import Field

from ccc_numbers.declaration import clock
from ccc_numbers.declaration.grammar import InstanceShape, OverrideShape
from ccc_numbers.declaration.model import Declaration, Loaded
from ccc_numbers.declaration.order_grammar import BareOrderShape, OrderShape
from ccc_numbers.declaration.read import read
from ccc_numbers.declaration.scalars import Name
from ccc_numbers.declaration.vendor_rules import vendor_problems
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem, first_of_each_kind, shown
from ccc_numbers.messages.visible import visible
from ccc_numbers.messages.yaml_document import Document, Empty, Plain
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.numbers.number_text import number_fault

Said: TypeAlias = "bool | float | str | list[Said] | dict[str, Said] | None"


class InstanceNumbersShape(InstanceShape):
    """One call centre as a component of a program in another language: its numbers, the skill groups and contact flows
    managed with them, and the vendor orders they came with."""

    instance_id: Name = Field(description="the instance's id in CCC")
    overrides: tuple[OverrideShape, ...] = Field(
        default_factory=tuple, description="other bindings of its numbers for a while, such as over a holiday"
    )
    orders: dict[str, BareOrderShape] = Field(
        default_factory=dict,
        description="vendor orders, by key; without any, numbers may name orders that are declared elsewhere",
    )


_ONLY_IN_STACK_FILES = [
    each.alias or name
    for name, each in OrderShape.model_fields.items()
    if name not in BareOrderShape.model_fields
]
_BESIDE = ("overrides", "orders")
"""What stands beside the instance in a stack file."""


def label(name: str) -> str:
    """The component in the place of a file's name."""
    return f"InstanceNumbers {visible(name)}"


def read_component(name: str, said: Mapping[str, Said], project: Path) -> Loaded:
    """The instance and the orders that the component `name` declares. Files it names are below `project`."""
    rest = {key: _written(value) for key, value in said.items()}
    instance_id = rest.pop("instanceId", None)
    beside = {key: value for key in _BESIDE if (value := rest.pop(key, None)) is not None}
    orders = beside.get("orders")
    file, path = label(name), project / "Pulumi.yaml"
    if not isinstance(instance_id, str) or not instance_id:
        message = tr("is missing: {about}", about=tr("the instance's id in CCC"))
        lacking = Problem(file, 0, 0, "instanceId", None, message, "missing")
        return Loaded(None, (lacking,), Declaration(path, {}, {}))
    data: dict[str, Plain] = {"instances": {instance_id: rest}, **beside}
    document = Document(file, data, first=(0, 0))
    _refuse_purchases(document, orders)
    loaded = read(document, path, orders_elsewhere=orders is None)
    further = () if loaded.declaration is None else vendor_problems(loaded.declaration, clock.today())
    found = (*dropped_numbers(project), *loaded.problems, *further)
    problems = [_placed(each, file, instance_id) for each in found]
    return replace(loaded, problems=tuple(first_of_each_kind(problems)))


def _written(value: Said) -> Plain:
    """A value as a stack file has it: every scalar as text."""
    match value:
        case dict():
            return {key: _written(each) for key, each in value.items()}
        case list():
            return [_written(each) for each in value]
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case None | str():
            return value
    return str(value)


def _refuse_purchases(document: Document, orders: Plain) -> None:
    for key, order in orders.items() if isinstance(orders, dict) else ():
        for named in _ONLY_IN_STACK_FILES:
            if isinstance(order, dict) and named in order:
                message = tr(
                    "belongs to an order of a stack file, whose Python program buys and keeps papers; take it out here"
                )
                document.report(("orders", key, named), message, "order")


def _placed(problem: Problem, file: str, instance_id: str) -> Problem:
    """The problem with the component's own property path."""
    above = f"instances.{instance_id}"
    if problem.file != file or not problem.path.startswith(above):
        return problem
    return replace(problem, path=problem.path.removeprefix(above).removeprefix(".") or "instanceId")


def dropped_numbers(project: Path) -> Iterator[Problem]:
    """The numbers without a value in a program in YAML: Pulumi drops them, and with them what they declare."""
    document = _document(project / "Pulumi.yaml")
    if document is None or "yaml" not in (document.at(("runtime",)), document.at(("runtime", "name"))):
        return
    folder = document.at(("main",))
    program = _document((project / folder if isinstance(folder, str) else project) / "Main.yaml") or document
    for loc in _numbers_without_a_value(program.data):
        message = tr(
            "has no value, and a program in YAML leaves such a key out: the number would not be declared; write {}"
        )
        yield Problem.at(program.key(loc), str(loc[-1]), None, message, "number")


def _document(file: Path) -> Document | None:
    text = read_text(file) if file.is_file() else None
    return read_yaml(text, shown(file)) if isinstance(text, str) else None


def _numbers_without_a_value(data: Plain, loc: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if number_fault(key) is None and (value is None or isinstance(value, Empty)):
                yield (*loc, key)
            yield from _numbers_without_a_value(value, (*loc, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _numbers_without_a_value(value, (*loc, index))
