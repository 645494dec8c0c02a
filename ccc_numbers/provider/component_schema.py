"""The inputs of `ccc:index:InstanceNumbers` in the package schema, made from the grammar of stack files; for `make generate`."""

from collections.abc import Iterable, Mapping
from typing import Any

from ccc_numbers.declaration.component import InstanceNumbersShape
from ccc_numbers.provider.construct import TOKEN
from ccc_numbers.provider.model import PACKAGE

Spec = dict[str, Any]
_PARTS = "#/$defs/"


def component(outputs: Spec) -> dict[str, Spec]:
    """The component by its token; `outputs` are its `properties`, and which of them are `required`."""
    found = InstanceNumbersShape.model_json_schema(by_alias=True)
    inputs = _object(found)
    made = {
        "description": _sentence(found["description"]),
        "isComponent": True,
        "inputProperties": inputs["properties"],
        "requiredInputs": inputs["required"],
        **outputs,
    }
    return {TOKEN: made}


def parts() -> dict[str, Spec]:
    """The types that its inputs consist of, by their tokens."""
    found = InstanceNumbersShape.model_json_schema(by_alias=True)["$defs"]
    return {
        f"{PACKAGE}{_name(name)}": {
            "type": "object",
            "description": _sentence(each["description"]),
            **_object(each),
        }
        for name, each in found.items()
    }


def _name(shape: str) -> str:
    """`NumberShape` as `NumberDeclaration`: the grammar's own names would be those of resources."""
    return shape.removeprefix("Bare").removesuffix("Shape") + "Declaration"


def _object(found: Spec) -> Spec:
    """Its properties, those that are required first."""
    required = found.get("required", [])
    properties = {
        name: {**_type(each), "description": _sentence(each["description"])}
        for name, each in sorted(found["properties"].items(), key=lambda each: each[0] not in required)
    }
    return {"properties": properties} | ({"required": required} if required else {})


def _sentence(said: str) -> str:
    """A description of the grammar as the schema has them, where there is no stack file."""
    words = " ".join(said.split())
    # not translated: the schema's
    said = words.replace("this file's folder", "the project's folder").removesuffix(".")
    return f"{said[:1].upper()}{said[1:]}."


def _type(found: Mapping[str, Any]) -> Spec:
    """A type of JSON Schema as one of Pulumi's: patterns and limits are left to the plugin, which explains them."""
    if "$ref" in found:
        return {"$ref": f"#/types/{PACKAGE}{_name(found['$ref'].removeprefix(_PARTS))}"}
    if "anyOf" in found:
        choices = [_type(each) for each in found["anyOf"] if each != {"type": "null"}]
        return choices[0] if len(choices) == 1 else {"oneOf": choices}
    match found["type"]:
        case "array":
            return {"type": "array", "items": _type(found["items"])}
        case "object":
            return {"type": "object", "additionalProperties": _type(found["additionalProperties"])}
        case str(one):
            return {"type": one}
    return _either(found["type"], "pattern" in found)


def _either(kinds: Iterable[str], both: bool) -> Spec:
    """A scalar written as a number or as text: one of them, unless a pattern gives each a meaning (`3`, `"10%"`)."""
    first, *_ = kinds
    if both:
        return {"oneOf": [{"type": "string"}, {"type": "number"}]}
    return {"type": first}
