"""The vendor orders of a stack as resources, priced by the catalogue."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

from vendors.cost import Costs, costs, in_catalogue
from vendors.orders import Quoted
from vendors.platform_fee import Mode

from .declaration import Declaration, OrderDeclaration
from .declaration.vendor_rules import catalogue_of, numbers_on_orders
from .resources import VendorOrder


def priced(declaration: Declaration, today: date, mode: Mode) -> Costs:
    """What the stack's orders cost, by order, vendor, number and instance. CNY."""
    entry_of = in_catalogue(catalogue_of(declaration))
    return costs(declaration.orders.values(), numbers_on_orders(declaration), entry_of, today, mode)


def declare_orders(declaration: Declaration, prices: Costs) -> dict[str, VendorOrder]:
    """Register every order of the stack; the resources by order key."""
    places: dict[str, list[str]] = defaultdict(list)
    for number in numbers_on_orders(declaration):
        places[number.order].append(f"{number.instance}/{number.number}")
    return {
        key: VendorOrder(key, _about(declaration, order, sorted(places[key]), prices))
        for key, order in declaration.orders.items()
    }


def summaries(declaration: Declaration) -> dict[str, dict[str, object]]:
    """What the stack exports of its orders; what CCC shows of them is in the resources."""
    numbers = [number.order for number in numbers_on_orders(declaration)]
    rows = {
        key: {
            "vendor": order.vendor,
            "product": order.product,
            "stage": str(order.stage),
            "quantity": order.quantity,
            "declared": numbers.count(key),
            "expires": _text(order.expires),
        }
        for key, order in declaration.orders.items()
    }
    return {key: {k: v for k, v in row.items() if v is not None} for key, row in rows.items()}


def _about(
    declaration: Declaration, order: OrderDeclaration, numbers: list[str], prices: Costs
) -> dict[str, object]:
    cost = prices.orders.get(order.key)
    about: dict[str, object] = {
        "key": order.key,
        "vendor": order.vendor,
        "product": order.product,
        "stage": str(order.stage),
        "quantity": order.quantity,
        "regions": list(order.regions),
        "calledRegions": list(order.called_regions),
        "purchased": _text(order.purchased),
        "since": _text(order.since),
        "term": _text(order.term),
        "prepaid": _text(order.prepaid),
        "rates": _rates(order.rates),
        "expectedMinutes": order.expected_minutes,
        "orderId": order.order_id,
        "scene": order.scene,
        "company": order.company,
        "contact": _written(asdict(order.contact)),
        "invoiceTitle": order.invoice_title,
        "materials": {
            kind: _material(declaration.file.parent, path) for kind, path in order.materials.items()
        },
        "notes": order.notes,
        "reopen": order.reopen,
        "numbers": numbers,
        "catalogue": _text(declaration.catalogue),
        "monthlyCost": str(cost.monthly) if cost else None,
        "firstYearCost": str(cost.first_year) if cost else None,
    }
    return {key: value for key, value in about.items() if value not in (None, [], {}, False)}


def _rates(rates: Quoted) -> dict[str, str]:
    names = {"rent": "rent", "inbound": "inbound", "outbound": "outbound", "minimum_spend": "minimumSpend"}
    return _written({names[name]: value for name, value in asdict(rates).items() if name in names})


def _written(fields: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items() if value is not None}


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def _material(folder: Path, path: Path) -> dict[str, str]:
    """Where a paper is and what it holds. One that is not there yet has no hash."""
    shown = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
    if not path.is_file():
        return {"path": shown}
    with path.open("rb") as file:
        return {"path": shown, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
