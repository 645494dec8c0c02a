"""`--output FORM[=FILE]`: the forms a report is written in, and the files they go to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path

from ccc_numbers.fleet.drift.output.table import print_table
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.messages.terminal import Terminal

_WIDTH = 120


class DriftForm(StrEnum):
    """A form of the report."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    HTML = "html"
    PROMETHEUS = "prometheus"


@dataclass(frozen=True, slots=True)
class OutputTarget:
    """One form, and its file; None is stdout."""

    form: DriftForm
    file: Path | None


def parse_outputs(words: Sequence[str]) -> tuple[OutputTarget, ...]:
    """`["json=drift.json", "table"]` as outputs. Raises FleetError; at most one goes to stdout."""
    outputs = tuple(_parse(word) for word in words) or (OutputTarget(DriftForm.TABLE, None),)
    if sum(output.file is None for output in outputs) > 1:
        raise FleetError(
            tr("--output: only one form can go to stdout; give the others a file: --output json=FILE")
        )
    return outputs


def text_of(form: DriftForm, report: Report) -> str:
    """The report in one form, without colours. A form's libraries are read when somebody asks for it."""
    match form:
        case DriftForm.JSON:
            from ccc_numbers.fleet.drift.output.json_form import as_json

            return as_json(report) + "\n"
        case DriftForm.MARKDOWN:
            from ccc_numbers.fleet.drift.output.markdown import as_markdown

            return as_markdown(report)
        case DriftForm.JUNIT:
            from ccc_numbers.fleet.drift.output.junit import as_junit

            return as_junit(report)
        case DriftForm.HTML:
            from ccc_numbers.fleet.report.drift_page import drift_page

            return drift_page(report)
        case DriftForm.PROMETHEUS:
            from ccc_numbers.fleet.drift.output.prometheus import as_prometheus

            return as_prometheus(report)
        case DriftForm.TABLE:
            text = StringIO()
            print_table(Terminal(text, width=_WIDTH, no_color=True), report)
            return text.getvalue()


def _parse(word: str) -> OutputTarget:
    name, equals, file = word.partition("=")
    known = [str(form) for form in DriftForm]
    if name not in known:
        hint = suggestion(name, known)
        raise FleetError(tr("--output {form}: no such form; {hint}", form=quoted(name), hint=hint))
    if equals and not file:
        raise FleetError(tr("--output {form}: names no file after =", form=quoted(word)))
    return OutputTarget(DriftForm(name), Path(file) if file else None)
