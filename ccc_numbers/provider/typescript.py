"""The package as a module of TypeScript, made from its schema; for `make generate`."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from ccc_numbers.provider.model import PACKAGE

# not translated: for developers

Spec = Mapping[str, Any]
_SCALARS = {"string": "string", "boolean": "boolean", "number": "number", "integer": "number"}


_OF_A_COMPONENT = ("InstanceRoster", "InstanceLatch")
"""Resources that a component makes, and nobody writes."""


def typescript(schema: Spec, environment: Environment) -> str:
    """The module: the resources that people write, and the types of their properties."""
    environment.filters |= {"given": _given, "shown": _shown}
    resources = _by_name(schema["resources"])
    for name in _OF_A_COMPONENT:
        del resources[name]
    types = _by_name(schema["types"])
    text = str(resources)
    needed: set[str] = set()
    while more := {name for name in types if f"{PACKAGE}{name}'" in text} - needed:
        needed |= more
        text += str([types[name] for name in more])
    types = {name: each for name, each in types.items() if name in needed}
    return environment.get_template("ccc.ts.j2").render(types=types, resources=resources)


def _by_name(specs: Spec) -> dict[str, Spec]:
    return {token.removeprefix(PACKAGE): {"required": [], **each} for token, each in specs.items()}


def _given(spec: Spec) -> str:
    """What an input of a type takes: each part may be an output of another resource."""
    return f"In<{_type(spec, inside='In<{}>')}>"


def _shown(spec: Spec) -> str:
    """What an output of a type is."""
    return _type(spec, inside="{}")


def _type(spec: Spec, inside: str) -> str:
    if "oneOf" in spec:
        return " | ".join(_type(each, inside) for each in spec["oneOf"])
    if "$ref" in spec:
        name = spec["$ref"].rpartition("/")[2]
        return "any" if name == "Any" else name.removeprefix(PACKAGE)
    match spec["type"]:
        case "array":
            return f"{inside.format(_type(spec['items'], inside))}[]"
        case "object":
            item = _type(spec["additionalProperties"], inside)
            return f"{{ [key: string]: {inside.format(item)} }}"
    return _SCALARS[spec["type"]]
