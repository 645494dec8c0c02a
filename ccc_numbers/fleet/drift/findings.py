"""Findings: the parts of one, and groups of those that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, TypedDict, Unpack

from pydantic import ConfigDict, Field

from ccc_numbers.fleet.drift.texts import in_words
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import others, quoted, suggestion
from ccc_numbers.messages.problem import Source
from ccc_numbers.messages.visible import cut
from ccc_numbers.numbers.finding_kinds import (
    FindingKind,
    Heal,
    Severity,
)

_LONGEST = 1_000


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
    """Findings that differ only in subject and source."""

    members: tuple[Finding, ...]

    @property
    def finding(self) -> Finding:
        """The first of them."""
        return self.members[0]

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(member.subject for member in self.members)

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(member.source for member in self.members if member.source is not None)

    @property
    def place(self) -> str | None:
        """Where the first is declared, and in how many other places."""
        if not (sources := self.sources):
            return None
        first = sources[0]
        return " ".join(filter(None, (f"{first.file}:{first.line}", others(len(set(sources)) - 1))))


def grouped(findings: Iterable[Finding]) -> list[FindingGroup]:
    """The findings in groups, in the order of each group's first: forty numbers with one cause are one thing to do."""
    groups: dict[Finding, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(replace(finding, subject="", source=None), []).append(finding)
    return [FindingGroup(tuple(members)) for members in groups.values()]


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
