"""`ccc-numbers init`: a repository that works at once, beside whatever else is in it."""

import json
import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ccc_numbers import __version__
from tests.install.team import RIVALS, Machine
from tests.support.stack import ROOT
from tools import pulumi_build

SIMULATOR = ("--stack", "acme", "--simulator")
COMMON = [
    ".envrc",
    ".gitignore",
    "Pulumi.yaml",
    "README.md",
    "__main__.py",
    "plugin/pulumi-resource-ccc",
    "requirements.txt",
    "stacks/Pulumi.acme.yaml",
    "stacks/acme.seed.yaml",
    "stacks/acme.yaml",
]
NUMBERS = {"02180001001", "02180001002", "02180001003"}


def test_a_new_repository_previews_and_updates_beside_packages_of_our_names(team: Machine) -> None:
    done = team.init(*SIMULATOR, "--forge", "none")
    assert done.returncode == 0, done.stderr
    assert team.files() == COMMON
    assert (team.numbers / "requirements.txt").read_text("utf-8") == f"ccc-numbers=={__version__}\n"
    for name in RIVALS:
        (team.numbers / name).mkdir()
        (team.numbers / name / "__init__.py").touch()
    checked = team.run("ccc-numbers", "check")
    assert (checked.returncode, "nothing wrong" in checked.stdout) == (0, True), checked.stdout
    assert team.pulumi("stack", "select", "--create", "acme").returncode == 0
    previewed = team.pulumi("preview", "--json")
    planned = {step["urn"].rsplit("::", 1)[-1] for step in json.loads(previewed.stdout)["steps"]}
    assert planned >= NUMBERS, previewed.stdout + previewed.stderr
    assert team.pulumi("up", "--yes", "--skip-preview").returncode == 0
    looked = team.run("ccc-numbers", "drift", "-o", "json")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    planned_again = team.run("ccc-numbers", "plan", "--detailed-exit-code")
    assert planned_again.returncode == 0, planned_again.stdout + planned_again.stderr
    file = team.numbers / "stacks" / "acme.yaml"
    file.write_text(file.read_text("utf-8").replace("usage: bidirectional", "usage: inbound"), "utf-8")
    changed = team.run("ccc-numbers", "plan", "--detailed-exit-code")
    assert changed.returncode == 2, changed.stdout + changed.stderr


def test_a_plain_preview_needs_no_active_environment(team: Machine) -> None:
    """With an official CLI, and with the older language host that `make tools` builds: `virtualenv` is followed."""
    assert team.init(*SIMULATOR, "--forge", "none").returncode == 0
    path = team.variables["PATH"].removeprefix(f"{team.venv}/bin:")
    assert str(team.venv) not in path
    built = ROOT / ".tools" / "bin"
    if built.is_dir():  # as a fresh build leaves it
        # Not links: the CLI takes the host that lies beside it.
        shutil.copytree(built, team.folder / "bin")
        script = team.folder / "bin" / Path(pulumi_build.EXEC).name
        text = script.read_text("utf-8")
        script.write_text(
            text
            if pulumi_build.VIRTUALENV.read_text("utf-8") in text
            else pulumi_build.with_virtualenv(text),
            "utf-8",
        )
        path = path.replace(str(built), str(team.folder / "bin"))
    assert team.pulumi("stack", "select", "--create", "acme", PATH=path).returncode == 0
    done = team.pulumi("preview", PATH=path)
    assert done.returncode == 0, done.stdout
    assert "2 to add, 1 to take over" in done.stdout
    (team.numbers / ".venv").unlink()
    done = team.pulumi("preview", PATH=path)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    assert ".venv" in done.stdout + done.stderr


def test_a_stack_of_a_real_account_says_whose_it_is(team: Machine) -> None:
    done = team.init(
        *("--stack", "acme", "--account", "1570000000000002", "--instance", "acme-live", "--forge", "none")
    )
    assert done.returncode == 0, done.stderr
    assert team.files() == [each for each in COMMON if "seed" not in each]
    settings = yaml.safe_load((team.numbers / "stacks/Pulumi.acme.yaml").read_text("utf-8"))["config"]
    assert settings == {"ccc:region": "cn-shanghai", "ccc:account": "1570000000000002"}
    declared = yaml.safe_load((team.numbers / "stacks/acme.yaml").read_text("utf-8"))
    assert declared == {"instances": {"acme-live": {"numbers": {}}}}
    assert "ccc-numbers adopt acme-live --stack acme" in done.stdout
    checked = team.run("ccc-numbers", "check")
    assert (checked.returncode, "nothing wrong" in checked.stdout) == (0, True), checked.stdout


def test_a_file_that_is_there_is_never_overwritten(team: Machine) -> None:
    team.numbers.mkdir()
    (team.numbers / "README.md").write_text("ours", "utf-8")
    done = team.init(*SIMULATOR, "--forge", "none")
    assert done.returncode == 2
    assert "holds README.md already" in done.stderr
    assert team.files() == ["README.md"]
    assert (team.numbers / "README.md").read_text("utf-8") == "ours"


