"""The whole way on GitLab: from a branch to its note, its merge, an apply by hand, drift and back.

The jobs are those of `.gitlab-ci.yml`, `gitlab/stacks.yml` and the child pipelines that `ccc-numbers matrix` writes.
Real are git, bash, the Pulumi CLI and the provider, Redis, an S3-compatible store for the state, CCC as the simulator,
and the way to its keys: a job's identity becomes a RAM role at the STS of `cloud.py`. GitLab itself is a stand-in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.gitops.cloud import PROVIDER, Cloud, Role, cloud
from tests.gitops.fleet import edit_in_the_console
from tests.gitops.gitlab import PROJECT, PROJECT_ID, GitLabStandIn, gitlab
from tests.gitops.gitlab_pipeline import GitLab, Pipeline, Variable
from tests.gitops.services import needs_redis
from tests.gitops.team import Team, staffed, team
from tests.support import worlds

A1, A2, A3 = worlds.numbers(3)
(B1,) = worlds.numbers(1, start=11)
PASSPHRASE, TOKEN = "of the team", "glpat-of-the-team"
SUBJECT = f"project_path:{PROJECT}:ref_type:branch:ref:"
WRITES = ("AddPhoneNumbers", "ModifyPhoneNumber", "RemovePhoneNumbers", "AddSkillGroupsToPhoneNumber")
PREVIEW = Role("preview", f"{SUBJECT}*", WRITES)
DEPLOY = Role("deploy", f"{SUBJECT}main")
DRIFT = Role("drift", f"{SUBJECT}main", WRITES)
IMAGE = "registry.example/mirror/python:3.11"


@dataclass
class Rehearsal:
    """The team, and GitLab and Alibaba Cloud around it."""

    team: Team
    lab: GitLab
    forge: GitLabStandIn
    cloud: Cloud

    def declare(self, stack: str, numbers: dict[str, worlds.Json]) -> None:
        """Edit a stack file; it names a region and no endpoint, as in production."""
        self.team.declare(stack, numbers, region="cn-shanghai")

    def main(self, source: str, before: str = "0" * 40, **given: str) -> Pipeline:
        """GitLab runs a pipeline of the default branch."""
        facts = {"CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_NAME": "main", "CI_COMMIT_BEFORE_SHA": before}
        pipeline = self.lab.run(source, self.team.repository.git("rev-parse", "main"), facts, **given)
        assert pipeline is not None
        return pipeline

    def merge_request(self, iid: int, lab: GitLab | None = None, source: str = PROJECT_ID) -> Pipeline | None:
        """GitLab runs the pipeline of a merge request, in the project of its branch or in another."""
        git = self.team.repository.git
        facts = {
            "CI_COMMIT_REF_NAME": git("branch", "--show-current"),
            "CI_MERGE_REQUEST_ID": f"900{iid}",
            "CI_MERGE_REQUEST_IID": str(iid),
            "CI_MERGE_REQUEST_PROJECT_ID": PROJECT_ID,
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source,
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": git("merge-base", "main", "HEAD"),
        }
        return (lab or self.lab).run("merge_request_event", git("rev-parse", "HEAD"), facts)

    def without(self, *names: str, **instead: str) -> None:
        """Settings that somebody forgot, or got wrong."""
        left = {name: each for name, each in self.lab.settings.items() if name not in names}
        self.lab.settings = left | {name: Variable(value) for name, value in instead.items()}


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    keys = [{"id": "simulator", "secret": "simulator"}, *(role.key for role in (PREVIEW, DEPLOY, DRIFT))]
    seed = {
        "accessKeys": keys,
        "instances": {
            "acme": staffed(worlds.instance()),
            "beta": staffed(worlds.instance([worlds.bound(B1)])),
        },
        "unassigned": [{"number": number} for number in (A1, A2, A3)],
    }
    with (
        team(tmp_path, seed, ".gitlab-ci.yml", "gitlab") as us,
        gitlab(api=TOKEN) as forge,
        cloud(tmp_path / "cloud", us.ccc.url, PREVIEW, DEPLOY, DRIFT) as there,
    ):
        lab = GitLab(
            tmp_path / "runner",
            us.bare,
            {**us.environment, **there.environment},
            forge.url,
            settings=_settings(us),
            deployers=frozenset({"maintainer"}),
            prevents_outdated_deployments=False,
        )
        yield Rehearsal(us, lab, forge, there)
        if path := os.environ.get("CCC_TRANSCRIPT"):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write("\n".join(lab.transcript))


def _settings(us: Team) -> Mapping[str, Variable]:
    """The CI/CD variables as docs/gitops.md wants them."""
    return {
        "PULUMI_BACKEND_URL": Variable(us.state),
        "PULUMI_CONFIG_PASSPHRASE": Variable(PASSPHRASE),
        "CCC_OIDC_PROVIDER_ARN": Variable(PROVIDER),
        "CCC_PREVIEW_ROLE_ARN": Variable(PREVIEW.arn),
        "CCC_DRIFT_ROLE_ARN": Variable(DRIFT.arn),
        "CCC_DEPLOY_ROLE_ARN": Variable(DEPLOY.arn, scope="production", protected=True),
        "CCC_RATE_BUDGET_URL": Variable(us.budget),
        "CCC_NUMBERS_IMAGE": Variable(IMAGE),
        "GITLAB_TOKEN": Variable(TOKEN),
    }


@needs_redis
def test_from_a_branch_to_its_note_its_merge_an_apply_by_hand_drift_and_back(rehearsal: Rehearsal) -> None:
    git, ccc, forge = rehearsal.team.repository.git, rehearsal.team.ccc, rehearsal.forge
    rehearsal.declare("beta", {B1: {}})
    rehearsal.team.repository.commit("Declare beta")
    rehearsal.team.push("main")

    # A merge request: one note on it, of what it touches, masked; a preview changes nothing.
    git("switch", "-q", "-c", "more")
    rehearsal.declare("acme", {A1: {}, A2: {}})
    rehearsal.team.repository.commit("Declare acme")
    rehearsal.team.push("more")
    empty = ccc.state()
    preview = rehearsal.merge_request(7)
    assert preview is not None
    assert set(preview.results.values()) == {"success"}, preview.log
    (note,) = forge.notes[7]
    assert "| acme | ✅ done | +2 | `stacks/Pulumi.acme.yaml` |" in note["body"]
    assert "beta" not in note["body"]

    # One more push: the same note says so. It does not promise what only GitHub's pipelines do.
    rehearsal.declare("acme", {A1: {}, A2: {}, A3: {"flow": "夜间流程", "skillGroups": ["sales", "vip"]}})
    rehearsal.team.repository.commit("Add a number for the night")
    rehearsal.team.push("more")
    preview = rehearsal.merge_request(7)
    assert preview is not None
    assert forge.notes[7] == [note]
    assert "| acme | ✅ done | +3 | `stacks/Pulumi.acme.yaml` |" in note["body"]
    assert "After the merge it is planned anew" in note["body"]
    assert ccc.state() == empty

    # Merged: planned on main, shown to who decides, and applied exactly so. Another merge does not cancel it.
    before, _ = rehearsal.team.merge("Merge !7", "more")
    merged = rehearsal.main("push", before)
    deploy = merged.children["deploy"]
    assert deploy.results == {"plan acme": "success", "apply acme": "manual"}, merged.log
    assert "021****0003   contactFlow 夜间流程" in deploy.logs["plan acme"]
    assert (merged.auto_cancel, deploy.auto_cancel) == ("none", "none")
    assert ccc.state() == empty
    with pytest.raises(PermissionError, match="developer may not deploy to production"):
        deploy.play("apply acme", "developer")
    assert deploy.play("apply acme", "maintainer") == "success", deploy.log
    assert sorted(ccc.numbers("acme")) == [A1, A2, A3]
    assert ccc.numbers("acme")[A3]["skillGroups"] == ["sales", "vip"]
    assert deploy.runs["apply acme"].resource_group == "ccc-numbers-acme"

    # Planned by hand while all is clean. Before somebody applies it, the console is used; the morning's run sees that.
    by_hand = rehearsal.main("web", STACKS="acme").children["deploy"]
    assert by_hand.results == {"plan acme": "success", "apply acme": "manual"}
    edit_in_the_console(ccc, "acme", A2, flow="夜间流程")
    seen = rehearsal.main("schedule")
    assert seen.results == {"drift": "success"}, seen.log
    (issue,) = forge.issues.values()
    assert (issue["title"], issue["state"]) == ("Drift: acme is not as declared", "opened")
    assert "021****0002" in issue["description"].replace("\\", "")

    # The plan that waits would do more by now than it showed: it does nothing.
    edited = ccc.state()
    assert by_hand.play("apply acme", "maintainer") == "failed"
    assert "the plan no longer fits, nothing was changed" in by_hand.logs["apply acme"]
    assert ccc.state() == edited

    # Whoever is on call runs the command the issue names; the next morning closes the issue.
    assert "ccc-numbers heal acme" in issue["description"]
    passphrase = {"PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}
    rehearsal.team.on_call(rehearsal.lab, passphrase, "ccc-numbers", "heal", "acme", "--yes")
    assert ccc.numbers("acme")[A2]["contactFlow"] == "主流程"
    clean = rehearsal.main("schedule")
    assert clean.results == {"drift": "success"}
    assert issue["state"] == "closed"

    _nothing_was_told(rehearsal, preview, merged, by_hand, seen, clean)
    assert {role for role, _ in rehearsal.cloud.assumed} == {"preview", "deploy", "drift"}
    assert ("preview", f"{SUBJECT}more") in rehearsal.cloud.assumed
    assert {run.image for each in (merged, deploy) for run in each.runs.values()} == {IMAGE}
    assert ccc.calls()["ListPhoneNumbers"]["throttled"] == 0


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

    # A role nobody named, and one that is not for this branch.
    rehearsal.lab.settings = settings
    rehearsal.without("CCC_PREVIEW_ROLE_ARN")
    unnamed = rehearsal.main("web", STACKS="acme")
    _says(unnamed, "ALIBABA_CLOUD_OIDC_TOKEN_FILE is set, but not ALIBABA_CLOUD_ROLE_ARN")
    git("switch", "-q", "-c", "more")
    rehearsal.declare("acme", {A1: {}, A2: {}})
    rehearsal.team.repository.commit("Add a number")
    rehearsal.team.push("more")
    rehearsal.without(CCC_PREVIEW_ROLE_ARN=DRIFT.arn)
    refused = rehearsal.merge_request(7)
    assert refused is not None
    assert refused.results["preview"] == "failed"
    _says(refused, "was not taken for acs:ram::1:role/drift: The trust policy of the role does not allow it.")
    assert "| acme | ❌ failed |" in forge.notes[7][0]["body"]

    # A change that concerns no stack any more corrects the note; without a token it cannot.
    git("reset", "-q", "--hard", "main")
    rehearsal.team.repository.write("README.md", "more")
    rehearsal.team.repository.commit("Explain")
    git("push", "-q", "--force", "origin", "more")
    rehearsal.without("GITLAB_TOKEN")
    silent = rehearsal.merge_request(7)
    assert silent is not None
    assert silent.results["preview"] == "failed"
    _says(silent, "no GITLAB_TOKEN: put a project access token with the scope api into the CI/CD variables")
    rehearsal.lab.settings = settings
    corrected = rehearsal.merge_request(7)
    assert corrected is not None
    assert set(corrected.results.values()) == {"success"}
    assert "This change concerns no stack any more." in forge.notes[7][0]["body"]
    _nothing_was_told(rehearsal, first, unnamed, refused, silent, corrected)


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
    _nothing_was_told(rehearsal, seen)


def test_a_forks_merge_request_is_checked_in_the_fork_and_runs_nowhere_else(rehearsal: Rehearsal) -> None:
    rehearsal.declare("acme", {A1: {}})
    rehearsal.team.repository.commit("Declare acme")
    rehearsal.team.push("main")
    lab = rehearsal.lab
    fork = GitLab(lab.folder, lab.bare, lab.environment, lab.api, id="99", path="somebody/numbers")
    in_the_fork = rehearsal.merge_request(8, fork, source="99")
    assert in_the_fork is not None
    assert in_the_fork.results == {"check": "success"}, in_the_fork.log
    # A member could start one in the team's project, with the fork's code and the team's variables.
    assert rehearsal.merge_request(8, source="99") is None
    assert rehearsal.forge.calls == []
    assert rehearsal.cloud.assumed == []


def _says(pipeline: Pipeline, line: str) -> None:
    """Some job says it, and nothing of a traceback with it."""
    assert line in pipeline.log, pipeline.log
    assert "Traceback" not in pipeline.log


def _nothing_was_told(rehearsal: Rehearsal, *pipelines: Pipeline) -> None:
    """No number in full, no secret and no identity in any log, note or issue; none is left on the runner."""
    forge = rehearsal.forge
    written = [note["body"] for notes in forge.notes.values() for note in notes]
    written += [issue["description"] for issue in forge.issues.values()]
    told = "".join((*(each.log for each in pipelines), *written))
    tokens = [token for each in pipelines for token in each.tokens]
    assert tokens
    keys = (str(role.key[part]) for role in (PREVIEW, DEPLOY, DRIFT) for part in ("secret", "securityToken"))
    for secret in (A1, A2, A3, B1, PASSPHRASE, TOKEN, *tokens, *keys):
        assert secret not in told
    assert list(rehearsal.lab.folder.rglob(".oidc-*")) == []
