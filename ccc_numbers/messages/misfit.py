"""What pydantic finds wrong in a file that people write, in words about the file."""

from collections.abc import Sequence

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.typing_mistakes import wide
from ccc_numbers.messages.yaml_document import Document, Empty, Plain

Loc = Sequence[str | int]
_WANTED = {
    "dict_type": mark("a mapping"),
    "model_type": mark("a mapping"),
    "model_attributes_type": mark("a mapping"),
    "list_type": mark("a list"),
    "tuple_type": mark("a list"),
    "string_type": mark("text"),
}


def report_misfit(document: Document, form: type[BaseModel], detail: ErrorDetails) -> None:
    """Add the problem at its place. `form` is the model of the whole document."""
    value = detail["input"]
    rule, message = misfit(form, detail)
    written = value if isinstance(value, str) and value and rule in ("type", "value") else None
    document.report(detail["loc"], message, rule, value=written, at_key=rule == "unknown-key")


def misfit(form: type[BaseModel], detail: ErrorDetails) -> tuple[str, str]:
    """The rule that a value at its place breaks, and the message."""
    loc, kind, value = detail["loc"], detail["type"], detail["input"]
    if kind == "extra_forbidden":
        keys = [field.alias or name for name, field in _model_at(form, loc[:-1]).model_fields.items()]
        key = str(loc[-1])
        hint = suggestion(key, keys, "the keys here are")
        if sign := wide(key):
            return "unknown-key", tr("unknown key; {sign}; {hint}", sign=sign, hint=hint)
        return "unknown-key", tr("unknown key; {hint}", hint=hint)
    if kind == "missing":
        about = _about(form, loc)
        return "missing", tr("is missing: {about}", about=tr(about)) if about else tr("is missing")
    if kind in _WANTED:
        return "type", _wrong_type(value, tr(_WANTED[kind]), is_list=kind in ("list_type", "tuple_type"))
    return "value", detail["msg"].removeprefix("Value error, ")  # not translated: pydantic's own


def kind_of(value: Plain) -> str:
    return (
        tr("text") if isinstance(value, str) else tr("a list") if isinstance(value, list) else tr("a mapping")
    )


def _wrong_type(value: Plain, wanted: str, *, is_list: bool) -> str:
    if value is None or isinstance(value, Empty):
        return tr("has no value; {wanted} is needed here", wanted=wanted)
    if isinstance(value, str):
        if is_list and value.isprintable() and len(value) < 40:
            return tr("is text; a list is needed here; write [{value}]", value=value)
        return tr("is text; {wanted} is needed here", wanted=wanted)
    return tr("expected {wanted}, found {found}", wanted=wanted, found=kind_of(value))


def _about(form: type[BaseModel], loc: Loc) -> str:
    for name, field in _model_at(form, loc[:-1]).model_fields.items():
        if (field.alias or name) == loc[-1] and field.description:
            return field.description
    return ""


def _model_at(form: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """The model that describes the mapping at `loc`: follows fields by alias, dictionaries by any key."""
    model, inside_dict = form, False
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
