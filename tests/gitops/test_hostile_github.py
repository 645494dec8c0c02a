"""A hostile branch and a hostile fork on GitHub: what ran, with which identity, what reached the comment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gitops.github import Environment
from tests.gitops.github_rehearsal import A1, A2, PASSPHRASE, SUBJECT, Rehearsal, rehearsing
from tests.gitops.hostile import Attack
from tests.gitops.services import needs_redis
from tests.gitops.workflow import needs_act

pytestmark = [needs_redis, needs_act]
FORK = "somebody/fork"
BOTH = frozenset({"preview-allowed"})
OWN_WORKFLOW = """\
name: preview
on: [push, pull_request, workflow_dispatch]
permissions: {contents: read, id-token: write}
jobs:
"""
OWN_JOB = """\
  ROLE-ENVIRONMENT:
    runs-on: ubuntu-24.04
    environment: ENVIRONMENT
    steps:
      - uses: actions/checkout@0000000000000000000000000000000000000000
        with: {persist-credentials: false}
      - uses: aliyun/configure-aliyun-credentials-action@0000000000000000000000000000000000000000
        with:
          role-to-assume: acs:ram::1:role/ROLE
          oidc-provider-arn: acs:ram::1:oidc-provider/gitlab
      - env:
          PULUMI_CONFIG_PASSPHRASE: ${{ secrets.PULUMI_CONFIG_PASSPHRASE }}
        run: STEAL
"""


def own_job(environment: str, role: str, steal: str) -> str:
    """A job of their own, in an environment or in none."""
    text = OWN_JOB if environment else OWN_JOB.replace("    environment: ENVIRONMENT\n", "")
    return text.replace("ENVIRONMENT", environment).replace("ROLE", role).replace("STEAL", steal)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsing(tmp_path) as on_github:
        on_github.declare("acme", {A1: {}})
        on_github.team.repository.commit("Declare acme")
        on_github.team.push("main")
        yield on_github


def test_a_hostile_branch_runs_nothing_before_it_is_allowed(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """On 2b260dd `preview.yml` ran on pull_request: the branch's own program, command and tools ran at once, as the
    preview role and with the passphrase, and no comment said so.
    """
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "typo")
    attack.code()
    attack.action()
    attack.data()
    rehearsal.declare("acme", {A1: {}, A2: {}})
    attack.push()
    calls = rehearsal.team.ccc.calls()

    run = rehearsal.preview(7)
    assert run.results == {"check": "success", "waits": "success", "plan": "waiting", "comment": "waiting"}, (
        run.logs
    )
    assert attack.ran == set()
    assert rehearsal.cloud.assumed == rehearsal.cloud.refused == []
    assert rehearsal.team.ccc.calls() == calls, "nobody has called CCC"
    (comment,) = rehearsal.github.comments[7]
    assert "waits for a maintainer" in comment["body"]
    for path in (
        "\\_\\_main\\_\\_.py",
        "ccc\\_numbers/fleet/\\_\\_init\\_\\_.py",
        "requirements.lock",
        "tools/run",
    ):
        assert path in comment["body"]
    assert "stacks/" not in comment["body"].partition("changes ")[2]

    # Allowed: now their code runs, in the environment that only a reviewer opens, as the role that reads.
    allowed = rehearsal.preview(7, allowed=BOTH)
    assert allowed.results["plan"] == "success", allowed.logs
    assert set(rehearsal.cloud.assumed) == {("preview", f"{SUBJECT}preview-allowed")}
    assert attack.ran == {"action", "program", "command", "tools"}
    assert attack.seen_by("action") == set(), "only the step that plans has them"
    assert attack.seen_by("program") == {"ALIBABA_CLOUD_ACCESS_KEY_ID", "PULUMI_CONFIG_PASSPHRASE"}
    assert "| acme | ✅ done | 2 added |" in comment["body"]


def test_stack_files_alone_are_data_whatever_they_are_called(rehearsal: Rehearsal, tmp_path: Path) -> None:
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "data")
    attack.data()
    rehearsal.declare("acme", {A1: {}, A2: {}})
    attack.push()
    run = rehearsal.preview(7)
    assert (run.results["plan"], run.results["waits"]) == ("success", "skipped"), run.logs
    assert attack.ran == set()
    assert set(rehearsal.cloud.assumed) == {("preview", f"{SUBJECT}preview")}
    assert "| acme | ✅ done | 2 added |" in rehearsal.github.comments[7][0]["body"]


def test_an_endpoint_is_refused_or_waits_and_a_link_is_refused(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """On 2b260dd the endpoint got the preview role's signed requests, and the link was read."""
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "reach")
    attack.endpoint("acme")
    attack.push()
    run = rehearsal.preview(7)
    assert run.results["plan"] == "skipped", run.logs
    assert '"https://evil.example" is not a host of CCC' in run.logs

    # A place that signed requests may go to, but that the branch chose.
    attack.endpoint("acme", "http://127.0.0.1:9")
    attack.push()
    run = rehearsal.preview(7)
    assert run.results["plan"] == "waiting", run.logs
    assert "It changes stacks/Pulumi.acme.yaml: ccc:endpoint." in rehearsal.github.comments[7][0]["body"]

    attack.link()
    attack.push()
    run = rehearsal.preview(7)
    assert run.results == {"check": "failure", "waits": "skipped", "plan": "skipped", "comment": "skipped"}
    assert "stacks/passwd.csv: is a link; stacks/ holds only regular files" in run.logs
    assert "root:" not in run.logs + run.summaries
    assert attack.ran == set()
    assert rehearsal.cloud.assumed == rehearsal.cloud.refused == []


