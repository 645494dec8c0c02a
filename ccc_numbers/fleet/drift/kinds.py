"""Every kind of finding a drift run can make: how grave it is, and what `pulumi up` would do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """`error`: calls go wrong, or are about to. `warning`: somebody should look. `info`: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Larger is graver."""
        return {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}[self]


class Heal(StrEnum):
    """What `pulumi up` does about a finding."""

    REPAIRS = "repairs"
    REFUSES = "refuses"
    LEAVES = "leaves"


class Kind(StrEnum):
    """The names never change: ignore files, baselines and dashboards use them."""

    MISSING = "missing"
    ELSEWHERE = "elsewhere"
    NOT_IN_ACCOUNT = "not-in-account"
    PENDING = "pending"
    PENDING_TOO_LONG = "pending-too-long"
    UNMANAGED = "unmanaged"
    WRONG_USAGE = "wrong-usage"
    WRONG_FLOW = "wrong-flow"
    WRONG_GROUPS = "wrong-groups"
    DEAD_INBOUND = "dead-inbound"
    DEAD_OUTBOUND = "dead-outbound"
    INACTIVE = "inactive"
    PERSONAL = "personal"
    DUPLICATE = "duplicate"
    FLOW_GONE = "flow-gone"
    FLOW_UNPUBLISHED = "flow-unpublished"
    FLOW_CHANGED = "flow-changed"
    GROUP_GONE = "group-gone"
    GROUP_EMPTY = "group-empty"
    GROUP_CHANGED = "group-changed"
    VENDOR_MISMATCH = "vendor-mismatch"
    ORDER_LAPSED = "order-lapsed"
    ORDER_LAPSING = "order-lapsing"
    STATE_BEHIND = "state-behind"
    STATE_LACKS = "state-lacks"
    STATE_KEEPS = "state-keeps"
    IGNORE_ENDED = "ignore-ended"
    IGNORE_UNUSED = "ignore-unused"


@dataclass(frozen=True, slots=True)
class About:
    """What there is to say about a kind: its usual severity, what `up` does, what it means."""

    severity: Severity
    heal: Heal
    means: str


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_REPAIRS, _REFUSES, _LEAVES = Heal.REPAIRS, Heal.REFUSES, Heal.LEAVES

ABOUT: Mapping[Kind, About] = MappingProxyType(
    {
        Kind.MISSING: About(_ERROR, _REPAIRS, "declared and in the account, but in no instance"),
        Kind.ELSEWHERE: About(_ERROR, _REFUSES, "declared for one instance, but in another"),
        Kind.NOT_IN_ACCOUNT: About(_ERROR, _LEAVES, "declared, but the account does not have it"),
        Kind.PENDING: About(_INFO, _LEAVES, "still to be imported by CCC support, as its order says"),
        Kind.PENDING_TOO_LONG: About(_WARNING, _LEAVES, "its order should have been imported by now"),
        Kind.UNMANAGED: About(_WARNING, _LEAVES, "in an instance, but declared by no stack"),
        Kind.WRONG_USAGE: About(_ERROR, _REPAIRS, "bound with another usage than declared"),
        Kind.WRONG_FLOW: About(_ERROR, _REPAIRS, "answered by another contact flow than declared"),
        Kind.WRONG_GROUPS: About(_ERROR, _REPAIRS, "held by other skill groups than declared"),
        Kind.DEAD_INBOUND: About(_ERROR, _REPAIRS, "takes calls, but no contact flow answers them"),
        Kind.DEAD_OUTBOUND: About(_ERROR, _REPAIRS, "is for calling out, but no skill group holds it"),
        Kind.INACTIVE: About(_ERROR, _LEAVES, "switched off by vendor or carrier"),
        Kind.PERSONAL: About(_ERROR, _REFUSES, "given to one agent, or not to the declared one"),
        Kind.DUPLICATE: About(_ERROR, _REFUSES, "declared by two stacks, or listed by two instances"),
        Kind.FLOW_GONE: About(_ERROR, _REFUSES, "no such contact flow that could answer a number"),
        Kind.FLOW_UNPUBLISHED: About(_ERROR, _REFUSES, "the contact flow was never published"),
        Kind.FLOW_CHANGED: About(_WARNING, _REPAIRS, "a managed contact flow is not as its file says"),
        Kind.GROUP_GONE: About(_ERROR, _REFUSES, "no such skill group"),
        Kind.GROUP_EMPTY: About(_WARNING, _LEAVES, "the skill group has no agents"),
        Kind.GROUP_CHANGED: About(_WARNING, _REPAIRS, "a managed skill group is not as declared"),
        Kind.VENDOR_MISMATCH: About(_ERROR, _LEAVES, "comes from another vendor than its order"),
        Kind.ORDER_LAPSED: About(_ERROR, _LEAVES, "the term of the vendor order is over"),
        Kind.ORDER_LAPSING: About(_WARNING, _LEAVES, "the term of the vendor order ends soon"),
        Kind.STATE_BEHIND: About(_WARNING, _REPAIRS, "Pulumi's state says otherwise than CCC"),
        Kind.STATE_LACKS: About(_WARNING, _REPAIRS, "declared, but not in Pulumi's state"),
        Kind.STATE_KEEPS: About(_WARNING, _REPAIRS, "in Pulumi's state, but declared no more"),
        Kind.IGNORE_ENDED: About(_WARNING, _LEAVES, "an ignore rule has ended"),
        Kind.IGNORE_UNUSED: About(_INFO, _LEAVES, "an ignore rule hides nothing"),
    }
)

ABOUT_RULES = frozenset({Kind.IGNORE_ENDED, Kind.IGNORE_UNUSED})
"""Kinds about the ignore file itself: they cannot be ignored or accepted."""
