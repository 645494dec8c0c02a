"""Compares the numbers of one instance with its declaration, and lists those that nobody declares."""

from collections.abc import Iterator

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.declaration.model import NumberDeclaration, OrderDeclaration
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.co_managed import co_managed
from ccc_numbers.fleet.drift.comparison import Comparison, listed
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.messages.language import english, mark, tr
from ccc_numbers.numbers.agents import handover
from ccc_numbers.numbers.faults import binding_faults
from ccc_numbers.numbers.finding_kinds import FindingKind, Heal
from ccc_numbers.numbers.plan_number import (
    Binding,
    Bound,
    Elsewhere,
    NotImported,
    Part,
    Unassigned,
    settled,
)
from ccc_numbers.numbers.rules import unanswered, unusable
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.orders import Stage
from ccc_numbers.vendors.progress import due, seller

_UNORDERED = mark("have {support} import it, name its order with its stage, or take it out of the file")
_NO_ORDER = mark("no order says that it is still to be imported")
_CORRECTED = mark("have {support} import it, correct the order's stage, or take it out of the file")
_RENEWED_OR_CORRECTED = mark(
    "renew its order and have {support} import it, correct the order's stage, or take it out of the file"
)
_RENEWED = mark("renew its order and have {support} import it")


def number_findings(here: Comparison) -> Iterator[Finding]:
    """Every finding about the instance's declared numbers."""
    for number in here.instance.numbers.values():
        yield from _duplicate(here, number)
        row = here.view.numbers.get(number.number)
        if row is None:
            yield from _absent(here, number)
        elif row.user_id and number.agent is None:
            yield _given_away(here, number, row.user_id)
        else:
            yield from _present(here, number, row)
            yield from _binding(here, number, row)
            yield from co_managed(here, number, row)


def unmanaged_findings(here: Comparison) -> Iterator[Finding]:
    """The numbers of the instance that no stack declares, and the dead ones among them."""
    for number, row in here.view.numbers.items():
        if here.fleet.owners_of(here.stack.world, number):
            continue
        dead = _dead(here, row)
        next = here.adopt(tr("bind it in CCC's workbench or take it out of the instance") if dead else None)
        actual = str(Binding.of(row))
        yield here.finding(FindingKind.UNMANAGED, number, next, expected=texts.DECLARED, actual=actual)
        for kind, why in dead:
            yield here.finding(kind, number, next, actual=why, heal=Heal.LEAVES, cause=tr("undeclared"))


def _duplicate(here: Comparison, number: NumberDeclaration) -> Iterator[Finding]:
    owners = here.fleet.owners_of(here.stack.world, number.number)
    if others := [each for each in owners if each.stack != here.stack.name]:
        other = others[0]
        yield here.about(
            number,
            FindingKind.DUPLICATE,
            here.look(
                tr(
                    "take it out of one of the two: {one} or {other}",
                    one=number.source,
                    other=other.number.source,
                )
            ),
            expected=english(texts.DECLARED_ALONE, stack=here.stack.name),
            actual=english(
                texts.DECLARED_AS_WELL,
                stacks=", ".join(each.stack for each in others),
                instance=other.instance,
            ),
            heal=Heal.REFUSES if here.plan(number) is None else Heal.LEAVES,
        )
    places = here.twice.get((here.view.place.account, number.number), ())
    if here.instance.id in places:
        yield here.about(
            number,
            FindingKind.DUPLICATE,
            here.look(
                tr(
                    "wait: it was moved while CCC was listed; if this stays, ask {support}",
                    support=here.support(),
                )
            ),
            expected=english(texts.IN_ALONE, instance=here.instance.id),
            actual=english(texts.LISTED_IN, instances=", ".join(places)),
        )


