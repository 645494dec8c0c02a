"""Reading a documented form out of YAML or JSON: every mistake is one line with its place in the file."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ccc_numbers.simulator.mistakes import Mistake, nearest

Form = TypeVar("Form", bound=BaseModel)
Place = tuple[str | int, ...]

_EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "model_type": "a mapping",
        "dict_type": "a mapping",
        "tuple_type": "a list",
        "string_type": "text",
        "int_type": "a number",
        "int_parsing": "a number",
        "bool_type": "true or false",
        "bool_parsing": "true or false",
    }
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its plain value, and the YAML nodes to find lines by (None for JSON)."""

    name: str
    value: Any
    root: yaml.Node | None

    def problem(self, place: Place, message: str) -> str:
        """One line about one place."""
        line = f":{_line(self.root, place)}" if self.root else ""
        path = _path(place)
        return f"{self.name}{line}: {path}: {message}" if path else f"{self.name}{line}: {message}"


def parse(text: str, name: str) -> Document:
    """A YAML or JSON text. In YAML every scalar stays as written, so that a number keeps its leading zero."""
    if text.lstrip().startswith("{"):
        try:
            return Document(name, json.loads(text), None)
        except (ValueError, RecursionError):
            pass  # YAML's message has the line
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        return Document(name, _plain(root) if root else {}, root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Mistake(f"{name}:{line}: not YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise Mistake(f"{name}: not YAML: {' '.join(str(error).split())}") from None


def validate(form: type[Form], document: Document) -> Form:
    """The form a document holds; Mistake lists everything that is wrong with it."""
    try:
        return form.model_validate(document.value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise Mistake(*(document.problem(*_explained(form, detail)) for detail in details)) from None


def _plain(node: yaml.Node) -> Any:
    """A node's value with scalars as text; only a plain `null`, `~` or nothing is None."""
    if isinstance(node, yaml.MappingNode):
        value: dict[str, Any] = {}
        for key, item in node.value:
            if str(key.value) in value:
                mark = key.start_mark
                raise yaml.MarkedYAMLError(problem=f'the key "{key.value}" stands twice', problem_mark=mark)
            value[str(key.value)] = _plain(item)
        return value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return None if node.tag == "tag:yaml.org,2002:null" else node.value


def _line(node: yaml.Node | None, place: Place) -> int:
    """The 1-based line of the deepest part of a place that exists; of a key for an unknown key."""
    line = 1
    for step in place:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if str(key.value) == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = (node.value[step], node.value[step])
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def _path(place: Place) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")


def _explained(form: type[BaseModel], detail: Any) -> tuple[Place, str]:
    """A pydantic error as a place and a plain sentence."""
    place: Place = tuple(step for step in detail["loc"] if step != "[key]")
    kind, value = detail["type"], detail.get("input")
    if kind == "extra_forbidden":
        return place, f"unknown key{nearest(str(place[-1]), _keys_at(form, place[:-1]))}"
    if kind == "missing":
        return place, "is missing"
    if kind == "literal_error":
        expected = detail["ctx"]["expected"].replace("'", "")
        choices = expected.replace(" or ", ", ").split(", ")
        return place, f'"{value}" is none of {", ".join(choices)}{nearest(str(value), choices)}'
    if kind == "string_pattern_mismatch":
        return place, f'"{value}" does not match {detail["ctx"]["pattern"]}'
    if kind in _EXPECTED:
        return place, f"expected {_EXPECTED[kind]}"
    message = detail["msg"].removeprefix("Value error, ")
    return place, message[0].lower() + message[1:]


def _keys_at(form: type[BaseModel], place: Place) -> list[str]:
    """The keys a form allows at a place; nothing when the place is beyond it."""
    current: Any = form
    for step in place:
        if isinstance(step, int):
            continue
        fields = {field.alias or name: field for name, field in current.model_fields.items()}
        nested = _model_in(fields[step].annotation) if step in fields else current
        current = nested or current
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in models if model), None)


def all_or_error(problems: Iterator[str]) -> None:
    """Raise Mistake when there is any problem."""
    if found := list(problems):
        raise Mistake(*found)
