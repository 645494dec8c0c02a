"""Property bags between the engine's protobuf structs and plain Python values.

Secrets are declined in Configure, so later values arrive bare; the engine keeps track of what is secret itself.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from google.protobuf.struct_pb2 import Struct, Value

Plain: TypeAlias = "bool | float | str | Sequence[Plain] | dict[str, Plain] | None"
Bag: TypeAlias = dict[str, Plain]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends, as a string, for a value that is not known yet (source: Pulumi's wire protocol)."""

# How Pulumi's wire protocol marks a secret: an object with this key and value, and the value itself as `value`.
_SIGNATURE, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def bag(struct: Struct) -> Bag:
    """Read a struct. Numbers are floats, as protobuf has them; null fields are left out."""
    # By key: protobuf's own `items()` takes twice as long, and each number's properties are read six times a preview.
    fields = struct.fields
    return {key: value for key in fields if (value := _plain(fields[key])) is not None}


def struct(values: Mapping[str, object]) -> Struct:
    """Write a struct, leaving out fields that are None."""
    made = Struct()
    made.update({key: value for key, value in values.items() if value is not None})
    return made


def concealed(inputs: Struct, key: str, *, containing: str) -> Struct:
    """`inputs` with the field `key` marked as a secret where its text or mapping contains this word.

    The engine encrypts it in the state, and shows `[secret]` in its place.
    """
    field = inputs.fields[key] if key in inputs.fields else Value()
    if containing not in (field.string_value or field.struct_value.fields):
        return inputs
    made = Struct()
    made.CopyFrom(inputs)
    made.fields[key].Clear()
    made.fields[key].struct_value.update({_SIGNATURE: _SECRET})
    made.fields[key].struct_value.fields["value"].CopyFrom(field)
    return made


def extended(inputs: Struct, more: Mapping[str, object]) -> Struct:
    """`inputs` with further fields; those that it has stay as they were sent."""
    made = struct(more)
    made.MergeFrom(inputs)
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
        found = {key: _plain(item) for key, item in value.struct_value.fields.items()}
        return found.get("value") if found.get(_SIGNATURE) == _SECRET else found
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    return None if kind in ("null_value", None) else getattr(value, kind)
