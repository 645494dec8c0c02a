"""Which Pulumi CLI is used, and what the user is told when none can be had."""

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.machine import Machine
from tools import pins, pulumi_build, pulumi_cli
from tools.shell import ToolError

INSTALLS = f"""
while [ $# -gt 0 ]; do case $1 in --install-root) root=$2 ;; --version) version=$2 ;; esac; shift; done
mkdir -p "$root/bin"
printf '#!/bin/sh\\necho v%s\\n' "$version" >"$root/bin/pulumi"
for name in {" ".join(pulumi_cli.HOST)}; do printf '#!/bin/sh\\n' >"$root/bin/$name"; done
chmod +x "$root"/bin/*
"""

GO = """
case $1 in
env) printf 'go1.26.8\\nlocal\\n' ;;
-C) echo "$MODULE" ;;
list) echo 'go: downloading example.org/a v1.0.0'; echo example.org/a ;;
build)
  while [ "$1" != -o ]; do shift; done
  printf '#!/bin/sh\\necho v{version}\\n' >"$2"; chmod +x "$2" ;;
esac
"""


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def has_go(machine: Machine, script: str = GO) -> None:
    module = machine.programs / "sdk"
    for script_path in pulumi_build.SCRIPTS:
        (module / script_path).parent.mkdir(parents=True, exist_ok=True)
        (module / script_path).write_text("#!/bin/sh\n")
    machine.user["MODULE"] = str(module)
    machine.has("go", script.replace("{version}", pins.PULUMI))


def test_a_recent_cli_on_path_is_used_with_its_own_language_host(machine: Machine) -> None:
    program = machine.has_pulumi("3.227.0")
    stale = machine.checkout.bin / "pulumi-language-python"
    stale.parent.mkdir()
    stale.touch()

    cli = pulumi_cli.ensure(machine.checkout, machine.user, machine.console)

    assert (cli.source, cli.version, cli.program) == ("on PATH", "3.227.0", str(program))
    assert not stale.exists(), "our host would come first on PATH and be taken for the CLI's own"


@pytest.mark.parametrize(
    ("version", "with_host", "said"),
    [
        ("3.226.1", True, "v3.226.1 on PATH is not used: the project needs 3.227 or newer"),
        ("3.259.0", False, "pulumi-language-python is neither beside it nor on PATH"),
    ],
)
def test_an_unfit_cli_on_path_is_left_alone_and_the_installer_asked(
    machine: Machine, installer: Callable[[str], str], version: str, with_host: bool, said: str
) -> None:
    machine.has_pulumi(version, with_host)
    machine.user["CCC_PULUMI_INSTALLER"] = installer(f"PATH=/usr/bin:/bin {INSTALLS}")

    cli = pulumi_cli.ensure(
        machine.checkout, machine.user | {"PATH": f"{machine.programs}:/bin"}, machine.console
    )

    assert said in machine.output
    assert (cli.source, cli.version) == ("official installer", pins.PULUMI)
    assert Path(cli.program) == machine.checkout.bin / "pulumi"
    assert sorted(path.name for path in machine.checkout.bin.iterdir()) == sorted(
        ["pulumi", *pulumi_cli.HOST]
    )


def test_the_installer_is_kept_inside_the_checkout(machine: Machine, installer: Callable[[str], str]) -> None:
    asks = f'echo "$* TMPDIR=$TMPDIR" >"{machine.calls}"; exit 1'
    machine.user["CCC_PULUMI_INSTALLER"] = installer(asks)
    machine.user["PATH"] += ":/bin"

    with pytest.raises(ToolError):
        pulumi_cli.ensure(machine.checkout, machine.user, machine.console)

    (asked,) = machine.called()
    assert "--no-edit-path" in asked
    assert f"--install-root {machine.checkout.scratch}" in asked
    assert f"TMPDIR={machine.checkout.scratch}" in asked


def test_without_an_installer_the_cli_is_built(machine: Machine) -> None:
    has_go(machine)
    machine.user["CCC_PULUMI_INSTALLER"] = f"http://127.0.0.1:{closed_port()}/install.sh"

    cli = pulumi_cli.ensure(machine.checkout, machine.user, machine.console)

    assert "the official installer cannot be reached" in machine.output
    assert (cli.source, cli.version) == ("built from Go modules", pins.PULUMI)
    names = {path.name for path in machine.checkout.bin.iterdir()}
    assert names == {"pulumi", *pulumi_cli.HOST, "pulumi-resource-pulumi-python"}
    assert list(Path(machine.user["HOME"]).iterdir()) == []


