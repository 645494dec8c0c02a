"""Checks a document against the grammar and reports every misfit at once, in words about the file.

Misfits are cut out and the rest is read again, so that one typing error neither hides nor makes up a finding that
needs a typed value: whatever lost a part is marked as touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ccc_numbers.declaration.grammar import StackShape
from ccc_numbers.declaration.scalars import SAID_BEFORE
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.yaml_document import BROKEN, Document, Empty, Plain

Path: TypeAlias = tuple[str | int, ...]

# For required keys that take more than any name; see `_Pruner.stand_in`.
_STAND_INS: dict[str | int, str] = {"stage": "intended", "quantity": "1", "iUnderstandThisPays": "true"}


@dataclass(frozen=True, slots=True)
class Shaped:
    """The part that fits the grammar, and the paths of everything that had a part cut out."""

    stack: StackShape
    touched: frozenset[Path]


def shape(document: Document) -> Shaped:
    """Read the document as a stack file; misfits go into `document.problems`."""
    data = document.data
    if not isinstance(data, dict):
        if not document.problems:
            empty = isinstance(data, Empty) or data is None
            found = "is empty" if empty else f"expected a mapping, found {_kind(data)}"
            document.report((), f"{found}; a stack file begins with `instances:`", "shape")
        return Shaped(StackShape.model_validate({}), frozenset({()}))
    data = {key: value for key, value in data.items() if not key.startswith("x-")}
    pruner = _Pruner(data)
    for loc in document.broken:
        pruner.touch(loc)
    first = True
    while True:
        try:
            stack = StackShape.model_validate(pruner.root)
            return Shaped(stack, frozenset(pruner.touched))
        except ValidationError as error:
            # Only the first round's misfits are the user's; later ones come from cutting.
            for detail in error.errors(include_url=False, include_context=False):
                if first:
                    _report(document, detail)
                if detail["type"] == "missing":
                    pruner.stand_in(detail["loc"])
                else:
                    pruner.cut(_culprit(detail))
            first = False


def _culprit(detail: ErrorDetails) -> Path:
    """The part to cut out: a whole list for an item of it."""
    loc = detail["loc"]
    for index, step in enumerate(loc):
        if isinstance(step, int):
            return loc[:index]
    return loc


def _report(document: Document, detail: ErrorDetails) -> None:
    value = detail["input"]
    if detail["type"] == SAID_BEFORE or value is BROKEN:
        return
    rule, message = misfit(detail)
    written = value if isinstance(value, str) and value and rule in ("type", "value") else None
    document.report(detail["loc"], message, rule, value=written, at_key=rule == "unknown-key")


def misfit(detail: ErrorDetails) -> tuple[str, str]:
    """The rule that a value at its place in a stack file breaks, and the message."""
    loc, kind, value = detail["loc"], detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return "unknown-key", _unknown_key(loc)
    if kind == "missing":
        return "missing", f"is missing{_about(loc)}"
    if kind in ("dict_type", "model_type", "tuple_type"):
        return "type", _wrong_type(value, "a list" if kind == "tuple_type" else "a mapping")
    return "value", detail["msg"]


def _wrong_type(value: Plain, wanted: str) -> str:
    if value is None or isinstance(value, Empty):
        return f"has no value; {wanted} is needed here"
    if isinstance(value, str):
        hint = f"; write [{value}]" if wanted == "a list" and value.isprintable() and len(value) < 40 else ""
        return f"is text; {wanted} is needed here{hint}"
    return f"expected {wanted}, found {_kind(value)}"


def _kind(value: Plain) -> str:
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def _unknown_key(loc: Path) -> str:
    keys = [field.alias or name for name, field in _model_at(loc[:-1]).model_fields.items()]
    return f"unknown key; {suggestion(str(loc[-1]), keys, 'the keys here are')}"


def _about(loc: Path) -> str:
    for name, field in _model_at(loc[:-1]).model_fields.items():
        if (field.alias or name) == loc[-1] and field.description:
            return f": {field.description}"
    return ""


def _model_at(loc: Path) -> type[BaseModel]:
    """The model that describes the mapping at `loc`: follows fields by alias, dictionaries by any key."""
    model: type[BaseModel] = StackShape
    inside_dict = False
    for step in loc:
        if inside_dict:
            inside_dict = False
            continue
        for name, field in model.model_fields.items():
            if (field.alias or name) == step:
                found, inside_dict = _model_in(field.annotation)
                model = found or model
    return model


def _model_in(annotation: object) -> tuple[type[BaseModel] | None, bool]:
    """The model inside `X`, `X | None`, `Annotated[X, …]` or `dict[str, X]`, and whether it was a dict."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    in_dict = getattr(annotation, "__origin__", None) is dict
    for argument in getattr(annotation, "__args__", ()):
        found, deeper = _model_in(argument)
        if found is not None:
            return found, in_dict or deeper
    return None, in_dict


class _Pruner:
    """Cuts parts out of plain data, copying each container once and leaving the original alone."""

    def __init__(self, data: dict[str, Plain]) -> None:
        self.root: dict[str, Plain] = dict(data)
        self.touched: set[Path] = set()
        self._own = {id(self.root)}
        self._stood_in: set[Path] = set()

    def touch(self, loc: Path) -> None:
        """Mark `loc` and everything above it as not whole."""
        self.touched.update(loc[:length] for length in range(len(loc) + 1))

    def cut(self, loc: Path) -> None:
        """Remove the value at `loc`."""
        self.touch(loc)
        if not loc:
            self.root.clear()
            return
        parent = self._parent(loc)
        if parent is not None:
            parent.pop(str(loc[-1]), None)

    def stand_in(self, loc: Path) -> None:
        """Fill in a required key that is missing, so that the keys beside it are read.

        Where even that does not fit, the mapping is cut out.
        """
        if loc in self._stood_in:
            self.cut(loc[:-1])
            return
        self._stood_in.add(loc)
        self.touch(loc)
        parent = self._parent(loc)
        if parent is not None:
            parent[str(loc[-1])] = _STAND_INS.get(loc[-1], "x")

    def _parent(self, loc: Path) -> dict[str, Plain] | None:
        container = self.root
        for step in loc[:-1]:
            child = container.get(str(step))
            if not isinstance(child, dict):
                return None
            if id(child) not in self._own:
                child = dict(child)
                container[str(step)] = child
                self._own.add(id(child))
            container = child
        return container
