"""The rules that the catalogue makes for orders and their numbers. Pure: `orders, numbers, today -> findings`.

One module per subject, one function per rule; each message carries the catalogue's own words.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from ccc_numbers.vendors.catalogue import Catalogue
from ccc_numbers.vendors.findings import Finding
from ccc_numbers.vendors.orders import NumberOnOrder, Order, by_order
from ccc_numbers.vendors.rules import business, numbers, purchase, renewals
from ccc_numbers.vendors.rules.case import ExaminedOrder

Rule = Callable[[ExaminedOrder], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    purchase.minimum_per_region,
    purchase.known_regions,
    purchase.scarce,
    purchase.prepaid_package,
    purchase.prepaid_missing,
    purchase.quoted_rates,
    purchase.minutes_by_way,
    business.forbidden_scene,
    numbers.blind_areas,
    renewals.renewals_in_turn,
    renewals.invoice_dates,
    purchase.term_over,
    purchase.term_of_package,
    numbers.usage,
    numbers.shape,
    numbers.area_code,
    numbers.more_than_bought,
    numbers.shared_mobile,
)
"""Every rule an order of a known product is held against, in the order their findings are shown."""


def check(
    orders: Iterable[Order], on_orders: Iterable[NumberOnOrder], catalogue: Catalogue, today: date
) -> tuple[Finding, ...]:
    """All findings about these orders and the numbers declared on them."""
    standing, all_orders = by_order(on_orders), list(orders)
    found = [*purchase.booked_twice(all_orders)]
    for order in all_orders:
        found.extend(purchase.order_of_dates(order, today))
        entry = catalogue.find(order.vendor, order.product)
        if entry is None:
            found.extend(purchase.unknown_product(order, catalogue))
            continue
        case = ExaminedOrder(order, entry, standing.get(order.key, ()), today)
        for rule in RULES:
            found.extend(rule(case))
        found.extend(business.accepted_words(case, catalogue))
    return tuple(found)
