"""The pipelines that `ccc-numbers init` writes: valid, and run with what the requirement brings and no checkout."""

from pathlib import Path

import pytest
import yaml

from tests.install.team import Machine, without_packages
from tests.support.stack import ROOT
from tools import pins

SIMULATOR = ("--stack", "acme", "--simulator")


@pytest.mark.parametrize(
    ("forge", "schema", "files"),
    [
        (
            "github",
            "vendor.github-workflows",
            [f".github/workflows/{n}.yml" for n in ("deploy", "drift", "preview")],
        ),
        ("github", "vendor.github-actions", [".github/actions/setup/action.yml"]),
        ("gitlab", "vendor.gitlab-ci", [".gitlab-ci.yml", "pipelines/gitlab/stacks.yml"]),
    ],
)
def test_the_pipelines_are_valid_and_need_nothing_of_a_checkout(
    team: Machine, forge: str, schema: str, files: list[str]
) -> None:
    assert team.init(*SIMULATOR, "--forge", forge).returncode == 0
    transform = ["--data-transform", "gitlab-ci"] if forge == "gitlab" else []
    words = [str(ROOT / ".venv" / "bin" / "check-jsonschema"), "--builtin-schema", schema, *transform, *files]
    checked = team.run(*words)
    assert checked.returncode == 0, checked.stdout
    for file in (*files, "pipelines/setup", "pipelines/aws.config"):
        text = (team.numbers / file).read_text("utf-8")
        assert "tools/run" not in text, file
        assert "make " not in text, file
    assert "ccc-numbers plan" in "".join((team.numbers / file).read_text("utf-8") for file in files) + (
        "ccc-numbers plan" if schema == "vendor.github-actions" else ""
    )


def test_the_operators_manifests_name_the_stack(team: Machine) -> None:
    assert team.init("--stack", "beta", "--simulator", "--forge", "operator").returncode == 0
    customer = (team.numbers / "pipelines/operator/customers/beta/kustomization.yaml").read_text("utf-8")
    assert "value: beta" in customer
    assert "acme" not in customer
    for file in team.numbers.glob("pipelines/operator/**/kustomization.yaml"):
        for resource in yaml.safe_load(file.read_text("utf-8")).get("resources", []):
            assert (file.parent / resource).exists(), f"{file}: {resource}"


def test_a_pipelines_setup_fails_when_the_pin_cannot_be_had(team: Machine) -> None:
    assert team.init(*SIMULATOR, "--forge", "gitlab").returncode == 0
    (team.numbers / ".venv").unlink()
    done = team.run("sh", "-c", ". pipelines/setup; echo went on", PIP_NO_INDEX="1")
    assert (done.returncode, done.stdout) == (1, "")


def test_pipelines_install_the_cli_that_this_project_is_tested_with(team: Machine) -> None:
    assert team.init(*SIMULATOR, "--forge", "github").returncode == 0
    assert f"--version {pins.PULUMI} " in (team.numbers / "pipelines/setup").read_text("utf-8")


def test_gitlabs_jobs_check_plan_apply_and_look(team: Machine, wheel: Path) -> None:
    assert team.init(*SIMULATOR, "--forge", "gitlab").returncode == 0
    (team.numbers / ".venv").unlink()
    for words in ("init -q -b main", "add .", "-c user.name=a -c user.email=a@b commit -q -m first"):
        assert team.run("git", *words.split()).returncode == 0
    jobs = yaml.safe_load((team.numbers / ".gitlab-ci.yml").read_text("utf-8"))
    templates = yaml.safe_load((team.numbers / "pipelines/gitlab/stacks.yml").read_text("utf-8"))

    # One runner for all jobs: setting one up takes longer than any of them.
    looking = [
        line for line in jobs["drift"]["script"] if "issue" not in line
    ]  # a forge is needed to post one
    lines = [
        *templates[".ccc-numbers"]["before_script"],
        *jobs["check"]["script"],
        *jobs["deploy-matrix"]["script"],
        *templates[".ccc-numbers:plan"]["script"],
        *templates[".ccc-numbers:apply"]["script"],
        *looking,
    ]
    surroundings = {**without_packages(team, wheel), "GITLAB_CI": "true", "WHICH": "--all", "STACK": "acme"}
    done = team.run("bash", "-e", "-o", "pipefail", "-c", "\n".join(lines), **surroundings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing wrong" in done.stdout
    assert "clean" in done.stdout
    child = yaml.safe_load((team.numbers / "stacks-of-this-change.yml").read_text("utf-8"))
    assert child["include"] == [{"local": "/pipelines/gitlab/stacks.yml"}]
    assert {"plan acme", "apply acme"} <= child.keys()


def test_githubs_setup_installs_what_is_pinned_for_the_next_step(team: Machine, wheel: Path) -> None:
    assert team.init(*SIMULATOR, "--forge", "github").returncode == 0
    (team.numbers / ".venv").unlink()
    path, variables = team.folder / "github-path", team.folder / "github-env"
    action = yaml.safe_load((team.numbers / ".github/actions/setup/action.yml").read_text("utf-8"))
    (script,) = (step["run"] for step in action["runs"]["steps"] if "run" in step)
    script += "\ncommand -v ccc-numbers pulumi-resource-ccc"
    files = {"GITHUB_PATH": str(path), "GITHUB_ENV": str(variables)}
    done = team.run("bash", "-e", "-o", "pipefail", "-c", script, **without_packages(team, wheel), **files)
    assert done.returncode == 0, done.stderr
    own = team.numbers / ".venv" / "bin"
    assert done.stdout.split() == [str(own / "ccc-numbers"), str(own / "pulumi-resource-ccc")]
    assert path.read_text("utf-8").splitlines()[-1] == str(own)
    assert "PULUMI_SKIP_CHECKPOINTS=true" in variables.read_text("utf-8")
    assert "PASSPHRASE" not in variables.read_text("utf-8")
    preview = yaml.safe_load((team.numbers / ".github/workflows/preview.yml").read_text("utf-8"))
    (check,) = (
        step for step in preview["jobs"]["check"]["steps"] if step.get("name") == "Check all stack files"
    )
    env = without_packages(team, wheel) | dict(
        line.split("=", 1) for line in variables.read_text("utf-8").splitlines()
    )
    env["PATH"] = ":".join([*reversed(path.read_text("utf-8").splitlines()), env["PATH"]])
    summary = team.folder / "summary"
    done = team.run(
        "bash", "-e", "-o", "pipefail", "-c", check["run"], **env, GITHUB_STEP_SUMMARY=str(summary)
    )
    assert done.returncode == 0, done.stderr
    assert "1 stack, nothing wrong" in summary.read_text("utf-8")
