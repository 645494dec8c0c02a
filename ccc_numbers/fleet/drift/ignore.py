"""The ignore file: findings a team has looked at and decided to live with, for a while, with a name and a reason.

rules:
  - subject: ["0218000*"]       # number, flow, group or order; * and ? stand for anything
    kind: wrong-flow            # optional, one or a list
    stack: acme                 # optional, a pattern
    instance: acme-support      # optional, a pattern
    field: flow                 # optional: the key that differs
    reason: holiday announcement, OPS-1234
    owner: wang.li
    until: 2026-10-08           # the last day it holds
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    PrivateAttr,
    StringConstraints,
)

from ccc_numbers.declaration.problem import Source
from ccc_numbers.declaration.scalars import Day
from ccc_numbers.fleet.drift.accepted_file import read_accepted_file
from ccc_numbers.fleet.drift.comparison import look_command
from ccc_numbers.fleet.drift.findings import ABOUT_RULES, FIELDS, Finding, FindingKind, Next
from ccc_numbers.fleet.drift.report import Ignored
from ccc_numbers.messages.names import suggestion

FILE = "drift-ignore.yaml"
"""In the project's folder."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _known_kind(value: object) -> FindingKind:
    known = {str(kind): kind for kind in FindingKind if kind not in ABOUT_RULES}
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"is no kind of finding; {suggestion(str(value), known)}")
    return known[value]


def _known_field(value: str) -> str:
    if value not in FIELDS:
        raise ValueError(f"is no field; {suggestion(value, FIELDS)}")
    return value


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Kind = Annotated[FindingKind, PlainValidator(_known_kind)]


class IgnoreRule(BaseModel):
    """What a rule hides, why, on whose word, and until which day (inclusive)."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    subject: Annotated[tuple[_Text, ...], BeforeValidator(_as_list)]
    reason: _Text
    owner: _Text
    until: Day
    kind: Annotated[tuple[_Kind, ...], BeforeValidator(_as_list)] = ()
    stack: _Text = "*"
    instance: _Text = "*"
    field: Annotated[str, AfterValidator(_known_field)] | None = None
    _source: Source = PrivateAttr(default=Source(FILE))

    def ended(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until < today

    def hides(self, finding: Finding) -> bool:
        """Whether it is about this finding."""
        return (
            finding.kind not in ABOUT_RULES
            and any(fnmatchcase(finding.subject, pattern) for pattern in self.subject)
            and (not self.kind or finding.kind in self.kind)
            and fnmatchcase(finding.stack, self.stack)
            and fnmatchcase(finding.instance or "", self.instance)
            and self.field in (None, finding.field)
        )

    def finding(self, kind: FindingKind) -> Finding:
        """What there is to say about the rule itself: that it has ended, or that it hides nothing."""
        ended = kind is FindingKind.IGNORE_ENDED
        way_out = f"take the rule out at {self._source}"
        if ended:
            way_out += f", or agree with {self.owner} on a new end"
        return Finding.of(
            kind,
            "",
            ", ".join(self.subject),
            Next(look_command(""), way_out),
            field="until" if ended else None,
            expected="a rule that runs" if ended else "something to hide",
            actual=f"ended on {self.until}" if ended else "nothing",
            cause=f"{self.owner}: {self.reason}",
            source=self._source,
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[IgnoreRule, ...]


def read_rules(path: Path) -> tuple[IgnoreRule, ...]:
    """The rules of a file. Raises FleetError with everything that is wrong with it, one line each."""
    form, document = read_accepted_file(path, _File, IgnoreRule)
    for index, rule in enumerate(form.rules):
        rule._source = document.value(("rules", index))
    return form.rules


def apply_rules(
    rules: Iterable[IgnoreRule], findings: Iterable[Finding], today: date, *, whole: bool
) -> tuple[list[Finding], list[Ignored]]:
    """What is still to be told, and what is not. `whole`: everything was looked at, so unused rules show."""
    rules = list(rules)
    running = [rule for rule in rules if not rule.ended(today)]
    told: list[Finding] = []
    ignored: list[Ignored] = []
    used: set[int] = set()
    for finding in findings:
        by = next((index for index, rule in enumerate(running) if rule.hides(finding)), None)
        if by is None:
            told.append(finding)
            continue
        used.add(by)
        rule = running[by]
        ignored.append(Ignored(finding, rule.reason, rule.owner, rule.until))
    told += [rule.finding(FindingKind.IGNORE_ENDED) for rule in rules if rule.ended(today)]
    if whole:
        unused = (rule for index, rule in enumerate(running) if index not in used)
        told += [rule.finding(FindingKind.IGNORE_UNUSED) for rule in unused]
    return told, ignored
