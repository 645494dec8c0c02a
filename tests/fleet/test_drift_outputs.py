"""Every form of a drift report: table, JSON with its schema, Markdown, JUnit, HTML, Prometheus; and masking."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from rich.console import Console

from components.declaration import Problem, Source
from fleet.drift.choose import FailOn
from fleet.drift.findings import Finding, Next
from fleet.drift.kinds import ABOUT, Kind, Severity
from fleet.drift.mask import mask, masked
from fleet.drift.output.forms import Form, text_of
from fleet.drift.output.json_form import SHIPPED, schema_text
from fleet.drift.output.markdown import as_markdown
from fleet.drift.output.prometheus import write_metrics
from fleet.drift.output.table import print_table
from fleet.drift.report import Coverage, Ignored, Report, Unseen, Verdict
from fleet.drift.words import managed
from tests.fleet.drift_world import INSTANCE, NUMBER, World, live, number, simulator, world

__all__ = ["simulator", "world"]

WARNING = FailOn.WARNING


def finding(kind: Kind = Kind.WRONG_FLOW, subject: str = NUMBER, **changes: Any) -> Finding:
    """A finding of stack acme."""
    about = ABOUT[kind]
    found = Finding(
        kind=kind,
        severity=about.severity,
        stack="acme",
        instance=INSTANCE,
        subject=subject,
        field="flow",
        expected="主流程",
        actual="夜间流程",
        cause=None,
        next=Next("ccc-numbers heal acme --yes"),
        heal=about.heal,
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
        coverage=(Coverage("acme", INSTANCE, 3, 3, 3),),
    )
    return replace(whole, **changes)


def nasty() -> Report:
    """Everything a report can hold, with names that would break out of any form."""
    evil = '<script>alert(1)</script> | `x` *y* "z"\n& \x08'
    return report(
        finding(subject=evil, expected=evil, actual=evil, cause=evil, next=Next(evil, evil)),
        finding(Kind.PENDING, number(4)),
        finding(Kind.IGNORE_ENDED, "0218*", stack="", instance=None, source=None),
        ignored=(Ignored(finding(subject="ignored"), evil, evil, None),),
        unseen=(Unseen("acme", evil, evil, None), Unseen("acme", None, evil, evil)),
        problems=(Problem("stacks/acme.yaml", 3, 1, evil, evil, evil),),
        coverage=(Coverage("acme", INSTANCE, 3, 3, 2), Coverage("acme", evil, 3, None, None)),
        notes=(evil,),
    )


def text(form: Form, found: Report) -> str:
    return text_of(form, found, WARNING)


def test_the_shipped_schema_is_that_of_the_form() -> None:
    assert SHIPPED.read_text("utf-8") == schema_text()


@pytest.mark.parametrize("found", [report(), report(finding()), nasty()])
def test_the_json_form_keeps_to_its_schema(found: Report) -> None:
    said = json.loads(text(Form.JSON, found))
    schema = json.loads(schema_text())
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(said)
    assert (
        said["severities"] == {"error": said["severities"]["error"], "warning": 0, "info": 0}
        or found.findings
    )
    assert len(said["findings"]) == len(found.findings)


def test_the_schema_refuses_what_is_no_report() -> None:
    said = json.loads(text(Form.JSON, report(finding())))
    said["findings"][0]["kind"] = "odd"
    with pytest.raises(jsonschema.ValidationError, match="odd"):
        jsonschema.validate(said, json.loads(schema_text()))


def test_the_schema_is_printed_on_request(world: World) -> None:
    answer = world.run("drift", "--schema")
    assert (answer.code, answer.out) == (0, schema_text())


def test_junit_has_failures_skipped_and_errors_in_their_place() -> None:
    found = report(
        finding(),
        finding(Kind.PENDING, number(4)),
        unseen=(Unseen("acme", "acme-old", "no connection"),),
        coverage=(Coverage("acme", INSTANCE, 3, 3, 3), Coverage("acme", "acme-clean", 1, 1, 1)),
    )
    suites = ElementTree.fromstring(text(Form.JUNIT, found))
    (suite,) = suites
    counts = {key: suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped")}
    assert counts == {"name": "acme", "tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    failed, waiting, unread, clean = suite
    assert failed.get("name") == f"wrong-flow: {NUMBER} (flow)"
    assert (failed.get("file"), failed.get("line")) == ("stacks/acme.yaml", "12")
    assert failed[0].get("message") == "expected 主流程, actual 夜间流程"
    assert "next: ccc-numbers heal acme --yes" in (failed[0].text or "")
    assert waiting[0].tag == "skipped"
    assert (unread.get("name"), unread[0].tag) == ("acme-old can be read", "error")
    assert (clean.get("name"), len(clean)) == ("acme-clean is as declared", 0)


def test_junit_of_anything_is_xml() -> None:
    suites = ElementTree.fromstring(text(Form.JUNIT, nasty()))
    assert [suite.get("name") for suite in suites] == ["acme", "ignore file", "files"]


class _Tags(HTMLParser):
    """Which tags open, and the text beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name in ("src", "href") or name.startswith("on") for name, _ in attrs)


