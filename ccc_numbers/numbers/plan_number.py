"""What has to happen to one number: declared and live in, a plan out. Pure: no network, no clock.

A write starts from what CCC holds now and does only what is missing, so that every plan may be made again
after any crash and ends in the same place. Source of the rules: DESIGN, "Reconciliation rules".
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import PhoneNumber, UnassignedNumber, Usage
from ccc_numbers.messages.language import english, mark, tr
from ccc_numbers.numbers.agents import handover, personal, unsaid


class Refused(CccError):
    """A change that is not made because it is not safe. Nothing was changed; the message says what is allowed."""


class Part(StrEnum):
    """A part of a binding, as a stack file calls it."""

    USAGE = "usage"
    FLOW = "flow"
    GROUPS = "skillGroups"


@dataclass(frozen=True, slots=True)
class Binding:
    """How a number is used. Flow and groups by name, as people write them; `agent` is whose personal number it is, "" nobody's."""

    usage: Usage
    flow: str | None
    groups: frozenset[str]
    agent: str = ""

    @classmethod
    def of(cls, row: PhoneNumber) -> "Binding":
        """The binding of a live number. A flow left on an outbound number answers nothing: it does not count."""
        return cls(
            row.usage,
            (row.contact_flow_name or row.contact_flow_id) if row.usage.takes_calls else None,
            frozenset(group.name for group in row.skill_groups),
            row.user_id or "",
        )

    def __str__(self) -> str:
        """In English: baselines keep it, and what `adopt` writes follows its order."""
        return self.in_words(english)

    def in_words(self, say: Callable[..., str] = tr) -> str:
        """In a few words: `inbound, flow 主流程, skill groups sales`."""
        comma = say(mark(", "))
        flow = say(mark("flow {name}"), name=self.flow) if self.flow else ""
        names = comma.join(sorted(self.groups))
        groups = say(mark("skill groups {names}"), names=names) if names else ""
        own = say(mark("personal number of agent {agent}"), agent=self.agent) if self.agent else ""
        return comma.join(filter(None, (str(self.usage), flow, groups, own)))


@dataclass(frozen=True, slots=True)
class Declared:
    """One number as it should be. `adopt` allows to change what somebody else bound.

    `agent` is whose personal number it is, by login or id: "" nobody's, None where nothing is said of it, and then no
    agent loses it. `moved_from` is the instance the same resource was in before, for a program that declares numbers
    without rosters. `ignored` are the parts that others may change by hand once the number is in its instance; `override`
    says until when the binding is another one than usual, and why.
    """

    number: str
    instance_id: str
    binding: Binding
    adopt: bool = False
    agent: str | None = None
    moved_from: str | None = None
    ignored: frozenset[Part] = frozenset()
    override: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """In the declared instance."""

    row: PhoneNumber


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """In another instance of the account."""

    row: PhoneNumber


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Imported into the account by support, in no instance."""

    row: UnassignedNumber


@dataclass(frozen=True, slots=True)
class NotImported:
    """Unknown to the account: support has not imported it yet."""


Standing: TypeAlias = Bound | Elsewhere | Unassigned | NotImported


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps for one number, in this order: leave, add, take, bind, modify, unbind, give.

    `leave` is the row to take out of its instance first; groups are bound before others are unbound, so that
    a line is never without agents. `take` is the agent who has it as a personal number and loses it, `give` who gets it:
    CCC lets nobody share it, so the one comes before the groups and the other after them.
    """

    leave: PhoneNumber | None = None
    add: bool = False
    bind: frozenset[str] = frozenset()
    modify: bool = False
    unbind: frozenset[str] = frozenset()
    take: str = ""
    give: str = ""
    pending: bool = False

    @property
    def writes(self) -> bool:
        """Whether CCC is changed at all."""
        steps = (self.leave, self.add, self.take, self.bind, self.modify, self.unbind, self.give)
        return any(map(bool, steps))


class Claims:
    """Who declares which number: this run, and the other stack files of the project in the same account.

    These ones: nobody else declares anything, and no instance gives a number away.
    """

    def owner(self, number: str) -> str | None:
        """The other stack that declares the number, with the place; None when no other does."""
        return None

    def gives(self, declared: Declared, instance_id: str) -> bool:
        """Whether the number may leave that instance: somebody declares the instance, without the number."""
        return False

    def begun(self, number: str, instance_id: str) -> bool:
        """Whether a run of this stack was killed while it worked on the number in that instance."""
        return False


NOBODY = Claims()


