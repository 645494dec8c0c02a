"""Compares the numbers of one instance: each declared one with what is there, and what is there undeclared."""

from __future__ import annotations

from collections.abc import Iterator

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.declaration.model import NumberDeclaration
from ccc_numbers.fleet.drift.absent import absent
from ccc_numbers.fleet.drift.comparison import Comparison, listed, support
from ccc_numbers.fleet.drift.findings import Finding, FindingKind, Heal, Next
from ccc_numbers.numbers.plan_number import Binding, is_agent
from ccc_numbers.numbers.rules import unanswered, unusable
from ccc_numbers.vendors.progress import seller

_NO_FLOW = "no flow: callers reach nothing"
_NO_GROUP = "no skill group: nobody can call out with it"


def number_findings(here: Comparison) -> Iterator[Finding]:
    """Everything there is to say about the instance's declared numbers."""
    for number in here.instance.numbers.values():
        yield from _duplicate(here, number)
        row = here.view.numbers.get(number.number)
        if row is None:
            yield from absent(here, number)
        elif row.user_id and not is_agent(number.agent, row.user_id):
            yield _given_away(here, number, row.user_id)
        else:
            yield from _bound(here, number, row)


def unmanaged_findings(here: Comparison) -> Iterator[Finding]:
    """The numbers of the instance that no stack declares, and the dead ones among them."""
    world = here.stack.world
    for number, row in here.view.numbers.items():
        if here.fleet.owners_of(world, number):
            continue
        dead = _dead(here, row)
        do = "bind it in CCC's workbench or take it out of the instance" if dead else None
        yield here.finding(
            FindingKind.UNMANAGED,
            number,
            here.adopt(do),
            source=None,
            expected="declared",
            actual=str(Binding.of(row))
            + (f", personal number of agent {row.user_id}" if row.user_id else ""),
        )
        for kind, actual in dead:
            yield here.finding(
                kind, number, here.adopt(do), source=None, actual=actual, heal=Heal.LEAVES, cause="undeclared"
            )


def _bound(here: Comparison, number: NumberDeclaration, row: PhoneNumber) -> Iterator[Finding]:
    """A declared number that is where it belongs."""
    if row.active is False:
        yield _inactive(here, number, row)
    if number.agent and not row.user_id:
        yield here.about(
            number,
            FindingKind.PERSONAL,
            here.look("give it to the agent in CCC's workbench, or take `agent` out"),
            field="agent",
            expected=f"personal number of agent {number.agent}",
            actual="no agent's own",
            heal=Heal.LEAVES,
        )
    live = Binding.of(row)
    steps = here.plan(number)
    heal = Heal.REFUSES if steps is None else Heal.REPAIRS
    next = here.heal("change it in CCC's workbench: it is an agent's own" if row.user_id else None)
    yield from _usage(here, number, live, next, heal)
    if steps is not None and not steps.modify:
        heal, next = Heal.LEAVES, here.look("bind the flow again in CCC's workbench")
    yield from _flow(here, number, row, live, next, heal)
    if not row.user_id:
        yield from _groups(here, number, live, Heal.REFUSES if steps is None else Heal.REPAIRS)
    yield from _vendor(here, number, row)


def _usage(
    here: Comparison, number: NumberDeclaration, live: Binding, next: Next, heal: Heal
) -> Iterator[Finding]:
    if live.usage.value != number.usage.value:
        yield here.about(
            number,
            FindingKind.WRONG_USAGE,
            next,
            field="usage",
            expected=str(number.usage),
            actual=str(live.usage),
            heal=heal,
        )


def _flow(
    here: Comparison, number: NumberDeclaration, row: PhoneNumber, live: Binding, next: Next, heal: Heal
) -> Iterator[Finding]:
    # A number that takes no calls has no flow: then its usage is what is wrong, and is told.
    if number.flow is None or not live.usage.takes_calls:
        return
    dead = _unanswered(here, row)
    if dead is None and live.flow == number.flow:
        return
    yield here.about(
        number,
        FindingKind.WRONG_FLOW if dead is None else FindingKind.DEAD_INBOUND,
        next,
        field="flow",
        expected=number.flow,
        actual=dead or live.flow,
        heal=heal,
        cause=None if here.view.flows.get(number.flow) else f"the flow {number.flow} is not there",
    )


