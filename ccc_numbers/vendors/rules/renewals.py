"""Rules about what comes after the purchase: renewals, and the invoice."""

from collections.abc import Iterator

from ccc_numbers.messages.language import tr
from ccc_numbers.vendors.findings import Finding
from ccc_numbers.vendors.rules.case import ExaminedOrder


def renewals_in_turn(case: ExaminedOrder) -> Iterator[Finding]:
    """A renewal of something that was not bought, or one that was bought before the one above it."""
    order, before = case.order, case.order.purchased
    for index, each in enumerate(order.renewals):
        key = f"renewals[{index}]"
        if order.purchased is None or order.term is None:
            why = tr(
                "renews an order without purchased and term: the first purchase stands on the order itself"
            )
            yield case.finding("renewal-of-nothing", key, None, why)
            return
        if each.purchased > case.today:
            why = tr("is in the future (today is {today}): write a renewal once it is paid", today=case.today)
            yield case.finding("date-in-future", key, each.purchased, why)
        if before is not None and each.purchased <= before:
            why = tr("is not later than the purchase before it, on {day}: the oldest comes first", day=before)
            yield case.finding("dates-reversed", key, each.purchased, why)
        before = each.purchased


def invoice_dates(case: ExaminedOrder) -> Iterator[Finding]:
    """An invoice that was received before anything was bought, or has yet to be."""
    received, bought = case.order.invoice.received, case.order.purchased
    if received is not None and received > case.today:
        why = tr(
            "lies in the future (today is {today}): received is the day the invoice came", today=case.today
        )
        yield case.finding("date-in-future", "invoice.received", received, why)
    elif received is not None and bought is not None and received < bought:
        why = tr("lies before the purchase on {bought}", bought=bought)
        yield case.finding("dates-reversed", "invoice.received", received, why)
