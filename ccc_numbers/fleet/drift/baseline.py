"""The baseline: today's findings, accepted as they are, so that only what changes from here on is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from ccc_numbers.fleet.drift.accepted_file import read_accepted_file
from ccc_numbers.fleet.drift.findings import ABOUT_RULES, Finding, FindingKind
from ccc_numbers.fleet.drift.report import Ignored

FILE = "drift-baseline.yaml"
"""In the project's folder."""

OWNER = "baseline"
"""Who answers for an accepted finding: whoever reviewed the file."""

_HEAD = """\
# Findings accepted as they were when this was written: `ccc-numbers drift` does not tell them again while they
# stay exactly so. Written by `ccc-numbers drift --accept`; review it like code, and take out what should be repaired.
"""


class BaselineEntry(BaseModel):
    """What identifies a finding: another `actual` is another finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stack: str
    instance: str = ""
    kind: str
    subject: str
    field: str = ""
    actual: str = ""

    @classmethod
    def of(cls, finding: Finding) -> BaselineEntry:
        return cls(
            stack=finding.stack,
            instance=finding.instance or "",
            kind=str(finding.kind),
            subject=finding.subject,
            field=finding.field or "",
            actual=finding.actual or "",
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    accepted: tuple[BaselineEntry, ...]


def read_baseline(path: Path) -> frozenset[BaselineEntry]:
    """The entries of a baseline. Raises FleetError with everything that is wrong with it, one line each."""
    form, _ = read_accepted_file(path, _File, BaselineEntry)
    return frozenset(form.accepted)


def apply_baseline(
    entries: Collection[BaselineEntry], findings: Iterable[Finding]
) -> tuple[list[Finding], list[Ignored], frozenset[BaselineEntry]]:
    """What is still to be told, what is not, and the entries that were found again."""
    told: list[Finding] = []
    accepted: list[Ignored] = []
    for finding in findings:
        if finding.kind not in ABOUT_RULES and BaselineEntry.of(finding) in entries:
            accepted.append(Ignored(finding, "accepted in the baseline", OWNER, None))
        else:
            told.append(finding)
    return told, accepted, frozenset(BaselineEntry.of(each.finding) for each in accepted)


def baseline_text(
    before: Iterable[BaselineEntry],
    findings: Iterable[Finding],
    stacks: Collection[str],
    kinds: Collection[FindingKind],
) -> str:
    """The baseline that accepts `findings`, which are all there is of `stacks` and `kinds`.

    Entries of other stacks and kinds stay as they were.
    """
    kept = {each for each in before if each.stack not in stacks or each.kind not in {str(k) for k in kinds}}
    new = {BaselineEntry.of(finding) for finding in findings if finding.kind not in ABOUT_RULES}
    entries = sorted(kept | new, key=lambda entry: tuple(entry.model_dump().values()))
    rows = [{name: value for name, value in entry.model_dump().items() if value} for entry in entries]
    text: str = yaml.safe_dump({"accepted": rows}, allow_unicode=True, sort_keys=False, width=10_000)
    return _HEAD + text
