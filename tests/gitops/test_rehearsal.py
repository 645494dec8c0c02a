"""The whole way on one machine, with real parts: from a branch to its comment, its merge, drift and back.

The steps are those of `.github/workflows`, read from their YAML. Real are git, bash, the Pulumi CLI and the
provider, Redis, an S3-compatible store for the state, and CCC as the simulator; GitHub itself is a stand-in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.gitops.fleet import edit_in_the_console
from tests.gitops.github import REPOSITORY, GitHubStandIn, github
from tests.gitops.services import needs_redis
from tests.gitops.team import Team, staffed, team
from tests.gitops.workflow import Run, Runner, pull_request
from tests.support import worlds

A1, A2, A3, A4 = worlds.numbers(4)
B1, B2 = worlds.numbers(2, start=11)


@dataclass
class Rehearsal:
    """The team, and GitHub around it."""

    team: Team
    runner: Runner
    github: GitHubStandIn

    def declare(self, stack: str, numbers: dict[str, worlds.Json]) -> None:
        """Edit a stack file."""
        self.team.declare(stack, numbers, endpoint=self.team.ccc.url)

    def preview(self, number: int, repository: str = REPOSITORY) -> Run:
        """GitHub runs the preview of a pull request."""
        git = self.team.repository.git
        head, base = git("rev-parse", "HEAD"), git("rev-parse", "main")
        run = self.runner.run(
            "preview.yml", "pull_request", head, pull_request(number, head, base, repository)
        )
        self.github.runs.setdefault("preview.yml", []).append(
            {"id": run.id, "head_sha": head, "conclusion": run.conclusion, "created_at": f"{run.id:04d}"}
        )
        return run

    def merge(self, number: int, branch: str) -> tuple[str, str]:
        """Merge the pull request; main before and after."""
        head = self.team.repository.git("rev-parse", branch)
        before, after = self.team.merge(f"Merge #{number}", branch)
        request = pull_request(number, head, "")["pull_request"]
        self.github.requests.append({**request, "merged_at": "now", "merge_commit_sha": after})
        return before, after

    def run(self, workflow: str, event: str, before: str = "", **inputs: str) -> Run:
        """GitHub runs a workflow on main."""
        main = self.team.repository.git("rev-parse", "main")
        return self.runner.run(workflow, event, main, {"before": before}, inputs)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    bound = [worlds.bound(number) for number in (B1, B2)]
    seed = {
        "instances": {"acme": staffed(worlds.instance()), "beta": staffed(worlds.instance(bound))},
        "unassigned": [{"number": number} for number in (A1, A2, A3, A4)],
    }
    with team(tmp_path, seed, ".github") as us, github() as forge:
        runner = Runner(
            tmp_path / "runner",
            us.bare,
            us.environment,
            forge.url,
            variables={
                "PULUMI_BACKEND_URL": us.state,
                **{f"CCC_{job}_ROLE_ARN": f"acs:ram::1:role/{job}" for job in ("PREVIEW", "DEPLOY", "DRIFT")},
            },
            secrets={"PULUMI_CONFIG_PASSPHRASE": "of the team", "CCC_RATE_BUDGET_URL": us.budget},
        )
        yield Rehearsal(us, runner, forge)
        if path := os.environ.get("CCC_TRANSCRIPT"):
            Path(path).write_text("\n".join(runner.transcript), "utf-8")


@needs_redis
def test_from_a_branch_to_its_comment_its_merge_drift_and_back(rehearsal: Rehearsal) -> None:
    git, ccc = rehearsal.team.repository.git, rehearsal.team.ccc

    # Day one: main is deployed by hand; it plans, somebody approves, it applies.
    rehearsal.declare("acme", {A1: {}, A2: {}})
    rehearsal.declare("beta", {B1: {}, B2: {}})
    rehearsal.team.repository.commit("Declare acme and beta")
    rehearsal.team.push("main")
    first = rehearsal.run("deploy.yml", "workflow_dispatch", stacks="acme", environment="production")
    assert first.results == {"select": "success", "plan": "success", "apply": "success"}, first.logs
    assert sorted(ccc.numbers("acme")) == [A1, A2]

    # A pull request: one more number, another flow. Its comment says so, masked, and only of acme.
    git("switch", "-q", "-c", "more")
    rehearsal.declare("acme", {A1: {"flow": "夜间流程"}, A2: {}, A3: {"skillGroups": ["sales", "vip"]}})
    rehearsal.team.repository.commit("Add a number to acme")
    rehearsal.team.push("more")
    before_preview = ccc.state()
    preview = rehearsal.preview(7)
    assert set(preview.results.values()) == {"success"}, preview.logs
    (comment,) = rehearsal.github.comments[7]
    assert "| acme | ✅ done | +1 ~1 | `stacks/acme.yaml` |" in comment["body"]
    assert "contactFlow: 主流程 → 夜间流程" in comment["body"]
    assert "beta" not in comment["body"]
    assert ccc.state() == before_preview, "a preview changes nothing"
    for number in (A1, A2, A3):
        assert number not in comment["body"] + preview.logs + preview.summaries
    assert "of the team" not in preview.logs

    # From a fork the same change is checked and nothing else: no secret, no identity, no comment.
    fork = rehearsal.preview(8, repository="somebody/fork")
    assert fork.results == {"check": "success", "matrix": "skipped", "plan": "skipped", "comment": "skipped"}
    assert 8 not in rehearsal.github.comments

    # Merged: exactly that is applied.
    rehearsal.github.runs["preview.yml"].pop()
    before, _ = rehearsal.merge(7, "more")
    deploy = rehearsal.run("deploy.yml", "push", before)
    assert deploy.results == {"select": "success", "plan": "skipped", "apply": "success"}, deploy.logs
    assert ccc.numbers("acme")[A1]["contactFlow"] == "夜间流程"
    assert ccc.numbers("acme")[A3]["skillGroups"] == ["sales", "vip"]

    # Clean: no issue. Then somebody binds a number to another flow in the console.
    assert rehearsal.run("drift.yml", "schedule").conclusion == "success"
    assert rehearsal.github.issues == {}
    edit_in_the_console(ccc, "acme", A2, flow="夜间流程")
    seen = rehearsal.run("drift.yml", "schedule")
    assert seen.conclusion == "success", seen.logs
    (issue,) = rehearsal.github.issues.values()
    assert (issue["title"], issue["state"]) == ("Drift: acme is not as declared", "open")
    assert "主流程" in issue["body"]
    assert A2 not in issue["body"]
    assert "021****0002" in issue["body"].replace("\\", "")

    # Whoever is on call runs the command the issue names; the next morning closes the issue.
    assert "ccc-numbers heal acme" in issue["body"]
    rehearsal.team.on_call(rehearsal.runner, rehearsal.runner.secrets, "ccc-numbers", "heal", "acme", "--yes")
    assert ccc.numbers("acme")[A2]["contactFlow"] == "主流程"
    assert rehearsal.run("drift.yml", "schedule").conclusion == "success"
    assert issue["state"] == "closed"
    assert ccc.calls()["ListPhoneNumbers"]["throttled"] == 0
