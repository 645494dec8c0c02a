"""Vendor orders: typed, and checked for what needs no catalogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ccc_numbers.declaration.model import OrderDeclaration, Purchase
from ccc_numbers.messages.files import inside
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.problem import Problem
from ccc_numbers.messages.yaml_document import dotted
from ccc_numbers.vendors.orders import Contact, Quoted, Stage

if TYPE_CHECKING:
    from pathlib import Path

    from ccc_numbers.declaration.grammar import ContactShape, OrderShape, PurchaseShape, RatesShape
    from ccc_numbers.messages.problem import Source
    from ccc_numbers.messages.yaml_document import Document

_KEY = re.compile(r"[^\s:/]{1,64}")
_CYCLES = ("Day", "Month", "Year")
_PAY_TYPES = ("PrePaid", "PostPaid")


def read_order(document: Document, folder: Path, key: str, shape: OrderShape) -> OrderDeclaration | None:
    """The order, or None when something about it is wrong; what, is on the document."""
    loc = ("orders", key)
    before = len(document.problems)
    if not _KEY.fullmatch(key) or not key.isprintable():
        message = "is not an order key: up to 64 characters without spaces, : and /"
        document.problems.append(Problem.at(document.key(loc), dotted(loc), None, message, "order"))
    materials = _materials(document, folder, loc, shape)
    if shape.purchase is not None:
        _check_purchase(document, (*loc, "purchase"), shape, shape.purchase)
    if len(document.problems) > before:
        return None
    return OrderDeclaration(
        key=key,
        vendor=shape.vendor,
        product=shape.product,
        stage=shape.stage,
        quantity=shape.quantity,
        regions=tuple(shape.regions),
        called_regions=tuple(shape.called_regions),
        purchased=shape.purchased,
        since=shape.since,
        term=shape.term,
        prepaid=shape.prepaid,
        rates=_rates(shape.rates),
        expected_minutes=shape.expected_minutes,
        order_id=shape.order_id,
        scene=shape.scene,
        company=shape.company,
        contact=_contact(shape.contact),
        invoice_title=shape.invoice_title,
        materials=materials,
        notes=shape.notes,
        reopen=shape.reopen,
        purchase=_purchase(shape.purchase),
        materials_bucket=shape.materials_bucket,
        source=document.key(loc),
        positions=_positions(document, loc),
    )


def _materials(document: Document, folder: Path, loc: tuple[str, ...], shape: OrderShape) -> dict[str, Path]:
    materials: dict[str, Path] = {}
    for name, written in shape.materials.items():
        here = (*loc, "materials", name)
        file = inside(folder, written)
        if isinstance(file, str):
            document.problems.append(Problem.at(document.value(here), dotted(here), written, file, "file"))
        else:
            materials[name] = file
    return materials


def _check_purchase(
    document: Document, loc: tuple[str, ...], order: OrderShape, shape: PurchaseShape
) -> None:
    if not shape.i_understand_this_pays:
        here = (*loc, "iUnderstandThisPays")
        message = "must be true: this order pays at once and can be neither changed nor undone"
        document.problems.append(Problem.at(document.value(here), dotted(here), "false", message, "order"))
    choices = (
        ("pricingCycle", "pricing cycle", shape.pricing_cycle, _CYCLES),
        ("payType", "pay type", shape.pay_type, _PAY_TYPES),
    )
    for key, what, value, known in choices:
        if value not in known:
            here = (*loc, key)
            message = f"is not a {what}; {suggestion(value, known)}"
            document.problems.append(Problem.at(document.value(here), dotted(here), value, message, "order"))
    wrong_already = any(problem.path.startswith(dotted(loc)) for problem in document.problems)
    if order.stage.reached(Stage.PAID) and order.order_id is None and not wrong_already:
        # Pulumi knows a purchase by its state alone: with that lost, the next `up` would pay again.
        message = (
            f"would pay again for an order that is {order.stage} already; write the orderId it was bought with "
            "(`pulumi stack output orders`), or take purchase out if it was bought by hand"
        )
        document.problems.append(Problem.at(document.key(loc), dotted(loc), None, message, "order"))


def _rates(shape: RatesShape | None) -> Quoted:
    if shape is None:
        return Quoted()
    return Quoted(shape.rent, shape.inbound, shape.outbound, shape.minimum_spend)


def _contact(shape: ContactShape | None) -> Contact:
    return Contact() if shape is None else Contact(shape.name, shape.phone, shape.email, shape.dingtalk)


def _purchase(shape: PurchaseShape | None) -> Purchase | None:
    if shape is None:
        return None
    return Purchase(
        i_understand_this_pays=shape.i_understand_this_pays,
        product_code=shape.product_code,
        package_version=shape.package_version,
        pricing_cycle=shape.pricing_cycle,
        duration=shape.duration,
        pay_type=shape.pay_type,
        quantity=shape.quantity,
        coupon_id=shape.coupon_id,
        components=dict(shape.components),
    )


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
