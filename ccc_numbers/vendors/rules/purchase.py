"""Rules about the purchase: the product, where, how many, what was paid for it, when, and until when."""

from collections.abc import Iterable, Iterator
from datetime import date

from ccc_numbers.messages.names import nearest, plural, quoted, suggestion
from ccc_numbers.vendors.catalogue import Catalogue, Direction
from ccc_numbers.vendors.errors import MoneyError
from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.money import amount, plain
from ccc_numbers.vendors.orders import Ending, Order, Stage
from ccc_numbers.vendors.places import NATIONWIDE, Place, find_place, places_within
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
    why = (
        f"is less than {case.entry.title} hands out: at least {least} per region, {least * regions} for {of}"
    )
    yield case.finding(
        "minimum-per-region", "quantity", order.quantity, why + quote(case.entry.regions.words)
    )


def known_regions(case: ExaminedOrder) -> Iterator[Finding]:
    """A region that is not a place, or not a city where the vendor has numbers."""
    stock = case.entry.regions.stock_cities
    for index, name in enumerate(case.order.regions):
        key, place = f"regions[{index}]", find_place(name)
        if place is None and name != NATIONWIDE:
            yield case.unknown_region(key, name)
        elif place is not None and stock and not _in_stock(place, stock):
            why = (
                f"is not among the cities {case.entry.title} has in stock: {'、'.join(stock)}; "
                "ask the vendor before you pay"
            )
            yield case.finding("not-in-stock", key, name, why, Severity.WARNING)


def scarce(case: ExaminedOrder) -> Iterator[Finding]:
    """A city whose numbers come and go, before the order is paid."""
    named = case.entry.regions.scarce
    if case.order.stage.reached(Stage.PAID):
        return
    for index, name in enumerate(case.order.regions):
        place = find_place(name)
        if place is not None and any(city.holds(place) for city in places_within(named)):
            why = f"is scarce: {case.entry.title} has numbers of {'、'.join(named)} now and then; ask the vendor before you pay"
            yield case.finding("scarce", f"regions[{index}]", name, why, Severity.WARNING)


def term_of_package(case: ExaminedOrder) -> Iterator[Finding]:
    """A term that no number of the product's packages fills."""
    order, prepaid = case.order.held, case.entry.price.prepaid
    if order.term is None or prepaid is None or prepaid.term is None:
        return
    if order.term.in_months() % prepaid.term.in_months():
        why = f"does not fit the packages of {case.entry.title}, which last {prepaid.period}{quote(prepaid.words)}"
        yield case.finding("term-of-package", "term", order.term, why, Severity.WARNING)


def booked_twice(orders: Iterable[Order]) -> Iterator[Finding]:
    """One purchase on the marketplace under two keys: it would be counted and paid for twice."""
    first: dict[str, str] = {}
    for order in orders:
        for id in order.order_ids:
            other = first.setdefault(id, order.key)
            if other != order.key or order.order_ids.count(id) > 1:
                why = f"is the marketplace order of {other} as well; a purchase is booked once"
                yield order_finding(order, "purchase-booked-twice", "orderId", id, why)
                break


def _in_stock(wanted: Place, stock: tuple[str, ...]) -> bool:
    return any(wanted.holds(place) or place.holds(wanted) for place in places_within(stock))


def prepaid_package(case: ExaminedOrder) -> Iterator[Finding]:
    """A prepaid amount that is not on the vendor's list: a top-up, or a price of its own."""
    paid, entry, prepaid = case.order.held.prepaid, case.entry, case.entry.price.prepaid
    if paid is None:
        return
    try:
        paid = amount(paid)
    except MoneyError as error:
        yield case.finding("bad-amount", "prepaid", plain(paid), f"is not a prepaid amount: {error}")
        return
    if prepaid is None:
        why = f"was prepaid, but {entry.title} has no prepaid packages{quote(entry.price.words)}"
        yield case.finding("no-package", "prepaid", plain(paid), why)
    elif prepaid.package_for(paid) is None:
        per = f" per {prepaid.period}" if prepaid.period else ""
        packages = f"{', '.join(map(str, prepaid.packages))}{quote(prepaid.words)}"
        why = f"is not a package of {entry.title}; they are{per}: {packages}. Have the vendor confirm it"
        yield case.finding("no-package", "prepaid", plain(paid), why, Severity.WARNING)


