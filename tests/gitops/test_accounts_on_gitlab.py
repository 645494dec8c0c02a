"""One repository on GitLab, customers with accounts of their own. One trusts the jobs' tokens, as docs/examples/access
makes it; the other trusts the team's roles, which also keep the state.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccc_numbers.declaration.grammar import IdentityProviderShape
from tests.gitops.cloud import PROVIDER, Role, cloud
from tests.gitops.customers import NUMBERS, Customer, declare, judge, seed_of
from tests.gitops.fleet import ROOT
from tests.gitops.gitlab import PROJECT, gitlab
from tests.gitops.gitlab_pipeline import GitLab, Variable
from tests.gitops.gitlab_rehearsal import PASSPHRASE, READING, SUBJECT, TOKEN, Rehearsal
from tests.gitops.identity import GITLAB
from tests.gitops.image import environments
from tests.gitops.services import needs_redis
from tests.gitops.team import team

EXAMPLE = (
    (ROOT / "docs/examples/access/stacks/gitlab.yaml").read_text("utf-8").replace("GROUP/PROJECT", PROJECT)
)
BY_ROLES = """
access:
  deploy: {roles: [ccc-deploy], trusts: ["acs:ram::1:role/numbers-deploy"]}
  drift:
    roles: [ccc-drift]
    trusts: ["acs:ram::1:role/numbers-deploy", "acs:ram::1:role/numbers-preview", "acs:ram::1:role/numbers-drift"]
"""
CUSTOMERS = tuple(Customer.read(name, BY_ROLES if name == "three" else EXAMPLE) for name in ("one", "three"))
PREVIEW = Role("numbers-preview", (SUBJECT,), audience=READING)
DEPLOY = Role("numbers-deploy", (SUBJECT,))
DRIFT = Role("numbers-drift", (SUBJECT,), audience=READING)
OURS = (PREVIEW, DEPLOY, DRIFT)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    roles = [role for each in CUSTOMERS for role in each.roles]
    with (
        team(tmp_path, seed_of(CUSTOMERS, *OURS), ".gitlab-ci.yml") as us,
        gitlab(api=TOKEN) as forge,
        cloud(tmp_path / "cloud", us.ccc.url, *roles, *OURS) as there,
    ):
        central = IdentityProviderShape(name="gitlab", issuer=GITLAB, audiences=(READING, "sts.aliyuncs.com"))
        there.providers = {PROVIDER: central, **CUSTOMERS[0].providers}
        everywhere = {
            "PULUMI_BACKEND_URL": us.state,
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "CCC_OIDC_PROVIDER_ARN": PROVIDER,
            "CCC_PREVIEW_ROLE_ARN": PREVIEW.arn,
            "CCC_DRIFT_ROLE_ARN": DRIFT.arn,
            "CCC_RATE_BUDGET_URL": us.budget,
        }
        lab = GitLab(
            tmp_path / "runner",
            us.bare,
            {**us.environment, **there.environment},
            forge.url,
            settings={
                **{name: Variable(value, protected=True) for name, value in everywhere.items()},
                "CCC_DEPLOY_ROLE_ARN": Variable(DEPLOY.arn, scope="production", protected=True),
                "GITLAB_TOKEN": Variable(TOKEN, scope="notes", protected=True),
            },
            deployers=frozenset({"maintainer"}),
            prevents_outdated_deployments=False,
        )
        yield Rehearsal(us, lab, forge, there)


@needs_redis
def test_two_accounts_are_deployed_to_each_by_its_own_roles(rehearsal: Rehearsal, tmp_path: Path) -> None:
    ccc, sts = rehearsal.team.ccc, rehearsal.cloud
    declare(rehearsal.team, CUSTOMERS)
    short = CUSTOMERS[1].roles[0].key["id"]
    sts.ending[short] = 3

    pipeline = rehearsal.main("web")
    child = pipeline.children["deploy"]
    for name in (each.name for each in CUSTOMERS):
        assert child.results[f"plan {name}"] == "success", pipeline.log
        assert child.play(f"apply {name}", "maintainer") == "success", child.logs[f"apply {name}"]
        assert list(ccc.numbers(name)) == [NUMBERS[name]]
    assert sts.late[short] > 0, "its session ended in the middle, and the run went on with another"
    drift = rehearsal.main("schedule")
    assert drift.results == {"drift": "success"}, drift.log
    assert rehearsal.forge.issues == {}

    judge(sts, ccc, environments(tmp_path / "cloud"), CUSTOMERS)
    became = {each.who for each in sts.given if each.role.startswith("acs:ram::1570000000000003:")}
    assert became == {role.arn for role in OURS}, "the third customer's roles trust ours, not the token"
