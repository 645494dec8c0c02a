"""The report as one JSON object. The models are the form; `report.schema.json` is made from them."""

# not translated: for programs
import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema

from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.report import Coverage, Ignored, Report, Unseen, Verdict
from ccc_numbers.fleet.traffic.model import Traffic
from ccc_numbers.messages.json_text import visible_json
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.numbers.finding_kinds import FindingKind, Severity

SHIPPED = Path(__file__).with_name("report.schema.json")


class _Form(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        from_attributes=True,
        defer_build=True,
    )


class ProblemForm(_Form):
    """Something wrong in a file."""

    source: Source
    path: str
    value: str | None
    message: str
    rule: str


class TotalForm(_Form):
    """All instances that were read together."""

    declared: int
    live: int
    managed: int
    absent: int


class ReportForm(_Form):
    """A drift run. `verdict` decides the exit code: clean 0, drift 1, incomplete 2."""

    version: Literal[1] = 1
    verdict: Verdict
    fail_on: Severity | None = Field(description="findings below this severity do not count; null: none does")
    looked_at: datetime
    seconds: float
    stacks: tuple[str, ...]
    kinds: tuple[FindingKind, ...] | None = Field(description="the kinds looked for; null: all")
    severities: dict[Severity, int]
    by_kind: dict[FindingKind, int]
    total: TotalForm
    coverage: tuple[Coverage, ...]
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    unseen: tuple[Unseen, ...]
    problems: tuple[ProblemForm, ...]
    notes: tuple[str, ...]
    unlooked: tuple[str, ...] = Field(
        default=(), description="what only an option looks at, and this run did not: traffic, reachability"
    )
    numbers: tuple[str, ...] | None = Field(default=None, description="the numbers looked for; null: all")
    traffic: Traffic | None = Field(default=None, description="the calls, where `--traffic` asked for them")

    def report(self) -> Report:
        """The run that was written in this form."""
        kept = {each.name: getattr(self, each.name) for each in fields(Report)}
        problems = (Problem.at(p.source, p.path, p.value, p.message, p.rule) for p in self.problems)
        return Report(**kept | {"problems": tuple(problems)})


def as_json(report: Report) -> str:
    """The report in the published form."""
    form = ReportForm.model_validate(report)
    return visible_json(form.model_dump_json(by_alias=True, indent=2))


# The published names of the parts, which programs made from the schema use.
_PUBLISHED = {"FindingKind": "Kind"} | {
    name: f"{name}Form" for name in ("Coverage", "Finding", "Ignored", "Next", "Source", "Unseen")
}


class _Schema(GenerateJsonSchema):
    """Every key of a part is always written: none is optional, none has a default but the form's version."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return field["type"] == "dataclass-field" or super().field_is_required(field, total)

    def default_schema(self, schema: Any) -> dict[str, Any]:
        made = super().default_schema(schema)
        return made if "const" in made else {key: value for key, value in made.items() if key != "default"}


def schema_text() -> str:
    """The JSON Schema of the form, as it is shipped."""
    schema = ReportForm.model_json_schema(by_alias=True, mode="serialization", schema_generator=_Schema)
    parts = {_PUBLISHED.get(name, name): part for name, part in schema.pop("$defs").items()}
    for name, part in parts.items():
        part["title"] = name
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ccc-numbers drift report"}
    whole = {
        **head,
        "$defs": dict(sorted(parts.items())),
        **{k: v for k, v in schema.items() if k != "title"},
    }
    text = json.dumps(whole, indent=2)
    for name, published in _PUBLISHED.items():
        text = text.replace(f'"#/$defs/{name}"', f'"#/$defs/{published}"')
    return text + "\n"
