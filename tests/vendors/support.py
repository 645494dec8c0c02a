"""Orders and numbers as tests write them: only what the test is about."""

from datetime import date
from decimal import Decimal

from ccc_numbers.vendors.catalogue import Entry, built_in
from ccc_numbers.vendors.orders import NumberOnOrder, Order, Stage
from ccc_numbers.vendors.terms import Term

TODAY = date(2026, 11, 23)


def entry(product: str) -> Entry:
    """The shipped entry of a product, whoever sells it."""
    return next(each for each in built_in().entries if each.product == product)


def order(product: str = "landline-aftersales", **changes: object) -> Order:
    """A sound order of a product, imported, a year from 2026-08-01; amounts may be written as text."""
    sold = entry(product)
    least = sold.regions.minimum_per_region or 1
    values: dict[str, object] = {
        "key": "o",
        "vendor": sold.vendor,
        "product": product,
        "stage": Stage.IMPORTED,
        "quantity": least,
        "purchased": date(2026, 8, 1),
        "term": Term(months=12),
    }
    values.update(changes)
    if isinstance(values.get("prepaid"), str | int):
        values["prepaid"] = Decimal(str(values["prepaid"]))
    return Order(**values)  # type: ignore[arg-type]  # a test that misspells a field fails at once


def number(
    digits: str = "02180001001", /, usage: object = "bidirectional", **changes: object
) -> NumberOnOrder:
    """A number on order `o` in instance `i`."""
    values: dict[str, object] = {"instance": "i", "number": digits, "order": "o", "usage": usage}
    values.update(changes)
    return NumberOnOrder(**values)  # type: ignore[arg-type]  # as above
