"""The kinds of parameters an operation may declare, and what CCC answers when a value is not of its kind.

An operation's signature is its declaration: `usage: Usage` is a required enumeration, a default makes a
parameter optional. Values arrive as text; `None` means absent, and a blank optional value reads as absent.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

from ccc_numbers.simulator.errors import business, missing
from ccc_numbers.simulator.records import FlowKind, Media
from ccc_numbers.simulator.switches import Switches

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_SURROGATES = re.compile("[\ud800-\udfff]")


class ParameterType:
    """One kind of value. `blank_code` refuses a blank one, where that is not `blank-parameter`'s choice."""

    blank_code: ClassVar[str] = ""

    def parse(self, name: str, text: str, switches: Switches) -> object:
        """The Python value; Refused when the text is not of this kind."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(ParameterType):
    """A string. `pattern` is what it must match in full; `keeps_blank` keeps blank and absent apart."""

    pattern: str = ""
    expected: str = ""
    keeps_blank: bool = False

    def parse(self, name: str, text: str, switches: Switches) -> str:
        if self.pattern and not re.fullmatch(self.pattern, text, re.DOTALL):
            raise business("Parameter.Format", name, self.expected)
        return text


@dataclass(frozen=True)
class Integer(ParameterType):
    """A decimal integer from `low` to `high`, both included."""

    low: int
    high: int
    blank_code = "Parameter.Null"

    def parse(self, name: str, text: str, switches: Switches) -> int:
        if not _INTEGER.fullmatch(text):
            raise business("Parameter.Format", name, f"{text[:40]} is not an integer")
        value = int(text)
        if value > self.high:
            raise business("Parameter.Maximum", name, self.high)
        if value < self.low:
            raise business("Parameter.Minimum", name, self.low)
        return value


@dataclass(frozen=True)
class Boolean(ParameterType):
    """`true` or `false` in any case: both SDKs send Python's `True` and `False`."""

    blank_code = "Parameter.Null"

    def parse(self, name: str, text: str, switches: Switches) -> bool:
        if text.lower() not in {"true", "false"}:
            raise business("Parameter.Format", name, f"{text[:40]} is not a boolean")
        return text.lower() == "true"


@dataclass(frozen=True)
class Choice(ParameterType):
    """One of the values of an enumeration."""

    values: tuple[str, ...]

    def parse(self, name: str, text: str, switches: Switches) -> str:
        if switches.enumeration_case == "any":
            text = {value.lower(): value for value in self.values}.get(text.lower(), text)
        if text not in self.values:
            raise business("Parameter.Enumeration", name, f"[{', '.join(self.values)}]")
        return text


@dataclass(frozen=True)
class Strings(ParameterType):
    """A JSON array of strings in one parameter, its length checked."""

    def parse(self, name: str, text: str, switches: Switches) -> tuple[str, ...]:
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise business("Parameter.Format", name, "It must be a JSON array of strings")
        if any(_SURROGATES.search(value) for value in values):
            raise business("Parameter.Format", name, "It must be valid Unicode")
        if switches.list_limit != "unlimited" and len(values) > int(switches.list_limit):
            raise business("Parameter.Maximum", name, switches.list_limit)
        if not values and switches.empty_list != "no-op":
            code = "Parameter.Minimum" if switches.empty_list == "minimum" else "Parameter.Empty"
            raise business(code, *(name, 1)[: 2 if code == "Parameter.Minimum" else 1])
        return tuple(values)


String = Annotated[str, Text()]
BlankableString = Annotated[str, Text(keeps_blank=True)]
Flag = Annotated[bool, Boolean()]
StringList = Annotated[tuple[str, ...], Strings()]
Usage = Annotated[str, Choice(("Inbound", "Outbound", "Bidirection"))]
MediaType = Annotated[str, Choice(get_args(Media))]
FlowType = Annotated[str, Choice(get_args(FlowKind))]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter: `NumberList` on the wire, `number_list` in the operation."""

    name: str
    argument: str
    kind: ParameterType
    required: bool

    def check_present(self, values: Mapping[str, str], switches: Switches) -> None:
        """The gateway's own check, before anything else is looked at."""
        if self.required and self.name not in values:
            if switches.missing_parameter == "gateway":
                raise missing(self.name)
            code = "Parameter.Blank" if switches.missing_parameter == "blank" else "Parameter.Null"
            raise business(code, self.name)

    def parse(self, values: Mapping[str, str], switches: Switches) -> object:
        """The value for the operation; None when absent, or blank and optional."""
        text = values.get(self.name)
        if text is None or (isinstance(self.kind, Text) and self.kind.keeps_blank and not text.strip()):
            return text and ""
        if text.strip():
            return self.kind.parse(self.name, text, switches)
        if self.required:
            switched = "Parameter.Blank" if switches.blank_parameter == "blank" else "Parameter.Empty"
            raise business(self.kind.blank_code or switched, self.name)
        return None


def wire_name(snake: str) -> str:
    """`number_list` -> `NumberList`."""
    return "".join(word.capitalize() for word in snake.split("_"))


def declared(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The parameters a function's signature declares; its first argument is the call itself."""
    hints = get_type_hints(function, include_extras=True)
    names = function.__code__.co_varnames[1 : function.__code__.co_argcount]
    optional = names[len(names) - len(function.__defaults__ or ()) :]
    return tuple(
        Parameter(wire_name(name), name, _kind_of(hints[name]), name not in optional) for name in names
    )


def _kind_of(hint: Any) -> ParameterType:
    """The kind inside `Annotated[…]`, or inside `Annotated[…] | None`."""
    for candidate in (hint, *get_args(hint)):
        if get_origin(candidate) is Annotated:
            kind: ParameterType = get_args(candidate)[1]
            return kind
    raise TypeError(f"no parameter kind in {hint!r}")
