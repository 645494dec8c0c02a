"""The Python environment: when it is made, what interrupts it, whose settings it follows."""

import sys
from pathlib import Path

import pytest

from tests.tools.machine import Machine
from tools import uv, venv
from tools.shell import ToolError

VERSION = ".".join(str(part) for part in sys.version_info[:3])

UV = f"""
case "$1 $2" in
--version*) echo uv 0.13.9 ;;
venv*)
  for last; do :; done
  mkdir -p "$last/bin"
  printf '#!/bin/sh\\necho Python {VERSION}\\n' >"$last/bin/python"; chmod +x "$last/bin/python" ;;
'pip sync') [ -z "$BROKEN" ] || {{ echo "$BROKEN"; exit 2; }} ;;
esac
"""


def uv_calls(machine: Machine) -> list[str]:
    """What uv was asked to do, without the questions for its version."""
    calls = [call.removeprefix("uv ") for call in machine.called() if call.startswith("uv ")]
    return [call for call in calls if call != "--version"]


def test_the_environment_is_made_from_the_lock_with_hashes_and_then_left_alone(machine: Machine) -> None:
    machine.has("uv", UV)

    venv.ensure(machine.checkout, machine.user, machine.console)

    making, packages, project = uv_calls(machine)
    assert making.startswith("venv ")
    assert packages.startswith(f"pip sync {machine.checkout.lock} --require-hashes --build-constraints ")
    assert project == f"pip install --no-deps --no-build-isolation --editable {machine.checkout.root}"
    assert venv.current(machine.checkout)


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml", "tools/requirements-build.txt"])
def test_a_change_of_what_it_is_made_from_is_noticed(machine: Machine, name: str) -> None:
    machine.has("uv", UV)
    venv.ensure(machine.checkout, machine.user, machine.console)
    uv_calls(machine)

    path = machine.checkout.root / name
    path.write_text(path.read_text() + "\n")
    assert not venv.current(machine.checkout)

    venv.ensure(machine.checkout, machine.user, machine.console)
    assert [call.split()[:2] for call in uv_calls(machine)] == [["pip", "sync"], ["pip", "install"]]


def test_a_cut_off_installation_is_done_again_in_full(machine: Machine) -> None:
    machine.has("uv", UV)
    with pytest.raises(ToolError):
        venv.ensure(machine.checkout, machine.user | {"BROKEN": "killed"}, machine.console)
    assert not venv.current(machine.checkout)
    uv_calls(machine)

    venv.ensure(machine.checkout, machine.user, machine.console)

    packages, _project = uv_calls(machine)
    assert packages.endswith(" --reinstall")
    assert venv.current(machine.checkout)


def test_an_environment_of_another_python_is_replaced(machine: Machine) -> None:
    machine.has("uv", UV)
    old = machine.checkout.venv_python
    old.parent.mkdir(parents=True)
    old.write_text("#!/bin/sh\necho Python 3.10.2\n")
    old.chmod(0o755)

    venv.ensure(machine.checkout, machine.user, machine.console)

    assert uv_calls(machine)[0].startswith("venv ")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "error: Failed to fetch: `https://me:secret@mirror.example.org/simple/pip/`",
            "installing the Python packages failed: the Python package index cannot be reached "
            "(error: Failed to fetch: `https://mirror.example.org/simple/pip/`); "
            "all it said is in .tools/log/installing-the-python-packages.log",
        ),
        (
            "error: failed to copy: No space left on device (os error 28)",
            "installing the Python packages failed: the disk is full "
            "(error: failed to copy: No space left on device (os error 28)); "
            "all it said is in .tools/log/installing-the-python-packages.log",
        ),
        (
            "error: Hash mismatch for `pip==26.3`",
            "installing the Python packages failed: error: Hash mismatch for `pip==26.3`; "
            "all it said is in .tools/log/installing-the-python-packages.log",
        ),
    ],
)
def test_what_goes_wrong_is_one_line(machine: Machine, said: str, line: str) -> None:
    machine.has("uv", UV)
    with pytest.raises(ToolError) as failed:
        venv.ensure(machine.checkout, machine.user | {"BROKEN": said}, machine.console)
    assert str(failed.value) == line


def test_a_full_disk_is_said_before_anything_is_started(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.has("uv", UV)
    monkeypatch.setattr(venv, "SPACE", 10**18)
    with pytest.raises(
        ToolError, match=r"^not enough disk space: installing the Python packages needs .* GB and "
    ):
        venv.ensure(machine.checkout, machine.user, machine.console)
    assert machine.called() == []


def test_a_mirror_set_for_pip_is_used_by_uv_too(machine: Machine) -> None:
    user = machine.user | {"PIP_INDEX_URL": "https://mirror.example.org/simple", "PIP_TRUSTED_HOST": "a b"}
    settings = venv.pip_settings(machine.checkout, user)
    assert settings["UV_DEFAULT_INDEX"] == "https://mirror.example.org/simple"
    assert settings["UV_INSECURE_HOST"] == "a b"


def test_a_setting_for_uv_wins_over_pips(machine: Machine) -> None:
    user = machine.user | {
        "PIP_INDEX_URL": "https://pip.example.org",
        "UV_INDEX_URL": "https://uv.example.org",
    }
    assert "UV_DEFAULT_INDEX" not in venv.pip_settings(machine.checkout, user)


def test_an_old_uv_on_path_is_left_alone(machine: Machine) -> None:
    machine.has("uv", "echo uv 0.4.30")
    own = machine.checkout.tools / "uv" / "bin" / "uv"
    own.parent.mkdir(parents=True)
    own.write_text("#!/bin/sh\necho uv 0.13.9\n")
    own.chmod(0o755)

    assert uv.ensure(machine.checkout, machine.user, machine.console) == own
    assert "the one on PATH is older than 0.5; it is left alone" in machine.output


def test_without_uv_and_pip_the_way_on_is_one_line(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(machine.has("python-without-pip", "exit 1")))
    with pytest.raises(
        ToolError, match=r"^uv is not on PATH and \S+ has no pip to install it with: install uv, or pip"
    ):
        uv.ensure(machine.checkout, machine.user, machine.console)


def test_caches_stay_in_the_checkout_unless_the_user_has_his_own(machine: Machine) -> None:
    from tools.layout import for_go, for_python

    inside = str(machine.checkout.cache)
    python, go = for_python(machine.checkout, machine.user), for_go(machine.checkout, machine.user)
    assert all(python[key].startswith(inside) for key in ("UV_CACHE_DIR", "PIP_CACHE_DIR"))
    assert all(go[key].startswith(inside) for key in ("GOPATH", "GOMODCACHE", "GOCACHE"))
    assert for_python(machine.checkout, {"UV_CACHE_DIR": "/mine"})["UV_CACHE_DIR"] == "/mine"
    assert Path(for_go(machine.checkout, {"GOPATH": "/mine"})["GOMODCACHE"]) == Path("/mine/pkg/mod")
