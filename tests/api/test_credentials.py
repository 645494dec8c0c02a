"""Keys come from the environment in every way Alibaba Cloud's tools know, and stay out of sight."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ccc_numbers.api import credentials
from ccc_numbers.api.credentials import ChainKeys, FixedKeys, Keys, account_of, find_credentials
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.identity import Caller
from ccc_numbers.api.named_keys import credentials_of
from ccc_numbers.api.settings import Settings

ID, SECRET, TOKEN = (
    f"ALIBABA_CLOUD_{name}" for name in ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN")
)


def test_plain_keys_of_the_environment_are_used() -> None:
    found = find_credentials(loopback=True, environ={ID: "id", SECRET: "secret"})
    assert found.current() == Keys("id", "secret")


def test_a_security_token_makes_them_temporary() -> None:
    found = find_credentials(environ={ID: "id", SECRET: "secret", TOKEN: "token"})
    assert found.current() == Keys("id", "secret", "token")


def test_loopback_without_keys_takes_the_simulators() -> None:
    found = find_credentials(loopback=True, environ={ID: "", SECRET: ""})
    assert found.current() == Keys("simulator", "simulator")


def test_the_embedded_simulator_never_sees_real_keys() -> None:
    embedded = Settings().at("http://127.0.0.1:9")
    found = credentials_of(embedded, Caller(), {ID: "LTAIreal", SECRET: "secret"})
    assert found.current() == Keys("simulator", "simulator")


def test_no_foreign_host_gets_the_simulators_keys() -> None:
    assert isinstance(find_credentials(environ={}), ChainKeys)


@pytest.mark.parametrize(("given", "missing"), [(ID, SECRET), (SECRET, ID)])
def test_half_a_key_is_an_error_that_names_the_other_half(given: str, missing: str) -> None:
    with pytest.raises(ConfigError, match=f"^{missing} is not set"):
        find_credentials(loopback=True, environ={given: "x"})


def test_keys_do_not_show_their_secrets() -> None:
    shown = repr(Keys("LTAI5tKeyId", "s3cr3t", "t0ken"))
    assert "s3cr3t" not in shown
    assert "t0ken" not in shown


def test_a_fingerprint_distinguishes_keys_and_hides_them() -> None:
    one, other = Keys("LTAI5tOne", "s").fingerprint, Keys("LTAI5tOther", "s").fingerprint
    assert one != other
    assert "LTAI" not in one
    assert len(one) == 12


def test_the_sessions_of_a_role_count_as_the_account_that_owns_it() -> None:
    environ = {"ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1234567890123456:role/deploy"}
    assert account_of(Keys("STS.one", "s", "t"), environ) == "1234567890123456"
    assert account_of(Keys("STS.one", "s", "t"), {}) == account_of(Keys("STS.two", "s", "t"), {})
    assert account_of(Keys("LTAIplain", "s"), environ) == Keys("LTAIplain", "s").fingerprint


class Chain:
    """Stands for the SDKs' chain: another key each time it is asked, or an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked = 0
        self.error = error

    def get_credentials(self) -> "Chain":
        self.asked += 1
        if self.error:
            raise self.error
        return self

    def get_access_key_id(self) -> str:
        return f"STS.{self.asked}"

    def get_access_key_secret(self) -> str:
        return "secret"

    def get_security_token(self) -> str:
        return "token"


def with_chain(
    monkeypatch: pytest.MonkeyPatch, chain: Chain, environ: dict[str, str] | None = None
) -> ChainKeys:
    provider = SimpleNamespace(DefaultCredentialsProvider=lambda: chain)
    monkeypatch.setattr(credentials, "library", lambda _: provider)
    return ChainKeys(environ or {})


