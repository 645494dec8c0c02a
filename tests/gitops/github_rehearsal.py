"""GitHub's workflows with everything around them, for rehearsals of the good way and of the bad ones.

The workflows are those of `.github/workflows`, run by act. Real are git, bash, the Pulumi CLI and the provider, Redis,
an S3-compatible store for the state, and CCC as the simulator. GitHub's API is a stand-in, and so is STS.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.gitops.cloud import PROVIDER, Cloud, Role, cloud
from tests.gitops.github import REPOSITORY, Environment, GitHubStandIn, github
from tests.gitops.team import Team, staffed, team
from tests.gitops.workflow import Run, Runner, pull_request
from tests.support import worlds

A1, A2, A3, A4 = worlds.numbers(4)
B1, B2 = worlds.numbers(2, start=11)
PASSPHRASE = "of the team"
SUBJECT = f"repo:{REPOSITORY}:environment:"
WRITES = ("AddPhoneNumbers", "ModifyPhoneNumber", "RemovePhoneNumbers", "AddSkillGroupsToPhoneNumber")
PREVIEW = Role("preview", (f"{SUBJECT}preview", f"{SUBJECT}preview-allowed"), WRITES)
DEPLOY = Role("deploy", (f"{SUBJECT}production",))
DRIFT = Role("drift", (f"{SUBJECT}preview",), WRITES)
ROLES = (PREVIEW, DEPLOY, DRIFT)


@dataclass
class Rehearsal:
    """The team, and GitHub and Alibaba Cloud around it."""

    team: Team
    runner: Runner
    github: GitHubStandIn
    cloud: Cloud

    def declare(self, stack: str, numbers: dict[str, worlds.Json]) -> None:
        """Edit a stack file; it names a region and no endpoint, as in production."""
        self.team.declare(stack, numbers, region="cn-shanghai")

    def preview(
        self, number: int, repository: str = REPOSITORY, allowed: frozenset[str] = frozenset()
    ) -> Run:
        """GitHub runs the preview of a pull request: main's own workflow."""
        git = self.team.repository.git
        head, base = git("rev-parse", "HEAD"), git("rev-parse", "main")
        payload = pull_request(number, head, base, repository)
        run = self.runner.run("preview.yml", "pull_request_target", base, payload, allowed=allowed)
        self._keep(run, head)
        return run

    def own_workflow(self, workflow: str, event: str, number: int, repository: str = REPOSITORY) -> Run:
        """GitHub runs a workflow as it is on the branch that somebody has edited, on `pull_request` or `push`."""
        git = self.team.repository.git
        head, branch = git("rev-parse", "HEAD"), git("branch", "--show-current")
        payload = pull_request(number, head, git("rev-parse", "main"), repository)
        ref = f"refs/pull/{number}/merge" if event == "pull_request" else f"refs/heads/{branch}"
        run = self.runner.run(workflow, event, head, payload, ref=ref)
        self._keep(run, head)
        return run

    def merge(self, number: int, branch: str) -> tuple[str, str]:
        """Merge the pull request; main before and after."""
        head = self.team.repository.git("rev-parse", branch)
        before, after = self.team.merge(f"Merge #{number}", branch)
        request = pull_request(number, head, "")["pull_request"]
        self.github.requests.append({**request, "merged_at": "now", "merge_commit_sha": after})
        return before, after

    def run(self, workflow: str, event: str, before: str = "", **inputs: str) -> Run:
        """GitHub runs a workflow on main, and somebody allows what waits for production."""
        main = self.team.repository.git("rev-parse", "main")
        payload = {"inputs": inputs} if inputs else {"before": before}
        return self.runner.run(workflow, event, main, payload, allowed=frozenset({"production"}))

    def _keep(self, run: Run, head: str) -> None:
        """GitHub lists a run of a pull request under the commit that was pushed."""
        kept = {"id": run.id, "head_sha": head, "event": run.event, "conclusion": run.conclusion}
        self.github.runs.setdefault(run.name, []).append({**kept, "created_at": f"{run.id:04d}"})


@contextmanager
def rehearsing(folder: Path) -> Iterator[Rehearsal]:
    """Everything, for the length of a `with` block; CCC_TRANSCRIPT names a file that gets all that was said."""
    bound = [worlds.bound(number) for number in (B1, B2)]
    seed: worlds.Json = {
        "accessKeys": [{"id": "simulator", "secret": "simulator"}, *(role.key for role in ROLES)],
        "instances": {"acme": staffed(worlds.instance()), "beta": staffed(worlds.instance(bound))},
        "unassigned": [{"number": number} for number in (A1, A2, A3, A4)],
    }
    with (
        team(folder, seed, ".github") as us,
        github() as forge,
        cloud(folder / "cloud", us.ccc.url, *ROLES) as there,
    ):
        secrets = {"PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, "CCC_RATE_BUDGET_URL": us.budget}
        forge.environments = {
            "preview": Environment(secrets=secrets),
            "preview-allowed": Environment(reviewers=("maintainer",), secrets=secrets),
            "production": Environment(reviewers=("maintainer",), secrets=secrets),
        }
        runner = Runner(
            folder / "runner",
            us.bare,
            {**us.environment, **there.environment},
            forge.url,
            forge=forge,
            variables={
                "PULUMI_BACKEND_URL": us.state,
                "CCC_OIDC_PROVIDER_ARN": PROVIDER,
                **{f"CCC_{role.name.upper()}_ROLE_ARN": role.arn for role in ROLES},
            },
        )
        yield Rehearsal(us, runner, forge, there)
        if path := os.environ.get("CCC_TRANSCRIPT"):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write("\n".join(runner.transcript))
