"""Declared numbers that are not in their instance: where they are, and who has to do what."""

from __future__ import annotations

from collections.abc import Iterator

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.declaration.model import NumberDeclaration, OrderDeclaration
from ccc_numbers.fleet.drift.comparison import Comparison, support
from ccc_numbers.fleet.drift.findings import Finding, FindingKind, Heal
from ccc_numbers.numbers.plan_number import Elsewhere, NotImported, Unassigned
from ccc_numbers.vendors.orders import Stage
from ccc_numbers.vendors.progress import due


def absent(here: Comparison, number: NumberDeclaration) -> Iterator[Finding]:
    """One finding: missing, in another instance, pending, or not in the account."""
    heal = Heal.REFUSES if here.plan(number) is None else Heal.REPAIRS
    match here.standing(number.number):
        case Elsewhere(row):
            yield from _elsewhere(here, number, row, heal)
        case Unassigned():
            yield _missing(here, number, heal)
        case NotImported():
            yield _outside(here, number)


def _missing(here: Comparison, number: NumberDeclaration, heal: Heal) -> Finding:
    return here.about(
        number,
        FindingKind.MISSING,
        here.heal(),
        expected=f"in {here.instance.id}",
        actual="in no instance (among the account's unassigned numbers)",
        cause=here.lapsed(here.order(number.order)),
        heal=heal,
    )


def _elsewhere(
    here: Comparison, number: NumberDeclaration, row: PhoneNumber, heal: Heal
) -> Iterator[Finding]:
    owners = here.fleet.owners_of(here.stack.world, number.number)
    if any(each.instance == row.instance_id for each in owners):
        return  # declared there as well: it is told as a duplicate
    allow = None
    if row.user_id:
        allow = f"take it from agent {row.user_id} in CCC's workbench"
    elif heal is Heal.REFUSES and len(owners) == 1:
        allow = "write `adopt: true` on it if it shall come back"
    yield here.about(
        number,
        FindingKind.ELSEWHERE,
        here.heal(allow),
        expected=f"in {here.instance.id}",
        actual=f"in {row.instance_id}",
        heal=heal,
    )


def _outside(here: Comparison, number: NumberDeclaration) -> Finding:
    """Not in the account: still to be imported, as its order says, or gone (the vendor may have taken it back)."""
    order = here.order(number.order)
    lapsed, do = here.lapsed(order), f"have {support(order)} import it"
    cause: str | None
    if order is None:
        kind, cause = FindingKind.NOT_IN_ACCOUNT, "no order says that it is still to be imported"
        do += ", name its order with its stage, or take it out of the file"
    elif order.stage is Stage.IMPORTED:
        kind, cause = FindingKind.NOT_IN_ACCOUNT, f"its order {order.key} says imported"
        do += ", correct the order's stage, or take it out of the file"
    elif cause := _late(here, order):
        kind = FindingKind.PENDING_TOO_LONG
    else:
        kind, do = FindingKind.PENDING, "wait for its import"
    return here.about(
        number,
        kind,
        here.heal(f"renew its order and {do}" if lapsed and kind is not FindingKind.PENDING else do),
        expected=f"in {here.instance.id}",
        actual="not in the account",
        cause=lapsed or cause,
    )


def _late(here: Comparison, order: OrderDeclaration) -> str | None:
    """Why a number should have been imported by now; None while its order may still take its time."""
    until = due(order, here.entry(order))
    if until is None or until >= here.today:
        return None
    return f"its order {order.key} is {order.stage} since {order.stage_since} and was due on {until}"
