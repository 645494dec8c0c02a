"""The resource types of package `ccc`. Each property is written once, here; everything else follows from that.

`phone_number.py` and its neighbours hold one type each, as `MODEL`. The plugin checks and compares with it at run time;
`make generate` writes `provider/schema.json` and `components/resources.py` from it. Without `eq`, each class here takes
half the time to load, which every start of the plugin pays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property, partial
from typing import Any, Generic, TypeVar

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.provider.properties import Change, field_changes, list_changes, texts
from ccc_numbers.provider.wire import UNKNOWN, Bag, Plain

Row = TypeVar("Row")
PACKAGE = "ccc:index:"


@dataclass(frozen=True, eq=False)
class Type:
    """A type: in the package schema, on the wire (bool, float, str, list or dict), and in Python.

    `item`: what a list or map consists of; `{}` in `form` stands for it. `named`: the type of the package that it is.
    """

    schema: Mapping[str, object]
    wire: type
    form: str
    item: "Type | None" = None
    named: "Choice | Record[Any] | None" = None

    @property
    def python(self) -> str:
        """What an output of it is."""
        return self.form.format(self.item.python if self.item else "")

    @property
    def taken(self) -> str:
        """What a typed class takes for it: each part may be an output of another resource."""
        return f"pulumi.Input[{self.form.format(self.item.taken if self.item else '')}]"


def list_of(item: Type) -> Type:
    return Type({"type": "array", "items": item.schema}, list, "Sequence[{}]", item)


def map_of(item: Type) -> Type:
    """A map by text."""
    return Type({"type": "object", "additionalProperties": item.schema}, dict, "Mapping[str, {}]", item)


TEXT = Type({"type": "string"}, str, "str")
FLAG = Type({"type": "boolean"}, bool, "bool")
COUNT = Type({"type": "number"}, float, "int")
INTEGER = Type({"type": "integer"}, float, "int")
TEXTS = list_of(TEXT)
ANYTHING = map_of(Type({"$ref": "pulumi.json#/Any"}, object, "Any"))


@dataclass(frozen=True, eq=False)
class Choice:
    """A text out of a few: each with its explanation, "" for none."""

    name: str
    doc: str
    values: Mapping[str, str]

    @property
    def type(self) -> Type:
        return Type({"$ref": f"#/types/{PACKAGE}{self.name}"}, str, "str", named=self)


class Compared(Enum):
    """How an update finds out that an input differs."""

    YES = auto()
    """Another value is an update; maps are compared key by key."""
    AS_SET = auto()
    """A list whose order does not matter."""
    BY_ITEM = auto()
    """A list whose items come and go, each shown at its place."""
    REPLACES = auto()
    """Another value is another resource."""
    NO = auto()
    """Not by the model: the verbs compare or refuse it, or it only says how to begin."""


@dataclass(frozen=True, eq=False)
class Property(Generic[Row]):
    """One property: an input, unless it is an `output`.

    `required`: it has to be given, or is always there. `said`: CCC does not know it, so a refresh keeps the program's
    value. `live` reads it from a row of CCC, None when there is nothing; an input that is `absent` there need not be
    written. `environment`: the variable that stands in for it.
    """

    name: str
    type: Type
    doc: str
    required: bool = False
    output: bool = False
    said: bool = False
    live: Callable[[Row], Plain] | None = None
    absent: Plain = None
    compared: Compared = Compared.YES
    secret: bool = False
    environment: str = ""


optional = Property
required = partial(Property, required=True)
said = partial(Property, said=True)
output = partial(Property, output=True)
always = partial(Property, output=True, required=True)


@dataclass(frozen=True, eq=False)
class Record(Generic[Row]):
    """An object of named properties, which a row of CCC fills."""

    name: str
    doc: str
    properties: tuple[Property[Row], ...]

    @property
    def type(self) -> Type:
        return Type(
            {"$ref": f"#/types/{PACKAGE}{self.name}"},
            dict,
            "Mapping[str, Any]",  # not translated: a type
            named=self,
        )

    @cached_property
    def inputs(self) -> Mapping[str, Property[Row]]:
        return {each.name: each for each in self.properties if not each.output}

    @cached_property
    def outputs(self) -> Mapping[str, Property[Row]]:
        """The properties that are not inputs."""
        return {each.name: each for each in self.properties if each.output}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The inputs that have to be given."""
        return tuple(name for name, each in self.inputs.items() if each.required)

    def live(self, row: Row) -> Bag:
        """The row in the properties' names; what is not known is left out."""
        return _live(self.properties, row)