def test_other_files_stay_beside_the_new_ones(team: Machine) -> None:
    team.numbers.mkdir()
    (team.numbers / "flows.md").write_text("ours", "utf-8")
    assert team.init(*SIMULATOR, "--forge", "none").returncode == 0
    assert team.files() == sorted([*COMMON, "flows.md"])


def test_without_a_terminal_one_line_says_what_is_missing(team: Machine) -> None:
    done = team.init("--account", "1570000000000002")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    for option in ("--stack NAME", "--instance ID", "--forge github|gitlab|operator|none"):
        assert option in done.stderr
    assert not team.numbers.exists()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--stack", "../acme", "--simulator", "--forge", "none"), "--stack"),
        (("--stack", "acme", "--simulator", "--account", "1570000000000002"), "not both"),
        (("--stack", "acme", "--account", "acme", "--instance", "x", "--forge", "none"), "only its digits"),
        (("--stack", "acme", "--simulator", "--region", "cn-shangai", "--forge", "none"), "cn-shanghai"),
        (("--stack", "Acme", "--simulator", "--forge", "operator"), "Kubernetes"),
    ],
)
def test_a_wrong_answer_is_one_line_and_writes_nothing(
    team: Machine, words: tuple[str, ...], named: str
) -> None:
    done = team.init(*words)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert named in done.stderr
    assert not team.numbers.exists()


def typed(team: Machine, keys: bytes, *words: str) -> tuple[int, str, str]:
    """`ccc-numbers init` at a terminal where somebody types `keys`; exit code, what was said, what was asked."""
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(
        ["ccc-numbers", "init", team.numbers, *words],
        env=team.variables,
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(terminal)
        os.write(keyboard, keys)
        said, asked = process.communicate(timeout=60)
        os.close(keyboard)
    return process.returncode, said, asked


def test_at_a_terminal_it_asks_for_what_is_missing(team: Machine) -> None:
    code, said, asked = typed(team, b"\ngitlab\n", "--stack", "beta")  # an empty account is the simulator
    assert code == 0, asked
    assert "Alibaba Cloud account id" in asked
    assert "Pipelines for [github/gitlab/operator/none] (github)" in asked
    assert "wrote" in said
    assert (team.numbers / "stacks/beta.seed.yaml").is_file()
    assert (team.numbers / ".gitlab-ci.yml").is_file()


def test_nothing_is_written_when_an_answer_does_not_come(team: Machine) -> None:
    code, _, asked = typed(team, b"\x04", "--stack", "beta", "--simulator")  # Ctrl-D
    assert code == 2
    assert asked.endswith("ccc-numbers: no answer to: Pipelines for\n")
    assert not team.numbers.exists()


def test_the_environment_file_says_the_same_as_this_checkouts(team: Machine) -> None:
    """What makes Pulumi quick stands in two shell files and one module."""
    assert team.init(*SIMULATOR, "--forge", "none").returncode == 0
    quick = {key: value for key, value in team.variables.items() if not key.startswith(("PULUMI_", "PIP_"))}
    said = [
        subprocess.run(words, cwd=team.numbers, env=quick, capture_output=True, text=True, check=True).stdout
        for words in (["sh", "-c", ". ./.envrc; env"], [f"{ROOT}/tools/run", "env"])
    ]
    own, ours = (
        dict(line.split("=", 1) for line in text.splitlines() if line.startswith(("PULUMI_", "PIP_")))
        for text in said
    )
    apart = {"PULUMI_HOME", "PULUMI_BACKEND_URL", "PIP_CACHE_DIR"}
    assert {k: v for k, v in own.items() if k not in apart} == {
        k: v for k, v in ours.items() if k not in apart
    }
    assert own["PULUMI_BACKEND_URL"] == f"file://{team.numbers}/.pulumi/state?metadata=skip"
    assert "PULUMI_HOME" not in own


def test_pulumi_new_makes_the_same_repository_of_a_template(team: Machine) -> None:
    made = team.run("ccc-numbers", "init", "template", "--simulator", "--forge", "gitlab", "--for-pulumi-new")
    assert made.returncode == 0, made.stderr
    assert "pulumi new" in made.stdout
    words = ("--yes", "--name", "numbers", "--stack", "dev", "--generate-only")
    done = team.pulumi("new", str(team.folder / "template"), "--dir", "numbers", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    (team.numbers / ".venv").symlink_to(team.venv)
    assert team.pulumi("stack", "select", "--create", "dev").returncode == 0
    previewed = team.pulumi("preview", "--json")
    planned = {step["urn"].rsplit("::", 1)[-1] for step in json.loads(previewed.stdout)["steps"]}
    assert planned >= NUMBERS, previewed.stdout + previewed.stderr
    looked = team.run("ccc-numbers", "upgrade")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert "${" not in (team.numbers / "Pulumi.yaml").read_text("utf-8")
