"""Rules about what was bought: the product, where, how many, what was paid for it."""

from __future__ import annotations

from collections.abc import Iterator

from ccc_numbers.messages.names import nearest, quoted, suggestion
from ccc_numbers.vendors.catalogue import Catalogue, Direction
from ccc_numbers.vendors.errors import MoneyError
from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.money import amount, plain
from ccc_numbers.vendors.orders import Order, Stage
from ccc_numbers.vendors.places import NATIONWIDE, find_place, places_hint
from ccc_numbers.vendors.rules.case import ExaminedOrder, order_finding, quote

_HAS = "the catalogue has"


def unknown_product(order: Order, catalogue: Catalogue) -> Iterator[Finding]:
    """A vendor or product no catalogue entry has."""
    if order.vendor not in catalogue.vendors:
        why = f"is not a vendor of the catalogue; {_nearest_vendor(order.vendor, catalogue)}"
        yield order_finding(order, "unknown-vendor", "vendor", order.vendor, why)
        return
    sellers = [vendor for vendor in catalogue.vendors if order.product in catalogue.products(vendor)]
    if sellers:
        why = f"is not a product of vendor {order.vendor}; vendor {' and '.join(sellers)} sells it"
    else:
        choice = suggestion(order.product, catalogue.products(order.vendor), _HAS)
        why = f"is not a product of vendor {order.vendor}; {choice}"
    yield order_finding(order, "unknown-product", "product", order.product, why)


def _nearest_vendor(wrong: str, catalogue: Catalogue) -> str:
    """Vendors are often called by their company's name."""
    called = {entry.company: entry.vendor for entry in catalogue.entries if entry.company}
    if near := nearest(wrong, called):
        return f"did you mean {quoted(called[near])} ({near})?"
    return suggestion(wrong, catalogue.vendors, _HAS)


def minimum_per_region(case: ExaminedOrder) -> Iterator[Finding]:
    """Fewer numbers than the vendor hands out per region."""
    least, order = case.entry.regions.minimum_per_region, case.order
    regions = max(1, len(order.regions))
    if least is None or order.quantity >= least * regions:
        return
    of = f"{regions} regions ({'、'.join(order.regions)})" if regions > 1 else "one region"
    yield case.finding(
        "minimum-per-region",
        "quantity",
        order.quantity,
        f"is less than {case.entry.title} hands out: at least {least} per region, {least * regions} for "
        f"{of}{quote(case.entry.regions.words)}",
    )


def known_regions(case: ExaminedOrder) -> Iterator[Finding]:
    """A region that is not a place, or not a city where the vendor has numbers."""
    stock = case.entry.regions.stock_cities
    for index, name in enumerate(case.order.regions):
        key = f"regions[{index}]"
        place = find_place(name)
        if place is None and name != NATIONWIDE:
            yield case.finding(
                "unknown-region", key, name, f"is not a province or city with an area code{places_hint(name)}"
            )
        elif place is not None and stock and not _in_stock(name, stock):
            yield case.finding(
                "not-in-stock",
                key,
                name,
                f"is not among the cities {case.entry.title} has in stock: {'、'.join(stock)}; "
                "ask the vendor before you pay",
                Severity.WARNING,
            )


def _in_stock(name: str, stock: tuple[str, ...]) -> bool:
    wanted = find_place(name)
    found = [place for place in map(find_place, stock) if place is not None]
    return wanted is not None and any(wanted.holds(place) or place.holds(wanted) for place in found)


def prepaid_package(case: ExaminedOrder) -> Iterator[Finding]:
    """A prepaid amount the vendor does not sell."""
    paid, prepaid = case.order.prepaid, case.entry.price.prepaid
    if paid is None:
        return
    try:
        paid = amount(paid)
    except MoneyError as error:
        yield case.finding("bad-amount", "prepaid", plain(paid), f"is not a prepaid amount: {error}")
        return
    if prepaid is None:
        yield case.finding(
            "no-package",
            "prepaid",
            plain(paid),
            f"was prepaid, but {case.entry.title} has no prepaid packages{quote(case.entry.price.words)}",
        )
    elif prepaid.package_for(paid) is None:
        per = f" per {prepaid.period}" if prepaid.period else ""
        yield case.finding(
            "no-package",
            "prepaid",
            plain(paid),
            f"is not a package of {case.entry.title}; they are{per}: "
            f"{', '.join(map(str, prepaid.packages))}{quote(prepaid.words)}",
        )


def prepaid_missing(case: ExaminedOrder) -> Iterator[Finding]:
    """A product sold by prepaid package, paid, and no package said: its cost is unknown."""
    prepaid = case.entry.price.prepaid
    if prepaid is None or case.order.prepaid is not None or not case.order.stage.reached(Stage.PAID):
        return
    yield case.finding(
        "prepaid-missing",
        "",
        None,
        f"is {case.order.stage.value} but says no prepaid amount; {case.entry.title} is sold by package: "
        f"{', '.join(map(str, prepaid.packages))}",
        Severity.WARNING,
    )


def quoted_rates(case: ExaminedOrder) -> Iterator[Finding]:
    """A quoted rate for calls the product cannot carry."""
    rates, entry = case.order.rates, case.entry
    for key, rate, way in (
        ("inbound", rates.inbound, Direction.INBOUND),
        ("outbound", rates.outbound, Direction.OUTBOUND),
    ):
        if rate is not None and not entry.direction.covers(way):
            yield case.finding(
                "rate-of-no-use",
                f"rates.{key}",
                plain(rate),
                f"is quoted for {key} calls, which {entry.title} cannot carry{quote(entry.words)}",
            )
