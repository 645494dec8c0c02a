"""Numbers made unreadable for places where many can look: CI logs, comments, issues."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace

from fleet.drift.findings import Finding, Next
from fleet.drift.report import Report

_DIGITS = re.compile(r"(?<![\w.-])\d{5,16}(?!\w)")
# Shorter runs of digits may be anything, unless they are known to be a number.
_SURELY = 7


def masked(report: Report) -> Report:
    """The report with every number as `021****1001`. Places in files stay: they lead people there."""
    known = {finding.subject for finding in report.findings if finding.subject.isdigit()}

    def hide(text: str | None) -> str | None:
        return None if text is None else mask_text(text, known)

    def hidden(finding: Finding) -> Finding:
        return replace(
            finding,
            subject=hide(finding.subject) or "",
            expected=hide(finding.expected),
            actual=hide(finding.actual),
            cause=hide(finding.cause),
            next=Next(finding.next.command, hide(finding.next.do)),
        )

    return replace(
        report,
        findings=tuple(hidden(finding) for finding in report.findings),
        ignored=tuple(replace(each, finding=hidden(each.finding)) for each in report.ignored),
        unseen=tuple(
            replace(each, reason=hide(each.reason) or "", detail=hide(each.detail)) for each in report.unseen
        ),
        problems=tuple(
            replace(each, path=hide_path(each.path), value=hide(each.value), message=hide(each.message) or "")
            for each in report.problems
        ),
    )


def mask(number: str) -> str:
    """`021****1001`: enough to tell numbers apart, too little to call one."""
    if len(number) >= 10:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return number[:2] + "*" * (len(number) - 2)


def mask_text(text: str, known: AbstractSet[str] = frozenset()) -> str:
    """The text with every number in it masked; short runs of digits only where they are `known` numbers."""
    return _DIGITS.sub(lambda found: _masked(found[0], known), text)


def hide_path(path: str) -> str:
    """A way through a file with every number in it masked."""
    return re.sub(r"\d{5,16}", lambda found: mask(found[0]), path)


def _masked(digits: str, known: AbstractSet[str]) -> str:
    return mask(digits) if len(digits) >= _SURELY or digits in known else digits
