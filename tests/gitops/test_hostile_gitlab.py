"""A hostile branch and a hostile fork on GitLab: what ran, with which identity, what reached the note."""

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gitops.cloud import AUDIENCE, PROVIDER
from tests.gitops.gitlab_pipeline import GitLab
from tests.gitops.gitlab_rehearsal import A1, A2, READING, SUBJECT, TOKEN, Rehearsal, rehearsing
from tests.gitops.hostile import Attack
from tests.gitops.services import needs_redis

pytestmark = needs_redis
OWN_PIPELINE = """\
stages: [plan]
theirs:
  stage: plan
  image: x
  rules: [{when: always}]
  environment: {name: _environment_, action: access}
  id_tokens: {ALIBABA_CLOUD_OIDC_TOKEN: {aud: _audience_}}
  variables:
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: _provider_
    ALIBABA_CLOUD_ROLE_ARN: acs:ram::1:role/_role_
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: $CI_BUILDS_DIR/token
  script:
    - make tools
    - printf '%s' "$ALIBABA_CLOUD_OIDC_TOKEN" > "$ALIBABA_CLOUD_OIDC_TOKEN_FILE"
    - _steal_
    - tools/run ccc-numbers session
"""


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsing(tmp_path) as on_gitlab:
        on_gitlab.declare("acme", {A1: {}})
        on_gitlab.team.repository.commit("Declare acme")
        on_gitlab.team.push("main")
        yield on_gitlab


def own(environment: str, audience: str, role: str, steal: str) -> str:
    """A pipeline of their own."""
    filled = {
        "environment": environment,
        "audience": audience,
        "provider": PROVIDER,
        "role": role,
        "steal": steal,
    }
    return re.sub(r"\b_([a-z]+)_\b", lambda found: filled[found[1]], OWN_PIPELINE)


def test_a_hostile_branch_runs_nothing_before_it_is_allowed(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """On 2b260dd the merge request's pipeline ran the branch's own program, command and tools at once: as the preview
    role, with the passphrase, and with the token that may write to the whole project.
    """
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "typo")
    attack.code()
    attack.data()
    rehearsal.declare("acme", {A1: {}, A2: {}})
    attack.push()
    calls = rehearsal.team.ccc.calls()

    preview = rehearsal.merge_request(7).children["preview"]
    assert preview.results == {"waits": "success", "preview-allowed acme": "manual"}, preview.log
    assert attack.ran == set()
    assert rehearsal.cloud.assumed == rehearsal.cloud.refused == []
    assert rehearsal.team.ccc.calls() == calls, "nobody has called CCC"
    (note,) = rehearsal.forge.notes[7]
    assert "waits for a maintainer" in note["body"]
    for path in (
        "\\_\\_main\\_\\_.py",
        "ccc\\_numbers/fleet/\\_\\_init\\_\\_.py",
        "requirements.lock",
        "tools/run",
    ):
        assert path in note["body"]

    # Only who may deploy to the environment allows it. Then their code runs, as the role that reads.
    with pytest.raises(PermissionError, match="developer may not deploy to preview-allowed"):
        preview.play("preview-allowed acme", "developer")
    assert preview.play("preview-allowed acme", "maintainer") == "success", preview.log
    assert set(rehearsal.cloud.assumed) == {("preview", SUBJECT)}
    assert attack.ran == {"program", "command", "tools"}
    assert attack.seen_by("program") == {"ALIBABA_CLOUD_OIDC_TOKEN", "PULUMI_CONFIG_PASSPHRASE"}
    assert "| acme | ✅ done | 2 added |" in note["body"]
    assert TOKEN not in preview.log


def test_the_identity_of_an_allowed_preview_is_not_enough_for_the_deploy_role(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "typo")
    steal = (
        "ALIBABA_CLOUD_ROLE_ARN=acs:ram::1:role/deploy .venv/bin/python -m ccc_numbers session > /dev/null"
    )
    run = rehearsal.team.repository.folder / "tools/run"
    run.write_text(run.read_text("utf-8").replace("\nroot=", f"\n{steal}\nroot=", 1), "utf-8")
    attack.push()
    preview = rehearsal.merge_request(7).children["preview"]
    assert preview.play("preview-allowed acme", "maintainer") == "success", preview.log
    assert ("deploy", SUBJECT) in rehearsal.cloud.refused
    assert {role for role, _ in rehearsal.cloud.assumed} == {"preview"}


