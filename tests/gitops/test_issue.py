"""One issue per stack that is not as declared: opened, updated, closed. GitHub is a stand-in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.drift.findings import Finding, Next
from ccc_numbers.fleet.drift.output.json_form import as_json
from ccc_numbers.fleet.drift.report import Report, Unseen
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.numbers.finding_kinds import FindingKind, Heal, Severity
from tests.gitops.github import GitHubStandIn

SOURCE = Source("stacks/acme.yaml", 12, 7)
FINDING = Finding(
    kind=FindingKind.WRONG_FLOW,
    severity=Severity.ERROR,
    stack="acme",
    instance="acme",
    subject="021****1001",
    field="flow",
    expected="主流程",
    actual="夜间流程",
    cause=None,
    next=Next("ccc-numbers heal acme --yes"),
    heal=Heal.REPAIRS,
    source=SOURCE,
)


def report(
    file: Path, *findings: Finding, unseen: Sequence[Unseen] = (), problems: Sequence[Problem] = ()
) -> str:
    """A drift report of two stacks, as `drift -o json` writes it."""
    whole = Report(
        looked_at=datetime(2026, 11, 23, 22, 17, tzinfo=UTC),
        seconds=1.0,
        stacks=("acme", "beta"),
        findings=findings,
        ignored=(),
        unseen=tuple(unseen),
        problems=tuple(problems),
        coverage=(),
    )
    file.write_text(as_json(whole), "utf-8")
    return str(file)


def test_an_issue_is_opened_updated_and_closed(
    tmp_path: Path, forge: GitHubStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "drift.json"
    assert main(["issue", report(file, FINDING), "--post"]) == 0
    (issue,) = forge.issues.values()
    assert issue["title"] == "Drift: acme is not as declared"
    assert issue["labels"] == ["ccc-numbers-drift"]
    assert "ccc-numbers heal acme --yes" in issue["body"]
    assert "acme: open issue" in capsys.readouterr().out

    # The same again: nothing is written.
    writes = [call for call in forge.calls if not call.startswith("GET") and "graphql" not in call]
    assert main(["issue", report(file, FINDING), "--post"]) == 0
    assert writes == [call for call in forge.calls if not call.startswith("GET") and "graphql" not in call]

    # Something else: the same issue says so.
    assert main(["issue", report(file, replace(FINDING, actual="草稿")), "--post"]) == 0
    assert len(forge.issues) == 1
    assert "草稿" in issue["body"]

    assert main(["issue", report(file), "--post"]) == 0
    assert issue["state"] == "closed"
    assert forge.comments[issue["number"]][0]["body"] == "Looked at 2026-11-23 22:17 UTC: as declared again."


def test_what_could_not_be_looked_at_is_never_clean(tmp_path: Path, forge: GitHubStandIn) -> None:
    file = tmp_path / "drift.json"
    main(["issue", report(file, FINDING), "--post"])
    unseen = [Unseen("acme", "acme", "timed out")]
    assert main(["issue", report(file, unseen=unseen), "--post"]) == 0
    (issue,) = forge.issues.values()
    assert issue["state"] == "open"
    assert issue["title"] == "Drift: acme could not be looked at"
    assert "timed out" in issue["body"]


def test_a_file_with_mistakes_keeps_its_stack_from_being_called_clean(
    tmp_path: Path, forge: GitHubStandIn
) -> None:
    def problem(name: str) -> Problem:
        return Problem(f"stacks/{name}", 1, 1, "", None, "is not valid YAML")

    file = tmp_path / "drift.json"
    main(["issue", report(file, problems=[problem("beta.yaml")]), "--post"])
    assert [each["title"] for each in forge.issues.values()] == ["Drift: beta could not be looked at"]
    # A file that several may use: nobody knows whose numbers are missing.
    main(["issue", report(file, problems=[problem("shared.csv")]), "--post"])
    assert len(forge.issues) == 2


def test_without_post_the_issues_are_only_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issue", report(tmp_path / "drift.json", FINDING)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Drift: acme is not as declared")
    assert "夜间流程" in printed


def test_a_report_of_something_else_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_text("{}")
    assert main(["issue", str(tmp_path / "x.json")]) == 2
    assert "is not a report of `ccc-numbers drift -o json`" in capsys.readouterr().err
