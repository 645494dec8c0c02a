"""The ledger's findings about what was prepaid: for nothing, too much, too little."""

from collections.abc import Iterator

from ccc_numbers.messages.language import tr
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.findings import Severity
from ccc_numbers.vendors.ledger.model import LedgerFinding, LedgerKind, LedgerOrder
from ccc_numbers.vendors.money import plain, yuan
from ccc_numbers.vendors.orders import Stage
from ccc_numbers.vendors.tariff import Tariff


def prepaid(case: LedgerOrder, entry: Entry) -> Iterator[LedgerFinding]:
    """A package that runs while not one number of the order is in service."""
    order = case.order.on(case.today)
    if order.paid_ahead is None or not order.stage.reached(Stage.OPENED) or order.lapsed(case.today):
        return
    if case.counts.bound if case.counts is not None else case.numbers:
        return
    start = order.purchased or case.today
    spent = Tariff(order, entry).committed(start, case.today)
    message = tr(
        "{paid} prepaid, with no number on it in service; {spent} of rent and prepaid have run out since {start}"
        if spent
        else "{paid} prepaid, with no number on it in service",
        paid=yuan(order.paid_ahead),
        spent=yuan(spent),
        start=start,
    )
    yield case.finding(LedgerKind.PREPAID_FOR_NOTHING, Severity.WARNING, message)


def prepaid_beyond_use(case: LedgerOrder, entry: Entry) -> Iterator[LedgerFinding]:
    """A package that is larger than the expected minutes need, or too small for them, where another one is sold."""
    order, on_sale = case.order.on(case.today), entry.price.prepaid
    paid = order.paid_ahead
    if paid is None or not order.expected_minutes or on_sale is None or on_sale.term is None:
        return
    tariff, months = Tariff(order, entry), on_sale.term.in_months()
    # Each package by what all of the order's numbers pay for it.
    enough = {
        total: each
        for each in (tariff.package_of(package, months) for package in on_sale.packages)
        if (total := each.order.paid_ahead) is not None and each.usage * months <= total
    }
    least, need = min(enough, default=None), tariff.usage * months
    # Of one package that may be any amount, a fifth more is not a mistake.
    alike = least is not None and enough[least].package is tariff.package and paid * 5 <= least * 6
    said = {
        "paid": yuan(paid),
        "period": on_sale.period,
        "minutes": order.expected_minutes,
        "package": "" if least is None else plain(enough[least].order.prepaid or least),
    }
    if least is not None and least < paid and not alike:
        message = tr(
            "{paid} prepaid, but {minutes:,} minutes a month need no more than the package of {package} per {period}",
            **said,
        )
        yield case.finding(LedgerKind.PREPAID_FOR_NOTHING, Severity.WARNING, message)
    elif need > paid:
        message = tr(
            "{paid} prepaid per {period}, but {minutes:,} minutes a month come to {need}"
            if least is None
            else "{paid} prepaid per {period}, but {minutes:,} minutes a month come to {need}; the package of {package} "
            "would do",
            need=yuan(need),
            **said,
        )
        yield case.finding(LedgerKind.PREPAID_TOO_SMALL, Severity.WARNING, message)
