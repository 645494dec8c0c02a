"""Findings that a team accepts: the ignore file, for a while, with a name and a reason; the baseline, as they are.

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

from collections.abc import Collection, Iterable
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    PrivateAttr,
    StringConstraints,
    ValidationError,
)

from ccc_numbers.declaration.scalars import Day
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.findings import ABOUT_RULES, FIELDS, Finding, FindingKind, Next
from ccc_numbers.fleet.drift.report import Ignored
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.language import english, tr
from ccc_numbers.messages.misfit import report_misfit
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.problem import Problem, Source, shown
from ccc_numbers.messages.yaml_document import Document
from ccc_numbers.messages.yaml_reader import read_yaml

IGNORE_FILE, BASELINE_FILE = "drift-ignore.yaml", "drift-baseline.yaml"
"""In the project's folder."""
BASELINE_OWNER = "baseline"
"""The owner shown for a finding of the baseline: whoever reviewed the file answers for it."""
_HEAD = """\
# Findings accepted as they were when this was written: `ccc-numbers drift` does not report them again while they
# stay exactly so. Written by `ccc-numbers drift --accept`; review it like code, and take out what should be repaired.
"""  # not translated: kept

Form = TypeVar("Form", bound=BaseModel)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _known_kind(value: object) -> FindingKind:
    known = {str(kind): kind for kind in FindingKind if kind not in ABOUT_RULES}
    if not isinstance(value, str) or value not in known:
        raise ValueError(tr("is not a kind of finding; {hint}", hint=suggestion(str(value), known)))
    return known[value]


def _known_field(value: str) -> str:
    if value not in FIELDS:
        raise ValueError(tr("is not a field; {hint}", hint=suggestion(value, FIELDS)))
    return value


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Kind = Annotated[FindingKind, PlainValidator(_known_kind)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class IgnoreRule(_Strict):
    """A rule that hides findings: which, why, who answers for it, and until which day (inclusive)."""

    subject: Annotated[tuple[_Text, ...], BeforeValidator(_as_list)]
    reason: _Text
    owner: _Text
    until: Day
    kind: Annotated[tuple[_Kind, ...], BeforeValidator(_as_list)] = ()
    stack: _Text = "*"
    instance: _Text = "*"
    field: Annotated[str, AfterValidator(_known_field)] | None = None
    _source: Source = PrivateAttr(default=Source(IGNORE_FILE))

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
        """A finding about the rule itself: that it has ended, or that it hides nothing."""
        ended = kind is FindingKind.IGNORE_ENDED
        way_out = (
            tr(
                "take the rule out at {place}, or agree with {owner} on a new end",
                place=self._source,
                owner=self.owner,
            )
            if ended
            else tr("take the rule out at {place}", place=self._source)
        )
        return Finding.of(
            kind,
            "",
            ", ".join(self.subject),
            Next("ccc-numbers drift", way_out),  # not translated: a command
            field="until" if ended else None,
            expected=texts.RUNNING_RULE if ended else texts.TO_HIDE,
            actual=english(texts.ENDED, day=self.until) if ended else texts.NOTHING,
            cause=f"{self.owner}: {self.reason}",
            source=self._source,
        )


class _IgnoreFile(_Strict):
    rules: tuple[IgnoreRule, ...]


def read_rules(path: Path) -> tuple[IgnoreRule, ...]:
    """The rules of a file. Raises FleetError with everything that is wrong with it, one line each."""
    form, document = _read(path, _IgnoreFile)
    for index, rule in enumerate(form.rules):
        rule._source = document.value(("rules", index))
    return form.rules


def apply_rules(
    rules: Iterable[IgnoreRule], findings: Iterable[Finding], today: date, *, whole: bool
) -> tuple[list[Finding], list[Ignored]]:
    """The findings to report, and those that a rule hides. `whole`: everything was looked at, so unused rules show."""
    rules = list(rules)
    running = [rule for rule in rules if rule.until >= today]
    reported: list[Finding] = []
    ignored: list[Ignored] = []
    used: set[int] = set()
    for finding in findings:
        hiding = next((rule for rule in running if rule.hides(finding)), None)
        if hiding is None:
            reported.append(finding)
        else:
            used.add(id(hiding))
            ignored.append(Ignored(finding, hiding.reason, hiding.owner, hiding.until))
    reported += [rule.finding(FindingKind.IGNORE_ENDED) for rule in rules if rule.until < today]
    if whole:
        reported += [rule.finding(FindingKind.IGNORE_UNUSED) for rule in running if id(rule) not in used]
    return reported, ignored


class BaselineEntry(_Strict):
    """The identity of a finding: another `actual` is another finding."""

    stack: str
    instance: str | None = None
    kind: str
    subject: str
    field: str | None = None
    actual: str | None = None

    @classmethod
    def of(cls, finding: Finding) -> BaselineEntry:
        return cls.model_validate(finding, from_attributes=True)


class _BaselineFile(_Strict):
    accepted: tuple[BaselineEntry, ...]


def read_baseline(path: Path) -> frozenset[BaselineEntry]:
    """The entries of a baseline. Raises FleetError with everything that is wrong with it, one line each."""
    form, _ = _read(path, _BaselineFile)
    return frozenset(form.accepted)


def apply_baseline(
    entries: Collection[BaselineEntry], findings: Iterable[Finding]
) -> tuple[list[Finding], list[Ignored], frozenset[BaselineEntry]]:
    """The findings to report, those that the baseline accepts, and the entries that were found again."""
    reported: list[Finding] = []
    accepted: list[Ignored] = []
    for finding in findings:
        if finding.kind not in ABOUT_RULES and BaselineEntry.of(finding) in entries:
            accepted.append(Ignored(finding, tr("accepted in the baseline"), BASELINE_OWNER, None))
        else:
            reported.append(finding)
    return reported, accepted, frozenset(BaselineEntry.of(each.finding) for each in accepted)


def baseline_text(
    before: Iterable[BaselineEntry],
    findings: Iterable[Finding],
    stacks: Collection[str],
    kinds: Collection[FindingKind],
) -> str:
    """The baseline that accepts `findings`: all of `stacks` and `kinds`.

    Entries of other stacks and kinds stay as they were.
    """
    kept = {each for each in before if each.stack not in stacks or each.kind not in kinds}
    new = {BaselineEntry.of(finding) for finding in findings if finding.kind not in ABOUT_RULES}
    entries = sorted(kept | new, key=lambda entry: [value or "" for _, value in entry])
    rows = [entry.model_dump(exclude_none=True) for entry in entries]
    text: str = yaml.safe_dump({"accepted": rows}, allow_unicode=True, sort_keys=False, width=10_000)
    return _HEAD + text


def _read(path: Path, form: type[Form]) -> tuple[Form, Document]:
    """The file as a `form`. Raises FleetError with all mistakes, one line each."""
    text = read_text(path)
    if isinstance(text, Problem):
        raise FleetError(str(text))
    document = read_yaml(text, shown(path))
    if not document.problems:
        try:
            return form.model_validate(document.data), document
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                report_misfit(document, form, detail)
    raise FleetError(*map(str, document.problems))
