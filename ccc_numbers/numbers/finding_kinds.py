"""Every kind of thing that a drift run can find, how grave it is, and what `up` does about it."""

from __future__ import annotations

from enum import StrEnum

from ccc_numbers.messages.language import mark, tr

FIELDS = (
    *("usage", "flow", "skillGroups", "order", "agent", "term"),
    *("contactFlows", "displayName", "description", "until"),
)
"""What `Finding.field` may be."""


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


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_REPAIRS, _REFUSES, _LEAVES = Heal.REPAIRS, Heal.REFUSES, Heal.LEAVES


class FindingKind(StrEnum):
    """The names never change: ignore files, baselines and dashboards use them."""

    severity: Severity
    heal: Heal
    _means: str

    def __new__(cls, name: str, severity: Severity, heal: Heal, means: str) -> FindingKind:
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.severity, kind.heal, kind._means = severity, heal, means
        return kind

    @property
    def means(self) -> str:
        """What is the matter, in a few words for the reader."""
        return tr(self._means)

    MISSING = "missing", _ERROR, _REPAIRS, mark("declared and in the account, but in no instance")
    ELSEWHERE = "elsewhere", _ERROR, _REFUSES, mark("declared for one instance, but in another")
    NOT_IN_ACCOUNT = "not-in-account", _ERROR, _LEAVES, mark("declared, but the account does not have it")
    PENDING = "pending", _INFO, _LEAVES, mark("still to be imported by CCC support, as its order says")
    PENDING_TOO_LONG = (
        "pending-too-long",
        _WARNING,
        _LEAVES,
        mark("its order should have been imported by now"),
    )
    UNMANAGED = "unmanaged", _WARNING, _LEAVES, mark("in an instance, but declared by no stack")
    WRONG_USAGE = "wrong-usage", _ERROR, _REPAIRS, mark("bound with another usage than declared")
    WRONG_FLOW = "wrong-flow", _ERROR, _REPAIRS, mark("answered by another contact flow than declared")
    WRONG_GROUPS = "wrong-groups", _ERROR, _REPAIRS, mark("held by other skill groups than declared")
    DEAD_INBOUND = "dead-inbound", _ERROR, _REPAIRS, mark("takes calls, but no contact flow answers them")
    DEAD_OUTBOUND = "dead-outbound", _ERROR, _REPAIRS, mark("outbound number without a skill group")
    CO_MANAGED = "co-managed", _INFO, _LEAVES, mark("changed by hand, as ignoreChanges allows")
    INACTIVE = "inactive", _ERROR, _LEAVES, mark("switched off by vendor or carrier")
    PERSONAL = "personal", _ERROR, _REPAIRS, mark("given to one agent, or not to the declared one")
    DUPLICATE = "duplicate", _ERROR, _REFUSES, mark("declared by two stacks, or listed by two instances")
    FLOW_GONE = "flow-gone", _ERROR, _REFUSES, mark("no such contact flow that could answer a number")
    FLOW_UNPUBLISHED = "flow-unpublished", _ERROR, _REFUSES, mark("the contact flow was never published")
    FLOW_CHANGED = "flow-changed", _WARNING, _REPAIRS, mark("a managed contact flow is not as its file says")
    GROUP_GONE = "group-gone", _ERROR, _REFUSES, mark("no such skill group")
    GROUP_EMPTY = "group-empty", _WARNING, _LEAVES, mark("the skill group has no agents")
    GROUP_CHANGED = "group-changed", _WARNING, _REPAIRS, mark("a managed skill group is not as declared")
    NOT_OFFERED = "not-offered", _ERROR, _LEAVES, mark("CCC does not offer it to the agents who hold it")
    CHAIN_BROKEN = "chain-broken", _ERROR, _LEAVES, mark("a call to it comes to a link that is broken")
    VENDOR_MISMATCH = "vendor-mismatch", _ERROR, _LEAVES, mark("comes from another vendor than its order")
    VENDOR_NAME = "vendor-name", _INFO, _LEAVES, mark("CCC names a vendor that the catalogue does not know")
    ORDER_LAPSED = "order-lapsed", _ERROR, _LEAVES, mark("the term of the vendor order is over")
    ORDER_LAPSING = "order-lapsing", _WARNING, _LEAVES, mark("the term of the vendor order ends soon")
    SILENT = "silent", _INFO, _LEAVES, mark("bound, but nobody called it")
    UNANSWERED = "unanswered", _WARNING, _LEAVES, mark("most of its callers reach no agent")
    BLOCKED = "blocked", _WARNING, _LEAVES, mark("most calls with it are not let through")
    UNUSED_BUT_PAID = "unused-but-paid", _WARNING, _LEAVES, mark("paid for, without a call in or out")
    STATE_BEHIND = "state-behind", _WARNING, _REPAIRS, mark("Pulumi's state says otherwise than CCC")
    STATE_LACKS = "state-lacks", _WARNING, _REPAIRS, mark("declared, but not in Pulumi's state")
    STATE_KEEPS = "state-keeps", _WARNING, _REPAIRS, mark("in Pulumi's state, but no longer declared")
    IGNORE_ENDED = "ignore-ended", _WARNING, _LEAVES, mark("an ignore rule has ended")
    IGNORE_UNUSED = "ignore-unused", _INFO, _LEAVES, mark("an ignore rule hides nothing")


ABOUT_RULES = frozenset({FindingKind.IGNORE_ENDED, FindingKind.IGNORE_UNUSED})
"""Kinds about the ignore file itself: they cannot be ignored or accepted."""

ABOUT_CALLS = frozenset(
    {FindingKind.SILENT, FindingKind.UNANSWERED, FindingKind.BLOCKED, FindingKind.UNUSED_BUT_PAID}
)
"""Kinds that are looked for with `--traffic` alone."""


ABOUT_REACH = frozenset({FindingKind.NOT_OFFERED, FindingKind.CHAIN_BROKEN})
"""Kinds that only a run with `--reachability` looks for."""