def prepaid_missing(case: ExaminedOrder) -> Iterator[Finding]:
    """A paid order of a product sold by prepaid package that names no package: its cost is unknown."""
    order, prepaid = case.order.held, case.entry.price.prepaid
    if prepaid is None or order.prepaid is not None or not order.stage.reached(Stage.PAID):
        return
    packages = f"{case.entry.title} is sold by package: {', '.join(map(str, prepaid.packages))}"
    why = f"is {order.stage.value}, without a prepaid amount; {packages}"
    yield case.finding("prepaid-missing", "", None, why, Severity.WARNING)


def quoted_rates(case: ExaminedOrder) -> Iterator[Finding]:
    """A quoted rate for calls the product cannot carry."""
    rates, entry = case.order.rates, case.entry
    for way, rate in ((Direction.INBOUND, rates.inbound), (Direction.OUTBOUND, rates.outbound)):
        if rate is not None and not entry.direction.covers(way):
            why = f"is quoted for {way} calls, which {entry.title} cannot carry{quote(entry.words)}"
            yield case.finding("rate-of-no-use", f"rates.{way}", plain(rate), why)


def minutes_by_way(case: ExaminedOrder) -> Iterator[Finding]:
    """Minutes expected of calls that the product cannot carry."""
    by_way, entry = case.order.minutes_by_way, case.entry
    said = {Direction.INBOUND: by_way.inbound, Direction.OUTBOUND: by_way.outbound} if by_way else {}
    for way, minutes in said.items():
        if minutes and not entry.direction.covers(way):
            why = f"are expected of {way} calls, which {entry.title} cannot carry{quote(entry.words)}"
            yield case.finding("minutes-of-no-use", f"expectedMinutes.{way}", minutes, why)


def order_of_dates(order: Order, today: date) -> Iterator[Finding]:
    """Days that contradict each other or the calendar."""
    bought, since = order.purchased, order.since
    if bought is not None and bought > today and order.stage.reached(Stage.PAID):
        why = f"lies in the future (today is {today}), yet the order is {order.stage.value}"
        yield order_finding(order, "date-in-future", "purchased", bought, why)
    if since is not None and since > today:
        why = f"lies in the future (today is {today}): since is the day the stage was reached"
        yield order_finding(order, "date-in-future", "since", since, why)
    if bought is not None and since is not None and since < bought and order.stage.reached(Stage.PAID):
        why = f"lies before the purchase on {bought}; an order is {order.stage.value} after it was bought"
        yield order_finding(order, "dates-reversed", "since", since, why)


def renewals_in_turn(case: ExaminedOrder) -> Iterator[Finding]:
    """A renewal of something that was not bought, or one that was bought before the one above it."""
    order, before = case.order, case.order.purchased
    for index, each in enumerate(order.renewals):
        key = f"renewals[{index}]"
        if order.purchased is None or order.term is None:
            why = "renews an order without purchased and term: the first purchase stands on the order itself"
            yield case.finding("renewal-of-nothing", key, None, why)
            return
        if each.purchased > case.today:
            why = f"is bought in the future (today is {case.today}): write a renewal once it is paid"
            yield case.finding("date-in-future", key, each.purchased, why)
        if before is not None and each.purchased <= before:
            why = f"is not later than the purchase before it, on {before}: the oldest comes first"
            yield case.finding("dates-reversed", key, each.purchased, why)
        before = each.purchased


def invoice_dates(case: ExaminedOrder) -> Iterator[Finding]:
    """An invoice that was received before anything was bought, or has yet to be."""
    received, bought = case.order.invoice.received, case.order.purchased
    if received is not None and received > case.today:
        why = f"lies in the future (today is {case.today}): received is the day the invoice came"
        yield case.finding("date-in-future", "invoice.received", received, why)
    elif received is not None and bought is not None and received < bought:
        why = f"lies before the purchase on {bought}"
        yield case.finding("dates-reversed", "invoice.received", received, why)


def term_over(case: ExaminedOrder) -> Iterator[Finding]:
    """A contract that has ended, with the numbers on it."""
    order = case.order
    if order.ending(case.today) is not Ending.LAPSED:
        return
    dead = f"; {plural(len(case.numbers), 'declared number')} may be dead" if case.numbers else ""
    why = (
        f"from {order.purchased} ended on {order.expires}{dead}: renew with the vendor and add that to "
        "renewals, or remove the order"
    )
    yield case.finding("term-over", "term", order.term, why, Severity.WARNING)
