"""Rules about the purchase: the product, where, how many, what was paid for it, when, and until when."""

from collections.abc import Iterable, Iterator
from datetime import date

from ccc_numbers.messages.language import mark, tr, trn
from ccc_numbers.messages.names import listed, nearest, quoted, suggestion
from ccc_numbers.vendors.catalogue import Catalogue, Direction
from ccc_numbers.vendors.errors import MoneyError
from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.money import amount, plain
from ccc_numbers.vendors.orders import Ending, Order
from ccc_numbers.vendors.places import NATIONWIDE, Place, find_place, places_within
from ccc_numbers.vendors.rules.case import ExaminedOrder, order_finding, quote

_HAS = mark("the catalogue has")


def unknown_product(order: Order, catalogue: Catalogue) -> Iterator[Finding]:
    """A vendor or product no catalogue entry has."""
    if order.vendor not in catalogue.vendors:
        hint = _nearest_vendor(order.vendor, catalogue)
        why = tr("is not a vendor of the catalogue; {hint}", hint=hint)
        yield order_finding(order, "unknown-vendor", "vendor", order.vendor, why)
        return
    sellers = [vendor for vendor in catalogue.vendors if order.product in catalogue.products(vendor)]
    if sellers:
        why = tr(
            "is not a product of vendor {vendor}; vendor {sellers} sells it",
            vendor=order.vendor,
            sellers=tr(" and ").join(sellers),
        )
    else:
        hint = suggestion(order.product, catalogue.products(order.vendor), _HAS)
        why = tr("is not a product of vendor {vendor}; {hint}", vendor=order.vendor, hint=hint)
    yield order_finding(order, "unknown-product", "product", order.product, why)


def _nearest_vendor(wrong: str, catalogue: Catalogue) -> str:
    """Vendors are often called by their company's name."""
    called = {entry.company: entry.vendor for entry in catalogue.entries if entry.company}
    if near := nearest(wrong, called):
        return tr("did you mean {vendor} ({company})?", vendor=quoted(called[near]), company=near)
    return suggestion(wrong, catalogue.vendors, _HAS)


def minimum_per_region(case: ExaminedOrder) -> Iterator[Finding]:
    """Fewer numbers than the vendor hands out per region."""
    least, order = case.entry.regions.minimum_per_region, case.order
    regions = max(1, len(order.regions))
    if least is None or order.quantity >= least * regions:
        return
    why = tr(
        "is less than {product} hands out: at least {least} per region, {total} for {count} regions ({regions}){words}"
        if regions > 1
        else "is less than {product} hands out: at least {least} per region, {total} for one region{words}",
        product=case.entry.title,
        least=least,
        total=least * regions,
        count=regions,
        regions="、".join(order.regions),
        words=quote(case.entry.regions.words),
    )
    yield case.finding("minimum-per-region", "quantity", order.quantity, why)


def known_regions(case: ExaminedOrder) -> Iterator[Finding]:
    """A region that is not a place, or not a city where the vendor has numbers."""
    stock = case.entry.regions.stock_cities
    for index, name in enumerate(case.order.regions):
        key, place = f"regions[{index}]", find_place(name)
        if place is None and name != NATIONWIDE:
            yield case.unknown_region(key, name)
        elif place is not None and stock and not _in_stock(place, stock):
            why = tr(
                "is not among the cities {product} has in stock: {cities}; ask the vendor before you pay",
                product=case.entry.title,
                cities="、".join(stock),
            )
            yield case.finding("not-in-stock", key, name, why, Severity.WARNING)


def scarce(case: ExaminedOrder) -> Iterator[Finding]:
    """A city whose numbers come and go, before the order is paid."""
    named = case.entry.regions.scarce
    if case.order.bought:
        return
    for index, name in enumerate(case.order.regions):
        place = find_place(name)
        if place is not None and any(city.holds(place) for city in places_within(named)):
            why = tr(
                "is scarce: {product} has numbers of {cities} now and then; ask the vendor before you pay",
                product=case.entry.title,
                cities="、".join(named),
            )
            yield case.finding("scarce", f"regions[{index}]", name, why, Severity.WARNING)


def term_of_package(case: ExaminedOrder) -> Iterator[Finding]:
    """A term that no number of the product's packages fills."""
    order, prepaid = case.order.held, case.entry.price.prepaid
    if order.term is None or prepaid is None or prepaid.term is None:
        return
    if order.term.in_months() % prepaid.term.in_months():
        why = tr(
            "does not fit the packages of {product}, which last {period}{words}",
            product=case.entry.title,
            period=prepaid.period,
            words=quote(prepaid.words),
        )
        yield case.finding("term-of-package", "term", order.term, why, Severity.WARNING)