def test_a_branch_with_its_own_workflow_becomes_nobody(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """On 2b260dd the role trusted `pull_request`, and the passphrase was every branch's."""
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "own")
    environments = ("preview", "preview-allowed", "production", "made-up", "")
    jobs = [
        own_job(environment, role, attack.own_step("own"))
        for environment in environments
        for role in ("preview", "drift", "deploy")
    ]
    attack.workflow(".github/workflows/preview.yml", "".join((OWN_WORKFLOW, *jobs)))
    attack.push()
    for event in ("pull_request", "push", "workflow_dispatch"):
        rehearsal.cloud.refused.clear()
        run = rehearsal.own_workflow("preview.yml", event, 7)
        assert list(run.results.values()) == ["failure"] * len(jobs)
        assert rehearsal.cloud.assumed == []
        subjects = {subject for _, subject in rehearsal.cloud.refused}
        assert f"{SUBJECT}made-up" in subjects, (
            "an environment nobody made has no rules, and its name is trusted nowhere"
        )
        assert subjects.isdisjoint(SUBJECT + name for name in ("preview", "preview-allowed", "production"))
    assert attack.ran == set(), "its step came after an identity that it did not get"


def test_a_branch_or_another_environment_does_not_deploy(rehearsal: Rehearsal, tmp_path: Path) -> None:
    Attack.begin(rehearsal.team, tmp_path / "trophies", "mine")
    rehearsal.declare("acme", {A1: {}, A2: {}})
    rehearsal.team.repository.commit("Add a number")
    rehearsal.team.push("mine")
    on_a_branch = rehearsal.own_workflow("deploy.yml", "workflow_dispatch", 7)
    assert set(on_a_branch.results.values()) == {"skipped"}
    assert rehearsal.cloud.assumed == []

    # Whoever may start a workflow may fill in an environment that nobody watches. (One that nobody made: the test above.)
    run = rehearsal.run("deploy.yml", "workflow_dispatch", stacks="acme", environment="preview")
    assert run.results["apply"] == "failure"
    assert ("deploy", f"{SUBJECT}preview") in rehearsal.cloud.refused
    assert rehearsal.team.ccc.numbers("acme") == {}


def test_a_branchs_own_workflow_sees_no_secret(rehearsal: Rehearsal, tmp_path: Path) -> None:
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "own")
    lines = own_job("", "preview", attack.own_step("own")).splitlines(keepends=True)
    at = next(index for index, line in enumerate(lines) if "aliyun/" in line)
    attack.workflow(".github/workflows/preview.yml", "".join((OWN_WORKFLOW, *lines[:at], *lines[at + 4 :])))
    attack.push()
    run = rehearsal.own_workflow("preview.yml", "push", 7)
    assert run.results == {"preview-": "success"}, run.logs
    assert attack.ran == {"own"}
    assert PASSPHRASE not in run.logs

    # It was called preview.yml and it went well; what it left is nevertheless nobody's review.
    rehearsal.merge(7, "own")
    deploy = rehearsal.run("deploy.yml", "push", rehearsal.team.repository.git("rev-parse", "main~"))
    assert deploy.results["apply"] == "skipped"
    assert rehearsal.cloud.assumed == []


def test_a_hostile_fork_is_checked_and_nothing_else(rehearsal: Rehearsal, tmp_path: Path) -> None:
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "fork")
    attack.code()
    attack.data()
    attack.endpoint("acme")
    attack.workflow(
        ".github/workflows/preview.yml",
        OWN_WORKFLOW + own_job("preview", "preview", attack.own_step("own")),
    )
    attack.push()
    ours = rehearsal.preview(8, repository=FORK, allowed=BOTH)
    assert ours.results == {"check": "failure", "waits": "skipped", "plan": "skipped", "comment": "skipped"}
    assert "is not a host of CCC" in ours.logs
    theirs = rehearsal.own_workflow("preview.yml", "pull_request", 8, repository=FORK)
    assert theirs.results == {"preview-preview": "failure"}
    assert attack.ran == set()
    assert rehearsal.cloud.assumed == rehearsal.cloud.refused == []
    assert rehearsal.github.comments == {}


def test_an_environment_that_guards_nothing_is_not_used(rehearsal: Rehearsal, tmp_path: Path) -> None:
    attack = Attack.begin(rehearsal.team, tmp_path / "trophies", "typo")
    rehearsal.declare("acme", {A1: {}, A2: {}})
    attack.push()
    _refused_with(rehearsal, "preview", Environment(branches=None), "preview is open to every branch")
    attack.code()
    attack.push()
    _refused_with(rehearsal, "preview-allowed", Environment(), "preview-allowed has no required reviewers")
    _refused_with(rehearsal, "preview-allowed", None, "404")
    assert (attack.ran, rehearsal.cloud.assumed) == (set(), [])


def _refused_with(rehearsal: Rehearsal, name: str, environment: Environment | None, said: str) -> None:
    """The preview of the pull request where this environment is as given, or not there at all."""
    before = rehearsal.github.environments.pop(name)
    if environment:
        rehearsal.github.environments[name] = environment
    run = rehearsal.preview(7)
    assert run.results == {"check": "failure", "waits": "skipped", "plan": "skipped", "comment": "skipped"}
    assert said in run.logs
    rehearsal.github.environments[name] = before