def _absent(here: Comparison, number: NumberDeclaration) -> Iterator[Finding]:
    """A declared number that is not in its instance: where it is, and who has to do what."""
    heal = Heal.REFUSES if here.plan(number) is None else Heal.REPAIRS
    expected = english(texts.IN, instance=here.instance.id)
    match here.standing(number.number):
        case Elsewhere(row):
            owners = here.fleet.owners_of(here.stack.world, number.number)
            if any(each.instance == row.instance_id for each in owners):
                return  # declared there as well: that is a duplicate
            first = None
            if row.user_id:
                first = tr("take it from agent {agent} in CCC's workbench", agent=row.user_id)
            elif heal is Heal.REFUSES and len(owners) == 1:
                first = tr("write `adopt: true` on it if it is to come back")
            next, actual = here.heal(first), english(texts.IN, instance=row.instance_id)
            yield here.about(number, FindingKind.ELSEWHERE, next, expected=expected, actual=actual, heal=heal)
        case Unassigned():
            yield here.about(
                number,
                FindingKind.MISSING,
                here.heal(),
                expected=expected,
                actual=texts.UNASSIGNED,
                cause=here.lapsed(here.order(number.order)),
                heal=heal,
            )
        case NotImported():
            kind, do, cause = _not_imported(here, here.order(number.order))
            actual = texts.ABSENT
            yield here.about(number, kind, here.heal(do), expected=expected, actual=actual, cause=cause)


def _not_imported(here: Comparison, order: OrderDeclaration | None) -> tuple[FindingKind, str, str | None]:
    """Kind, way out and cause for a number that the account lacks.

    Support still has to import it, as its order says, or it is gone (the vendor may have taken it back).
    """
    support, lapsed = here.support(order), here.lapsed(order)
    if order is None:
        return FindingKind.NOT_IN_ACCOUNT, tr(_UNORDERED, support=support), tr(_NO_ORDER)
    if order.stage is Stage.IMPORTED:
        do = tr(_RENEWED_OR_CORRECTED if lapsed else _CORRECTED, support=support)
        return (
            FindingKind.NOT_IN_ACCOUNT,
            do,
            lapsed or tr("its order {order} says imported", order=order.key),
        )
    until = due(order, here.entry(order))
    if until is not None and until < here.today:
        late = tr(
            "its order {order} is {stage} since {since} and was due on {until}",
            order=order.key,
            stage=order.stage,
            since=order.stage_since,
            until=until,
        )
        do = tr(_RENEWED if lapsed else mark("have {support} import it"), support=support)
        return FindingKind.PENDING_TOO_LONG, do, lapsed or late
    return FindingKind.PENDING, tr("wait for its import"), lapsed


def _given_away(here: Comparison, number: NumberDeclaration, agent: str) -> Finding:
    return here.about(
        number,
        FindingKind.PERSONAL,
        here.heal(
            tr("write `agent: {agent}` on it, or `agent: null` to take it from the agent", agent=agent)
        ),
        field="skillGroups",
        expected=english(texts.GROUPS, names=listed(number.skill_groups)),
        actual=english(texts.PERSONAL, agent=agent),
        heal=Heal.REFUSES,
    )


def _present(here: Comparison, number: NumberDeclaration, row: PhoneNumber) -> Iterator[Finding]:
    """A declared number that is in its instance: whether it works, whose it is, and who sold it."""
    order = here.order(number.order)
    entry = here.entry(order) if order else None
    if row.active is False:
        next, cause = here.look(tr("ask {support} why", support=here.support(order))), here.lapsed(order)
        yield here.about(
            number, FindingKind.INACTIVE, next, expected=texts.ACTIVE, actual=texts.INACTIVE, cause=cause
        )
    if any(handover(row.user_id or "", number.agent)):
        yield here.about(
            number,
            FindingKind.PERSONAL,
            here.heal(),
            field="agent",
            expected=_whose(number.agent),
            actual=_whose(row.user_id),
            heal=Heal.REFUSES if here.plan(number) is None else Heal.REPAIRS,
        )
    if order and entry and row.provider:
        yield from _vendor(here, number, order, entry, row.provider)