def _groups(here: Comparison, number: NumberDeclaration, live: Binding, heal: Heal) -> Iterator[Finding]:
    wanted = frozenset(number.skill_groups)
    if wanted == live.groups:
        return
    unreachable = unusable(live.usage, live.groups, None)
    gone = sorted(wanted - here.view.groups.keys())
    yield here.about(
        number,
        FindingKind.DEAD_OUTBOUND if unreachable else FindingKind.WRONG_GROUPS,
        here.heal(),
        field="skillGroups",
        expected=listed(wanted),
        actual=_NO_GROUP if unreachable else listed(live.groups),
        cause=f"the skill group {gone[0]} is not there" if gone else None,
        heal=heal,
    )


def _vendor(here: Comparison, number: NumberDeclaration, row: PhoneNumber) -> Iterator[Finding]:
    order = here.order(number.order)
    entry = here.entry(order) if order else None
    if order is None or entry is None or not entry.sold_by_another(row.provider):
        return
    yield here.about(
        number,
        FindingKind.VENDOR_MISMATCH,
        here.look(f"name the order it came with, or have {support(order)} explain"),
        field="order",
        expected=seller(entry, order),
        actual=row.provider,
        cause=f"order {order.key} is vendor {order.vendor}'s",
    )


def _inactive(here: Comparison, number: NumberDeclaration, row: PhoneNumber) -> Finding:
    order = here.order(number.order)
    return here.about(
        number,
        FindingKind.INACTIVE,
        here.look(f"ask {support(order)} why"),
        expected="active",
        actual="switched off",
        cause=here.lapsed(order),
    )


def _given_away(here: Comparison, number: NumberDeclaration, agent: str) -> Finding:
    expected = f"agent {number.agent}" if number.agent else f"skill groups {listed(number.skill_groups)}"
    return here.about(
        number,
        FindingKind.PERSONAL,
        here.heal(f"take it from the agent in CCC's workbench, or write `agent: {agent}` on it"),
        field="agent" if number.agent else "skillGroups",
        expected=expected,
        actual=f"personal number of agent {agent}",
    )


def _duplicate(here: Comparison, number: NumberDeclaration) -> Iterator[Finding]:
    owners = [
        each
        for each in here.fleet.owners_of(here.stack.world, number.number)
        if each.stack != here.stack.name
    ]
    if owners:
        other = owners[0]
        yield here.about(
            number,
            FindingKind.DUPLICATE,
            here.look(f"take it out of one of the two: {number.source} or {other.number.source}"),
            expected=f"declared by {here.stack.name} alone",
            actual=f"declared by {', '.join(each.stack for each in owners)} as well, for {other.instance}",
            heal=Heal.REFUSES if here.plan(number) is None else Heal.LEAVES,
        )
    places = here.twice.get((here.view.place.account, number.number), ())
    if here.instance.id in places:
        yield here.about(
            number,
            FindingKind.DUPLICATE,
            here.look("wait: it was moved while CCC was listed; if this stays, ask " + support(None)),
            expected=f"in {here.instance.id} alone",
            actual=f"listed in {', '.join(places)}",
        )


def _dead(here: Comparison, row: PhoneNumber) -> list[tuple[FindingKind, str]]:
    """Why nobody can reach, or call out with, a number that has no declaration to compare with."""
    why = _unanswered(here, row)
    dead = [(FindingKind.DEAD_INBOUND, why)] if why else []
    if unusable(row.usage, row.skill_groups, row.user_id):
        dead.append((FindingKind.DEAD_OUTBOUND, _NO_GROUP))
    return dead


def _unanswered(here: Comparison, row: PhoneNumber) -> str | None:
    """Why no flow answers a number that takes calls; None when one does."""
    there = any(flow.id == row.contact_flow_id for flow in here.view.flows.values())
    if not unanswered(row.usage, row.contact_flow_id if there else None):
        return None
    if row.contact_flow_id is None:
        return _NO_FLOW
    return f"a flow that is gone ({row.contact_flow_name or row.contact_flow_id}): callers reach nothing"
