"""What GitLab's pipelines do when something is missing, wrong or not theirs: one clear line, and nothing done."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gitops.gitlab_pipeline import GitLab, Pipeline
from tests.gitops.gitlab_rehearsal import A1, A2, B1, DEPLOY, IMAGE, Rehearsal, nothing_was_told, rehearsing
from tests.gitops.services import needs_redis

pytestmark = needs_redis


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsing(tmp_path) as on_gitlab:
        yield on_gitlab


def test_what_is_missing_or_refused_is_one_line_and_leaves_no_identity_behind(rehearsal: Rehearsal) -> None:
    git, forge = rehearsal.team.repository.git, rehearsal.forge
    rehearsal.declare("acme", {A1: {}})
    rehearsal.declare("beta", {B1: {}})
    rehearsal.team.repository.commit("Declare acme and beta")
    rehearsal.team.push("main")

    # The first push of all has no past: every stack is planned. Here there is no place for the state yet.
    settings = rehearsal.lab.settings
    rehearsal.without("PULUMI_BACKEND_URL")
    first = rehearsal.main("push")
    assert first.children["deploy"].results == {
        "plan acme": "failed",
        "apply acme": "skipped",
        "plan beta": "failed",
        "apply beta": "skipped",
    }
    _says(first, "set PULUMI_BACKEND_URL in the project's CI/CD variables")
    # The parent's default image is not handed down over the team's own; a newer push cancels neither.
    pipelines = (first, first.children["deploy"])
    assert {run.image for each in pipelines for run in each.runs.values()} == {IMAGE}
    assert [each.auto_cancel for each in pipelines] == ["none", "none"]

    # A role nobody named, and one that is not for a job that reads.
    rehearsal.lab.settings = settings
    rehearsal.without("CCC_PREVIEW_ROLE_ARN")
    unnamed = rehearsal.main("web", STACKS="acme")
    _says(unnamed, "ALIBABA_CLOUD_OIDC_TOKEN_FILE is set, but not ALIBABA_CLOUD_ROLE_ARN")
    git("switch", "-q", "-c", "more")
    rehearsal.declare("acme", {A1: {}, A2: {}})
    rehearsal.team.repository.commit("Add a number")
    rehearsal.team.push("more")
    rehearsal.without(CCC_PREVIEW_ROLE_ARN=DEPLOY.arn)
    refused = rehearsal.merge_request(7)
    assert refused.results["preview"] == "failed"
    _says(
        refused, "was not taken for acs:ram::1:role/deploy: The trust policy of the role does not allow it."
    )
    (note,) = forge.notes[7]
    assert "| acme | ❌ failed |" in note["body"]

    # A change that concerns no stack any more corrects the note; without a token it cannot.
    git("reset", "-q", "--hard", "main")
    rehearsal.team.repository.write("README.md", "more")
    rehearsal.team.repository.commit("Explain")
    git("push", "-q", "--force", "origin", "more")
    rehearsal.without("GITLAB_TOKEN")
    silent = rehearsal.merge_request(7)
    assert silent.results["preview"] == "failed"
    _says(silent, "no GITLAB_TOKEN: put a project access token with the scope api into the CI/CD variables")
    rehearsal.lab.settings = settings
    corrected = rehearsal.merge_request(7)
    assert set(corrected.results.values()) == {"success"}
    assert forge.notes[7] == [note], "the same note says so"
    assert "This change concerns no stack any more." in note["body"]
    nothing_was_told(rehearsal, first, unnamed, refused, silent, corrected)


def test_what_is_wrong_in_all_stacks_together_is_not_planned_one_by_one(rehearsal: Rehearsal) -> None:
    git = rehearsal.team.repository.git
    rehearsal.declare("acme", {A1: {}})
    rehearsal.team.repository.commit("Declare acme")
    rehearsal.team.push("main")
    git("switch", "-q", "-c", "twice")
    rehearsal.declare("beta", {A1: {}})
    rehearsal.team.repository.commit("Declare its number again")
    rehearsal.team.push("twice")
    proposed = rehearsal.merge_request(7)
    assert proposed.results == {"proposal": "failed", "preview": "skipped"}
    before, _ = rehearsal.team.merge("Merge !7", "twice")
    merged = rehearsal.main("push", before)
    assert merged.results == {"check": "failed", "deploy-matrix": "success", "deploy": "skipped"}


def test_a_stack_that_cannot_be_looked_at_fails_the_run_and_has_its_issue(rehearsal: Rehearsal) -> None:
    rehearsal.declare("beta", {B1: {}})
    rehearsal.declare("gone", {A1: {}})
    rehearsal.team.repository.commit("Declare an instance that is not there")
    rehearsal.team.push("main")
    seen = rehearsal.main("schedule")
    assert seen.results == {"drift": "failed"}
    (issue,) = rehearsal.forge.issues.values()
    assert issue["title"] == "Drift: gone could not be looked at"
    assert {each.name for each in (seen.runs["drift"].artifacts / "out/drift").iterdir()} == {
        *("drift.html", "drift.json", "drift.xml")
    }
    nothing_was_told(rehearsal, seen)


def test_a_forks_merge_request_is_checked_in_the_fork_and_runs_nowhere_else(rehearsal: Rehearsal) -> None:
    rehearsal.declare("acme", {A1: {}})
    rehearsal.team.repository.commit("Declare acme")
    rehearsal.team.push("main")
    lab = rehearsal.lab
    fork = GitLab(lab.folder, lab.bare, lab.environment, lab.api, id="99", path="somebody/numbers")
    in_the_fork = rehearsal.own_pipeline(8, fork, source="99")
    assert in_the_fork is not None
    assert in_the_fork.results == {"check": "success"}, in_the_fork.log
    # A member could start one in the team's project, with the fork's code and the team's variables.
    assert rehearsal.own_pipeline(8, source="99") is None
    # The webhook tells of it too: there is nothing to do.
    told = rehearsal.merge_request(8, source="99")
    assert told.children["preview"].results == {"no stack concerned": "success"}, told.log
    assert rehearsal.forge.calls == []
    assert rehearsal.cloud.assumed == []


def _says(pipeline: Pipeline, line: str) -> None:
    """Some job says it, and nothing of a traceback with it."""
    assert line in pipeline.log, pipeline.log
    assert "Traceback" not in pipeline.log
