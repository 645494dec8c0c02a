"""The whole way on one machine, with real parts: from a branch to its comment, its merge, drift and back.

The steps are those of `.github/workflows`, read from their YAML. Real are git, bash, the Pulumi CLI and the
provider, Redis, an S3-compatible store for the state, and CCC as the simulator; GitHub itself is a stand-in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.gitops.fleet import ROOT, edit_in_the_console, pulumi_environment
from tests.gitops.github import REPOSITORY, GitHubStandIn, github
from tests.gitops.repository import Repository
from tests.gitops.services import needs_redis, object_store, redis
from tests.gitops.workflow import Run, Runner, pull_request, set_up
from tests.support import worlds
from tests.support.simulator import Simulator, start_simulator

_PROJECT = (
    *(
        ".github",
        ".gitignore",
        "Makefile",
        "Pulumi.yaml",
        "__main__.py",
        "ccc",
        "components",
        "deploy",
        "fleet",
    ),
    *("provider", "pyproject.toml", "requirements.lock", "simulator", "tools", "vendors"),
)
A1, A2, A3, A4 = worlds.numbers(4)
B1, B2 = worlds.numbers(2, start=11)


@dataclass
class Rehearsal:
    """The team's repository and everything around it."""

    repository: Repository
    runner: Runner
    github: GitHubStandIn
    ccc: Simulator

    def declare(self, stack: str, numbers: dict[str, worlds.Json]) -> None:
        """Edit a stack file."""
        self.repository.write(
            f"stacks/Pulumi.{stack}.yaml", _yaml({"config": {"ccc:endpoint": self.ccc.url}})
        )
        self.repository.write(f"stacks/{stack}.yaml", _yaml(worlds.declaration(numbers, instance=stack)))

    def push(self, branch: str) -> None:
        self.repository.git("push", "-q", "origin", branch)

    def preview(self, number: int, repository: str = REPOSITORY) -> Run:
        """GitHub runs the preview of a pull request."""
        head, base = self.repository.git("rev-parse", "HEAD"), self.repository.git("rev-parse", "main")
        run = self.runner.run(
            "preview.yml", "pull_request", head, pull_request(number, head, base, repository)
        )
        self.github.runs.setdefault("preview.yml", []).append(
            {"id": run.id, "head_sha": head, "conclusion": run.conclusion, "created_at": f"{run.id:04d}"}
        )
        return run

    def merge(self, number: int, branch: str) -> tuple[str, str]:
        """Merge the pull request; main before and after."""
        request = pull_request(number, self.repository.git("rev-parse", branch), "")["pull_request"]
        self.repository.git("switch", "-q", "main")
        before = self.repository.git("rev-parse", "HEAD")
        self.repository.git("merge", "-q", "--no-ff", "-m", f"Merge #{number}", branch)
        after = self.repository.git("rev-parse", "HEAD")
        self.push("main")
        self.github.requests.append({**request, "merged_at": "now", "merge_commit_sha": after})
        return before, after

    def on_call(self, *words: str) -> None:
        """Somebody with the team's access runs a command in a clone of main."""
        folder = self.runner.folder / "on-call"
        self.repository.git("clone", "-q", "-b", "main", str(self.runner.bare), str(folder))
        set_up(folder)
        environment = {
            **self.runner.environment,
            **self.runner.secrets,
            "PULUMI_BACKEND_URL": self.runner.variables["PULUMI_BACKEND_URL"],
            "AWS_CONFIG_FILE": "deploy/aws.config",
            "AWS_PROFILE": "ccc-numbers",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "simulator",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "simulator",
        }
        command = ["tools/run", *words]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        self.runner.say(f"\n== on call: {' '.join(words)}\n{done.stdout}{done.stderr}")
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, workflow: str, event: str, before: str = "", **inputs: str) -> Run:
        """GitHub runs a workflow on main."""
        return self.runner.run(
            workflow, event, self.repository.git("rev-parse", "main"), {"before": before}, inputs
        )


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    with ExitStack() as until_the_end:
        bound = [worlds.bound(number) for number in (B1, B2)]
        seed = {
            "instances": {"acme": staffed(worlds.instance()), "beta": staffed(worlds.instance(bound))},
            "unassigned": [{"number": number} for number in (A1, A2, A3, A4)],
        }
        ccc = until_the_end.enter_context(start_simulator(seed))
        state = until_the_end.enter_context(object_store())
        budget, _ = until_the_end.enter_context(redis())
        forge = until_the_end.enter_context(github())
        repository = Repository.new(tmp_path / "team")
        for name in _PROJECT:
            _copy(ROOT / name, repository.folder / name)
        repository.git("init", "-q", "--bare", str(tmp_path / "bare"))
        repository.git("remote", "add", "origin", str(tmp_path / "bare"))
        environment = pulumi_environment(tmp_path / "runner")
        for name in ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PYTHONPATH"):
            del environment[name]
        runner = Runner(
            tmp_path / "runner",
            tmp_path / "bare",
            environment,
            forge.url,
            variables={
                "PULUMI_BACKEND_URL": state,
                **{f"CCC_{job}_ROLE_ARN": f"acs:ram::1:role/{job}" for job in ("PREVIEW", "DEPLOY", "DRIFT")},
            },
            secrets={"PULUMI_CONFIG_PASSPHRASE": "of the team", "CCC_RATE_BUDGET_URL": budget},
        )
        yield Rehearsal(repository, runner, forge, ccc)
        if path := os.environ.get("CCC_TRANSCRIPT"):
            Path(path).write_text("\n".join(runner.transcript), "utf-8")


@needs_redis
def test_from_a_branch_to_its_comment_its_merge_drift_and_back(rehearsal: Rehearsal) -> None:
    team, ccc = rehearsal.repository, rehearsal.ccc

    # Day one: main is deployed by hand; it plans, somebody approves, it applies.
    rehearsal.declare("acme", {A1: {}, A2: {}})
    rehearsal.declare("beta", {B1: {}, B2: {}})
    team.commit("Declare acme and beta")
    rehearsal.push("main")
    first = rehearsal.run("deploy.yml", "workflow_dispatch", stacks="acme", environment="production")
    assert first.results == {"select": "success", "plan": "success", "apply": "success"}, first.logs
    assert sorted(ccc.numbers("acme")) == [A1, A2]

    # A pull request: one more number, another flow. Its comment says so, masked, and only of acme.
    team.git("switch", "-q", "-c", "more")
    rehearsal.declare("acme", {A1: {"flow": "夜间流程"}, A2: {}, A3: {"skillGroups": ["sales", "vip"]}})
    team.commit("Add a number to acme")
    rehearsal.push("more")
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
    rehearsal.on_call("ccc-numbers", "heal", "acme", "--yes")
    assert ccc.numbers("acme")[A2]["contactFlow"] == "主流程"
    assert rehearsal.run("drift.yml", "schedule").conclusion == "success"
    assert issue["state"] == "closed"
    assert ccc.calls()["ListPhoneNumbers"]["throttled"] == 0


def staffed(instance: worlds.Json) -> worlds.Json:
    """The instance with agents in its skill groups, or drift would tell that nobody answers."""
    groups = instance["skillGroups"]
    assert isinstance(groups, list)
    return {**instance, "skillGroups": [{**group, "users": 2} for group in groups]}


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


def _yaml(data: object) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
