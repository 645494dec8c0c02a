"""Every form of a drift report for machines and pages: JSON with its schema, JUnit, HTML, Markdown, Prometheus."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ccc_numbers.fleet.drift.output.forms import DriftForm
from ccc_numbers.fleet.drift.output.json_form import SHIPPED, schema_text
from ccc_numbers.fleet.drift.output.markdown import as_markdown
from ccc_numbers.fleet.drift.output.prometheus import as_prometheus, write_metrics
from ccc_numbers.fleet.drift.report import Coverage, Report, Unseen
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.problem import Problem
from ccc_numbers.messages.visible import visible
from ccc_numbers.numbers.finding_kinds import FindingKind
from tests.fleet.drift_reports import finding, nasty, report, text
from tests.fleet.drift_world import INSTANCE, NUMBER, World, number
from tests.messages.hostile import NAMES


def test_the_shipped_schema_is_that_of_the_form() -> None:
    assert SHIPPED.read_text("utf-8") == schema_text()


@pytest.mark.parametrize("found", [report(), report(finding()), nasty()])
def test_the_json_form_keeps_to_its_schema(found: Report) -> None:
    said = json.loads(text(DriftForm.JSON, found))
    schema = json.loads(schema_text())
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(said)
    assert (
        said["severities"] == {"error": said["severities"]["error"], "warning": 0, "info": 0}
        or found.findings
    )
    assert len(said["findings"]) == len(found.findings)


def test_the_schema_refuses_what_is_no_report() -> None:
    said = json.loads(text(DriftForm.JSON, report(finding())))
    said["findings"][0]["kind"] = "odd"
    with pytest.raises(jsonschema.ValidationError, match="odd"):
        jsonschema.validate(said, json.loads(schema_text()))


def test_the_schema_is_printed_on_request(world: World) -> None:
    answer = world.run("drift", "--schema")
    assert (answer.code, answer.out) == (0, schema_text())


def test_junit_has_failures_skipped_and_errors_in_their_place() -> None:
    found = report(
        finding(),
        finding(FindingKind.PENDING, number(4)),
        unseen=(Unseen("acme", "acme-old", "no connection"),),
        coverage=(Coverage("acme", INSTANCE, 3, 3, 3, 0), Coverage("acme", "acme-clean", 1, 1, 1, 0)),
    )
    suites = ElementTree.fromstring(text(DriftForm.JUNIT, found))
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
    suites = ElementTree.fromstring(text(DriftForm.JUNIT, nasty()))
    assert [suite.get("name") for suite in suites] == ["acme", "ignore file", "files"]
    assert [suites.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["6", "2", "3", "1"]


def test_junit_keeps_a_stack_called_files_apart() -> None:
    found = report(stacks=("files",), problems=(Problem("stacks/files.yaml", 3, 1, "instances", "x", "odd"),))
    suites = ElementTree.fromstring(text(DriftForm.JUNIT, found))
    assert [(suite.get("name"), suite.get("errors")) for suite in suites] == [("files", "0"), ("files", "1")]


@pytest.mark.parametrize("name", NAMES)
def test_junit_of_a_hostile_name_holds_it_as_text(name: str) -> None:
    evil = finding(subject=name, expected=name, actual=name, instance=name)
    (suite,) = ElementTree.fromstring(text(DriftForm.JUNIT, report(evil, coverage=())))
    (case,) = suite
    shown = visible(name)
    assert case.get("classname") == f"acme.{shown}"
    assert case[0].get("message") == f"expected {shown}, actual {shown}"
    assert f"actual: {shown}\n" in (case[0].text or "")


class _Tags(HTMLParser):
    """Which tags open, and the text beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name in ("src", "href") or name.startswith("on") for name, _ in attrs)


def test_html_needs_nothing_from_elsewhere_and_runs_nothing_it_shows() -> None:
    page = text(DriftForm.HTML, nasty())
    tags = _Tags()
    tags.feed(page)
    assert not {"script", "link", "img", "iframe"} & set(tags.tags)
    assert "&lt;script&gt;" in page
    assert '<html lang="en">' in page
    assert tags.tags.count("article") == 3


def test_html_says_what_to_do_and_what_was_not_read() -> None:
    page = text(
        DriftForm.HTML,
        report(
            finding(),
            unseen=(Unseen("acme", "acme-old", "no connection"),),
            coverage=(
                Coverage("acme", INSTANCE, 3, 3, 3, 0),
                Coverage("acme", "acme-old", 2, None, None, None),
            ),
        ),
    )
    assert '<code class="command">ccc-numbers heal acme --yes</code>' in page
    assert "stacks/acme.yaml:12" in page
    assert "not read: no connection" in page
    assert '<span class="pill incomplete">' in page


