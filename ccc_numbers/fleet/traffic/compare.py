"""Findings about calls: lines that nobody calls, nobody answers, nobody lets through, or that are paid for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from ccc_numbers.declaration.clock import Window
from ccc_numbers.declaration.model import NumberDeclaration, OrderDeclaration
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.comparison import Comparison
from ccc_numbers.fleet.drift.findings import Details, Finding
from ccc_numbers.fleet.traffic.window import spoken
from ccc_numbers.messages.language import english, tr
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.traffic import NONE, OTHERS, Calls, Trait, traits
from ccc_numbers.vendors.dues import dues
from ccc_numbers.vendors.money import yuan
from ccc_numbers.vendors.tariff import Tariff

_A_YEAR = timedelta(days=366)


def traffic_findings(here: Comparison, calls: Mapping[str, Calls], window: Window) -> Iterator[Finding]:
    """Every finding about the calls of the instance's declared numbers that are in it."""
    stray = calls.get(OTHERS, NONE).total
    for number in here.instance.numbers.values():
        row = here.view.numbers.get(number.number)
        if row is None:
            continue
        own = calls.get(number.number, NONE)
        for trait in traits(row, own, window.begins):
            if (found := _finding(here, number, trait, own, window, stray)) is not None:
                yield found


def _finding(
    here: Comparison, number: NumberDeclaration, trait: Trait, calls: Calls, window: Window, stray: int
) -> Finding | None:
    """What changes from day to day is in the cause, so that a baseline holds."""
    more = tr("; {count} calls of the instance are by none of its numbers", count=stray) if stray else ""
    match trait:
        case Trait.SILENT:
            kind, expected, actual = FindingKind.SILENT, texts.CALLS_IN, texts.NOBODY_CALLED
            cause = tr("no call came in within {window}", window=spoken(window.written)) + more
            do = tr("call it; or let it end with its order")
        case Trait.UNANSWERED:
            kind, expected, actual = FindingKind.UNANSWERED, texts.AGENT_ANSWERS, texts.NO_AGENT_ANSWERS
            cause = tr(
                "{part} of {all} calls within {window} ended in the flow or in a queue",
                part=calls.unanswered,
                all=calls.inbound,
                window=spoken(window.written),
            )
            do = tr("call it and listen where the flow ends; look whether the groups it leads to have agents")
        case Trait.BLOCKED:
            kind, expected, actual = FindingKind.BLOCKED, texts.LET_THROUGH, texts.RESTRICTED
            cause = tr(
                "{part} of {all} calls within {window} were not let through (early media: Restricted)",
                part=calls.blocked,
                all=calls.outbound,
                window=spoken(window.written),
            )
            do = tr("ask {support} whether the line is marked or blocked", support=_support(here, number))
        case Trait.UNUSED:
            order = here.order(number.order)
            if order is None or order.lapsed(here.today) or not order.bought:
                return None
            kind, expected, actual = (
                FindingKind.UNUSED_BUT_PAID,
                texts.CALLS,
                english(texts.NO_CALL_PAID, order=order.key),
            )
            cause = (
                tr("no call in or out within {window}", window=spoken(window.written))
                + _money(here, order)
                + more
            )
            do = tr("use it, or let it end with its order")
    details: Details = {"expected": expected, "actual": actual, "cause": cause}
    if trait is Trait.UNUSED:
        details["field"] = "order"
    return here.about(number, kind, here.look(do, "--traffic", window.written), **details)


def _support(here: Comparison, number: NumberDeclaration) -> str:
    order = here.order(number.order)
    return here.support(order)


def _money(here: Comparison, order: OrderDeclaration) -> str:
    """The rent of the number, and what is due next; "" where the catalogue has no price."""
    entry = here.entry(order)
    if entry is None:
        return ""
    rent = Tariff(order, entry).rent
    said = tr("; {rent} a month for it", rent=yuan(rent)) if rent else ""
    for due in dues(order, entry, here.today, here.today + _A_YEAR)[:1]:
        said += tr("; {amount} due for the order on {day}", amount=yuan(due.amount), day=due.day)
    return said
