"""Findings that a team accepts: by the ignore file, for a while; by the baseline, as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

import yaml

from ccc_numbers.declaration import ignore_rules
from ccc_numbers.declaration.ignore_rules import IgnoreRule, StrictForm, read_form
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.findings import Finding, Next
from ccc_numbers.fleet.drift.report import Ignored
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.language import english, tr
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.numbers.finding_kinds import ABOUT_RULES, FindingKind

BASELINE_FILE = "drift-baseline.yaml"
"""In the project's folder."""
BASELINE_OWNER = "baseline"
"""The owner shown for a finding of the baseline: whoever reviewed the file answers for it."""
_HEAD = """\
# Findings accepted as they were when this was written: `ccc-numbers drift` does not report them again while they
# stay exactly so. Written by `ccc-numbers drift --accept`; review it like code, and take out what should be repaired.
"""  # not translated: kept


def read_rules(path: Path) -> tuple[IgnoreRule, ...]:
    """The rules of a file. Raises FleetError with everything that is wrong with it, one line each."""
    found = ignore_rules.read_rules(path)
    if isinstance(found, list):
        raise FleetError(*map(str, found))
    return found


def _about(rule: IgnoreRule, kind: FindingKind) -> Finding:
    """A finding about a rule itself: that it has ended, or that it hides nothing."""
    ended = kind is FindingKind.IGNORE_ENDED
    way_out = (
        tr(
            "take the rule out at {place}, or agree with {owner} on a new end",
            place=rule.source,
            owner=rule.owner,
        )
        if ended
        else tr("take the rule out at {place}", place=rule.source)
    )
    return Finding.of(
        kind,
        "",
        ", ".join(rule.subject),
        Next("ccc-numbers drift", way_out),  # not translated: a command
        field="until" if ended else None,
        expected=texts.RUNNING_RULE if ended else texts.TO_HIDE,
        actual=english(texts.ENDED, day=rule.until) if ended else texts.NOTHING,
        cause=f"{rule.owner}: {rule.reason}",
        source=rule.source,
    )


def apply_rules(
    rules: Iterable[IgnoreRule],
    findings: Iterable[Finding],
    today: date,
    *,
    whole: bool,
    unlooked: frozenset[FindingKind] = frozenset(),
) -> tuple[list[Finding], list[Ignored]]:
    """The findings to report, and those that a rule hides. `whole`: everything was looked at, so unused rules show; but
    not those about `unlooked` kinds.
    """
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
    reported += [_about(rule, FindingKind.IGNORE_ENDED) for rule in rules if rule.until < today]
    if whole:
        unused = (rule for rule in running if id(rule) not in used and unlooked.isdisjoint(rule.kind))
        reported += [_about(rule, FindingKind.IGNORE_UNUSED) for rule in unused]
    return reported, ignored


class BaselineEntry(StrictForm):
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


class _BaselineFile(StrictForm):
    accepted: tuple[BaselineEntry, ...]


def read_baseline(path: Path) -> frozenset[BaselineEntry]:
    """The entries of a baseline. Raises FleetError with everything that is wrong with it, one line each."""
    text = read_text(path)
    if isinstance(text, Problem):
        raise FleetError(str(text))
    document = read_yaml(text, shown(path))
    form = read_form(document, _BaselineFile)
    if form is None:
        raise FleetError(*map(str, document.problems))
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
