"""A drift report with its numbers made unreadable."""

from __future__ import annotations

from dataclasses import replace

from ccc_numbers.fleet.drift.findings import Finding, Next
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.messages.masking import mask_numbers, mask_path


def masked(report: Report) -> Report:
    """The report with every number as `021****1001`. Places in files stay: they lead people there."""
    known = {finding.subject for finding in report.findings if finding.subject.isdigit()}

    def hide(text: str | None) -> str | None:
        return None if text is None else mask_numbers(text, known)

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
            replace(each, path=mask_path(each.path), value=hide(each.value), message=hide(each.message) or "")
            for each in report.problems
        ),
    )