def booked_twice(orders: Iterable[Order]) -> Iterator[Finding]:
    """One purchase on the marketplace under two keys: it would be counted and paid for twice."""
    first: dict[str, str] = {}
    for order in orders:
        for id in order.order_ids:
            other = first.setdefault(id, order.key)
            if other != order.key or order.order_ids.count(id) > 1:
                why = tr(
                    "is the marketplace order of {other} as well; a purchase is booked once", other=other
                )
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
        why = tr("is not a prepaid amount: {why}", why=error)
        yield case.finding("bad-amount", "prepaid", plain(paid), why)
        return
    if prepaid is None:
        why = tr(
            "was prepaid, but {product} has no prepaid packages{words}",
            product=entry.title,
            words=quote(entry.price.words),
        )
        yield case.finding("no-package", "prepaid", plain(paid), why)
    elif prepaid.package_for(paid) is None:
        why = tr(
            "is not a package of {product}; they are per {period}: {packages}{words}. Have the vendor confirm it"
            if prepaid.period
            else "is not a package of {product}; they are: {packages}{words}. Have the vendor confirm it",
            product=entry.title,
            period=prepaid.period,
            packages=listed(map(str, prepaid.packages)),
            words=quote(prepaid.words),
        )
        yield case.finding("no-package", "prepaid", plain(paid), why, Severity.WARNING)


def prepaid_missing(case: ExaminedOrder) -> Iterator[Finding]:
    """A paid order of a product sold by prepaid package that names no package: its cost is unknown."""
    order, prepaid = case.order.held, case.entry.price.prepaid
    if prepaid is None or order.prepaid is not None or not order.bought:
        return
    why = tr(
        "is {stage}, without a prepaid amount; {product} is sold by package: {packages}",
        stage=order.stage.value,
        product=case.entry.title,
        packages=listed(map(str, prepaid.packages)),
    )
    yield case.finding("prepaid-missing", "", None, why, Severity.WARNING)


def quoted_rates(case: ExaminedOrder) -> Iterator[Finding]:
    """A quoted rate for calls the product cannot carry."""
    rates, entry = case.order.rates, case.entry
    for way, rate in ((Direction.INBOUND, rates.inbound), (Direction.OUTBOUND, rates.outbound)):
        if rate is not None and not entry.direction.covers(way):
            why = tr(
                "is quoted for {way} calls, which {product} cannot carry{words}",
                way=way,
                product=entry.title,
                words=quote(entry.words),
            )
            yield case.finding("rate-of-no-use", f"rates.{way}", plain(rate), why)


def minutes_by_way(case: ExaminedOrder) -> Iterator[Finding]:
    """Minutes expected of calls that the product cannot carry."""
    by_way, entry = case.order.minutes_by_way, case.entry
    said = {Direction.INBOUND: by_way.inbound, Direction.OUTBOUND: by_way.outbound} if by_way else {}
    for way, minutes in said.items():
        if minutes and not entry.direction.covers(way):
            why = tr(
                "are expected of {way} calls, which {product} cannot carry{words}",
                way=way,
                product=entry.title,
                words=quote(entry.words),
            )
            yield case.finding("minutes-of-no-use", f"expectedMinutes.{way}", minutes, why)


def order_of_dates(order: Order, today: date) -> Iterator[Finding]:
    """Days that contradict each other or the calendar."""
    bought, since = order.purchased, order.since
    if bought is not None and bought > today and order.bought:
        why = tr(
            "lies in the future (today is {today}), yet the order is {stage}",
            today=today,
            stage=order.stage.value,
        )
        yield order_finding(order, "date-in-future", "purchased", bought, why)
    if since is not None and since > today:
        why = tr("lies in the future (today is {today}): since is the day the stage was reached", today=today)
        yield order_finding(order, "date-in-future", "since", since, why)
    if bought is not None and since is not None and since < bought and order.bought:
        why = tr(
            "lies before the purchase on {bought}; an order is {stage} after it was bought",
            bought=bought,
            stage=order.stage.value,
        )
        yield order_finding(order, "dates-reversed", "since", since, why)


def term_over(case: ExaminedOrder) -> Iterator[Finding]:
    """A contract that has ended, with the numbers on it."""
    order = case.order
    if order.ending(case.today) is not Ending.LAPSED:
        return
    why = (
        trn(
            "from {start} ended on {end}; {count:,} declared number may be dead: renew with the vendor and add that "
            "to renewals, or remove the order",
            "from {start} ended on {end}; {count:,} declared numbers may be dead: renew with the vendor and add that "
            "to renewals, or remove the order",
            len(case.numbers),
            start=order.purchased,
            end=order.expires,
        )
        if case.numbers
        else tr(
            "from {start} ended on {end}: renew with the vendor and add that to renewals, or remove the order",
            start=order.purchased,
            end=order.expires,
        )
    )
    yield case.finding("term-over", "term", order.term, why, Severity.WARNING)
