"""Vendor orders: typed, and checked for what needs no catalogue."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ccc_numbers.declaration.minutes import EitherWay
from ccc_numbers.declaration.model import OrderDeclaration
from ccc_numbers.declaration.order_grammar import OrderShape, PurchaseShape
from ccc_numbers.messages.files import named_file
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.problem import Source
from ccc_numbers.messages.yaml_document import Document, dotted
from ccc_numbers.vendors.orders import AcceptedWord, ByWay, Contact, Invoice, Quoted, Renewal, Stage

_KEY = re.compile(r"[^\s:/]{1,64}")
_CYCLES = ("Day", "Month", "Year")
_PAY_TYPES = ("PrePaid", "PostPaid")


def read_order(document: Document, folder: Path, key: str, shape: OrderShape) -> OrderDeclaration | None:
    """The order, or None when something is wrong with it, which is then on the document."""
    loc = ("orders", key)
    before = len(document.problems)
    if not _KEY.fullmatch(key) or not key.isprintable():
        message = tr("is not an order key: up to 64 characters without spaces, : and /")
        document.report(loc, message, "order", at_key=True)
    materials = {
        name: named_file(document, (*loc, "materials", name), written, folder)
        for name, written in shape.materials.items()
    }
    if shape.purchase is not None:
        _check_purchase(document, (*loc, "purchase"), shape, shape.purchase)
    if len(document.problems) > before:
        return None
    fields = order_fields(shape, materials)
    return OrderDeclaration(key=key, source=document.key(loc), positions=_positions(document, loc), **fields)


def order_fields(shape: OrderShape, materials: Mapping[str, Path | None]) -> dict[str, Any]:
    """The fields of the order, which have the names of the grammar's."""
    minutes = shape.expected_minutes
    by_way = None if minutes is None or isinstance(minutes, EitherWay) else ByWay(**dict(minutes))
    return dict(shape) | {
        "expected_minutes": minutes and minutes.total,
        "minutes_by_way": by_way,
        "materials": materials,
        "rates": Quoted(**dict(shape.rates or {})),
        "accept": tuple(AcceptedWord(**dict(each)) for each in shape.accept),
        "contact": Contact(**dict(shape.contact or {})),
        "invoice": Invoice(**dict(shape.invoice or {})),
        "renewals": tuple(Renewal(**dict(each)) for each in shape.renewals),
    }


def _check_purchase(
    document: Document, loc: tuple[str, ...], order: OrderShape, shape: PurchaseShape
) -> None:
    if not shape.i_understand_this_pays:
        message = tr("must be true: this order pays at once and can be neither changed nor undone")
        document.report((*loc, "iUnderstandThisPays"), message, "order", value="false")
    choices = (
        ("pricingCycle", mark("is not a pricing cycle; {hint}"), shape.pricing_cycle, _CYCLES),
        ("payType", mark("is not a pay type; {hint}"), shape.pay_type, _PAY_TYPES),
    )
    for key, fault, value, known in choices:
        if value not in known:
            message = tr(fault, hint=suggestion(value, known))
            document.report((*loc, key), message, "order", value=value)
    wrong_already = any(problem.path.startswith(dotted(loc)) for problem in document.problems)
    if order.stage.reached(Stage.PAID) and order.order_id is None and not wrong_already:
        # Pulumi knows a purchase by its state alone: with that lost, the next `up` would pay again.
        message = tr(
            "would pay again for an order that is {stage} already; write the orderId it was bought with "
            "(`pulumi stack output orders`), or take purchase out if it was bought by hand",
            stage=order.stage,
        )
        document.report(loc, message, "order", at_key=True)


def _positions(document: Document, loc: tuple[str, ...]) -> dict[str, Source]:
    """Places of all keys of the order and of the mappings and lists in it: `scene`, `materials.script`, `regions[0]`."""
    found: dict[str, Source] = {}
    order = document.at(loc)
    for key, value in order.items() if isinstance(order, dict) else ():
        found[key] = document.value((*loc, key))
        steps = (
            list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        )
        for step in steps:
            found[dotted((key, step))] = document.value((*loc, key, step))
    return found
