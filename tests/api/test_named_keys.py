"""Keys from a profile or a role that a stack names, as a process of its own finds them at Alibaba Cloud."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.gitops.cloud import Cloud, Role, cloud
from tests.gitops.identity import id_token
from tests.gitops.stand_in import Answer, Query, serving

ACCOUNT = "1570000000000002"
SECRET = "hush-hush/1"
DEPLOY = Role("ccc-deploy", ("main",), account=ACCOUNT, trusted=("LTAIci",), external_id=SECRET)
DRIFT = Role("ccc-drift", ("main", "branch"), account=ACCOUNT, trusted=("LTAIci",), external_id=SECRET)
ROLES = {"role": "ccc-deploy", "readRole": "ccc-drift", "externalId": SECRET}
KEYS: dict[str, Any] = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIci", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s"}

PROGRAM = """
import json, sys
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.identity import Caller
from ccc_numbers.api.named_keys import credentials_of
from ccc_numbers.api.settings import Settings
said, verb, times = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
try:
    keys = credentials_of(Settings.parse(said, environ={}), Caller("acme", verb, writes=verb == "up"))
    for _ in range(times): found = keys.current()
    print(found.id, found.secret, found.token)
except ConfigError as error: print(error)
"""


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Cloud]:
    with cloud(tmp_path / "cloud", "http://127.0.0.1:9", DEPLOY, DRIFT) as running:
        yield running


def of(there: Cloud) -> dict[str, Any]:
    """The variables of a machine that reaches Alibaba Cloud there."""
    return dict(there.environment)


def ask(said: dict[str, object], verb: str = "up", times: int = 1, **environ: Any) -> str:
    """The keys that a stack with these settings finds, or its one line."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALIBABA_CLOUD_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(said), verb, str(times)],
        env={**kept, "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    assert SECRET not in done.stdout
    assert "\n" not in done.stdout.strip()
    return done.stdout.strip()


def profiles(home: Path, *names: str) -> None:
    (home / ".aliyun").mkdir()
    found = [{"name": n, "mode": "AK", "access_key_id": f"LTAI{n}", "access_key_secret": "s"} for n in names]
    (home / ".aliyun" / "config.json").write_text(json.dumps({"current": names[0], "profiles": found}))


def test_a_stacks_profile_wins_over_keys_of_the_environment(tmp_path: Path) -> None:
    profiles(tmp_path, "other", "acme")
    assert ask({"profile": "acme"}, HOME=str(tmp_path), **KEYS) == "LTAIacme s None"


def test_an_unknown_profile_is_named_with_the_nearest(tmp_path: Path) -> None:
    profiles(tmp_path, "other", "acme")
    said = ask({"profile": "amce"}, HOME=str(tmp_path))
    assert said.startswith(
        'ccc:profile: "amce" is not a profile of ~/.aliyun/config.json; did you mean "acme"?'
    )


def test_a_machine_without_profiles_learns_how_to_make_one(tmp_path: Path) -> None:
    assert "run `aliyun configure --profile acme`" in ask({"profile": "acme"}, HOME=str(tmp_path))


@pytest.mark.parametrize(("verb", "role"), [("up", DEPLOY), ("drift", DRIFT)])
def test_a_role_is_assumed_with_the_keys_of_the_environment(there: Cloud, verb: str, role: Role) -> None:
    said = ask({"account": ACCOUNT, "assumeRole": ROLES}, verb, 5, **of(there), **KEYS)
    assert said == " ".join((role.key["id"], role.key["secret"], role.key["securityToken"]))
    assert there.assumed == [(role.name, "LTAIci")], "one session does for five calls"
    assert there.sessions == [f"ccc-numbers-acme-{verb}"]


def test_a_session_is_renewed_before_it_ends(there: Cloud) -> None:
    there.lifetime = timedelta(minutes=10)
    ask({"account": ACCOUNT, "assumeRole": ROLES}, "up", 3, **of(there), **KEYS)
    assert len(there.assumed) == 3


def test_a_role_that_may_not_be_assumed_is_one_line(there: Cloud) -> None:
    strangers = KEYS | {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIstranger"}
    said = ask({"account": ACCOUNT, "assumeRole": ROLES}, **of(there), **strangers)
    assert said.startswith(
        f"{DEPLOY.arn} cannot be assumed with the keys of the environment: You are not authorized"
    )
    assert said.endswith("(NoPermission)")


def test_a_role_is_assumed_with_the_token_of_a_job(there: Cloud, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(id_token({"sub": "branch", "aud": "sts.aliyuncs.com"}))
    oidc = of(there) | {"ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(token)}
    stack: dict[str, Any] = {"account": ACCOUNT, "assumeRole": {**ROLES, "oidcProvider": "gitlab"}}
    assert ask(stack, "preview", **oidc, **KEYS).startswith(DRIFT.key["id"])
    assert there.assumed == [("ccc-drift", "branch")]
    refused = ask(stack, "up", **oidc, **KEYS)
    assert refused.startswith(f"the OIDC token in {token} was not taken for {DEPLOY.arn}: The trust policy")
    provider: dict[str, Any] = {"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": f"acs:ram::{ACCOUNT}:oidc-provider/gitlab"}
    stack = {"account": ACCOUNT, "assumeRole": ROLES}
    assert ask(stack, "preview", **oidc, **provider).startswith(DRIFT.key["id"])


def test_an_encrypted_external_id_is_taken_from_the_environment(there: Cloud) -> None:
    stack: dict[str, Any] = {"account": ACCOUNT, "assumeRole": {**ROLES, "externalId": {"secure": "v1:abc"}}}
    said = ask(stack, **of(there), **KEYS)
    assert said.startswith("ccc:assumeRole.externalId: is encrypted in the stack's file")
    assert "set CCC_EXTERNAL_ID" in said
    assert "v1:abc" not in said
    assert ask(stack, **of(there), **KEYS, CCC_EXTERNAL_ID=SECRET).startswith(DEPLOY.key["id"])
    wrong = ask(stack, **of(there), **KEYS, CCC_EXTERNAL_ID="hush-other")
    assert "cannot be assumed" in wrong
    assert "hush-other" not in wrong


def test_a_token_that_has_expired_is_one_line(there: Cloud, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("not.a.token")
    oidc = of(there) | {"ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(token)}
    stack: dict[str, Any] = {"account": ACCOUNT, "assumeRole": {**ROLES, "oidcProvider": "gitlab"}}
    said = ask(stack, **oidc)
    assert said.startswith(f"the OIDC token in {token} was not taken for {DEPLOY.arn}: This JWT is not valid")


def test_a_token_of_a_central_account_becomes_its_role_first(there: Cloud, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(id_token({"sub": "main", "aud": "sts.aliyuncs.com"}))
    central = Role("ccc-central", ("main",))
    assert isinstance(there.roles, dict)
    there.roles[central.arn] = central
    there.roles[DEPLOY.arn] = Role(
        "ccc-deploy", (), account=ACCOUNT, trusted=(central.arn,), external_id=SECRET
    )
    said = ask(
        {"account": ACCOUNT, "assumeRole": ROLES},
        **of(there),
        ALIBABA_CLOUD_OIDC_TOKEN_FILE=str(token),
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN="acs:ram::1:oidc-provider/gitlab",
        ALIBABA_CLOUD_ROLE_ARN=central.arn,
    )
    assert said.startswith(DEPLOY.key["id"])
    assert there.assumed == [("ccc-central", "main"), ("ccc-deploy", central.arn)]


@contextmanager
def github(*statuses: int) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """A job's variables where GitHub gives it an identity, and the audiences it was asked for."""
    asked: list[str] = []

    def answer(method: str, path: str, query: Query, body: object, headers: Mapping[str, str]) -> Answer:
        assert (query["api-version"], headers["authorization"]) == (["2.0"], "Bearer of the job")
        asked.extend(query["audience"])
        status = statuses[len(asked) - 1] if statuses else 200
        return status, {"value": id_token({"sub": "main", "aud": query["audience"][0]})}

    with serving(answer) as url:
        yield (
            {
                "ACTIONS_ID_TOKEN_REQUEST_URL": f"{url}/id?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of the job",
            },
            asked,
        )


BY_TOKEN: dict[str, Any] = {"account": ACCOUNT, "assumeRole": {**ROLES, "oidcProvider": "gitlab"}}


def test_a_job_of_github_becomes_the_role_by_its_own_identity(there: Cloud) -> None:
    with github() as (job, asked):
        said = ask(BY_TOKEN, "up", 3, **of(there), **KEYS, **job)
    assert said.startswith(DEPLOY.key["id"]), "and not by the keys of its environment"
    assert (there.assumed, asked) == ([("ccc-deploy", "main")], ["sts.aliyuncs.com"])


def test_each_session_of_a_job_of_github_has_a_token_of_its_own(there: Cloud) -> None:
    there.lifetime = timedelta(minutes=10)
    with github() as (job, asked):
        ask(BY_TOKEN, "up", 3, **of(there), **job)
    assert len(there.assumed) == len(asked) == 3


def test_a_role_without_a_provider_is_assumed_with_the_keys_on_github_too(there: Cloud) -> None:
    with github() as (job, asked):
        ask({"account": ACCOUNT, "assumeRole": ROLES}, **of(there), **KEYS, **job)
    assert (there.assumed, asked) == ([("ccc-deploy", "LTAIci")], [])


def test_a_job_that_github_gives_no_identity_is_one_line(there: Cloud) -> None:
    with github(403) as (job, _):
        assert ask(BY_TOKEN, **of(there), **job) == "GitHub gave this job no identity: HTTP 403"
    assert "no identity: ConnectError" in ask(BY_TOKEN, **of(there), **job)


def test_pulumi_asks_again_for_keys_of_a_session(there: Cloud, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(id_token({"sub": "main", "aud": "sts.aliyuncs.com"}))
    oidc = {
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(token),
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": f"acs:ram::{ACCOUNT}:oidc-provider/gitlab",
        "ALIBABA_CLOUD_ROLE_ARN": DEPLOY.arn,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALIBABA_CLOUD_")}
    words = [sys.executable, "-m", "ccc_numbers", "session"]
    done = subprocess.run(
        words, env={**kept, **of(there), **oidc}, capture_output=True, text=True, check=True
    )
    answer = json.loads(done.stdout)
    assert answer["SessionToken"] == DEPLOY.key["securityToken"]
    left = datetime.fromisoformat(answer["Expiration"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left < timedelta(minutes=15)


def test_sts_that_cannot_be_reached_is_one_line() -> None:
    nowhere: dict[str, Any] = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    said = ask({"account": ACCOUNT, "assumeRole": ROLES}, **nowhere, **KEYS)
    assert said.startswith(f"{DEPLOY.arn} cannot be assumed with the keys of the environment: ")
    assert "LTAIci" not in said
