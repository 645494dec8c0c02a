"""Which preview was reviewed with a merged commit, and as whom the state is reached."""

import json
from pathlib import Path

import pytest

from ccc_numbers.fleet.cli import main
from tests.gitops.github import REPOSITORY, GitHubStandIn


def pull(merged: str, **more: object) -> dict[str, object]:
    repo = {"repo": {"full_name": REPOSITORY}}
    head = {"sha": "f" * 40, **repo}
    return {"number": 7, "merged_at": "now", "merge_commit_sha": merged, "head": head, "base": repo, **more}


def run(number: int, conclusion: str, created: str, event: str = "pull_request_target") -> dict[str, object]:
    kept = {"id": number, "head_sha": "f" * 40, "conclusion": conclusion}
    return {**kept, "created_at": created, "event": event}


def test_the_run_that_was_reviewed_is_found(
    forge: GitHubStandIn, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    forge.requests = [pull("a" * 40)]
    forge.runs["preview.yml"] = [
        run(1, "failure", "2026-01-01"),
        run(2, "success", "2026-01-02"),
        # The branch's own copy of the file, run by a push: its plan is its own making.
        run(3, "success", "2026-01-03", event="push"),
        run(4, "success", "2026-01-04", event="pull_request"),
    ]
    assert main(["reviewed", "a" * 40]) == 0
    assert capsys.readouterr().out == "2\n"
    assert (tmp_path / "outputs").read_text() == "run=2\nrequest=7\n"


@pytest.mark.parametrize(
    ("requests", "runs", "said"),
    [
        ([], [], "came without a pull request, so nothing was reviewed"),
        ([pull("a" * 40)], [], "of pull request #7 at ffffffffffff is not there"),
        (
            [pull("a" * 40)],
            [run(1, "failure", "1")],
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
