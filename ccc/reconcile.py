"""What has to happen to one number: declared and live in, a plan out. Pure: no network, no clock.

A write starts from what CCC holds now and does only what is missing, so that every plan may be made again
after any crash and ends in the same place. Source of the rules: DESIGN, "Reconciliation rules".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from .errors import CccError
from .rows import PhoneNumber, UnassignedNumber, Usage


class Refused(CccError):
    """A change that is not made because it is not safe. Nothing was changed; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Binding:
    """How a number is used. Flow and groups by name, as people write them."""

    usage: Usage
    flow: str | None
    groups: frozenset[str]

    @classmethod
    def of(cls, row: PhoneNumber) -> "Binding":
        """The binding of a live number. A flow left on an outbound number answers nothing: it does not count."""
        return cls(
            row.usage,
            (row.contact_flow_name or row.contact_flow_id) if row.usage.takes_calls else None,
            frozenset(group.name for group in row.skill_groups),
        )

    def __str__(self) -> str:
        flow = f", flow {self.flow}" if self.flow else ""
        groups = f", skill groups {', '.join(sorted(self.groups))}" if self.groups else ""
        return f"{self.usage}{flow}{groups}"


@dataclass(frozen=True, slots=True)
class Declared:
    """One number as it should be. `adopt` allows to change what somebody else bound.

    `agent` is whose personal number it is: giving it to the agent is done in CCC, not here.
    """

    number: str
    instance_id: str
    binding: Binding
    adopt: bool = False
    agent: str | None = None


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
    """The steps for one number, in this order: leave, add, bind, modify, unbind.

    `leave` is the row to take out of its instance first; groups are bound before others are unbound, so that
    a line is never without agents.
    """

    leave: PhoneNumber | None = None
    add: bool = False
    bind: frozenset[str] = frozenset()
    modify: bool = False
    unbind: frozenset[str] = frozenset()
    pending: bool = False

    @property
    def writes(self) -> bool:
        """Whether CCC is changed at all."""
        return bool(self.leave or self.add or self.bind or self.modify or self.unbind)


def plan(declared: Declared, standing: Standing, ours: bool) -> Plan:
    """What to do with a number that stands where it stands.

    `ours`: the number is already in this stack's state, or may be changed for another reason, so a binding
    made by hand is drift to repair rather than somebody else's work to respect.
    """
    wanted = declared.binding
    match standing:
        case NotImported():
            return Plan(pending=True)
        case Unassigned():
            return Plan(add=True, bind=wanted.groups)
        case Bound(row) | Elsewhere(row) if row.user_id:
            same_place = isinstance(standing, Bound) and _is_agent(declared.agent, row.user_id)
            if same_place and not difference(wanted, row).modify:
                return Plan()
            raise Refused(_personal(declared, row))
        case Elsewhere(row):
            if not (ours or declared.adopt):
                raise Refused(_taken(declared, f"in instance {row.instance_id}", row))
            return Plan(leave=row, add=True, bind=wanted.groups)
        case Bound(row):
            changes = difference(wanted, row)
            may_change = ours or declared.adopt
            if not may_change and (changes.modify or changes.unbind):
                raise Refused(_taken(declared, f"already in {row.instance_id}", row))
            return changes


def difference(wanted: Binding, row: PhoneNumber) -> Plan:
    """The steps from a live number in the right instance to the wanted binding."""
    live = Binding.of(row)
    return Plan(
        bind=wanted.groups - live.groups,
        modify=(wanted.usage, wanted.flow) != (live.usage, live.flow),
        unbind=live.groups - wanted.groups,
    )


def removal_limit(budget: str | None, declared_before: int) -> int:
    """How many numbers one update may take out: a count ("3"), a share ("10%"), or the default 10 %, at least 1."""
    text = (budget or "10%").strip()
    if text.endswith("%"):
        share = float(text[:-1])
        return max(1, int(declared_before * share / 100)) if share else 0
    return int(text)


def some(names: Iterable[str], most: int = 10) -> str:
    """Names for a message: all of a few, the first of many."""
    listed = sorted(names)
    rest = len(listed) - most
    return ", ".join(listed[:most]) + (f" and {rest} more" if rest > 0 else "")


def _personal(declared: Declared, row: PhoneNumber) -> str:
    return (
        f"{declared.number} is the personal number of agent {row.user_id} in {row.instance_id} and is left alone; "
        "take it from the agent in CCC first, or leave it out of the declaration"
    )


def _is_agent(agent: str | None, user_id: str) -> bool:
    """CCC's user ids are `login@instance`; either form may be declared."""
    return agent is not None and agent in (user_id, user_id.rpartition("@")[0])


def _taken(declared: Declared, where: str, row: PhoneNumber) -> str:
    return (
        f"{declared.number} is {where} as {Binding.of(row)}, but declared for {declared.instance_id} as "
        f"{declared.binding}; nothing was changed. To take it over as declared set `adopt: true` on it; "
        "to keep it as it is, declare what is there or import it"
    )
