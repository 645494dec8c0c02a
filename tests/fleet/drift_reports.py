"""Drift reports made up for tests of their forms."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ccc_numbers.fleet.drift.findings import Finding, Next
from ccc_numbers.fleet.drift.output.forms import DriftForm, text_of
from ccc_numbers.fleet.drift.report import Coverage, Ignored, Report, Unseen
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.numbers.finding_kinds import FindingKind
from tests.fleet.drift_world import INSTANCE, NUMBER, number


def finding(kind: FindingKind = FindingKind.WRONG_FLOW, subject: str = NUMBER, **changes: Any) -> Finding:
    """A finding of stack acme."""
    found = Finding(
        kind=kind,
        severity=kind.severity,
        stack="acme",
        instance=INSTANCE,
        subject=subject,
        field="flow",
        expected="主流程",
        actual="夜间流程",
        cause=None,
        next=Next("ccc-numbers heal acme --yes"),
        heal=kind.heal,
        source=Source("stacks/acme.yaml", 12, 7),
    )
    return replace(found, **changes)


def report(*findings: Finding, **changes: Any) -> Report:
    """A report of one stack with one instance."""
    whole = Report(
        looked_at=datetime(2026, 10, 5, 6, 7, 8, tzinfo=UTC),
        seconds=1.25,
        stacks=("acme",),
        findings=findings,
        ignored=(),
        unseen=(),
        problems=(),
        coverage=(Coverage("acme", INSTANCE, 3, 3, 3, 0),),
    )
    return replace(whole, **changes)


def nasty() -> Report:
    """Everything a report can hold, with names that would break out of any form."""
    evil = '<script>alert(1)</script> | `x` *y* "z"\n& \x08'
    return report(
        finding(subject=evil, expected=evil, actual=evil, cause=evil, next=Next(evil, evil)),
        finding(FindingKind.PENDING, number(4)),
        finding(FindingKind.IGNORE_ENDED, "0218*", stack="", instance=None, source=None),
        ignored=(Ignored(finding(subject="ignored"), evil, evil, None),),
        unseen=(Unseen("acme", evil, evil, None), Unseen("acme", None, evil, evil)),
        problems=(Problem("stacks/acme.yaml", 3, 1, evil, evil, evil),),
        coverage=(Coverage("acme", INSTANCE, 3, 3, 2, 0), Coverage("acme", evil, 3, None, None, None)),
        notes=(evil,),
    )


def text(form: DriftForm, found: Report) -> str:
    return text_of(form, found)