@dataclass(frozen=True, eq=False)
class Model(Record[Row]):
    """One resource type. `by_mapping`: its typed class takes the inputs as one mapping by their names here."""

    by_mapping: bool = False

    @property
    def token(self) -> str:
        return f"{PACKAGE}{self.name}"

    @cached_property
    def said(self) -> frozenset[str]:
        """The inputs that CCC does not know."""
        return frozenset(name for name, each in self.inputs.items() if each.said)

    @property
    def secret(self) -> list[str]:
        """The properties that Pulumi keeps encrypted and shows masked."""
        return [each.name for each in self.properties if each.secret]

    @cached_property
    def _compared(self) -> Mapping[Compared, tuple[str, ...]]:
        return {
            how: tuple(name for name, each in self.inputs.items() if each.compared is how) for how in Compared
        }

    def problems(self, inputs: Bag, subject: str) -> Iterator[str]:
        """Unknown keys, missing keys and wrong types. Values not known yet fit everything."""
        for key, value in inputs.items():
            known = self.inputs.get(key)
            if known is None:
                hint = suggestion(key, self.inputs, "there are")
                yield tr('{subject}: unknown property "{key}"; {hint}', subject=subject, key=key, hint=hint)
            elif value != UNKNOWN and not isinstance(value, known.type.wire):
                yield tr(
                    '{subject}: "{key}" must be a {kind}, not {value!r}',
                    subject=subject,
                    key=key,
                    kind=_WIRE_NAMES[known.type.wire],
                    value=value,
                )
            elif known.type is TEXTS and not _only_texts(value):
                yield tr('{subject}: "{key}" must be a list of strings', subject=subject, key=key)
        for key in self.required:
            if inputs.get(key) in (None, ""):
                yield tr('{subject}: "{key}" is required', subject=subject, key=key)

    def changes(self, old: Bag, new: Bag) -> dict[str, Change]:
        """What differs between old properties and new inputs, each as its property says; see `field_changes`."""
        how = self._compared
        changes = field_changes(old, new, (*how[Compared.YES], *how[Compared.AS_SET]), how[Compared.AS_SET])
        for name in how[Compared.BY_ITEM]:
            changes |= list_changes(name, texts(old, name), texts(new, name))
        replacing = field_changes(old, new, how[Compared.REPLACES])
        return changes | dict.fromkeys(replacing, Change.REPLACE)

    def live_inputs(self, row: Row, said: Bag) -> Bag:
        """The inputs a program would have to give for the row. `said`: those it gave, empty on an import."""
        live = _live(self.inputs.values(), row)
        wanted = {name: live[name] for name in live if name in said or live[name] != self.inputs[name].absent}
        return wanted | {name: said[name] for name in self.said if name in said}

    def live_outputs(self, row: Row) -> Bag:
        """What CCC says beyond the inputs."""
        return _live(self.outputs.values(), row)


def _live(properties: Iterable[Property[Row]], row: Row) -> Bag:
    found = {each.name: each.live(row) for each in properties if each.live}
    return {name: value for name, value in found.items() if value is not None}


def _only_texts(value: Plain) -> bool:
    return not isinstance(value, list) or all(isinstance(item, str) for item in value)


_WIRE_NAMES = {str: "string", list: "list", bool: "boolean", float: "number", dict: "map"}
