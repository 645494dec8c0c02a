"""One comment per pull request, one issue per stack: built, written, updated, closed. GitHub is a stand-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fleet.cli import main
from fleet.errors import FleetError
from fleet.gitops.comment import MARKER, post_comment
from fleet.gitops.forge import GitLab, forge_of
from fleet.gitops.http import Api
from fleet.gitops.results import Change, Outcome, Result, write_result
from tests.gitops.github import REPOSITORY, GitHubStandIn, github


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with github() as stand_in:
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_API_URL", stand_in.url)
        monkeypatch.setenv("GITHUB_TOKEN", "token pull-requests:write issues:write actions:read")
        monkeypatch.setenv("GITHUB_RUN_ID", "42")
        monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
        monkeypatch.setattr("fleet.gitops.http._PAUSE_SECONDS", 0.0)
        yield stand_in


def plans(folder: Path, *stacks: str, changes: int = 1) -> Path:
    """What artifacts of a preview look like: a folder per stack."""
    for stack in stacks:
        (folder / f"plan-{stack}").mkdir(parents=True, exist_ok=True)
        made = tuple(Change(f"0218{index:07d}", "PhoneNumber", "create") for index in range(changes))
        result = Result(stack, "plan", Outcome.DONE, made)
        write_result(result, folder / f"plan-{stack}" / f"{stack}.summary.json")
    return folder


def comment(folder: Path, *more: str) -> int:
    return main(["comment", str(folder), "--request", "7", "--post", *more])


def test_there_is_one_comment_whatever_is_pushed(tmp_path: Path, forge: GitHubStandIn) -> None:
    forge.comments[7] = [{"id": n, "body": f"somebody's {n}"} for n in range(1000, 1150)]
    assert comment(plans(tmp_path, "acme"), "--commit", "a" * 40) == 0
    assert comment(plans(tmp_path, "acme", "beta"), "--commit", "b" * 40) == 0
    (ours,) = [each["body"] for each in forge.comments[7] if each["body"].startswith(MARKER)]
    assert "plan of bbbbbbbbbbbb" in ours
    assert "2 stacks: 2 done; +2" in ours
    assert f"https://github.com/{REPOSITORY}/actions/runs/42" in ours


def test_a_stack_whose_job_died_is_told_as_failed(tmp_path: Path, forge: GitHubStandIn) -> None:
    assert comment(plans(tmp_path, "acme"), "--expect", "acme beta") == 0
    body = forge.comments[7][0]["body"]
    assert "| beta | ❌ failed |" in body
    assert "its job ended without a plan; see its log" in body


def test_a_change_of_no_stack_writes_no_comment_but_corrects_an_older_one(
    tmp_path: Path, forge: GitHubStandIn
) -> None:
    nothing = tmp_path / "nothing"
    assert comment(nothing, "--expect", "") == 0
    assert forge.comments.get(7, []) == []
    assert comment(plans(tmp_path / "some", "acme")) == 0
    assert comment(nothing, "--expect", "") == 0
    assert "concerns no stack any more" in forge.comments[7][0]["body"]


def test_an_unchanged_comment_is_left_alone(tmp_path: Path, forge: GitHubStandIn) -> None:
    assert comment(plans(tmp_path, "acme")) == 0
    assert comment(plans(tmp_path, "acme")) == 0
    assert sum(call.startswith("PATCH") for call in forge.calls) == 0


def test_five_hundred_large_plans_fit_into_one_comment(tmp_path: Path, forge: GitHubStandIn) -> None:
    stacks = [f"customer-{index:03d}" for index in range(500)]
    assert comment(plans(tmp_path, *stacks, changes=50)) == 0
    assert "500 stacks: 500 done; +25000" in forge.comments[7][0]["body"]


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("token pull-requests:read", "its token may not do this: give the job the permission"),
        ("expired", "GitHub refused GET /repos/example/numbers/issues/7/comments: 401 Bad credentials"),
        ("", "no GITHUB_TOKEN: give the step env"),
    ],
)
def test_a_token_that_will_not_do_is_one_line(
    tmp_path: Path,
    forge: GitHubStandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    token: str,
    said: str,
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    assert comment(plans(tmp_path, "acme")) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_forge_that_stumbles_is_asked_again(tmp_path: Path, forge: GitHubStandIn) -> None:
    forge.failures = [502, 429]
    assert comment(plans(tmp_path, "acme")) == 0
    assert len(forge.comments[7]) == 1


def test_a_write_is_not_repeated_when_it_may_have_happened(forge: GitHubStandIn) -> None:
    github_ = forge_of(
        {"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_API_URL": forge.url, "GITHUB_TOKEN": "token"}
    )
    forge.failures = [502]
    with pytest.raises(FleetError, match="GitHub refused POST"):
        github_.add_comment(7, "text")
    assert len(forge.calls) == 1


def test_a_forge_that_is_away_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet.gitops.http._PAUSE_SECONDS", 0.0)
    api = Api("GitHub", "http://127.0.0.1:9", {})
    with pytest.raises(FleetError, match=r"GitHub cannot be reached \(127\.0\.0\.1\)"):
        api.call("GET", "/x")


def test_a_folder_without_plans_is_no_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["comment", str(tmp_path / "nowhere")]) == 2
    assert "there is no folder" in capsys.readouterr().err
    (tmp_path / "x.summary.json").write_text('{"stack": 1}')
    assert main(["comment", str(tmp_path)]) == 2
    assert "is no summary of a plan: stack" in capsys.readouterr().err


def test_gitlab_is_spoken_to_in_its_own_words() -> None:
    class Recorder(Api):
        def call(self, method: str, path: str, body: Any = None) -> Any:
            calls.append((method, path, body))
            return [{"id": 5, "body": f"{MARKER}\nold"}] if "notes?" in path else []

    calls: list[tuple[str, str, Any]] = []
    gitlab = GitLab(Recorder("GitLab", "https://gitlab.example/api/v4", {}), "12")
    assert post_comment(gitlab, 7, f"{MARKER}\nnew", worth_a_new_one=True) == "updated the comment"
    gitlab.close_issue(3, "clean")
    assert calls[0][1].startswith("/projects/12/merge_requests/7/notes?")
    assert calls[1] == ("PUT", "/projects/12/merge_requests/7/notes/5", {"body": f"{MARKER}\nnew"})
    assert calls[-1] == ("PUT", "/projects/12/issues/3", {"state_event": "close"})


def test_outside_of_a_pipeline_nothing_is_posted() -> None:
    with pytest.raises(FleetError, match="no pipeline of GitHub or GitLab"):
        forge_of({})
    with pytest.raises(FleetError, match="no GITLAB_TOKEN"):
        forge_of({"CI_PROJECT_ID": "12"})


FINDING = {
    "kind": "wrong-flow",
    "severity": "error",
    "stack": "acme",
    "instance": "acme",
    "subject": "021****1001",
    "field": "flow",
    "expected": "主流程",
    "actual": "夜间流程",
    "cause": None,
    "next": {"command": "ccc-numbers heal acme --yes", "do": None},
    "heal": "repairs",
    "source": {"file": "stacks/acme.yaml", "line": 12, "column": 7},
}


def report(file: Path, *findings: object, unseen: tuple[object, ...] = (), **more: object) -> str:
    """A drift report of two stacks, as `drift -o json` writes it."""
    whole = {
        "version": 1,
        "verdict": "drift",
        "failOn": "warning",
        "lookedAt": "2026-11-23T22:17:00Z",
        "seconds": 1.0,
        "stacks": ["acme", "beta"],
        "kinds": None,
        "severities": {},
        "byKind": {},
        "total": {"declared": 2, "live": 2, "managed": 2},
        "coverage": [],
        "findings": list(findings),
        "ignored": [],
        "unseen": list(unseen),
        "problems": [],
        "notes": [],
    }
    file.write_text(json.dumps(whole | more), "utf-8")
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
    writes = len([call for call in forge.calls if not call.startswith("GET")])
    assert main(["issue", report(file, FINDING), "--post"]) == 0
    assert len([call for call in forge.calls if not call.startswith("GET")]) == writes

    # Something else: the same issue says so.
    assert main(["issue", report(file, FINDING | {"actual": "草稿"}), "--post"]) == 0
    assert len(forge.issues) == 1
    assert "草稿" in issue["body"]

    assert main(["issue", report(file), "--post"]) == 0
    assert issue["state"] == "closed"
    assert forge.comments[issue["number"]][0]["body"] == "Looked at 2026-11-23 22:17 UTC: as declared again."


def test_what_could_not_be_looked_at_is_never_clean(tmp_path: Path, forge: GitHubStandIn) -> None:
    file = tmp_path / "drift.json"
    main(["issue", report(file, FINDING), "--post"])
    unseen = ({"stack": "acme", "instance": "acme", "reason": "timed out"},)
    assert main(["issue", report(file, unseen=unseen), "--post"]) == 0
    (issue,) = forge.issues.values()
    assert issue["state"] == "open"
    assert issue["title"] == "Drift: acme could not be looked at"
    assert "timed out" in issue["body"]


def test_a_file_with_mistakes_keeps_its_stack_from_being_called_clean(
    tmp_path: Path, forge: GitHubStandIn
) -> None:
    def problem(name: str) -> dict[str, object]:
        source = {"file": f"stacks/{name}", "line": 1, "column": 1}
        return {"source": source, "path": "", "value": None, "message": "is not valid YAML", "rule": "yaml"}

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
    assert "is no report of `ccc-numbers drift -o json`" in capsys.readouterr().err


def pull(merged: str, **more: object) -> dict[str, object]:
    repo = {"repo": {"full_name": REPOSITORY}}
    head = {"sha": "f" * 40, **repo}
    return {"number": 7, "merged_at": "now", "merge_commit_sha": merged, "head": head, "base": repo, **more}


def test_the_run_that_was_reviewed_is_found(
    forge: GitHubStandIn, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    forge.requests = [pull("a" * 40)]
    forge.runs["preview.yml"] = [
        {"id": 1, "head_sha": "f" * 40, "conclusion": "failure", "created_at": "2026-01-01"},
        {"id": 2, "head_sha": "f" * 40, "conclusion": "success", "created_at": "2026-01-02"},
    ]
    assert main(["reviewed", "a" * 40]) == 0
    assert capsys.readouterr().out == "2\n"
    assert (tmp_path / "outputs").read_text() == "run=2\nrequest=7\n"


@pytest.mark.parametrize(
    ("requests", "runs", "said"),
    [
        ([], [], "came with no pull request, so nothing was reviewed"),
        ([pull("a" * 40)], [], "of pull request #7 at ffffffffffff is not there"),
        (
            [pull("a" * 40)],
            [{"id": 1, "head_sha": "f" * 40, "conclusion": "failure", "created_at": "1"}],
            "is failure: nothing reviewed can be applied",
        ),
        (
            [pull("a" * 40, head={"sha": "f" * 40, "repo": {"full_name": "somebody/fork"}})],
            [],
            "pull request #7 came from a fork, for which nothing is planned",
        ),
    ],
)
def test_what_nobody_reviewed_is_refused(
    forge: GitHubStandIn,
    capsys: pytest.CaptureFixture[str],
    requests: list[dict[str, object]],
    runs: list[dict[str, object]],
    said: str,
) -> None:
    forge.requests, forge.runs["preview.yml"] = requests, runs
    assert main(["reviewed", "a" * 40]) == 2
    assert said in capsys.readouterr().err


def test_the_state_in_oss_is_reached_as_the_same_identity(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret")
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "token")
    assert main(["session"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"Version": 1, "AccessKeyId": "id", "SecretAccessKey": "secret", "SessionToken": "token"}