def test_markdown_shows_names_literally() -> None:
    said = text(DriftForm.MARKDOWN, nasty())
    assert "<script>" not in re.sub("`[^`]*`", "", said)
    assert "&lt;script&gt;" in said
    # A line break in a name does not end the table row or the list item it stands in.
    assert not [line for line in said.splitlines() if line.startswith("&")]


def test_markdown_of_many_findings_is_cut_but_counts_all_of_them() -> None:
    findings = [finding(subject=f"021{index:08d}", actual=f"流程 {index}") for index in range(5_000)]
    found = report(*findings, unseen=tuple(Unseen("acme", f"i{n}", f"reason {n}") for n in range(500)))
    said = as_markdown(found)
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
    coverage = tuple(Coverage(stack, f"{stack}-{'x' * 60}", 300, 300, 300, 0) for stack in stacks)
    said = as_markdown(report(*findings, stacks=stacks, coverage=coverage))
    assert len(said.encode()) <= 64_000
    assert "| 600 more stacks | 600 | 0 | 0 | 0 | |" in said
    assert "700 findings: 700 errors" in said


Sample = tuple[str, frozenset[tuple[str, str]]]


def _sample(name: str, **labels: str) -> Sample:
    return f"ccc_numbers_{name}", frozenset(labels.items())


def _samples(metrics: str) -> dict[Sample, float]:
    """Each sample of the text format by its name and labels, which no two may share."""
    found: dict[Sample, float] = {}
    for family in text_string_to_metric_families(metrics):
        for each in family.samples:
            sample = (each.name, frozenset(each.labels.items()))
            assert sample not in found
            found[sample] = each.value
    return found


def test_prometheus_counts_findings_coverage_and_what_was_not_read() -> None:
    found = report(
        finding(),
        finding(subject=number(2)),
        finding(FindingKind.UNMANAGED, number(9)),
        unseen=(Unseen("acme", "acme-old", "no connection"),),
        coverage=(Coverage("acme", INSTANCE, 3, 4, 3, 0), Coverage("acme", "acme-old", 2, None, None, None)),
    )
    samples = _samples(text(DriftForm.PROMETHEUS, found))
    where = {"stack": "acme", "instance": INSTANCE}
    assert samples[_sample("drift_findings", **where, kind="wrong-flow", severity="error")] == 2
    assert samples[_sample("drift_findings", **where, kind="unmanaged", severity="warning")] == 1
    assert samples[_sample("drift_unread", stack="acme")] == 1
    assert samples[_sample("declared", **where)] == 3
    assert samples[_sample("live", **where)] == 4
    assert samples[_sample("managed", **where)] == 3
    assert _sample("live", stack="acme", instance="acme-old") not in samples
    assert samples[_sample("drift_verdict", verdict="incomplete")] == 1
    assert samples[_sample("drift_looked_at_timestamp_seconds")] == 1791180428
    assert samples[_sample("drift_duration_seconds")] == 1.25


def test_prometheus_says_zero_for_a_stack_that_was_read_whole() -> None:
    samples = _samples(text(DriftForm.PROMETHEUS, report()))
    assert samples[_sample("drift_unread", stack="acme")] == 0
    assert samples[_sample("drift_verdict", verdict="clean")] == 1
    assert samples[_sample("drift_verdict", verdict="drift")] == 0


def test_two_names_that_look_alike_share_a_sample() -> None:
    # node_exporter drops a file with the same series twice, and every metric in it.
    names = ("acme\n", "acme\\n")
    found = report(
        *(finding(instance=name) for name in names),
        coverage=tuple(Coverage("acme", name, 3, 2, 1, 0) for name in names),
    )
    samples = _samples(text(DriftForm.PROMETHEUS, found))
    assert samples[_sample("live", stack="acme", instance="acme\\n")] == 4


def test_prometheus_of_anything_is_the_text_format() -> None:
    metrics = text(DriftForm.PROMETHEUS, nasty())
    samples = _samples(metrics)
    assert samples[_sample("drift_unread", stack="acme")] == 3
    for _, labels in samples:
        assert all(visible(value) == value for _, value in labels)
    assert all(
        line.startswith(("# HELP ccc_numbers_", "# TYPE ccc_numbers_", "ccc_numbers_"))
        for line in metrics.splitlines()
    )


def test_metrics_are_put_in_place_whole(tmp_path: Path) -> None:
    file = tmp_path / "drift.prom"
    file.write_text("old")
    file.chmod(0o600)
    write_metrics(file, report())
    assert file.read_text() == as_prometheus(report())
    assert [each.name for each in tmp_path.iterdir()] == ["drift.prom"]
    assert oct(file.stat().st_mode)[-3:] == "644"


def test_metrics_that_cannot_be_written_are_one_line_and_leave_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "drift.prom"
    (folder / "full").mkdir(parents=True)
    with pytest.raises(FleetError, match=r"drift\.prom: cannot be written: "):
        write_metrics(folder, report())
    assert list(tmp_path.iterdir()) == [folder]
