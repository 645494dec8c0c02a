"""As whom a stack calls CCC: what it may say, and the one line that answers a mistake."""

import pytest

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.identity import Caller, Identity
from ccc_numbers.api.settings import Settings

ACCOUNT, OTHER = "1570000000000001", "1570000000000002"
DEPLOY = f"acs:ram::{ACCOUNT}:role/ccc-deploy"


def parse(**mapping: object) -> Settings:
    return Settings.parse(mapping, environ={})


def test_a_role_by_its_name_is_one_of_the_stacks_account() -> None:
    role = parse(account=ACCOUNT, assumeRole={"role": "ccc-deploy", "readRole": "ccc-drift"}).identity.role
    assert role is not None
    assert role.arn(Caller("acme", "up")) == DEPLOY
    assert role.arn(Caller("acme", "drift", writes=False)) == f"acs:ram::{ACCOUNT}:role/ccc-drift"


def test_one_role_does_for_reading_and_writing() -> None:
    role = parse(account=ACCOUNT, assumeRole='{"role": "ccc-deploy"}').identity.role
    assert role is not None
    assert role.arn(Caller("acme", "drift", writes=False)) == DEPLOY


def test_a_stack_with_a_read_role_alone_is_only_looked_at() -> None:
    identity = parse(assumeRole={"readRole": DEPLOY}).identity
    assert (identity.account, identity.name) == (ACCOUNT, f"role {DEPLOY}")
    assert identity.role is not None
    assert identity.role.arn(Caller("acme", "drift", writes=False)) == DEPLOY
    with pytest.raises(ConfigError, match=r"names only readRole.* `up` writes to CCC; add the role"):
        identity.refuse(Caller("acme", "up"))


def test_an_encrypted_external_id_is_the_one_that_the_engine_decrypted() -> None:
    by_file = parse(account=ACCOUNT, assumeRole={"role": "a", "externalId": {"secure": "v1:x"}}).identity
    by_engine = parse(account=ACCOUNT, assumeRole={"role": "b", "externalId": "hush-hush"}).identity
    role = by_engine.now(by_file).role
    assert role is not None
    assert (role.write, role.external_id, role.encrypted) == (
        DEPLOY.replace("ccc-deploy", "a"),
        "hush-hush",
        False,
    )


def test_the_arn_of_a_role_names_the_account() -> None:
    identity = parse(assumeRole={"role": DEPLOY, "oidcProvider": "github"}).identity
    assert identity.account == ACCOUNT
    assert identity.role is not None
    assert identity.role.oidc_provider == f"acs:ram::{ACCOUNT}:oidc-provider/github"


MISTAKES = [
    ({"account": "acme"}, 'ccc:account: "acme" is not an account id; write its digits'),
    ({"account": "1.57e+15"}, 'ccc:account: "1.57e+15" is not an account id'),
    ({"profile": "acme", "assumeRole": {"role": DEPLOY}}, "ccc:profile: stands beside ccc:assumeRole"),
    (
        {"account": OTHER, "assumeRole": {"role": DEPLOY}},
        f"is of account {ACCOUNT}, and the stack is of account {OTHER}",
    ),
    (
        {"assumeRole": {"role": DEPLOY, "readRole": f"acs:ram::{OTHER}:role/x"}},
        f'ccc:assumeRole.readRole: "acs:ram::{OTHER}:role/x" is of account {OTHER}',
    ),
    (
        {"assumeRole": {"role": "ccc-deploy"}},
        'ccc:assumeRole.role: "ccc-deploy" is a name, and ccc:account does not say',
    ),
    ({"account": ACCOUNT, "assumeRole": {"role": "a/b"}}, "is neither the name of a role nor its ARN"),
    (
        {"account": ACCOUNT, "assumeRole": {"roel": "a"}},
        'ccc:assumeRole.roel: is not a setting; did you mean "role"?',
    ),
    ({"account": ACCOUNT, "assumeRole": {"sessionName": "ab"}}, "ccc:assumeRole: names no role"),
    (
        {"assumeRole": {"readRole": "a"}},
        'ccc:assumeRole.readRole: "a" is a name, and ccc:account does not say',
    ),
    ({"account": ACCOUNT, "assumeRole": '{"externalId": "hush-hush"'}, "ccc:assumeRole: is not a mapping"),
    (
        {"account": ACCOUNT, "assumeRole": {"role": "a", "sessionName": "two words"}},
        'ccc:assumeRole.sessionName: "two words" is not a session name',
    ),
    (
        {"account": ACCOUNT, "assumeRole": {"role": "a", "externalId": {"secret": "hush-hush"}}},
        "ccc:assumeRole.externalId: is not plain text",
    ),
]


@pytest.mark.parametrize(("said", "line"), MISTAKES)
def test_a_mistake_is_one_line(said: dict[str, object], line: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse(**said)
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "hush-hush" not in str(raised.value)


def test_an_external_id_is_not_shown() -> None:
    settings = parse(account=ACCOUNT, assumeRole={"role": "a", "externalId": "hush-hush"})
    assert "hush-hush" not in repr(settings)


@pytest.mark.parametrize("stack", ["acme", "客户", "s" * 100, ""])
def test_a_session_is_named_after_stack_and_verb_as_sts_takes_it(stack: str) -> None:
    name = Caller(stack, "drift", writes=False).session_name
    assert len(name) <= 64
    assert name.isascii()
    assert name.startswith("ccc-numbers-")
    assert name.endswith("drift")
    Identity.parse({"account": "1", "assumeRole": {"role": "r", "sessionName": name}})


def test_one_account_is_one_world_whatever_leads_to_it() -> None:
    by_profile = parse(account=ACCOUNT, profile="a").world
    assert by_profile == parse(assumeRole={"role": DEPLOY}, endpoint="ccc.cn-shanghai.aliyuncs.com").world
    assert by_profile != parse(account=OTHER, profile="a").world
    assert not by_profile.may_be(parse(account=OTHER).world)


def test_without_an_account_host_and_profile_tell_worlds_apart() -> None:
    one, other = parse(profile="a").world, parse(profile="b").world
    assert one == parse(profile="a").world
    assert not one.shares(other)
    assert one.may_be(other), "two profiles may be of one account: nothing is removed that the other declares"
    assert one.shares(parse().world), "the environment's keys may be those of the profile"


def test_a_simulator_is_a_world_of_its_own() -> None:
    here = parse(account=ACCOUNT, endpoint="127.0.0.1:8080").world
    assert here == parse(account=ACCOUNT, endpoint="http://localhost:8080").world
    for other in (parse(account=ACCOUNT).world, parse(account=ACCOUNT, endpoint="127.0.0.1:8081").world):
        assert not here.may_be(other)


def test_of_newer_settings_the_account_stays_when_it_is_left_out() -> None:
    before = parse(account=ACCOUNT, profile="gone").identity
    assert before.now(parse().identity) == Identity(account=ACCOUNT)
    assert before.now(parse(account=OTHER, profile="new").identity) == Identity(OTHER, "new")
