"""The file for `pulumi import -f`: numbers become part of a stack's state without any write to CCC."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pydantic import BaseModel, Field, ValidationError

from ccc_numbers.fleet.engine.resources import COMPONENT, NUMBER, urn_name, urn_type
from ccc_numbers.fleet.errors import FleetError


class _Resource(BaseModel):
    urn: str


class _Deployment(BaseModel):
    resources: list[_Resource] = Field(default_factory=list)


class _Export(BaseModel):
    deployment: _Deployment | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a stack's state holds already: the numbers by their names, the instances' components by name."""

    numbers: frozenset[str]
    components: dict[str, str]


def parse_export(text: str) -> Held:
    """What `pulumi stack export` says. Raises FleetError."""
    try:
        deployment = _Export.model_validate_json(text).deployment or _Deployment()
    except ValidationError:
        raise FleetError("pulumi stack export did not answer the JSON expected of it") from None
    numbers: set[str] = set()
    components: dict[str, str] = {}
    for resource in deployment.resources:
        name, type_ = urn_name(resource.urn), urn_type(resource.urn)
        if type_ == NUMBER:
            numbers.add(name)
        elif type_ == COMPONENT:
            components[name] = resource.urn
    return Held(frozenset(numbers), components)


def import_text(instance: str, numbers: Iterable[str], components: dict[str, str]) -> str:
    """The bulk import of an instance's numbers, below their component, which is made where it is new."""
    parent = [] if instance in components else [{"type": COMPONENT, "name": instance, "component": True}]
    rows = [
        {"type": NUMBER, "name": number, "id": f"{instance}/{number}", "parent": instance}
        for number in sorted(numbers)
    ]
    table = {instance: components[instance]} if instance in components else {}
    whole = {"nameTable": table, "resources": [*parent, *rows]}
    return (
        json.dumps({key: value for key, value in whole.items() if value}, indent=1, ensure_ascii=False) + "\n"
    )


def to_import(declared_as_live: Collection[str], held: Held) -> list[str]:
    """The numbers that are declared, live, and not in the state yet."""
    return sorted(set(declared_as_live) - held.numbers)
