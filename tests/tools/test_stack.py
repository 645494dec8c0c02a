"""`make up` and its like: what Pulumi is told, and when it asks."""

from __future__ import annotations

import subprocess

import pytest

from tests.tools.machine import SOURCE, Machine
from tools import stack, test_deps
from tools.shell import ToolError

PULUMI = """
case "$*" in
'stack history'*) n=$(cat "$HOME/updates" 2>/dev/null || echo 0); echo "[{\\"version\\": $n, \\"resourceChanges\\": $CHANGES}]" ;;
up*) [ -z "$FAILS" ] || exit 255; echo 1 >"$HOME/updates" ;;
esac
"""


def ready(machine: Machine) -> None:
    """A checkout with a demo stack and a Pulumi that does as told."""
    machine.has("pulumi", PULUMI)
    machine.has("ccc-numbers", "")
    settings = machine.checkout.root / "stacks"
    settings.mkdir()
    (settings / "Pulumi.demo.yaml").touch()
    machine.user["CHANGES"] = '{"create": 24}'


def up(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> int:
    """`make up` on the demo."""
    monkeypatch.setenv("PATH", machine.user["PATH"])
    return stack.run("up", "demo", [], machine.checkout, machine.user)


def test_up_selects_the_stack_updates_it_and_shows_its_numbers(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(machine)
    assert up(machine, monkeypatch) == 0
    calls = [call for call in machine.called() if "history" not in call]
    assert calls == [
        "pulumi stack select --create demo",
        "pulumi up --stack demo --yes",
        "ccc-numbers numbers --stack demo",
    ]


def test_an_update_that_changed_nothing_says_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(machine)
    machine.user["CHANGES"] = '{"same": 31}'
    up(machine, monkeypatch)
    assert "Nothing to change: CCC already holds what stacks/demo.yaml declares." in capsys.readouterr().out


def test_an_update_that_failed_ends_with_pulumis_own_exit_code(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(machine)
    machine.user["FAILS"] = "yes"
    assert up(machine, monkeypatch) == 255
    assert not any(call.startswith("ccc-numbers") for call in machine.called())


def test_an_unknown_stack_names_those_there_are(machine: Machine) -> None:
    ready(machine)
    with pytest.raises(ToolError, match=r"^there is no stacks/Pulumi\.demmo\.yaml; stacks here: demo$"):
        stack.run("up", "demmo", [], machine.checkout, machine.user)


@pytest.mark.parametrize(
    ("verb", "name", "at_terminal", "asks"),
    [
        ("up", "demo", True, False),
        ("destroy", "demo", True, False),
        ("up", "acme", True, True),
        ("up", "acme", False, False),
        ("destroy", "acme", True, True),
        ("destroy", "acme", False, True),
    ],
)
def test_only_the_demo_is_destroyed_without_being_asked(
    verb: str, name: str, at_terminal: bool, asks: bool
) -> None:
    assert (stack.confirmation(verb, name, at_terminal) == []) is asks


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
    assert env["PULUMI_HOME"] == f"{root}/.pulumi/home"
    assert env["PULUMI_BACKEND_URL"] == f"file://{root}/.pulumi/state"
    assert env["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert env["PATH"].startswith(f"{root}/.venv/bin:{root}/.tools/bin:")
    assert (root / ".pulumi" / "state").is_dir()


def test_the_users_own_backend_and_passphrase_are_his(machine: Machine) -> None:
    env = run_in(machine, PULUMI_BACKEND_URL="s3://bucket", PULUMI_HOME="/his")
    assert (env["PULUMI_BACKEND_URL"], env["PULUMI_HOME"]) == ("s3://bucket", "/his")
    assert "PULUMI_CONFIG_PASSPHRASE" not in env
    assert run_in(machine, PULUMI_CONFIG_PASSPHRASE="his")["PULUMI_CONFIG_PASSPHRASE"] == "his"
    assert "PULUMI_CONFIG_PASSPHRASE" not in run_in(machine, PULUMI_CONFIG_PASSPHRASE_FILE="/his")


def test_the_demo_has_its_own_passphrase_in_the_checkouts_state_only(machine: Machine) -> None:
    own = {
        "PULUMI_BACKEND_URL": f"file://{machine.checkout.root}/.pulumi/state",
        "PULUMI_CONFIG_PASSPHRASE": "his",
    }
    assert stack.environment("demo", machine.checkout, own)["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert stack.environment("acme", machine.checkout, own)["PULUMI_CONFIG_PASSPHRASE"] == "his"
    elsewhere = own | {"PULUMI_BACKEND_URL": "s3://bucket"}
    assert stack.environment("demo", machine.checkout, elsewhere)["PULUMI_CONFIG_PASSPHRASE"] == "his"


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


def test_missing_test_programs_are_named_with_the_way_to_get_them(machine: Machine) -> None:
    test_deps.ensure(machine.checkout, machine.user, machine.console, is_root=False)
    assert (
        "on Debian: sudo apt-get install redis-server chromium; the tests that need it are left out"
        in machine.output
    )
    with pytest.raises(ToolError, match=r"^redis-server .* and chromium .* not on PATH"):
        test_deps.ensure(machine.checkout, machine.user | {"CI": "true"}, machine.console, is_root=False)


def test_missing_test_programs_are_installed_where_that_is_possible(machine: Machine) -> None:
    machine.has("apt-get", "")
    machine.has("chromium", "")
    test_deps.ensure(machine.checkout, machine.user, machine.console, is_root=True)
    _update, install = machine.called()
    assert install.endswith("install --no-install-recommends redis-server")

    machine.has("redis-server", "")
    test_deps.ensure(machine.checkout, machine.user, machine.console, is_root=True)
    assert machine.called() == []


def test_the_readmes_commands_are_what_ci_runs() -> None:
    ci = (SOURCE / ".ci" / "run").read_text(encoding="utf-8")
    for readme in ("README.md", "README.zh-CN.md"):
        text = (SOURCE / readme).read_text(encoding="utf-8")
        assert "make up" in text.split("## ")[0]
        assert "make test" in text.split("## ")[0]
    assert "for target in test lint" in ci


def test_make_alone_shows_what_can_be_done() -> None:
    done = subprocess.run(["make", "-C", SOURCE], capture_output=True, text=True, check=True)
    for target in ("tools", "up", "preview", "refresh", "destroy", "test", "lint", "bench", "lock", "clean"):
        assert f"  make {target} " in done.stdout
