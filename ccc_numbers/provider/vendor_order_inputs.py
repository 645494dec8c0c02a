"""A vendor order's properties as the vendors' rules know them: read from plain bags, and what is wrong with them.

A stack file has been checked before its program runs; a program in another language has only this.
"""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ccc_numbers.declaration.order_grammar import OrderShape
from ccc_numbers.declaration.orders import order_fields
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.misfit import misfit
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.yaml_document import dotted
from ccc_numbers.provider.model.vendor_order import MATERIAL
from ccc_numbers.provider.properties import text, texts
from ccc_numbers.provider.wire import Bag, Plain
from ccc_numbers.vendors.catalogue import Catalogue, built_in, with_overrides
from ccc_numbers.vendors.errors import VendorError
from ccc_numbers.vendors.findings import Severity
from ccc_numbers.vendors.orders import NumberOnOrder, Order
from ccc_numbers.vendors.rules import check

_ORDER_FIELDS = frozenset(each.name for each in fields(Order)) - {"key"}
_FIELDS = [
    field.alias or name
    for name, field in OrderShape.model_fields.items()
    if name in _ORDER_FIELDS - {"materials"}
]
_SHA256 = re.compile(r"[0-9a-f]{64}")


def order_problems(inputs: Bag, today: date) -> Iterator[str]:
    """Everything wrong with an order whose properties have the right types, one line each."""
    subject = tr("order {key}", key=text(inputs, "key"))
    try:
        order = order_of(inputs)
        catalogue = catalogue_of(inputs)
    except VendorError as error:
        yield f"{subject}: {error}"
        return
    # Its numbers are held against the catalogue by the program, which knows how they are used.
    for finding in check([order], (), catalogue, today):
        if finding.severity is Severity.ERROR:
            value = "" if finding.value is None else f' "{finding.value}"'
            yield f"{subject}: {'.'.join(finding.path[2:])}{value} {finding.message}"


def order_of(inputs: Bag) -> Order:
    """The order, by the grammar of stack files; VendorError says what is malformed."""
    said = {name: _written(inputs[name]) for name in _FIELDS if name in inputs}
    if by_way := inputs.get("minutesByWay"):
        said["expectedMinutes"] = _written(by_way)
    materials = inputs.get("materials")
    handed_in = materials.items() if isinstance(materials, dict) else ()
    papers = {kind: _paper(f"materials.{kind}", paper) for kind, paper in handed_in}
    try:
        shape = OrderShape.model_validate(said | {"materials": papers})
    except ValidationError as error:
        raise VendorError(_fault(error.errors(include_url=False)[0])) from None
    fields = order_fields(shape, {kind: Path(path) for kind, path in papers.items()})
    return Order(text(inputs, "key"), **{name: fields[name] for name in fields.keys() & _ORDER_FIELDS})


def _fault(detail: ErrorDetails) -> str:
    """`rates.outbond: unknown key; did you mean "outbound"?`"""
    path, value = dotted(detail["loc"]), detail["input"]
    rule, message = misfit(OrderShape, detail)
    return (
        f'{path} "{value}" {message}' if isinstance(value, str) and rule == "value" else f"{path}: {message}"
    )


def numbers_of(order: Order, inputs: Bag) -> tuple[NumberOnOrder, ...]:
    """The declared numbers on the order."""
    places = (place.rpartition("/") for place in texts(inputs, "numbers"))
    return tuple(
        NumberOnOrder(instance=instance, number=number, order=order.key, usage="")
        for instance, _, number in places
    )


def catalogue_of(inputs: Bag) -> Catalogue:
    """The catalogue it is held against; CatalogueError when the stack's own cannot be used."""
    path = text(inputs, "catalogue")
    return with_overrides(Path(path)) if path else built_in()


def _written(value: Plain) -> object:
    """The value as a stack file has it: every scalar as text."""
    if isinstance(value, dict):
        return {key: _written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else value


def _paper(where: str, paper: Plain) -> str:
    """The path of a paper that was handed in."""
    said = paper if isinstance(paper, dict) else {}
    for key in said.keys() - MATERIAL.inputs.keys():
        hint = suggestion(key, MATERIAL.inputs, "there are")
        raise VendorError(tr('{where}: unknown key "{key}"; {hint}', where=where, key=key, hint=hint))
    if not text(said, "path"):
        raise VendorError(tr("{where} must say its path", where=where))
    if "sha256" in said and not _SHA256.fullmatch(text(said, "sha256")):
        raise VendorError(
            tr('{where}.sha256 "{value}" is not a SHA-256 in hexadecimal', where=where, value=said["sha256"])
        )
    return text(said, "path")
