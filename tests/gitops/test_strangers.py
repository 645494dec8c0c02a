"""A stranger's comment or issue with our mark is a stranger's: it is left alone, on both forges."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.gitops.comment import MARKER
from ccc_numbers.fleet.gitops.drift_issues import LABEL
from tests.gitops.github import GitHubStandIn
from tests.gitops.gitlab import PROJECT_ID, GitLabStandIn, gitlab
from tests.gitops.test_comment import comment, plans
from tests.gitops.test_issue import FINDING, report

TRAP = f"{MARKER}\nAll stacks: no changes. Merge it."
TRAP_ISSUE = "<!-- ccc-numbers: drift of acme -->\nNothing to see here."


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitLabStandIn]:
    with gitlab(api="glpat-1") as stand_in:
        monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
        monkeypatch.setenv("CI_PROJECT_ID", PROJECT_ID)
        monkeypatch.setenv("CI_API_V4_URL", stand_in.url)
        monkeypatch.setenv("GITLAB_TOKEN", "glpat-1")
        yield stand_in


def test_a_strangers_comment_with_our_mark_is_left_alone_on_github(
    tmp_path: Path, forge: GitHubStandIn
) -> None:
    forge.comments[7] = [{"id": 1, "body": TRAP, "user": {"login": "mallory"}}]
    assert comment(plans(tmp_path, "acme")) == 0
    assert comment(plans(tmp_path, "acme", "beta")) == 0
    theirs, ours = forge.comments[7]
    assert theirs["body"] == TRAP
    assert "2 stacks: 2 done" in ours["body"]


def test_a_strangers_comment_with_our_mark_is_left_alone_on_gitlab(
    tmp_path: Path, lab: GitLabStandIn
) -> None:
    lab.notes[7] = [{"id": 1, "system": False, "body": TRAP, "author": {"username": "mallory"}}]
    assert comment(plans(tmp_path, "acme")) == 0
    assert comment(plans(tmp_path, "acme", "beta")) == 0
    theirs, ours = lab.notes[7]
    assert theirs["body"] == TRAP
    assert "2 stacks: 2 done" in ours["body"]


def test_a_strangers_comment_is_not_corrected_when_no_stack_is_concerned(
    tmp_path: Path, forge: GitHubStandIn
) -> None:
    forge.comments[7] = [{"id": 1, "body": TRAP, "user": {"login": "mallory"}}]
    assert comment(tmp_path / "nothing", "--expect", "") == 0
    assert [each["body"] for each in forge.comments[7]] == [TRAP]


def _issue_on_github(forge: GitHubStandIn) -> dict[str, object]:
    forge.issues[1] = {
        "number": 1,
        "state": "open",
        "title": "Drift: acme",
        "body": TRAP_ISSUE,
        "labels": [LABEL],
        "user": {"login": "mallory"},
    }
    return forge.issues[1]


def _issue_on_gitlab(lab: GitLabStandIn) -> dict[str, object]:
    lab.issues[1] = {
        "id": 9,
        "iid": 1,
        "state": "opened",
        "title": "Drift: acme",
        "description": TRAP_ISSUE,
        "labels": [LABEL],
        "author": {"username": "mallory"},
    }
    return lab.issues[1]


@pytest.mark.parametrize(("name", "put"), [("forge", _issue_on_github), ("lab", _issue_on_gitlab)])
def test_a_strangers_issue_with_our_mark_is_neither_edited_nor_closed(
    tmp_path: Path, name: str, put: Callable[[object], dict[str, object]], request: pytest.FixtureRequest
) -> None:
    there = request.getfixturevalue(name)
    theirs = put(there)
    before = dict(theirs)
    assert main(["issue", report(tmp_path / "drift.json", FINDING), "--post"]) == 0
    ours = next(each for each in there.issues.values() if each is not theirs)
    assert ours["title"] == "Drift: acme is not as declared"
    assert main(["issue", report(tmp_path / "drift.json"), "--post"]) == 0
    assert ours["state"] == "closed"
    assert theirs == before


def test_an_issue_somebody_closed_is_not_reopened_but_opened_again(
    tmp_path: Path, forge: GitHubStandIn
) -> None:
    file = report(tmp_path / "drift.json", FINDING)
    assert main(["issue", file, "--post"]) == 0
    (closed,) = forge.issues.values()
    closed["state"] = "closed"
    assert main(["issue", file, "--post"]) == 0
    assert [each["state"] for each in forge.issues.values()] == ["closed", "open"]


def test_the_token_of_an_app_knows_its_own_comments_again(tmp_path: Path, forge: GitHubStandIn) -> None:
    forge.poster = "acme-numbers[bot]"
    assert comment(plans(tmp_path, "acme")) == 0
    assert comment(plans(tmp_path, "acme", "beta")) == 0
    assert len(forge.comments[7]) == 1


def test_without_graphql_the_token_is_taken_for_that_of_actions(tmp_path: Path, forge: GitHubStandIn) -> None:
    forge.viewer = False
    assert comment(plans(tmp_path, "acme")) == 0
    assert comment(plans(tmp_path, "acme", "beta")) == 0
    assert len(forge.comments[7]) == 1


def test_an_account_that_cannot_be_learnt_has_to_be_named(
    tmp_path: Path,
    forge: GitHubStandIn,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forge.viewer, forge.poster = False, "acme-numbers[bot]"
    assert comment(plans(tmp_path, "acme")) == 2
    assert "set CCC_BOT to acme-numbers[bot]" in capsys.readouterr().err
    monkeypatch.setenv("CCC_BOT", "old-bot, Acme-Numbers[bot]")
    assert comment(plans(tmp_path, "acme", "beta")) == 0
    assert len(forge.comments[7]) == 1
