"""`tools/run` and `tools/python`: the environment that commands get."""

import subprocess
from pathlib import Path

from tests.tools.machine import Machine


def run_in(machine: Machine, **user: str) -> dict[str, str]:
    """The environment that `tools/run` gives a command."""
    (machine.checkout.venv).mkdir(exist_ok=True)
    (machine.checkout.venv / "stamp").touch()
    (machine.checkout.tools / "pulumi.json").touch()
    said = subprocess.run(
        [machine.checkout.root / "tools" / "run", "env"],
        env={"PATH": "/usr/bin:/bin", **user},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in said.stdout.splitlines())


def test_pulumi_keeps_everything_in_the_checkout(machine: Machine) -> None:
    root = machine.checkout.root
    env = run_in(machine)
    assert env["CCC_NUMBERS_RUN"] == f"{root}/tools/run"  # as it was typed
    assert env["PULUMI_HOME"] == f"{root}/.pulumi/home"
    assert env["PULUMI_BACKEND_URL"] == f"file://{root}/.pulumi/state?metadata=skip"
    assert env["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert env["PATH"].startswith(f"{root}/.venv/bin:{root}/.tools/bin:")
    assert (root / ".pulumi" / "state").is_dir()


def test_pulumi_keeps_no_log_of_every_word_unless_somebody_wants_it(machine: Machine) -> None:
    logs = machine.checkout.root / ".pulumi" / "home" / "logs"
    run_in(machine)
    assert logs.is_file()
    logs.unlink()
    logs.mkdir()
    run_in(machine)
    assert logs.is_dir()


def test_the_users_own_home_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    run_in(machine, PULUMI_HOME=str(tmp_path / "his"))
    assert not (tmp_path / "his").exists()


def test_the_users_own_backend_and_passphrase_are_his(machine: Machine) -> None:
    env = run_in(machine, PULUMI_BACKEND_URL="s3://bucket", PULUMI_HOME="/his")
    assert (env["PULUMI_BACKEND_URL"], env["PULUMI_HOME"]) == ("s3://bucket", "/his")
    assert "PULUMI_CONFIG_PASSPHRASE" not in env
    assert run_in(machine, PULUMI_CONFIG_PASSPHRASE="his")["PULUMI_CONFIG_PASSPHRASE"] == "his"
    assert "PULUMI_CONFIG_PASSPHRASE" not in run_in(machine, PULUMI_CONFIG_PASSPHRASE_FILE="/his")


def test_without_a_tool_chain_the_wrapper_says_what_to_run(machine: Machine) -> None:
    done = subprocess.run(
        [machine.checkout.root / "tools" / "run", "env"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        1,
        "tools/run: the tool chain is not complete; run: make tools\n",
    )


def test_an_old_python_is_one_line(machine: Machine) -> None:
    old = machine.has("python3", "exit 1")
    python = machine.checkout.root / "tools" / "python"
    for user, line in (
        ({}, "make: Python 3.11 or newer is needed and is not on PATH: install it, or name one"),
        ({"PYTHON": str(old)}, f"make: PYTHON={old} is not a Python 3.11 or newer"),
    ):
        env = {"PATH": f"{machine.programs}", **user}
        (machine.programs / "dirname").unlink(missing_ok=True)
        (machine.programs / "dirname").symlink_to("/usr/bin/dirname")
        done = subprocess.run(["/bin/sh", python, "-V"], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith(line)
        assert len(done.stderr.splitlines()) == 1