def _whose(agent: str | None) -> str:
    return english(texts.PERSONAL, agent=agent) if agent else texts.NO_AGENT


def _vendor(
    here: Comparison, number: NumberDeclaration, order: OrderDeclaration, entry: Entry, provider: str
) -> Iterator[Finding]:
    """The vendor that CCC names, where it is another one than the order's, or may be."""
    another = here.stack.catalogue.sold_by_another(entry, provider)
    if another is False:
        return
    do = tr("name the order it came with, or have {support} explain", support=here.support(order))
    yield here.about(
        number,
        FindingKind.VENDOR_MISMATCH if another else FindingKind.VENDOR_NAME,
        here.look(do if another else entry.learn(provider)),
        field="order",
        expected=seller(entry, order),
        actual=provider,
        cause=tr("order {order} is vendor {vendor}'s", order=order.key, vendor=order.vendor),
    )


def _binding(here: Comparison, number: NumberDeclaration, row: PhoneNumber) -> Iterator[Finding]:
    """The usage, flow and skill groups of a declared number that differ."""
    live, due = Binding.of(row), settled(number.declared_in(here.instance.id), Bound(row)).binding
    faults = {part: kind for kind, part in binding_faults(row, due, flow_there=_flow_there(here, row))}
    if not faults:
        return
    override = tr("override until {override}", override=number.override) if number.override else None
    plan = here.plan(number)
    heal = Heal.REFUSES if plan is None else Heal.REPAIRS
    next = here.heal()
    if Part.USAGE in faults:
        yield here.about(
            number,
            faults[Part.USAGE],
            next,
            field=Part.USAGE.value,
            expected=str(due.usage),
            actual=str(live.usage),
            cause=override,
            heal=heal,
        )
    if Part.FLOW in faults:
        rebind = plan is not None and not plan.modify
        yield here.about(
            number,
            faults[Part.FLOW],
            here.look(tr("bind the flow again in CCC's workbench")) if rebind else next,
            field=Part.FLOW.value,
            expected=due.flow,
            actual=_unanswered(here, row) or live.flow,
            heal=Heal.LEAVES if rebind else heal,
            cause=override
            if due.flow in here.view.flows
            else tr("the flow {flow} is not there", flow=due.flow),
        )
    if Part.GROUPS in faults:
        gone = sorted(due.groups - here.view.groups.keys())
        yield here.about(
            number,
            faults[Part.GROUPS],
            here.heal(),
            field=Part.GROUPS.value,
            expected=listed(due.groups),
            actual=texts.NO_GROUP
            if faults[Part.GROUPS] is FindingKind.DEAD_OUTBOUND
            else listed(live.groups),
            cause=tr("the skill group {group} is not there", group=gone[0]) if gone else override,
            heal=heal,
        )


def _dead(here: Comparison, row: PhoneNumber) -> list[tuple[FindingKind, str]]:
    """Why nobody can reach, or call out with, a number that has no declaration to compare with."""
    why = _unanswered(here, row)
    dead = [(FindingKind.DEAD_INBOUND, why)] if why else []
    if unusable(row.usage, row.skill_groups, row.user_id):
        dead.append((FindingKind.DEAD_OUTBOUND, texts.NO_GROUP))
    return dead


def _unanswered(here: Comparison, row: PhoneNumber) -> str | None:
    """Why no flow answers a number that takes calls; None when one does."""
    if not unanswered(row.usage, row.contact_flow_id if _flow_there(here, row) else None):
        return None
    if row.contact_flow_id is None:
        return texts.NO_FLOW
    return english(texts.LOST_FLOW, flow=row.contact_flow_name or row.contact_flow_id)


def _flow_there(here: Comparison, row: PhoneNumber) -> bool:
    """Whether the instance has the flow that CCC names for a number."""
    return any(flow.id == row.contact_flow_id for flow in here.view.flows.values())
