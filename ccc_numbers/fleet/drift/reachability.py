"""Lines that work: whether CCC offers a number to the agents that hold it, and whether a call to it reaches somebody."""

from collections.abc import Iterator, Mapping

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.declaration.model import InstanceDeclaration, NumberDeclaration
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.comparison import Comparison
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.gather import InstanceView, Snapshot, Unread
from ccc_numbers.fleet.drift.offers import may_call_out
from ccc_numbers.fleet.drift.report import Unseen
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.messages.language import english, tr
from ccc_numbers.messages.names import some
from ccc_numbers.numbers.course import Course, Fault, Link, course
from ccc_numbers.numbers.finding_kinds import FindingKind

_FAULTS: Mapping[Fault, str] = {
    Fault.GONE: texts.LINK_GONE,
    Fault.UNPUBLISHED: texts.LINK_UNPUBLISHED,
    Fault.EMPTY: texts.LINK_EMPTY,
}
_ASKED = ("--reachability",)


def reach_findings(here: Comparison) -> Iterator[Finding]:
    """Numbers that CCC does not offer, and ways of a call that break; nothing where that was not looked at."""
    if here.view.offers is None:
        return
    courses = _courses(here.view, here.instance)
    for number in here.instance.numbers.values():
        row = here.view.numbers.get(number.number)
        if row is None:
            continue
        yield from _not_offered(here, number, row)
        yield from _broken(here, number, row, courses)


def unfollowed(stack: Stack, snapshot: Snapshot) -> tuple[list[Unseen], list[str]]:
    """What of a stack could not be looked at, and notes of what is decided during a call, which nobody can look at."""
    unseen: list[Unseen] = []
    notes: list[str] = []
    for instance in stack.declaration.instances.values():
        view = snapshot.view(stack.name, instance.id)
        if view is None or view.offers is None:
            continue
        for group, error in view.offers.failed.items():
            why = Unread.of(error)
            reason = tr("which numbers agents are offered: {why}", why=why.reason)
            unseen.append(Unseen(stack.name, instance.id, reason, f"{group}: {why.detail}"))
        ways = _courses(view, instance).values()
        for name in sorted({name for way in ways for name in way.unread}):
            reason = tr("the definition of contact flow {name} is not JSON, so nobody followed it", name=name)
            unseen.append(Unseen(stack.name, instance.id, reason))
        if chosen := sorted({name for way in ways for name in way.open}):
            notes.append(
                tr(
                    "{instance}: where calls go on is decided during the call in {flows}; that was not looked at",
                    instance=instance.id,
                    flows=some(chosen),
                )
            )
    return unseen, notes


def _not_offered(here: Comparison, number: NumberDeclaration, row: PhoneNumber) -> Iterator[Finding]:
    assert here.view.offers is not None
    offered = here.view.offers.offered
    lacking = [
        group.name
        for group in row.skill_groups
        if group.id in offered and row.number not in offered[group.id]
    ]
    if lacking and may_call_out(row):
        yield here.about(
            number,
            FindingKind.NOT_OFFERED,
            here.look(
                tr("ask {support} why agents cannot call out with it", support=here.support()), *_ASKED
            ),
            field="skillGroups",
            expected=english(texts.OFFERED, names=", ".join(sorted(lacking))),
            actual=texts.NOT_OFFERED,
        )


def _courses(view: InstanceView, instance: InstanceDeclaration) -> Mapping[str, Course]:
    """The course of the calls to each flow that answers a declared number, by the flow's id."""
    flows = {flow.id: flow for flow in view.flows.values()}
    groups = {group.id: group for group in view.groups.values()}
    rows = (view.numbers.get(number) for number in instance.numbers)
    starts = {row.contact_flow_id for row in rows if row and row.contact_flow_id and row.usage.takes_calls}
    return {start: course(start, flows, groups) for start in sorted(starts)}


def _broken(
    here: Comparison, number: NumberDeclaration, row: PhoneNumber, courses: Mapping[str, Course]
) -> Iterator[Finding]:
    if not (row.usage.takes_calls and row.contact_flow_id):
        return  # without a flow it is a dead line, which has a finding of its own
    way = courses[row.contact_flow_id]
    broken = list(way.broken)
    if not (broken or way.groups or way.unread or way.open):
        # The flow names no group: those that hold the number are who is there for its calls.
        flow = Link(row.contact_flow_name or row.contact_flow_id)
        held = [here.view.groups.get(group.name) for group in row.skill_groups]
        if held and all(group and group.user_count == 0 for group in held):
            broken = [(flow, Link(group.name, group=True, fault=Fault.EMPTY)) for group in held if group]
    if broken:
        yield here.about(
            number,
            FindingKind.CHAIN_BROKEN,
            here.look(tr("mend the last link of it in CCC's workbench"), *_ASKED),
            field="flow",
            expected=texts.REACHED,
            actual="; ".join(" → ".join(map(_said, chain)) for chain in broken),
        )


def _said(link: Link) -> str:
    """In English, as baselines keep it."""
    name = english(texts.GROUP_LINK, name=link.name) if link.group else link.name
    return f"{name}: {_FAULTS[link.fault]}" if link.fault else english(texts.PUBLISHED_LINK, name=name)
