"""The vendor orders of a stack as resources, priced by the catalogue."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from ccc_numbers.declaration.account import neighbours, orders_of, world_of
from ccc_numbers.declaration.model import Declaration, OrderDeclaration
from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.declaration.vendor_rules import numbers_on_orders
from ccc_numbers.vendors.catalogue import Catalogue
from ccc_numbers.vendors.cost import Costs, OrderCost
from ccc_numbers.vendors.orders import ByWay, Contact, Invoice, NumberOnOrder, Order, Quoted, Renewal
from ccc_numbers.vendors.platform_fee import Mode
from ccc_numbers.vendors.progress import LiveNumber, count, line_to_import, next_step, observed_stage
from ccc_numbers.vendors.stack_orders import price

from .purchase import buy
from .resources import VendorOrder


def prices_of(
    declaration: Declaration, catalogue: Catalogue, stack: str, mode: Mode | None, today: date
) -> tuple[Costs, Mode] | str:
    """The cost of the stack's orders, and how their account's platform fee is read; or why the cost is not known.

    The other stacks of the account share its minimum spends and its fee, so their files are read too.
    """
    project, file = Path.cwd(), stack_file(Path.cwd(), stack)
    own = orders_of(file, world_of(project, file), declaration, catalogue)
    own = replace(own, platform_fee=mode or own.platform_fee)
    prices = price([own, *neighbours(project, [own])], today)
    if why := prices.unknown.get(own.stack):
        return why
    return Costs.of(prices.of_stack(own.stack), own.numbers), prices.modes[own.stack]


def declare_orders(
    declaration: Declaration, prices: Mapping[str, OrderCost], opts: pulumi.ResourceOptions | None = None
) -> dict[str, VendorOrder]:
    """Register every order of the stack, bought first where it says so; the resources by order key."""
    on_order, made = _by_order(declaration), {}
    for key, order in declaration.orders.items():
        places = sorted(f"{number.instance}/{number.number}" for number in on_order[key])
        about = _about(declaration, order, places, prices.get(key))
        bought = buy(order)
        if bought is not None:
            about.setdefault("orderId", bought.id)
        made[key] = VendorOrder(key, about, opts)
    return made


def lines_of(declaration: Declaration, catalogue: Catalogue, today: date) -> dict[str, str]:
    """The line as one of which the numbers of an order may be imported now, by order key."""
    lines = {
        key: line_to_import(order, catalogue.find(order.vendor, order.product), today)
        for key, order in declaration.orders.items()
    }
    return {key: line for key, line in lines.items() if line}


def summaries(
    declaration: Declaration,
    catalogue: Catalogue,
    orders: Mapping[str, VendorOrder],
    statuses: pulumi.Output[Mapping[str, str]],
    today: date,
) -> dict[str, pulumi.Output[dict[str, object]]]:
    """What the stack exports of its orders: what was bought, how far its numbers are, what comes next.

    `statuses` of the numbers as this run leaves them; the resources know what was there before it bound any.
    """
    on_order, rows = _by_order(declaration), {}
    for key, order in declaration.orders.items():
        bought = orders[key].orderId if order.purchase is not None else order.order_id
        summary = partial(_summary, order, catalogue, on_order[key], today)
        rows[key] = pulumi.Output.all(statuses=statuses, order_id=bought).apply(summary)
    return rows


def _by_order(declaration: Declaration) -> dict[str, list[NumberOnOrder]]:
    on_order: dict[str, list[NumberOnOrder]] = defaultdict(list)
    for number in numbers_on_orders(declaration):
        on_order[number.order].append(number)
    return on_order


def _summary(
    order: OrderDeclaration,
    catalogue: Catalogue,
    numbers: Sequence[NumberOnOrder],
    today: date,
    known: Mapping[str, Any],
) -> dict[str, object]:
    live = {
        number.number: LiveNumber(number.number, number.instance if status == "bound" else None)
        for number in numbers
        if (status := known["statuses"][number.number]) != "pending"
    }
    counts, entry = count(numbers, live), catalogue.find(order.vendor, order.product)
    order = replace(order, order_id=known["order_id"])
    row = {
        "vendor": order.vendor,
        "product": order.product,
        "stage": str(order.stage),
        "quantity": order.quantity,
        "orderId": order.order_id,
        **asdict(counts),
        "observedStage": str(observed_stage(order, counts)),
        "expires": _said(order.expires),
        "nextStep": str(next_step(order, entry, today, counts)),
    }
    return {key: value for key, value in row.items() if value is not None}


def _about(
    declaration: Declaration, order: OrderDeclaration, numbers: list[str], cost: OrderCost | None
) -> dict[str, object]:
    said = {to_camel(each.name): _said(getattr(order, each.name)) for each in fields(Order)}
    about = said | {
        "materials": {
            kind: _material(declaration.file.parent, path) for kind, path in order.materials.items()
        },
        "numbers": numbers,
        "catalogue": None if declaration.catalogue is None else os.path.relpath(declaration.catalogue),
        "monthlyCost": str(cost.monthly) if cost else None,
        "firstYearCost": str(cost.first_year) if cost else None,
    }
    return {key: value for key, value in about.items() if value not in (None, [], {}, False)}


def _said(value: object) -> object:
    """A field of an order as the resource takes it."""
    match value:
        case None | int():
            return value
        case tuple():
            return [_said(each) for each in value]
        case Quoted() | Contact() | ByWay() | Invoice() | Renewal():
            parts = asdict(value).items()
            return {to_camel(name): str(part) for name, part in parts if part is not None}
    return str(value)


def _material(folder: Path, path: Path) -> dict[str, str]:
    """Where a paper is and what it holds. One that is not there yet has no hash."""
    shown = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
    if not path.is_file():
        return {"path": shown}
    with path.open("rb") as file:
        return {"path": shown, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