def plan(declared: Declared, standing: Standing, in_state: bool, claims: Claims = NOBODY) -> Plan:
    """What to do with a number that stands where it stands.

    `in_state`: the number is already in this stack's state, so a binding made by hand is drift to repair rather than
    somebody else's work to respect. A number is taken (added, taken over or moved) only while no other stack
    declares it, and moved only out of an instance that gives it away, or with `adopt`.
    """
    wanted, given = settled(declared, standing), declared.agent or ""
    match standing:
        case NotImported():
            return Plan(pending=True)
        case _ if not (in_state and isinstance(standing, Bound)) and (owner := claims.owner(declared.number)):
            raise Refused(_owned(declared, owner, standing))
        case Unassigned():
            return Plan(add=True, bind=wanted.binding.groups, give=given)
        case Bound(row) if row.user_id and declared.agent is None:
            raise Refused(unsaid(row))
        case Elsewhere(row) if row.user_id:
            raise Refused(tr("{why}, or leave it out of the declaration", why=personal(row)))
        case Elsewhere(row):
            if not (declared.adopt or claims.gives(declared, row.instance_id)):
                raise Refused(_taken(declared, row))
            return Plan(leave=row, add=True, bind=wanted.binding.groups, give=given)
        case Bound(row):
            changes = difference(wanted, row)
            may_change = in_state or declared.adopt or claims.begun(declared.number, row.instance_id)
            if not may_change and (changes.modify or changes.unbind or changes.take):
                raise Refused(_taken(declared, row))
            return changes


def settled(declared: Declared, standing: Standing) -> Declared:
    """The number with what is live in place of the parts that are left to others.

    That is another hand's value, not the lack of one: a number that takes calls without a flow, or makes them without a
    group, gets what is declared. Nor does a usage set by hand take the flow or the groups that it needs away.
    """
    if not isinstance(standing, Bound):
        return declared
    return settled_on(declared, Binding.of(standing.row))


def settled_on(declared: Declared, live: Binding) -> Declared:
    """The same for a number that is in its instance, bound like that."""
    said = declared.binding
    if not declared.ignored or live == said:
        return declared
    usage = live.usage if Part.USAGE in declared.ignored else said.usage
    flow = (live.flow or said.flow) if Part.FLOW in declared.ignored else (said.flow or live.flow)
    if Part.GROUPS in declared.ignored:
        groups = live.groups or (said.groups if usage.makes_calls else live.groups)
    else:
        groups = said.groups or (
            live.groups if usage is not said.usage and usage.makes_calls else said.groups
        )
    return replace(declared, binding=Binding(usage, flow if usage.takes_calls else None, groups))


def difference(declared: Declared, row: PhoneNumber) -> Plan:
    """The steps from a live number in the right instance to the binding and the agent declared, once `settled`."""
    live, wanted = Binding.of(row), declared.binding
    take, give = handover(live.agent, declared.agent)
    return Plan(
        take=take,
        bind=wanted.groups - live.groups,
        modify=(wanted.usage, wanted.flow) != (live.usage, live.flow),
        unbind=live.groups - wanted.groups,
        give=give,
    )


def _owned(declared: Declared, owner: str, standing: Standing) -> str:
    if isinstance(standing, Bound | Elsewhere):
        where = tr("it is in {instance}", instance=standing.row.instance_id)
    else:
        where = tr("it is unassigned")
    return tr(
        "{number} is declared by {owner} as well; {where} and nothing was changed. A number belongs to one stack: remove "
        "it from one of the two files",
        number=declared.number,
        owner=owner,
        where=where,
    )


_BOUND_OTHERWISE = mark(
    "{number} is already in {instance} as {live}, but declared for {declared_for} as {wanted}; nothing was changed. To "
    "take it over as declared set `adopt: true` on it; to keep it as it is, declare what is there or import it"
)
_IN_ANOTHER = mark(
    "{number} is in instance {instance} as {live}, but declared for {declared_for} as {wanted}; nothing was changed. No "
    "stack file declares {instance} without it, so nothing gives it away. To take it over as declared set `adopt: true` "
    "on it; to keep it as it is, declare what is there or import it"
)


def _taken(declared: Declared, row: PhoneNumber) -> str:
    return tr(
        _BOUND_OTHERWISE if row.instance_id == declared.instance_id else _IN_ANOTHER,
        number=declared.number,
        instance=row.instance_id,
        live=Binding.of(row).in_words(),
        declared_for=declared.instance_id,
        wanted=replace(declared.binding, agent=declared.agent or "").in_words(),
    )
