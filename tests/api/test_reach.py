"""A stack file's paths stay in the project, and it names no address and no password."""

from pathlib import Path

import pytest

from ccc_numbers.api.embedded import start
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.settings import Settings

SECRET = "pa55word"


def refusal(base: Path, **mapping: object) -> str:
    with pytest.raises(ConfigError) as refused:
        Settings.parse(mapping, environ={}, base=base)
    return str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        f"redis://:{SECRET}@10.0.0.5:6379/0",
        "redis://10.0.0.5",
        "redis://127.0.0.1:6379/0",
        f"rediss://user:{SECRET}@cache.example/0",
        f"memory://user:{SECRET}@x",
        f"file://user:{SECRET}@/{{project}}/rates",
        f"file://{{project}}/rates?password={SECRET}",
        f"postgres://user:{SECRET}@x",
        f"redis:/{SECRET}",
    ],
)
def test_a_budget_of_a_stack_file_has_no_address_and_no_password(url: str, tmp_path: Path) -> None:
    said = refusal(tmp_path, rateBudgetUrl=url.format(project=tmp_path))
    assert said.startswith("ccc:rateBudgetUrl: ")
    assert SECRET not in said
    assert "10.0.0.5" not in said


def test_a_refused_budget_says_where_it_belongs(tmp_path: Path) -> None:
    assert refusal(tmp_path, rateBudgetUrl=f"redis://:{SECRET}@cache/0") == (
        "ccc:rateBudgetUrl: a stack file names no address and holds no password; remove the key there (and change the "
        "password, if it had one), and set CCC_RATE_BUDGET_URL in the environment instead"
    )


OUTSIDE = ["/etc/cron.d/x", "{project}/../x", "{project}/link/x"]


@pytest.mark.parametrize(
    ("key", "path"),
    [
        *((key, path) for key in ("rateBudgetUrl", "simulatorState", "simulatorSeed") for path in OUTSIDE),
        ("rateBudgetUrl", "{project}/%2e%2e/x"),
    ],
)
def test_a_path_of_a_stack_file_stays_in_the_project(key: str, path: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "link").symlink_to(tmp_path)
    written = path.format(project=project)
    said = refusal(project, **{key: f"file://{written}" if key == "rateBudgetUrl" else written})
    assert said.startswith(f"ccc:{key}: leads out of the project's folder; keep the file below it")
    variable = {"rateBudgetUrl": "CCC_RATE_BUDGET_URL", "simulatorState": "CCC_SIMULATOR_STATE"}.get(key)
    assert variable is None or said.endswith(f", or set {variable} in the environment instead")


def test_what_stays_in_the_project_works_as_before(tmp_path: Path) -> None:
    settings = Settings.parse(
        {
            "endpoint": "embedded",
            "rateBudgetUrl": f"file://{tmp_path}/.rates/budget",
            "simulatorState": ".simulator/x.sqlite3",
            "simulatorSeed": "stacks/../stacks/demo.seed.yaml",
        },
        environ={},
        base=tmp_path,
    )
    assert settings.rate_budget_url == f"file://{tmp_path}/.rates/budget"
    assert settings.simulator_state == tmp_path / ".simulator/x.sqlite3"
    assert settings.simulator_seed == tmp_path / "stacks/../stacks/demo.seed.yaml"
    assert Settings.parse({"rateBudgetUrl": "memory://"}, environ={}).rate_budget_url == "memory://"


def test_the_environment_may_name_any_place(tmp_path: Path) -> None:
    environ = {"CCC_RATE_BUDGET_URL": f"rediss://:{SECRET}@cache/0", "CCC_SIMULATOR_STATE": "/var/s.sqlite3"}
    settings = Settings.parse({}, environ=environ, base=tmp_path)
    assert settings.rate_budget_url == environ["CCC_RATE_BUDGET_URL"]
    assert settings.simulator_state == Path("/var/s.sqlite3")


def test_a_wrong_budget_of_the_environment_is_not_repeated() -> None:
    with pytest.raises(ConfigError, match="CCC_RATE_BUDGET_URL: use redis") as refused:
        Settings.parse({}, environ={"CCC_RATE_BUDGET_URL": f"mysql://{SECRET}"})
    assert SECRET not in str(refused.value)


def test_a_committed_link_does_not_lead_the_default_state_out_of_the_project(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / ".simulator").symlink_to(outside)
    with pytest.raises(ConfigError, match="leads out of the project's folder"):
        start(project=project)
    assert list(outside.iterdir()) == []
