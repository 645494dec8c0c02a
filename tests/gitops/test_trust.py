"""The trust policies that `access:` makes let in the job that they name, and nobody else; read as STS reads them."""

import pytest

from tests.gitops.cloud import Cloud
from tests.gitops.customers import Customer
from tests.gitops.fleet import ROOT
from tests.gitops.identity import GITHUB, GITLAB, id_token

ACME = Customer.read("two", (ROOT / "docs/examples/access/stacks/acme.yaml").read_text("utf-8"))
OTHER = Customer.read("three", (ROOT / "docs/examples/access/stacks/acme.yaml").read_text("utf-8"))
DEPLOY, DRIFT = ACME.roles
(OURS,), (THEIRS,) = ACME.providers, OTHER.providers
PRODUCTION, PREVIEW = "repo:ORG/REPO:environment:production", "repo:ORG/REPO:environment:preview"
CENTRAL = "acs:ram::1570000000000001:role/numbers-drift"


@pytest.fixture
def sts() -> Cloud:
    customers = (ACME, OTHER)
    roles = {role.arn: role for each in customers for role in each.roles}
    return Cloud(roles, 9, ACME.providers | OTHER.providers)


def ask(
    sts: Cloud,
    role: str,
    subject: str,
    *,
    seconds: float = 300,
    provider: str = OURS,
    **claims: str,
) -> str:
    """ "OK", or the code of the refusal."""
    said = {"iss": GITHUB, "aud": "sts.aliyuncs.com", **claims, "sub": subject}
    asked = {"Action": "AssumeRoleWithOIDC", "RoleArn": role, "OIDCProviderArn": provider}
    _, answer = sts.assume({**asked, "OIDCToken": id_token(said, seconds)})
    return str(answer.get("Code", "OK")).rpartition(".")[2]


def test_a_job_becomes_the_role_of_its_environment(sts: Cloud) -> None:
    assert ask(sts, DEPLOY.arn, PRODUCTION) == "OK"
    assert ask(sts, DRIFT.arn, PREVIEW) == ask(sts, DRIFT.arn, f"{PREVIEW}-allowed") == "OK"
    assert ask(sts, DRIFT.arn, PRODUCTION) == "OK", "an apply looks first"


@pytest.mark.parametrize(
    "subject",
    [
        PREVIEW,
        "repo:ORG/REPO:pull_request",
        "repo:ORG/REPO:ref:refs/heads/main",
        "repo:other/REPO:environment:production",
        f"{PRODUCTION}-2",
    ],
)
def test_another_subject_is_not_let_in_to_write(sts: Cloud, subject: str) -> None:
    assert ask(sts, DEPLOY.arn, subject) == "NoPermission"


def test_a_token_of_another_issuer_or_for_somebody_else_is_refused(sts: Cloud) -> None:
    assert ask(sts, DEPLOY.arn, PRODUCTION, iss="https://gitlab.example") == "Invalid"
    assert ask(sts, DEPLOY.arn, PRODUCTION, aud="https://github.com/ORG") == "Invalid"


def test_a_token_that_has_ended_or_that_nobody_signed_is_refused(sts: Cloud) -> None:
    assert ask(sts, DEPLOY.arn, PRODUCTION, seconds=-1) == "Invalid"
    asked = {"Action": "AssumeRoleWithOIDC", "RoleArn": DEPLOY.arn, "OIDCProviderArn": OURS}
    forged = id_token({"iss": GITHUB, "aud": "sts.aliyuncs.com", "sub": PRODUCTION})[:-2] + "xx"
    assert sts.assume({**asked, "OIDCToken": forged})[0] == 400


def test_an_identity_provider_of_another_account_is_not_the_roles_own(sts: Cloud) -> None:
    assert ask(sts, DEPLOY.arn, PRODUCTION, provider=THEIRS) == "NoPermission"


def test_only_the_role_that_is_named_becomes_a_customers_role(sts: Cloud) -> None:
    for who, status in ((CENTRAL, 200), (OTHER.roles[1].arn, 403), ("LTAIstranger", 403)):
        asked = {"Action": "AssumeRole", "RoleArn": DRIFT.arn, "AccessKeyId": who}
        assert sts.assume(asked)[0] == status
    asked = {"Action": "AssumeRole", "RoleArn": DEPLOY.arn, "AccessKeyId": CENTRAL}
    assert sts.assume(asked)[0] == 403, "it may read, not write"


def test_a_job_of_gitlab_that_reads_is_not_let_in_to_write() -> None:
    there = Customer.read("one", (ROOT / "docs/examples/access/stacks/gitlab.yaml").read_text("utf-8"))
    write, read = there.roles
    (provider,) = there.providers
    sts = Cloud({role.arn: role for role in there.roles}, 9, there.providers)
    main = "project_path:GROUP/PROJECT:ref_type:branch:ref:main"
    found = {
        (role.name, audience): ask(sts, role.arn, main, provider=provider, iss=GITLAB, aud=audience)
        for role in (write, read)
        for audience in ("sts.aliyuncs.com", "ccc-numbers-preview")
    }
    assert [name for name, answer in found.items() if answer != "OK"] == [
        ("ccc-deploy", "ccc-numbers-preview")
    ]