def run_program(folder: Path) -> subprocess.CompletedProcess[str]:
    """The script that the language host starts, with a Python that has no packages."""
    script = folder / "exec"
    script.write_text(pulumi_build.with_virtualenv("#!/usr/bin/env python\nprint('ran')\n"), "utf-8")
    words = [sys.executable, "-I", "-S", str(script), "--stack", "acme"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("options", "named"), [("virtualenv: 'env/here' # ours", "env/here"), ("toolchain: pip", ".venv")]
)
def test_a_built_host_takes_the_python_that_the_project_names(
    tmp_path: Path, options: str, named: str
) -> None:
    (tmp_path / "Pulumi.yaml").write_text(f"runtime:\n  options:\n    {options}\n", "utf-8")
    python = tmp_path / named / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$0 $*"\n', "utf-8")
    python.chmod(0o755)
    done = run_program(tmp_path)
    assert done.stdout == f"{python} {tmp_path}/exec --stack acme\n", done.stderr


def test_without_packages_one_line_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("runtime: python\n", "utf-8")
    done = run_program(tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (32, "", 1)
    assert "pip install -r requirements.txt" in done.stderr


def test_a_failing_installer_is_no_dead_end(machine: Machine, installer: Callable[[str], str]) -> None:
    has_go(machine)
    machine.user["CCC_PULUMI_INSTALLER"] = installer("echo curl: connection refused; exit 7")
    machine.user["PATH"] += ":/bin"

    cli = pulumi_cli.ensure(machine.checkout, machine.user, machine.console)

    assert (
        "running Pulumi's installer failed: the release of the Pulumi CLI cannot be reached" in machine.output
    )
    assert cli.source == "built from Go modules"


def test_only_the_pinned_modules_are_built(machine: Machine) -> None:
    has_go(machine)

    pulumi_cli.ensure(machine.checkout, machine.user, machine.console)

    builds = [call for call in machine.called() if call.startswith(("go list -mod", "go build"))]
    assert len(builds) == 4
    assert all("-mod=readonly" in call for call in builds)


def test_go_missing_is_one_line_with_the_way_on(machine: Machine) -> None:
    with pytest.raises(ToolError) as refused:
        pulumi_cli.ensure(machine.checkout, machine.user, machine.console)

    assert str(refused.value) == (
        "no Pulumi CLI: the official installer is switched off by CCC_PULUMI_INSTALLER, and there is no Go on PATH "
        "to build it: install Go 1.25.11 or newer, or Pulumi 3.227 or newer"
    )


@pytest.mark.parametrize(
    ("version", "fetching", "fits"),
    [
        ("go1.26.8", "local", True),
        ("go1.24.3", "auto", True),
        ("go1.24.3", "local", False),
        ("go1.19.8", "", False),
    ],
)
def test_an_older_go_will_do_when_it_fetches_the_newer_one(
    machine: Machine, version: str, fetching: str, fits: bool
) -> None:
    machine.has("go", f"printf '{version}\\n{fetching}\\n'")
    if fits:
        assert pulumi_build.find_go(machine.checkout, machine.user, "no installer").endswith("/go")
    else:
        with pytest.raises(
            ToolError, match=r"the Go on PATH is 1\.\d+\.\d, too old to build it: install Go 1\.25"
        ):
            pulumi_build.find_go(machine.checkout, machine.user, "no installer")


def test_an_unreachable_module_proxy_is_one_line(machine: Machine) -> None:
    has_go(
        machine,
        "[ $1 = env ] && printf 'go1.26.8\\nlocal\\n' && exit\necho 'module lookup disabled by GOPROXY=off'; exit 1",
    )
    machine.user["GOPROXY"] = "https://me:secret@proxy.example.org"

    with pytest.raises(ToolError) as refused:
        pulumi_cli.ensure(machine.checkout, machine.user, machine.console)

    line = str(refused.value)
    assert "the Go module proxy (GOPROXY=https://proxy.example.org) cannot be reached" in line
    assert "secret" not in line + machine.output
    assert "\n" not in line


def test_a_chosen_cli_is_known_without_running_anything(machine: Machine) -> None:
    machine.has_pulumi("3.259.0")
    chosen = pulumi_cli.ensure(machine.checkout, machine.user, machine.console)
    machine.called()

    assert pulumi_cli.current(machine.checkout, machine.user) == chosen
    assert machine.called() == []


def test_another_cli_on_path_means_choosing_again(machine: Machine) -> None:
    machine.has_pulumi("3.259.0")
    pulumi_cli.ensure(machine.checkout, machine.user, machine.console)
    machine.has_pulumi("3.2590.0")
    assert pulumi_cli.current(machine.checkout, machine.user) is None


def test_a_cli_that_was_deleted_is_missed(machine: Machine) -> None:
    has_go(machine)
    pulumi_cli.ensure(machine.checkout, machine.user, machine.console)
    assert pulumi_cli.current(machine.checkout, machine.user) is not None

    (machine.checkout.bin / "pulumi-language-python-exec").unlink()
    assert pulumi_cli.current(machine.checkout, machine.user) is None
