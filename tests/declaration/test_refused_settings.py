"""Settings of Pulumi's own file that no run takes from there."""

from pathlib import Path

import pytest

from ccc_numbers.declaration.read import load_stack
from ccc_numbers.declaration.stack import stack_file
from tests.declaration.conftest import Folder

NUMBERS = "instances: {acme: {numbers: {95518: {usage: inbound, flow: f}}}}\n"


def told(folder: Folder, settings: str) -> list[str]:
    folder.write("acme.yaml", NUMBERS)
    folder.write("Pulumi.acme.yaml", settings)
    loaded = load_stack(Path(), "acme")
    assert (loaded.declaration is None) == bool(loaded.problems)
    return [str(problem) for problem in loaded.problems]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("ccc:endpoint", "evil.example", "is not a host of CCC"),
        ("ccc:endpoint", "{secure: v1:abc}", "is not plain text"),
        (
            "ccc:rateBudgetUrl",
            "redis://:pa55word@cache/0",
            "a stack file names no address and holds no password",
        ),
        ("ccc:rateBudgetUrl", "{secure: v1:pa55word}", "is not plain text"),
        ("ccc:simulatorState", "/etc/cron.d/x", "leads out of the project's folder"),
        ("ccc:simulatorSeed", "../secrets.yaml", "leads out of the project's folder"),
        ("ccc:pluginDownloadURL", "https://evil.example", "does not say where plugins are downloaded from"),
        (
            "alicloud:pluginDownloadURL",
            "https://evil.example",
            "does not say where plugins are downloaded from",
        ),
        ("alicloud:endpoints", "[{oss: evil.example}]", "does not say where pulumi-alicloud sends requests"),
        (
            "alicloud:credentialsUri",
            "http://evil.example",
            "does not say where pulumi-alicloud sends requests",
        ),
        ("alicloud:region", "x.evil.example/", "is not a region"),
    ],
)
def test_a_setting_that_reaches_out_is_refused_at_its_place(
    folder: Folder, key: str, value: str, said: str
) -> None:
    [line] = told(folder, f"config:\n  ccc:region: cn-shanghai\n  {key}: {value}\n")
    column = 3 if key.startswith("alicloud:") or key.endswith("URL") else len(key) + 5
    assert line.startswith(f"stacks/Pulumi.acme.yaml:3:{column}: config.{key}: ")
    assert said in line
    assert "pa55word" not in line


def test_variables_of_the_process_are_not_set_by_a_stack_file(folder: Folder) -> None:
    """Pulumi sets them before it starts the program: CCC_ALLOWED_HOSTS, HTTPS_PROXY, PATH."""
    text = "environment:\n  values:\n    environmentVariables: {CCC_ALLOWED_HOSTS: evil.example}\n"
    [line] = told(folder, text)
    assert line.startswith(
        "stacks/Pulumi.acme.yaml:3:5: environment.values.environmentVariables: a stack file sets"
    )
    assert told(folder, "environment: [acme-prod]\nconfig: {alicloud:region: cn-shanghai}\n") == []


def test_the_numbers_of_a_stack_with_a_refused_setting_stay_its_own(folder: Folder) -> None:
    told(folder, "config: {ccc:endpoint: evil.example}\n")
    assert list(load_stack(Path(), "acme").sound.instances["acme"].numbers) == ["95518"]


def test_a_host_that_the_environment_names_is_accepted(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCC_ALLOWED_HOSTS", "proxy.example")
    assert told(folder, "config: {ccc:endpoint: proxy.example}\n") == []


@pytest.mark.parametrize("settings", ["config: {ccc:rateBudgetUrl: }\n", "config: {ccc:batchSize: }\n"])
def test_a_setting_without_a_value_is_not_there(folder: Folder, settings: str) -> None:
    assert told(folder, settings) == []
    assert stack_file(Path(), "acme").provider == {}
