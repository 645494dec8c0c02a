"""GitLab's pipelines with everything around them, for rehearsals of the good way and of the bad ones.

The jobs are those of `.gitlab-ci.yml`, `pipelines/gitlab/stacks.yml` and the child pipelines that `ccc-numbers matrix` writes.
Real are git, bash, the Pulumi CLI and the provider, Redis, an S3-compatible store for the state, CCC as the simulator,
and the way to its keys: a job's identity becomes a RAM role at the STS of `cloud.py`. GitLab itself is a stand-in.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.gitops.cloud import PROVIDER, Cloud, Role, cloud
from tests.gitops.gitlab import PROJECT, PROJECT_ID, GitLabStandIn, gitlab
from tests.gitops.gitlab_pipeline import GitLab, Pipeline, Variable
from tests.gitops.team import Team, staffed, team
from tests.support import worlds

A1, A2, A3 = worlds.numbers(3)
(B1,) = worlds.numbers(1, start=11)
PASSPHRASE, TOKEN = "of the team", "glpat-of-the-team"
SUBJECT = f"project_path:{PROJECT}:ref_type:branch:ref:main"
READING = "ccc-numbers-preview"
WRITES = ("AddPhoneNumbers", "ModifyPhoneNumber", "RemovePhoneNumbers", "AddSkillGroupsToPhoneNumber")
PREVIEW = Role("preview", (SUBJECT,), WRITES, READING)
DEPLOY = Role("deploy", (SUBJECT,))
DRIFT = Role("drift", (SUBJECT,), WRITES, READING)
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

    def merge_request(self, iid: int, source: str = PROJECT_ID, action: str = "open") -> Pipeline:
        """GitLab's webhook tells the default branch's pipeline of a merge request that somebody pushed."""
        git = self.team.repository.git
        attributes = {
            "iid": iid,
            "action": action,
            "source_project_id": int(source),
            "target_project_id": int(PROJECT_ID),
            "target_branch": "main",
            "last_commit": {"id": git("rev-parse", "HEAD")},
            "title": "$GITLAB_TOKEN $(id)",
        }
        event = self.lab.folder / f"event-{iid}.json"
        event.write_text(json.dumps({"object_kind": "merge_request", "object_attributes": attributes}))
        facts = {
            "CI_COMMIT_BRANCH": "main",
            "CI_COMMIT_REF_NAME": "main",
            "TRIGGER_PAYLOAD": str(event),
        }
        pipeline = self.lab.run("trigger", git("rev-parse", "main"), facts)
        assert pipeline is not None
        return pipeline

    def own_pipeline(self, iid: int, lab: GitLab | None = None, source: str = PROJECT_ID) -> Pipeline | None:
        """GitLab runs a merge request's pipeline as its branch writes it, in the branch's project or in another."""
        git = self.team.repository.git
        facts = {
            "CI_COMMIT_REF_NAME": git("branch", "--show-current"),
            "CI_MERGE_REQUEST_ID": f"900{iid}",
            "CI_MERGE_REQUEST_IID": str(iid),
            "CI_MERGE_REQUEST_PROJECT_ID": PROJECT_ID,
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source,
        }
        return (lab or self.lab).run("merge_request_event", git("rev-parse", "HEAD"), facts)

    def without(self, *names: str, **instead: str) -> None:
        """Settings that somebody forgot, or got wrong."""
        left = {name: each for name, each in self.lab.settings.items() if name not in names}
        self.lab.settings = left | {name: Variable(value, protected=True) for name, value in instead.items()}


@contextmanager
def rehearsing(folder: Path) -> Iterator[Rehearsal]:
    """Everything, for the length of a `with` block; CCC_TRANSCRIPT names a file that gets all that was said."""
    keys = [{"id": "simulator", "secret": "simulator"}, *(role.key for role in (PREVIEW, DEPLOY, DRIFT))]
    seed: worlds.Json = {
        "accessKeys": keys,
        "instances": {
            "acme": staffed(worlds.instance()),
            "beta": staffed(worlds.instance([worlds.bound(B1)])),
        },
        "unassigned": [{"number": number} for number in (A1, A2, A3)],
    }
    with (
        team(folder, seed, ".gitlab-ci.yml") as us,
        gitlab(api=TOKEN) as forge,
        cloud(folder / "cloud", us.ccc.url, PREVIEW, DEPLOY, DRIFT) as there,
    ):
        lab = GitLab(
            folder / "runner",
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


def nothing_was_told(rehearsal: Rehearsal, *pipelines: Pipeline) -> None:
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


def _settings(us: Team) -> Mapping[str, Variable]:
    """The CI/CD variables as docs/gitops.md wants them: all protected."""
    everywhere = {
        "PULUMI_BACKEND_URL": us.state,
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "CCC_OIDC_PROVIDER_ARN": PROVIDER,
        "CCC_PREVIEW_ROLE_ARN": PREVIEW.arn,
        "CCC_DRIFT_ROLE_ARN": DRIFT.arn,
        "CCC_RATE_BUDGET_URL": us.budget,
        "CCC_NUMBERS_IMAGE": IMAGE,
    }
    return {
        **{name: Variable(value, protected=True) for name, value in everywhere.items()},
        "CCC_DEPLOY_ROLE_ARN": Variable(DEPLOY.arn, scope="production", protected=True),
        "GITLAB_TOKEN": Variable(TOKEN, scope="notes", protected=True),
    }
