"""Property bags between the engine's protobuf structs and plain Python values.

What is secret arrives marked, because a plugin that serves a component has to take it so. A bag drops the marks, and
`struct` puts them back.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from google.protobuf.struct_pb2 import Struct, Value

from ccc_numbers.messages.language import tr

Plain: TypeAlias = "bool | float | str | Sequence[Plain] | dict[str, Plain] | None"
Bag: TypeAlias = dict[str, Plain]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends, as a string, for a value that is not known yet (source: Pulumi's wire protocol)."""

# How Pulumi's wire protocol marks a secret: an object with this key and value, and the value itself as `value`. The
# inputs of a component have outputs in their place, which may be secret, and have no value while they are not known.
_SIGNATURE, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def bag(struct: Struct) -> Bag:
    """Read a struct. Numbers are floats, as protobuf has them; null fields are left out."""
    # By key: protobuf's own `items()` takes twice as long, and each number's properties are read six times a preview.
    fields = struct.fields
    return {key: value for key in fields if (value := _plain(fields[key])) is not None}


def struct(values: Mapping[str, object], *like: Struct) -> Struct:
    """Write a struct, leaving out fields that are None. What is a secret in `like` is one under the same name."""
    made = Struct()
    made.update({key: value for key, value in values.items() if value is not None})
    # Next to none holds one, and to look through a value here takes longer than to write all of them there.
    marked = [each for each in like if _SIGNATURE.encode() in each.SerializeToString()]
    for key in {key for each in marked for key in each.fields if _holds_secret(each.fields[key])}:
        if key in made.fields:
            _mark(made, key)
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
    _mark(made, key)
    return made


def _mark(made: Struct, key: str) -> None:
    """Make the field a secret."""
    value = Value()
    value.CopyFrom(made.fields[key])
    made.fields[key].struct_value.update({_SIGNATURE: _SECRET})
    made.fields[key].struct_value.fields["value"].CopyFrom(value)


def _holds_secret(value: Value) -> bool:
    match value.WhichOneof("kind"):
        case "struct_value":
            fields = value.struct_value.fields
            secret = _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET
            return secret or any(_holds_secret(fields[key]) for key in fields)
        case "list_value":
            return any(_holds_secret(item) for item in value.list_value.values)
    return False


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


def withheld(inputs: Struct) -> Iterator[tuple[str, str]]:
    """The paths of a component's inputs that it cannot be made from, each with the reason."""
    for key, value in inputs.fields.items():
        yield from _withheld(value, (key,))


def _withheld(value: Value, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    fields = value.struct_value.fields
    signature = fields[_SIGNATURE].string_value if _SIGNATURE in fields else ""
    if value.string_value == UNKNOWN or (signature == _OUTPUT and "value" not in fields):
        yield (
            ".".join(path),
            tr("is not known before the update, so nobody could see what it does; write the value itself"),
        )
    elif signature == _SECRET or (signature == _OUTPUT and fields["secret"].bool_value):
        yield (
            ".".join(path),
            tr("is a secret, and a declaration is shown in plans; write it without secret()"),
        )
    elif signature == _OUTPUT:
        yield from _withheld(fields["value"], path)
    else:
        for key, item in fields.items():
            yield from _withheld(item, (*path, key))
        for index, item in enumerate(value.list_value.values):
            yield from _withheld(item, (*path, str(index)))


def _plain(value: Value) -> Plain:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        found = {key: _plain(item) for key, item in value.struct_value.fields.items()}
        return found.get("value") if found.get(_SIGNATURE) in (_SECRET, _OUTPUT) else found
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    return None if kind in ("null_value", None) else getattr(value, kind)
