"""The report as one JSON object. The models are the form; `report.schema.json` is made from them."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ccc_numbers.declaration.problem import Problem
from ccc_numbers.fleet.drift.kinds import Heal, Kind, Severity
from ccc_numbers.fleet.drift.report import Report, Verdict
from ccc_numbers.messages.json_text import visible_json

SHIPPED = Path(__file__).with_name("report.schema.json")


class _Form(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid", from_attributes=True
    )


class SourceForm(_Form):
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


class NextForm(_Form):
    """The command to run, and what a person has to do before it."""

    command: str
    do: str | None


class FindingForm(_Form):
    """One difference between what is declared and what CCC holds."""

    kind: Kind
    severity: Severity
    stack: str = Field(description='"" for a finding about no stack')
    instance: str | None
    subject: str = Field(description="a number, or the name of a flow, skill group, order or ignore rule")
    field: str | None = Field(description="the key of the stack file that differs")
    expected: str | None
    actual: str | None
    cause: str | None
    next: NextForm
    heal: Heal = Field(description="what `pulumi up` does about it")
    source: SourceForm | None


class IgnoredForm(_Form):
    """A finding that a rule or the baseline keeps out of the count."""

    finding: FindingForm
    reason: str
    owner: str
    until: date | None


class UnseenForm(_Form):
    """Something that could not be looked at."""

    stack: str
    instance: str | None
    reason: str
    detail: str | None


class ProblemForm(_Form):
    """Something wrong in a file."""

    source: SourceForm
    path: str
    value: str | None
    message: str
    rule: str


class CoverageForm(_Form):
    """How much of an instance is declared; `live` and `managed` are null when it was not read."""

    stack: str
    instance: str
    declared: int
    live: int | None
    managed: int | None


class TotalForm(_Form):
    """All instances that were read together."""

    declared: int
    live: int
    managed: int


class ReportForm(_Form):
    """A drift run. `verdict` decides the exit code: clean 0, drift 1, incomplete 2."""

    version: Literal[1] = 1
    verdict: Verdict
    fail_on: Severity | None = Field(description="findings below this severity do not count; null: none does")
    looked_at: datetime
    seconds: float
    stacks: list[str]
    kinds: list[Kind] | None = Field(description="the kinds looked for; null: all")
    severities: dict[Severity, int]
    by_kind: dict[Kind, int]
    total: TotalForm
    coverage: list[CoverageForm]
    findings: list[FindingForm]
    ignored: list[IgnoredForm]
    unseen: list[UnseenForm]
    problems: list[ProblemForm]
    notes: list[str]


def as_json(report: Report, fail_on: Severity | None) -> str:
    """The report in the published form."""
    total = report.total
    form = ReportForm(
        verdict=report.verdict(fail_on),
        fail_on=fail_on,
        looked_at=report.looked_at,
        seconds=round(report.seconds, 3),
        stacks=list(report.stacks),
        kinds=None if report.kinds is None else list(report.kinds),
        severities=dict(report.severities),
        by_kind=dict(report.by_kind),
        total=TotalForm(declared=total.declared, live=total.live or 0, managed=total.managed or 0),
        coverage=[CoverageForm.model_validate(each) for each in report.coverage],
        findings=[FindingForm.model_validate(each) for each in report.findings],
        ignored=[IgnoredForm.model_validate(each) for each in report.ignored],
        unseen=[UnseenForm.model_validate(each) for each in report.unseen],
        problems=[_problem(each) for each in report.problems],
        notes=list(report.notes),
    )
    return visible_json(form.model_dump_json(by_alias=True, indent=2))


def schema_text() -> str:
    """The JSON Schema of the form, as it is shipped."""
    schema = ReportForm.model_json_schema(by_alias=True, mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ccc-numbers drift report"}
    return json.dumps({**head, **{k: v for k, v in schema.items() if k != "title"}}, indent=2) + "\n"


def _problem(problem: Problem) -> ProblemForm:
    return ProblemForm(
        source=SourceForm.model_validate(problem.source),
        path=problem.path,
        value=problem.value,
        message=problem.message,
        rule=problem.rule,
    )
