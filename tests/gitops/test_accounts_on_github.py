"""One repository on GitHub, three customers with accounts of their own: no role of the team's, and no key anywhere.

The roles and their trust policies are those that docs/examples/access makes. The state is somewhere that needs no
identity of Alibaba Cloud, as Pulumi Cloud does.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gitops.cloud import cloud
from tests.gitops.customers import ACCOUNTS, NUMBERS, Customer, declare, judge, seed_of
from tests.gitops.fleet import ROOT
from tests.gitops.github import REPOSITORY, Environment, github
from tests.gitops.github_rehearsal import PASSPHRASE, SUBJECT, Rehearsal
from tests.gitops.image import environments
from tests.gitops.services import needs_redis
from tests.gitops.team import team
from tests.gitops.workflow import Runner, needs_act

EXAMPLE = (ROOT / "docs/examples/access/stacks/acme.yaml").read_text("utf-8").replace("ORG/REPO", REPOSITORY)
CUSTOMERS = tuple(Customer.read(name, EXAMPLE) for name in ACCOUNTS)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    (tmp_path / "states").mkdir()
    roles = [role for each in CUSTOMERS for role in each.roles]
    with (
        team(tmp_path, seed_of(CUSTOMERS), ".github") as us,
        github() as forge,
        cloud(tmp_path / "cloud", us.ccc.url, *roles) as there,
    ):
        there.providers = {arn: made for each in CUSTOMERS for arn, made in each.providers.items()}
        secrets = {"PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, "CCC_RATE_BUDGET_URL": us.budget}
        forge.environments = {
            "preview": Environment(secrets=secrets),
            "production": Environment(reviewers=("maintainer",), secrets=secrets),
        }
        runner = Runner(
            tmp_path / "runner",
            us.bare,
            {**us.environment, **there.environment},
            forge.url,
            forge=forge,
            variables={"PULUMI_BACKEND_URL": f"file://{tmp_path / 'states'}"},
        )
        yield Rehearsal(us, runner, forge, there)


@needs_redis
@needs_act
def test_three_accounts_are_deployed_to_each_by_its_own_roles(rehearsal: Rehearsal, tmp_path: Path) -> None:
    ccc, sts = rehearsal.team.ccc, rehearsal.cloud
    declare(rehearsal.team, CUSTOMERS)
    short = CUSTOMERS[1].roles[0].key["id"]
    sts.ending[short] = 3

    run = rehearsal.run("deploy.yml", "workflow_dispatch")
    assert run.results == {"select": "success", "plan": "success", "apply": "success"}, run.logs
    for name in ACCOUNTS:
        assert list(ccc.numbers(name)) == [NUMBERS[name]]
    assert sts.late[short] > 0, "its session ended in the middle, and the run went on with another"
    drift = rehearsal.run("drift.yml", "schedule")
    assert drift.results == {"drift": "success"}, drift.logs
    assert rehearsal.github.issues == {}

    judge(sts, ccc, environments(tmp_path / "cloud"), CUSTOMERS)
    by_subject = {(each.who.removeprefix(SUBJECT), each.role.rpartition("/")[2]) for each in sts.given}
    assert by_subject == {("preview", "ccc-drift"), ("production", "ccc-drift"), ("production", "ccc-deploy")}