def test_html_needs_nothing_from_elsewhere_and_runs_nothing_it_shows() -> None:
    page = text(Form.HTML, nasty())
    tags = _Tags()
    tags.feed(page)
    assert not {"script", "link", "img", "iframe"} & set(tags.tags)
    assert "&lt;script&gt;" in page
    assert '<html lang="en">' in page
    assert tags.tags.count("article") == 3


def test_markdown_shows_names_literally() -> None:
    said = text(Form.MARKDOWN, nasty())
    assert "<script>" not in re.sub("`[^`]*`", "", said)
    assert "\\<script\\>" in said
    # A line break in a name does not end the table row or the list item it stands in.
    assert not [line for line in said.splitlines() if line.startswith("&")]


def test_markdown_of_many_findings_is_cut_but_counts_all_of_them() -> None:
    findings = [finding(subject=f"021{index:08d}", actual=f"流程 {index}") for index in range(5_000)]
    found = report(*findings, unseen=tuple(Unseen("acme", f"i{n}", f"reason {n}") for n in range(500)))
    said = as_markdown(found, Verdict.INCOMPLETE)
    assert len(said.encode()) <= 64_000
    assert "5,000 findings: 5,000 errors" in said
    assert "| wrong-flow | 5,000 |" in said
    assert "500 places could not be looked at" in said
    shown = len(re.findall(r"^- 🔴", said, re.MULTILINE))
    (left,) = re.findall(r"\*\*([\d,]+) findings more did not fit here\*\*", said)
    assert shown + int(left.replace(",", "")) == 5_000
    assert shown > 100


def test_markdown_of_many_stacks_is_cut_but_counts_all_of_them() -> None:
    stacks = tuple(f"customer-{index:03d}" for index in range(700))
    findings = [finding(stack=stack, instance=f"{stack}-{'x' * 60}") for stack in stacks]
    coverage = tuple(Coverage(stack, f"{stack}-{'x' * 60}", 300, 300, 300) for stack in stacks)
    said = as_markdown(report(*findings, stacks=stacks, coverage=coverage), Verdict.DRIFT)
    assert len(said.encode()) <= 64_000
    assert "| 600 more stacks | 600 | 0 | 0 | 0 | |" in said
    assert "700 findings: 700 errors" in said


def _samples(metrics: str) -> dict[str, float]:
    """Each sample line of the text format by its name and labels."""
    label = r'[a-z_]+="(?:[^"\\\n]|\\\\|\\"|\\n)*"'
    sample = re.compile(rf"([a-z_]+(?:\{{{label}(?:,{label})*\}})?) (\S+)")
    found: dict[str, float] = {}
    for line in metrics.splitlines():
        if not line.startswith("# "):
            match = sample.fullmatch(line)
            assert match, line
            found[match[1]] = float(match[2])
    return found


def test_prometheus_counts_findings_coverage_and_what_was_not_read() -> None:
    found = report(
        finding(),
        finding(subject=number(2)),
        finding(Kind.UNMANAGED, number(9)),
        unseen=(Unseen("acme", "acme-old", "no connection"),),
        coverage=(Coverage("acme", INSTANCE, 3, 4, 3), Coverage("acme", "acme-old", 2, None, None)),
    )
    samples = _samples(text(Form.PROMETHEUS, found))
    where = f'stack="acme",instance="{INSTANCE}"'
    assert samples[f'ccc_numbers_drift_findings{{{where},kind="wrong-flow",severity="error"}}'] == 2
    assert samples[f'ccc_numbers_drift_findings{{{where},kind="unmanaged",severity="warning"}}'] == 1
    assert samples['ccc_numbers_drift_unread{stack="acme"}'] == 1
    assert samples[f"ccc_numbers_live{{{where}}}"] == 4
    assert samples[f"ccc_numbers_managed{{{where}}}"] == 3
    assert 'ccc_numbers_live{stack="acme",instance="acme-old"}' not in samples
    assert samples['ccc_numbers_drift_verdict{verdict="incomplete"}'] == 1
    assert samples["ccc_numbers_drift_looked_at_timestamp_seconds"] == 1791180428


def test_prometheus_of_anything_is_the_text_format() -> None:
    assert _samples(text(Form.PROMETHEUS, nasty()))