def test_stack_files_alone_are_data_whatever_they_are_called(rehearsal: Rehearsal, tmp_path: Path) -> None:
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "data")
    attack.data()
    rehearsal.declare("acme", {A1: {}, A2: {}})
    attack.push()
    preview = rehearsal.merge_request(7).children["preview"]
    assert preview.results == {"preview acme": "success", "comment": "success"}, preview.log
    assert attack.ran == set()
    assert set(rehearsal.cloud.assumed) == {("preview", SUBJECT)}
    assert "| acme | ✅ done | 2 added |" in rehearsal.forge.notes[7][0]["body"]


def test_an_endpoint_is_refused_or_waits_and_a_link_is_refused(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """On 2b260dd the endpoint got the preview role's signed requests, and the link was read."""
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "reach")
    attack.endpoint("acme")
    attack.push()
    refused = rehearsal.merge_request(7)
    assert "preview" not in refused.children
    assert '"https://evil.example" is not a host of CCC' in refused.log

    # A place that signed requests may go to, but that the branch chose.
    attack.endpoint("acme", "http://127.0.0.1:9")
    attack.push()
    preview = rehearsal.merge_request(7).children["preview"]
    assert preview.results == {"waits": "success", "preview-allowed acme": "manual"}, preview.log
    assert "It changes stacks/Pulumi.acme.yaml: ccc:endpoint." in rehearsal.forge.notes[7][0]["body"]

    attack.link()
    attack.push()
    refused = rehearsal.merge_request(7)
    assert refused.results == {"proposal": "failed", "preview": "skipped"}
    assert "stacks/passwd.csv: is a link; stacks/ holds only regular files" in refused.log
    assert "root:" not in refused.log
    assert attack.ran == set()
    assert rehearsal.cloud.assumed == rehearsal.cloud.refused == []


def test_a_branch_with_its_own_pipeline_becomes_nobody(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """On 2b260dd the preview role trusted every branch, and no variable but one was protected."""
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "own")
    tries = [
        ("preview-allowed", READING, "preview"),
        ("production", AUDIENCE, "deploy"),
        ("notes", READING, "preview"),
    ]
    if os.environ.get("CCC_NIGHTLY"):
        environments = [environment for environment, _, _ in tries]
        tries = list(itertools.product(environments, (AUDIENCE, READING), ("preview", "deploy")))
    for environment, audience, role in tries:
        attack.workflow(".gitlab-ci.yml", own(environment, audience, role, attack.own_step("own")))
        attack.push()
        pipeline = rehearsal.own_pipeline(7)
        assert pipeline is not None
        assert pipeline.results == {"theirs": "failed"}
        assert attack.seen_by("own") == {"ALIBABA_CLOUD_OIDC_TOKEN"}, "their token, and it opens nothing"
    assert rehearsal.cloud.assumed == []
    assert {subject for _, subject in rehearsal.cloud.refused} == {f"{SUBJECT.removesuffix('main')}own"}
    assert rehearsal.forge.calls == []


def test_a_hostile_fork_reaches_nothing(rehearsal: Rehearsal, tmp_path: Path) -> None:
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "fork")
    attack.code()
    attack.data()
    attack.endpoint("acme")
    attack.workflow(".gitlab-ci.yml", own("notes", READING, "preview", attack.own_step("own")))
    attack.push()
    told = rehearsal.merge_request(8, source="99")
    assert told.children["preview"].results == {"no stack concerned": "success"}, told.log
    assert attack.ran == set()
    # In the fork its own pipeline runs, with the fork's own variables and an identity that says whose it is.
    lab = rehearsal.lab
    fork = GitLab(lab.folder / "fork", lab.bare, lab.environment, lab.api, id="99", path="somebody/numbers")
    theirs = rehearsal.own_pipeline(8, fork, source="99")
    assert theirs is not None
    assert theirs.results == {"theirs": "failed"}
    assert rehearsal.cloud.assumed == []
    assert {subject for _, subject in rehearsal.cloud.refused} == {
        "project_path:somebody/numbers:ref_type:branch:ref:fork"
    }
    assert rehearsal.forge.calls == []
