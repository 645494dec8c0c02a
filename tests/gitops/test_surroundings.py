"""What a runner has to have set, said before anything begins."""

from pathlib import Path

import pytest

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.pipeline import check_surroundings


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks/Pulumi.acme.yaml").write_text("config: {ccc:region: cn-shanghai}\n")
    (tmp_path / "stacks/Pulumi.kms.yaml").write_text("secretsprovider: awskms://alias/x\n")
    return tmp_path


def test_state_in_the_checkout_would_be_thrown_away_with_the_runner(project: Path) -> None:
    environ = {"GITHUB_ACTIONS": "true", "PULUMI_BACKEND_URL": f"file://{project}/.pulumi/state"}
    with pytest.raises(
        FleetError, match="would be thrown away with this runner: set PULUMI_BACKEND_URL in the"
    ):
        check_surroundings(environ, project, ["acme"])


def test_a_secret_that_is_not_set_is_an_empty_text_on_github(project: Path) -> None:
    environ = {"GITHUB_ACTIONS": "true", "PULUMI_BACKEND_URL": "s3://b", "PULUMI_CONFIG_PASSPHRASE": ""}
    with pytest.raises(FleetError, match="stack acme: the secret PULUMI_CONFIG_PASSPHRASE is empty"):
        check_surroundings(environ, project, ["kms", "acme"])
    check_surroundings(environ, project, ["kms"])
    check_surroundings(environ | {"PULUMI_BACKEND_URL": "https://api.pulumi.com"}, project, ["acme"])
    check_surroundings({"PULUMI_CONFIG_PASSPHRASE": ""}, project, ["acme"])


def test_gitlab_calls_its_place_for_secrets_by_another_name(project: Path) -> None:
    environ = {"GITLAB_CI": "true", "PULUMI_BACKEND_URL": "s3://b", "PULUMI_CONFIG_PASSPHRASE": ""}
    with pytest.raises(FleetError, match=r"set it in the project's CI/CD variables"):
        check_surroundings(environ, project, ["acme"])