def test_the_chain_is_asked_again_when_its_keys_may_have_rotated(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = Chain()
    keys = with_chain(monkeypatch, chain)
    assert keys.current() == keys.current() == Keys("STS.1", "secret", "token")
    monkeypatch.setattr(keys, "_until", 0.0)
    assert keys.current() == Keys("STS.2", "secret", "token")


def test_after_an_error_the_chain_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = Chain(OSError("no route to the metadata service"))
    keys = with_chain(monkeypatch, chain)
    with pytest.raises(ConfigError):
        keys.current()
    chain.error = None
    assert keys.current().id == "STS.2"


def test_no_credentials_at_all_is_one_line_that_names_the_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    error = Exception("unable to load credentials from any of the providers in the chain: [...]")
    with pytest.raises(ConfigError) as raised:
        with_chain(monkeypatch, Chain(error)).current()
    for way in (ID, SECRET, "aliyun configure", "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "RAM role"):
        assert way in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_expired_oidc_token_is_named_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        "unable to load credentials from any of the providers in the chain: ['EnvironmentVariableCredentialsProvider:"
        " Environment variable accessKeyId cannot be empty', 'OIDCRoleArnCredentialsProvider: error refreshing"
        ' credentials from oidc_role_arn, http_code: 400, result: {"Message":"The OIDC token has expired.",'
        '"Code":"AuthenticationFail.OIDCToken.Expired"}\', \'CLIProfileCredentialsProvider: unable to open\']'
    )
    environ = {
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/var/run/token",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/ci",
        "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/deploy",
    }
    with pytest.raises(ConfigError) as raised:
        with_chain(monkeypatch, Chain(Exception(said)), environ).current()
    assert str(raised.value) == (
        "the OIDC token in /var/run/token was not taken for acs:ram::1:role/deploy: The OIDC token has expired."
    )


def test_an_oidc_role_left_empty_by_a_pipeline_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environ = {
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/var/run/token",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/ci",
        "ALIBABA_CLOUD_ROLE_ARN": "",
    }
    chain = Chain()
    with pytest.raises(ConfigError, match="FILE is set, but not ALIBABA_CLOUD_ROLE_ARN: in a pipeline"):
        with_chain(monkeypatch, chain, environ).current()
    assert chain.asked == 0


def ask_the_real_chain(home: Path, **environ: str) -> str:
    """What a process of its own finds: the chain reads its variables when it is imported."""
    program = (
        "from ccc_numbers.api.credentials import find_credentials\n"
        "from ccc_numbers.api.errors import ConfigError\n"
        "try: keys = find_credentials().current(); print(keys.id, keys.secret, keys.token)\n"
        "except ConfigError as error: print(error)\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALIBABA_CLOUD_")}
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", program],
        env={**kept, "HOME": str(home), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_a_profile_of_the_aliyun_command_is_found(tmp_path: Path) -> None:
    (tmp_path / ".aliyun").mkdir()
    profile = {"name": "work", "mode": "AK", "access_key_id": "LTAIprofile", "access_key_secret": "hush"}
    (tmp_path / ".aliyun" / "config.json").write_text(json.dumps({"current": "work", "profiles": [profile]}))
    assert ask_the_real_chain(tmp_path) == "LTAIprofile hush None"


def test_a_profile_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_text(json.dumps({"current": "x", "profiles": []}))
    said = ask_the_real_chain(tmp_path, ALIBABA_CLOUD_PROFILE="wrok")
    assert said.startswith("the profile wrok (ALIBABA_CLOUD_PROFILE) gave no credentials")
    assert "\n" not in said


def test_a_machine_without_credentials_gets_the_ways_listed(tmp_path: Path) -> None:
    assert ask_the_real_chain(tmp_path).startswith("no credentials for Alibaba Cloud: set")


def test_an_oidc_token_file_that_is_missing_is_named(tmp_path: Path) -> None:
    said = ask_the_real_chain(
        tmp_path,
        ALIBABA_CLOUD_OIDC_TOKEN_FILE=str(tmp_path / "token"),
        ALIBABA_CLOUD_ROLE_ARN="acs:ram::1:role/deploy",
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN="acs:ram::1:oidc-provider/ci",
    )
    assert said.startswith(f"the OIDC token in {tmp_path / 'token'} was not taken for acs:ram::1:role/deploy")
    assert "No such file" in said


def test_fixed_keys_stay() -> None:
    keys = Keys("a", "b")
    assert FixedKeys(keys).current() is keys
