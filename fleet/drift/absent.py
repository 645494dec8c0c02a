"""Declared numbers that are not in their instance: where they are, and who has to do what."""

from __future__ import annotations

from collections.abc import Iterator

from components.declaration import NumberDeclaration, OrderDeclaration
from fleet.drift.case import Case, support
from fleet.drift.findings import Finding
from fleet.drift.kinds import Heal, Kind
from fleet.drift.live import InInstance, Unassigned, Unknown
from vendors.orders import Stage
from vendors.progress import due


def absent(case: Case, number: NumberDeclaration) -> Iterator[Finding]:
    """One finding: missing, in another instance, or pending."""
    match case.where(number.number):
        case InInstance(instance):
            yield from _elsewhere(case, number, instance)
        case Unassigned():
            yield _missing(case, number)
        case Unknown():
            yield _pending(case, number)


def _missing(case: Case, number: NumberDeclaration) -> Finding:
    return case.finding(
        Kind.MISSING,
        number.number,
        case.heal(),
        source=number.source,
        expected=f"in {case.instance.id}",
        actual="in no instance (among the account's unassigned numbers)",
        cause=_lapsed(case, case.order(number.order)),
    )


def _elsewhere(case: Case, number: NumberDeclaration, instance: str) -> Iterator[Finding]:
    owners = case.fleet.owners_of(case.stack.world, number.number)
    if any(each.instance == instance for each in owners):
        return  # declared there as well: it is told as a duplicate
    allow = None if number.adopt else "write `adopt: true` on it if it shall come back"
    yield case.finding(
        Kind.ELSEWHERE,
        number.number,
        case.heal(allow),
        source=number.source,
        expected=f"in {case.instance.id}",
        actual=f"in {instance}",
        heal=Heal.REPAIRS if number.adopt else Heal.REFUSES,
    )


def _pending(case: Case, number: NumberDeclaration) -> Finding:
    """Not in the account: support has not imported it, or the vendor has taken it back."""
    order = case.order(number.order)
    since = _waited(case, order)
    if since is None:
        wait = (
            "wait for its import"
            if order
            else "wait for its import, and name its order to have the wait judged"
        )
        kind, next = Kind.PENDING, case.heal(wait)
    else:
        renewed = "renew its order and " if _lapsed(case, order) else ""
        kind, next = Kind.PENDING_TOO_LONG, case.heal(f"{renewed}have {support(order)} import it")
    return case.finding(
        kind,
        number.number,
        next,
        source=number.source,
        expected=f"in {case.instance.id}",
        actual="not in the account",
        cause=_lapsed(case, order) or since,
    )


def _waited(case: Case, order: OrderDeclaration | None) -> str | None:
    """Why a number should have been imported by now; None when it may still take its time."""
    if order is None:
        return None
    if order.stage is Stage.IMPORTED:
        return f"its order {order.key} says imported"
    until = due(order, case.entry(order))
    if until is None or until >= case.today:
        return None
    return f"its order {order.key} is {order.stage} since {order.stage_since} and was due on {until}"


def _lapsed(case: Case, order: OrderDeclaration | None) -> str | None:
    if order is None or not order.lapsed(case.today):
        return None
    return f"its order {order.key} ended on {order.expires}"
