"""All that a declaration says, without the places in its file: what must stay when the file is rewritten."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from ccc_numbers.declaration.model import Declaration, OrderDeclaration
from ccc_numbers.declaration.read import load_text
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.problem import Source, shown

NOWHERE = Source("")
Key = tuple[str, ...]


def essence(declaration: Declaration) -> dict[Key, object]:
    """By what it is about: `("order", key)`, `("instance", id)`, `("number", id, number)`, and so with groups and flows."""
    return dict(_said(declaration))


def _said(declaration: Declaration) -> Iterator[tuple[Key, object]]:
    yield ("rest",), replace(declaration, file=Path(), instances={}, orders={}, overrides=())
    for index, override in enumerate(declaration.overrides):
        yield ("override", f"overrides[{index}]"), replace(override, source=NOWHERE)
    for key, order in declaration.orders.items():
        yield ("order", key), essence_of_order(order)
    for id, instance in declaration.instances.items():
        yield (
            ("instance", id),
            replace(instance, numbers={}, skill_groups={}, contact_flows={}, source=NOWHERE),
        )
        for name, group in instance.skill_groups.items():
            yield ("group", id, name), replace(group, source=NOWHERE)
        for name, flow in instance.contact_flows.items():
            yield ("flow", id, name), replace(flow, source=NOWHERE)
        for name, number in instance.numbers.items():
            yield ("number", id, name), replace(number, source=NOWHERE)


def essence_of_order(order: OrderDeclaration) -> OrderDeclaration:
    """The order without its places in the file."""
    return replace(order, source=NOWHERE, positions={})


def sound_text(path: Path, text: str) -> Declaration:
    """What a stack file's text declares. Raises FleetError where something is wrong with it."""
    try:
        loaded = load_text(text, path)
    except yaml.YAMLError as error:
        raise FleetError(f"{shown(path)}: {' '.join(str(error).split())}") from None
    if loaded.declaration is None:
        raise FleetError(*(f"{each}; nothing was written" for each in loaded.problems[:5]))
    return loaded.declaration