def test_metrics_are_put_in_place_whole(tmp_path: Path) -> None:
    file = tmp_path / "drift.prom"
    file.write_text("old")
    write_metrics(file, "new\n")
    assert file.read_text() == "new\n"
    assert [each.name for each in tmp_path.iterdir()] == ["drift.prom"]
    assert oct(file.stat().st_mode)[-3:] == "644"


def _table(found: Report, width: int = 100) -> str:
    console = Console(file=StringIO(), width=width, highlight=False)
    print_table(console, found, found.verdict(Severity.WARNING))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_table_tells_numbers_with_one_cause_together() -> None:
    findings = [finding(subject=number(index), source=Source("s.yaml", index)) for index in range(1, 41)]
    said = _table(report(*findings))
    assert said.count("wrong-flow") == 1
    assert "wrong-flow × 40" in said
    assert f"{number(1)}, {number(2)}" in said
    assert "and 34 more" in said
    assert "s.yaml:1 and 39 more" in said
    assert "drift: 40 findings: 40 errors" in said


def test_the_table_fits_a_narrow_terminal() -> None:
    said = _table(report(finding(cause="x" * 200)), width=50)
    assert max(len(line) for line in said.splitlines() if line.startswith("  ")) <= 50


def test_a_report_without_findings_is_one_line_of_verdict_and_one_of_scope() -> None:
    assert _table(report()).splitlines() == [
        "clean",
        "3 of 3 numbers managed (100 %) in 1 instance of 1 stack, looked at in 1.2 s",
    ]


def test_a_run_for_some_kinds_does_not_call_everything_clean() -> None:
    assert _table(report(kinds=(Kind.MISSING,))).startswith("clean as far as looked for (missing)\n")


def test_coverage_is_never_rounded_up_to_all() -> None:
    assert managed(Coverage("s", "i", 1, 10_000, 9_999)) == "9,999 of 10,000 numbers managed (99.9 %)"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("02180001001", "021****1001"),
        ("13812345678", "138****5678"),
        ("4008001001", "400***1001"),
        ("95518", "95***"),
        ("075566001001", "075*****1001"),
    ],
)
def test_a_masked_number_can_be_told_apart_but_not_called(number: str, shown: str) -> None:
    assert mask(number) == shown


def test_a_masked_report_has_no_number_in_any_form() -> None:
    found = masked(
        report(
            finding(cause=f"like {number(2)} and 95519"),
            finding(subject="95518", actual="95518 is not 95519", next=Next("look", f"ask about {NUMBER}")),
            unseen=(Unseen("acme", INSTANCE, f"{NUMBER} not found", f"{NUMBER} not found"),),
            problems=(
                Problem(
                    "stacks/acme.yaml", 3, 1, f"instances.x.numbers.{NUMBER}.usage", NUMBER, f"{NUMBER}?"
                ),
            ),
            ignored=(Ignored(finding(), "why", "who", None),),
        )
    )
    for form in Form:
        said = text(form, found)
        assert NUMBER not in said, form
        assert number(2) not in said, form
        assert "95518" not in said, form
    assert "021****1001" in text(Form.TABLE, found)
    assert "stacks/acme.yaml:12" in text(Form.TABLE, found)


def test_several_forms_come_from_one_look(world: World) -> None:
    world.rows.append(live(number(9)))
    world.set()
    world.simulator.reset()
    answer = world.run(
        "drift", "-o", "table", "-o", "json=a.json", "-o", "html=a.html", "--metrics", "a.prom", "--mask"
    )
    assert answer.code == 1
    assert world.simulator.calls()["ListPhoneNumbers"]["ok"] == 1
    assert "unmanaged" in answer.out
    assert json.loads(Path("a.json").read_text("utf-8"))["byKind"] == {"unmanaged": 1}
    for file in ("a.json", "a.html", "a.prom"):
        assert number(9) not in Path(file).read_text("utf-8")


def test_only_and_skip_choose_and_fail_on_decides(world: World) -> None:
    world.rows.append(live(number(9)))
    world.rows[0]["usage"] = "Inbound"
    world.set()
    assert world.drift("--only", "unmanaged,missing").kinds == [("unmanaged", number(9))]
    assert world.drift("--skip", "unmanaged", "--skip", "missing").kinds == [("wrong-usage", NUMBER)]
    assert world.drift("--only", "unmanaged", "--fail-on", "error").code == 0
    assert world.drift("--fail-on", "error").code == 1
    assert world.drift("--fail-on", "never").code == 0


def test_nothing_is_written_to_ccc(world: World) -> None:
    world.rows[0]["usage"] = "Inbound"
    world.set()
    before = world.simulator.state()
    world.simulator.reset()
    world.drift()
    assert world.simulator.state() == before
    assert {action for action in world.simulator.calls() if not action.startswith(("List", "Get"))} == set()
