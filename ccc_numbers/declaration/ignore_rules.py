"""The project's `drift-ignore.yaml`: differences that a team accepts for a while, with a name and a reason.

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

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

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

from ccc_numbers.declaration.names import IGNORE_FILE
from ccc_numbers.declaration.scalars import Day
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.misfit import report_misfit
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.problem import Problem, Source, shown
from ccc_numbers.messages.yaml_document import Document
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.numbers.finding_kinds import ABOUT_RULES, FIELDS, FindingKind

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


class StrictForm(BaseModel):
    """A part of a file that people review."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Difference(Protocol):
    """What a rule is asked about: a finding, or what an update is about to repair."""

    @property
    def kind(self) -> FindingKind: ...
    @property
    def subject(self) -> str: ...
    @property
    def stack(self) -> str: ...
    @property
    def instance(self) -> str | None: ...
    @property
    def field(self) -> str | None: ...


class IgnoreRule(StrictForm):
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

    @property
    def source(self) -> Source:
        """Where it is written."""
        return self._source

    def hides(self, found: Difference) -> bool:
        """Whether it is about this difference."""
        return (
            found.kind not in ABOUT_RULES
            and any(fnmatchcase(found.subject, pattern) for pattern in self.subject)
            and (not self.kind or found.kind in self.kind)
            and fnmatchcase(found.stack, self.stack)
            and fnmatchcase(found.instance or "", self.instance)
            and self.field in (None, found.field)
        )


class _IgnoreFile(StrictForm):
    rules: tuple[IgnoreRule, ...]


def read_rules(path: Path) -> tuple[IgnoreRule, ...] | list[Problem]:
    """The rules of a file, or everything that is wrong with it."""
    text = read_text(path)
    return [text] if isinstance(text, Problem) else rules_in(text, path)


def rules_in(text: str, path: Path) -> tuple[IgnoreRule, ...] | list[Problem]:
    """The same from text; `path` names it."""
    document = read_yaml(text, shown(path))
    form = read_form(document, _IgnoreFile)
    if form is None:
        return document.problems
    for index, rule in enumerate(form.rules):
        rule._source = document.value(("rules", index))
    return form.rules


def read_form(document: Document, form: type[Form]) -> Form | None:
    """A document as a `form`; None where it is not one, and the document has the problems."""
    if not document.problems:
        try:
            return form.model_validate(document.data)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                report_misfit(document, form, detail)
    return None
