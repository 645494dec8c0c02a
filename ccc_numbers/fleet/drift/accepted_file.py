"""Reads the two YAML files of accepted findings; every mistake is one line with its place and the nearest choice."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ccc_numbers.declaration.document import Document, Empty, dotted, read_yaml
from ccc_numbers.declaration.files import read_text
from ccc_numbers.declaration.problem import Problem, shown
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.names import suggestion

Form = TypeVar("Form", bound=BaseModel)


def read_accepted_file(path: Path, form: type[Form], items: type[BaseModel]) -> tuple[Form, Document]:
    """The file as a `form`, whose one list holds `items`. Raises FleetError with all mistakes, one line each."""
    text = read_text(path)
    if isinstance(text, Problem):
        raise FleetError(str(text))
    document = read_yaml(text, shown(path))
    if not document.problems:
        try:
            return form.model_validate(document.data), document
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                document.problems.append(_problem(document, detail, form, items))
    raise FleetError(*map(str, document.problems))


def _problem(
    document: Document, detail: ErrorDetails, form: type[BaseModel], items: type[BaseModel]
) -> Problem:
    loc, kind, value = detail["loc"], detail["type"], detail["input"]
    model = items if len(loc) > 1 else form
    keys = [field.alias or name for name, field in model.model_fields.items()]
    written = value if isinstance(value, str) else None
    if kind == "extra_forbidden":
        message = f"unknown key; {suggestion(str(loc[-1]), keys, 'the keys here are')}"
        return Problem.at(document.key(loc), dotted(loc), None, message, "unknown-key")
    if kind == "missing":
        message = f"is missing; the keys here are: {', '.join(keys)}"
        return Problem.at(document.key(loc[:-1]), dotted(loc), None, message, "missing")
    message = detail["msg"].removeprefix("Value error, ")
    if value is None or isinstance(value, Empty):
        message = "has no value" if loc else "is empty"
    elif kind in ("model_type", "dict_type", "model_attributes_type"):
        message = "is no mapping; its keys are: " + ", ".join(keys)
    elif kind in ("list_type", "tuple_type"):
        message = "is no list"
    return Problem.at(document.value(loc), dotted(loc), written, message, "value")
