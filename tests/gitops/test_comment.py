"""The one comment of a pull request: built, written, updated. GitHub is a stand-in."""

from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.engine.changes import Change, Effect
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.comment import MARKER, post_comment
from ccc_numbers.fleet.gitops.gitlab import GitLab
from ccc_numbers.fleet.gitops.http import Api
from ccc_numbers.fleet.gitops.pipeline import forge_of
from ccc_numbers.fleet.gitops.saved_plans import write_result
from ccc_numbers.fleet.plan.result import Outcome, Result
from tests.gitops.github import REPOSITORY, GitHubStandIn


def plans(folder: Path, *stacks: str, changes: int = 1) -> Path:
    """What artifacts of a preview look like: a folder per stack."""
    for stack in stacks:
        (folder / f"plan-{stack}").mkdir(parents=True, exist_ok=True)
        made = tuple(
            Change(f"0218{index:07d}", "PhoneNumber", "create", effect=Effect.ADD) for index in range(changes)
        )
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


def test_the_comment_promises_what_this_forge_does_after_the_merge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITLAB_CI", raising=False)
    assert main(["comment", str(plans(tmp_path, "acme"))]) == 0
    assert "Merging applies exactly this" in capsys.readouterr().out
    monkeypatch.setenv("GITLAB_CI", "true")
    assert main(["comment", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "After the merge it is planned again" in told
    assert "Merging applies" not in told


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
    monkeypatch.setattr("ccc_numbers.fleet.gitops.http._PAUSE_SECONDS", 0.0)
    api = Api("GitHub", "http://127.0.0.1:9", {})
    with pytest.raises(FleetError, match=r"GitHub cannot be reached \(127\.0\.0\.1\)"):
        api.call("GET", "/x")


def test_a_folder_without_plans_is_no_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["comment", str(tmp_path / "nowhere")]) == 2
    assert "there is no folder" in capsys.readouterr().err
    (tmp_path / "x.summary.json").write_text('{"stack": 1}')
    assert main(["comment", str(tmp_path)]) == 2
    assert "is not a summary of a plan: stack" in capsys.readouterr().err


def test_gitlab_is_spoken_to_in_its_own_words() -> None:
    class Recorder(Api):
        def call(self, method: str, path: str, body: Any = None) -> Any:
            calls.append((method, path, body))
            if path == "/user":
                return {"username": "project_12_bot_1"}
            old = {"id": 5, "body": f"{MARKER}\nold", "author": {"username": "project_12_bot_1"}}
            return [old] if "notes?" in path else []

    calls: list[tuple[str, str, Any]] = []
    gitlab = GitLab(Recorder("GitLab", "https://gitlab.example/api/v4", {}), "/projects/12")
    assert post_comment(gitlab, 7, f"{MARKER}\nnew", worth_a_new_one=True) == "updated the comment"
    gitlab.close_issue(3, "clean")
    assert calls[0][1].startswith("/projects/12/merge_requests/7/notes?")
    assert calls[2] == ("PUT", "/projects/12/merge_requests/7/notes/5", {"body": f"{MARKER}\nnew"})
    assert calls[-1] == ("PUT", "/projects/12/issues/3", {"state_event": "close"})


def test_outside_of_a_pipeline_nothing_is_posted() -> None:
    with pytest.raises(FleetError, match="not a pipeline of GitHub or GitLab"):
        forge_of({})
    with pytest.raises(FleetError, match="no GITLAB_TOKEN"):
        forge_of({"CI_PROJECT_ID": "12"})
