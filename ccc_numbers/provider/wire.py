"""Property bags between the engine's protobuf structs and plain Python values.

Secrets are declined in Configure, so values arrive bare; the engine keeps track of what is secret itself.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from google.protobuf.struct_pb2 import Struct, Value

Plain: TypeAlias = "bool | float | str | Sequence[Plain] | dict[str, Plain] | None"
Bag: TypeAlias = dict[str, Plain]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends, as a string, for a value that is not known yet (source: Pulumi's wire protocol)."""


def bag(struct: Struct) -> Bag:
    """Read a struct. Numbers are floats, as protobuf has them; null fields are left out."""
    return {
        key: _plain(value) for key, value in struct.fields.items() if value.WhichOneof("kind") != "null_value"
    }


def struct(values: Mapping[str, object]) -> Struct:
    """Write a struct, leaving out fields that are None."""
    made = Struct()
    made.update({key: value for key, value in values.items() if value is not None})
    return made


def has_unknown(value: Plain) -> bool:
    """Whether a value, or anything inside it, is not known yet."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value == UNKNOWN


def _plain(value: Value) -> Plain:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return {key: _plain(item) for key, item in value.struct_value.fields.items()}
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind == "string_value":
        return str(value.string_value)
    if kind == "bool_value":
        return bool(value.bool_value)
    return float(value.number_value) if kind == "number_value" else None
