"""What a user may configure, and the one line that answers a mistake."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ccc_numbers.api.endpoint import Endpoint
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.settings import Settings, Timeouts


def parse(**mapping: object) -> Settings:
    return Settings.parse(mapping, environ={})


def test_nothing_configured_means_the_real_ccc_at_home() -> None:
    settings = parse()
    assert settings.region == "cn-shanghai"
    assert settings.target == Endpoint("ccc.cn-shanghai.aliyuncs.com", https=True, loopback=False)
    assert settings.batch_size == 50
    assert settings.timeouts == Timeouts(connect=5, read=15, operation=60)
    assert settings.quotas["ListPhoneNumbers"] == 100
    assert settings.quotas["GetInstance"] == 300


@pytest.mark.parametrize(
    ("region", "host"),
    [("cn-shanghai", "ccc.cn-shanghai.aliyuncs.com"), ("ap-southeast-1", "ccc.aliyuncs.com")],
)
def test_a_region_has_the_endpoint_of_the_sdks_tables(region: str, host: str) -> None:
    assert parse(region=region).target.host == host


@pytest.mark.parametrize(
    ("endpoint", "host", "https"),
    [
        ("127.0.0.1:8080", "127.0.0.1:8080", False),
        ("localhost:8080", "localhost:8080", False),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", False),
        ("HTTP://127.0.0.1:8080/", "127.0.0.1:8080", False),
        ("[::1]:8080", "[::1]:8080", False),
        ("https://127.0.0.1:8443", "127.0.0.1:8443", True),
        ("ccc.aliyuncs.com", "ccc.aliyuncs.com", True),
        ("ccc.ap-southeast-1.aliyuncs.com:443", "ccc.ap-southeast-1.aliyuncs.com:443", True),
        ("HTTPS://CCC.cn-shanghai.aliyuncs.com/", "ccc.cn-shanghai.aliyuncs.com", True),
    ],
)
def test_an_endpoint_in_every_spelling(endpoint: str, host: str, https: bool) -> None:
    target = parse(endpoint=endpoint).target
    assert (target.host, target.https) == (host, https)


MISTAKES = [
    ({"region": "cn-shanghia"}, 'ccc:region: "cn-shanghia" is not a CCC region; did you mean "cn-shanghai"?'),
    ({"region": "cn-hangzhou"}, "most accounts are in cn-shanghai"),
    ({"regoin": "cn-shanghai"}, 'ccc:regoin: is not a setting; did you mean "region"?'),
    (
        {"endpoint": "http://ccc.example.com"},
        "plain HTTP would show keys to the network; use https://ccc.example.com",
    ),
    ({"endpoint": "http://10.0.0.5:8080"}, "plain HTTP"),
    ({"endpoint": "http://127.0.0.1.example.com"}, "plain HTTP"),
    ({"endpoint": "ftp://127.0.0.1"}, "neither embedded nor host:port nor an http(s) URL"),
    ({"endpoint": "127.0.0.1:port"}, "is not host:port"),
    ({"endpoint": "127.0.0.1:99999"}, "is not host:port"),
    ({"endpoint": "https://"}, "names no host"),
    ({"endpoint": "embeded simulator"}, "names no host"),
    ({"endpoint": "embeded"}, 'is neither "embedded" nor host:port nor a URL'),
    ({"endpoint": "https://user:pw@ccc.example.com"}, "only host and port"),
    ({"endpoint": "https://ccc.example.com/path"}, "only host and port"),
    ({"batchSize": "0"}, "ccc:batchSize: '0' is not a whole number from 1 to 100"),
    ({"batchSize": "many"}, "ccc:batchSize: 'many' is not a whole number from 1 to 100"),
    ({"batchSize": 2.5}, "is not a whole number"),
    ({"batchSize": True}, "is not a whole number"),
    ({"timeouts": {"raed": 5}}, 'ccc:timeouts.raed: is not a setting; did you mean "read"?'),
    ({"timeouts": {"read": -1}}, "ccc:timeouts.read: -1 is not a number from 0.1 to 3600"),
    ({"timeouts": "soon"}, "ccc:timeouts: is not a mapping; write {connect"),
    ({"timeouts": "[1]"}, "ccc:timeouts: is not a mapping"),
    (
        {"rate": {"ListPhoneNumber": 5}},
        "ccc:rate.ListPhoneNumber: is not a setting; did you mean",
    ),
    ({"rate": {"ListPhoneNumbers": 0}}, "ccc:rate.ListPhoneNumbers: 0 is not a whole number"),
    ({"rateBudgetUrl": {"secure": "v1:x"}}, "ccc:rateBudgetUrl: is not plain text"),
    ({"endpoint": {"secure": "v1:x"}}, "ccc:endpoint: is not plain text"),
    ({"region": ["cn-shanghai"]}, "ccc:region: is not plain text"),
    ({"rateBudgetUrl": "mysql://x"}, "use redis://host:port/db, file:///path or nothing"),
]


@pytest.mark.parametrize(("mapping", "message"), MISTAKES)
def test_a_mistake_is_one_line_that_says_what_to_do(mapping: Mapping[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        Settings.parse(mapping, environ={})
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_password_in_an_endpoint_is_not_repeated() -> None:
    with pytest.raises(ConfigError) as error:
        parse(endpoint="https://user:pa55word@ccc.example.com")
    assert "pa55word" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("redis://u:pa55word@h:x/0", "its port is not a number"),
        ("redis://u:pa55word@h:70000/0", "its port is not a number"),
        ("redis://u:99/pa55word@h/0", "its database is not a number"),
        ("redis://u:pa55word@[::1/0", "its host cannot be read"),
        ("redis://u:pa55word@h/?db=abc", "its database is not a number"),
        ("redis://u:pa55word@h/first", "its database is not a number"),
        ("mysql://u:pa55/word@h", "use redis://host:port/db"),
        ("pa55word", "use redis://host:port/db"),
        ("file://run/pa55word", "it names no file; write three slashes"),
        ("file:///run/a%00pa55word", "it names no file"),
    ],
)
def test_a_budget_address_that_cannot_work_is_never_repeated(url: str, why: str) -> None:
    said: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
        ("ccc:rateBudgetUrl", {"rateBudgetUrl": url}, {}),
        ("CCC_RATE_BUDGET_URL", {}, {"CCC_RATE_BUDGET_URL": url}),
    )
    for name, settings, environ in said:
        with pytest.raises(ConfigError) as error:
            Settings.parse(settings, environ=environ)
        assert str(error.value).startswith(f"{name}: {why}")
        assert "pa55" not in str(error.value)


def test_the_environment_fills_in_what_is_not_configured() -> None:
    environ = {
        "CCC_REGION": "ap-southeast-1",
        "CCC_ENDPOINT": "127.0.0.1:9",
        "CCC_RATE_BUDGET_URL": "redis://cache/0",
        "CCC_RATE_ACCOUNT": "acme",
    }
    settings = Settings.parse({"region": "", "endpoint": None}, environ=environ)
    assert settings.region == "ap-southeast-1"
    assert settings.endpoint == "127.0.0.1:9"
    assert settings.rate_budget_url == "redis://cache/0"
    assert settings.rate_account == "acme"
    assert Settings.parse({"region": "cn-shanghai"}, environ=environ).region == "cn-shanghai"


def test_values_may_be_text_as_pulumi_hands_them_over() -> None:
    settings = parse(batchSize="50", timeouts='{"operation": "300"}', rate='{"ListPhoneNumbers": "7"}')
    assert settings.batch_size == 50
    assert settings.timeouts.operation == 300
    assert settings.quotas["ListPhoneNumbers"] == 7
    assert settings.quotas["AddPhoneNumbers"] == 100


def test_the_engines_own_keys_are_accepted() -> None:
    assert parse(version="0.1.0", pluginDownloadURL="").region == "cn-shanghai"


def test_paths_are_taken_from_the_project() -> None:
    settings = Settings.parse(
        {"endpoint": "embedded", "simulatorSeed": "seeds/demo.yaml", "simulatorState": "/project/s.sqlite3"},
        environ={"CCC_SIMULATOR_STATE": "/var/s.sqlite3"},
        base=Path("/project"),
    )
    assert settings.simulator_seed == Path("/project/seeds/demo.yaml")
    assert settings.simulator_state == Path("/project/s.sqlite3")


def test_the_embedded_simulator_has_no_address_until_it_runs() -> None:
    settings = parse(endpoint="embedded")
    assert settings.embedded
    with pytest.raises(ValueError, match="start the embedded simulator"):
        _ = settings.target
    started = settings.at("http://127.0.0.1:8080")
    assert not started.embedded
    assert started.simulated
    assert started.target == Endpoint("127.0.0.1:8080", https=False, loopback=True)


@pytest.mark.parametrize("written", ["../secret.yaml", "/etc/hostname", "link.yaml"])
def test_a_seed_outside_the_project_is_refused(tmp_path: Path, written: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "secret.yaml").write_text("TOKEN: pa55word\n", "utf-8")
    (project / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(
        ConfigError, match=r"^ccc:simulatorSeed: leads out of the project's folder; keep the file below it$"
    ):
        Settings.parse({"simulatorSeed": written}, environ={}, base=project)
