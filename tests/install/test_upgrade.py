"""`ccc-numbers upgrade`: the pin is moved, the rest is left as a diff to review."""

import json

from ccc_numbers import __version__
from tests.install.team import Machine


def begin(team: Machine, forge: str = "github") -> None:
    assert team.init("--stack", "acme", "--simulator", "--forge", forge).returncode == 0


def pin(team: Machine, text: str) -> None:
    (team.numbers / "requirements.txt").write_text(text, "utf-8")


def test_a_repository_just_written_has_nothing_to_upgrade(team: Machine) -> None:
    begin(team)
    before = team.files()
    done = team.run("ccc-numbers", "upgrade")
    assert done.returncode == 0, done.stderr
    assert f"ccc-numbers {__version__} is pinned already" in done.stdout
    assert "differs" not in done.stdout
    assert team.files() == before


def test_an_older_repository_gets_the_pin_and_a_patch_that_git_takes(team: Machine) -> None:
    begin(team)
    pin(team, "ccc-numbers==0.0.9  # the numbers\nmy-checks==1.0\n")
    declared = (team.numbers / "stacks/acme.yaml").read_text("utf-8") + "# ours\n"
    (team.numbers / "stacks/acme.yaml").write_text(declared, "utf-8")
    old = "name: drift\non: workflow_dispatch\njobs: {}"
    workflow, launcher = (
        team.numbers / ".github/workflows/drift.yml",
        team.numbers / "plugin/pulumi-resource-ccc",
    )
    new = workflow.read_text("utf-8")
    workflow.write_text(old, "utf-8")
    launcher.unlink()

    done = team.run("ccc-numbers", "upgrade")

    assert done.returncode == 0, done.stderr
    pinned = (team.numbers / "requirements.txt").read_text("utf-8")
    assert pinned == f"ccc-numbers=={__version__}  # the numbers\nmy-checks==1.0\n"
    shown = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("differs: ")]
    assert shown == [".github/workflows/drift.yml", "plugin/pulumi-resource-ccc"]
    assert workflow.read_text("utf-8") == old
    assert not launcher.exists()
    assert (team.numbers / "stacks/acme.yaml").read_text("utf-8") == declared
    assert team.run("git", "apply", "out/upgrade.patch").returncode == 0
    assert workflow.read_text("utf-8") == new
    assert launcher.stat().st_mode & 0o111
    assert "differs" not in team.run("ccc-numbers", "upgrade").stdout


def test_another_version_is_pinned_and_its_files_come_with_it(team: Machine) -> None:
    begin(team, "none")
    done = team.run("ccc-numbers", "upgrade", "--to", "9.1.0")
    assert done.returncode == 0, done.stderr
    assert (team.numbers / "requirements.txt").read_text("utf-8") == "ccc-numbers==9.1.0\n"
    assert "pip install -r requirements.txt, then ccc-numbers upgrade" in done.stdout


def test_a_new_version_shows_its_changes_and_plans_every_stack(team: Machine) -> None:
    begin(team, "none")
    committed = (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "0.0.9"),
    )
    pin(team, "ccc-numbers==0.0.9\n")
    for words in committed:
        assert team.run("git", *words).returncode == 0
    pin(team, f"ccc-numbers=={__version__}\n")
    assert team.pulumi("stack", "select", "--create", "acme").returncode == 0
    changes = team.run("ccc-numbers", "upgrade", "--plan")
    assert "since 0.0.9:" in changes.stdout, changes.stderr
    assert "- `ccc-numbers upgrade`: moves the pin" in changes.stdout
    assert changes.returncode == 1, changes.stdout
    assert "acme: 2 added, 1 taken over" in changes.stdout, changes.stdout
    assert team.pulumi("up", "--yes", "--skip-preview").returncode == 0
    unchanged = team.run("ccc-numbers", "upgrade", "--plan")
    assert unchanged.returncode == 0, unchanged.stdout + unchanged.stderr
    answered = json.loads(team.run("ccc-numbers", "upgrade", "--output", "json").stdout)
    assert answered["changes"].startswith("## Unreleased")


def test_a_pin_that_is_not_ours_to_move_is_one_line(team: Machine) -> None:
    begin(team, "none")
    for text in (
        "ccc-numbers @ file:///wheels/x.whl\n",
        "ccc-numbers>=0.1\n",
        f"ccc-numbers=={__version__} \\\n  --hash=x\n",
    ):
        pin(team, text)
        done = team.run("ccc-numbers", "upgrade", "--to", "9.1.0")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "requirements.txt: has no line ccc-numbers==VERSION" in done.stderr
        assert (team.numbers / "requirements.txt").read_text("utf-8") == text


def test_a_folder_that_init_did_not_write_is_one_line(team: Machine) -> None:
    team.numbers.mkdir()
    (team.numbers / "stacks").mkdir()
    for made, said in ((False, "requirements.txt: cannot be read"), (True, "Pulumi.yaml: cannot be read")):
        if made:
            pin(team, f"ccc-numbers=={__version__}\n")
        done = team.run("ccc-numbers", "upgrade")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert said in done.stderr


def test_what_is_not_a_version_is_refused(team: Machine) -> None:
    begin(team, "none")
    done = team.run("ccc-numbers", "upgrade", "--to", "latest; rm -rf")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is not a version" in done.stderr
