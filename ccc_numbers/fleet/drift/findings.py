"""Findings: every kind a drift run can make, the parts of one finding, and groups of those that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, TypedDict, Unpack

from pydantic import ConfigDict, Field

from ccc_numbers.fleet.drift.texts import in_words
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import others, quoted, suggestion
from ccc_numbers.messages.problem import Source
from ccc_numbers.messages.visible import cut

FIELDS = (
    *("usage", "flow", "skillGroups", "order", "agent", "term"),
    *("contactFlows", "displayName", "description", "until"),
)
"""What `Finding.field` may be."""
_LONGEST = 1_000


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
    PERSONAL = "personal", _ERROR, _REFUSES, mark("given to one agent, or not to the declared one")
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


@dataclass(frozen=True, slots=True)
class Next:
    """The command to run, and the work of a person before it."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    command: str
    do: str | None = None

    def __str__(self) -> str:
        return tr("{do}, then {command}", do=self.do, command=self.command) if self.do else self.command


class Details(TypedDict, total=False):
    """The parts of a finding besides its kind, subject and way out: see `Finding`."""

    field: str | None
    expected: str | None
    actual: str | None
    cause: str | None
    heal: Heal | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between what is declared and what CCC holds."""

    # This is also its JSON form: see `output.json_form`.
    __pydantic_config__ = ConfigDict(extra="forbid")

    kind: FindingKind
    severity: Severity
    stack: Annotated[str, Field(description='"" for a finding about no stack')]
    instance: str | None
    subject: Annotated[
        str,
        Field(description="a number, or the name of a flow, skill group, order or ignore rule"),
    ]
    field: Annotated[str | None, Field(description="the key of the stack file that differs")]
    expected: str | None
    actual: str | None
    cause: str | None
    next: Next
    heal: Annotated[Heal, Field(description="what `pulumi up` does about it")]
    source: Source | None
    """Where the declaration says it; None for what is declared nowhere."""

    @classmethod
    def of(
        cls,
        kind: FindingKind,
        stack: str,
        subject: str,
        next: Next,
        instance: str | None = None,
        **details: Unpack[Details],
    ) -> Finding:
        """A finding with its kind's severity, and its kind's heal unless given; endless texts are cut."""
        return cls(
            kind=kind,
            severity=kind.severity,
            stack=stack,
            instance=instance,
            subject=cut(subject, _LONGEST),
            field=details.get("field"),
            expected=_cut(details.get("expected")),
            actual=_cut(details.get("actual")),
            cause=_cut(details.get("cause")),
            next=Next(next.command, _cut(next.do)),
            heal=details.get("heal") or kind.heal,
            source=details.get("source"),
        )

    @property
    def order(self) -> tuple[str, str, int, str, str]:
        """By stack and instance, the gravest first."""
        return (self.stack, self.instance or "", -self.severity.rank, self.kind, self.subject)

    @property
    def lines(self) -> Mapping[str, str]:
        """Its texts by label, in the order people read them; empty ones are left out."""
        said = {
            "expected": self.expected and in_words(self.expected, self.field),
            "actual": self.actual and in_words(self.actual, self.field),
            "cause": self.cause,
            "at": None if self.source is None else str(self.source),
            "first": self.next.do,
            "next": self.next.command,
        }
        return {label: text for label, text in said.items() if text is not None}


def _cut(text: str | None) -> str | None:
    return None if text is None else cut(text, _LONGEST)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings that differ only in subject and source. `finding` is the first of them."""

    finding: Finding
    subjects: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def place(self) -> str | None:
        """Where the first is declared, and in how many other places."""
        if not self.sources:
            return None
        first = self.sources[0]
        return " ".join(filter(None, (f"{first.file}:{first.line}", others(len(set(self.sources)) - 1))))


def grouped(findings: Iterable[Finding]) -> list[FindingGroup]:
    """The findings in groups, in the order of each group's first: forty numbers with one cause are one thing to do."""
    groups: dict[Finding, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(replace(finding, subject="", source=None), []).append(finding)
    return [
        FindingGroup(
            members[0],
            tuple(member.subject for member in members),
            tuple(member.source for member in members if member.source is not None),
        )
        for members in groups.values()
    ]


def chosen_kinds(only: Sequence[str], skip: Sequence[str]) -> tuple[FindingKind, ...] | None:
    """The kinds to report; None for all. Each word may hold several, separated by commas. Raises FleetError."""
    if not only and not skip:
        return None
    wanted = kinds_of("--only", only) if only else list(FindingKind)
    skipped = kinds_of("--skip", skip)
    left = tuple(kind for kind in wanted if kind not in skipped)
    if not left:
        raise FleetError(tr("--only and --skip together leave no kind of finding to look for"))
    return left


def kinds_of(option: str, words: Sequence[str]) -> list[FindingKind]:
    """The kinds that the words of an option name, by commas. Raises FleetError."""
    named = [name.strip() for word in words for name in word.split(",") if name.strip()]
    known = {str(kind): kind for kind in FindingKind}
    for name in named:
        if name not in known:
            raise FleetError(
                tr(
                    "{option} {name}: no such kind of finding; {hint}",
                    option=option,
                    name=quoted(name),
                    hint=suggestion(name, known),
                )
            )
    return [known[name] for name in dict.fromkeys(named)]
