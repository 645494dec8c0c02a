"""What the wheel holds: all that ships, under one name, in one version."""

import json
import subprocess
from pathlib import Path
from zipfile import ZipFile

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2_grpc

from ccc_numbers import __version__
from tests.install.team import RIVALS, Machine
from tests.provider.test_component import PROGRAM
from tests.support.stack import ROOT


def plugin_version(command: list[str], cwd: Path) -> str:
    """Start the plugin without an environment, and ask it."""
    with subprocess.Popen(
        command, cwd=cwd, env={"PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                answer = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(Empty())
        finally:
            process.terminate()
    return str(answer.version)


def test_the_wheel_holds_all_that_ships_under_one_name(wheel: Path) -> None:
    shipped = ("ccc_numbers", "components", "policies", ".github", ".gitlab-ci.yml", "pipelines")
    words = ["git", "ls-files", "-z", *shipped]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    moved = {"components/": "ccc_numbers/components/", ".": "ccc_numbers/template/shared/."}
    moved["policies/"] = "ccc_numbers/policies/"
    moved["pipelines/"] = "ccc_numbers/template/shared/pipelines/"
    expected = set()
    for path in filter(None, listed):
        head = next((each for each in moved if path.startswith(each)), "")
        expected.add(moved.get(head, "") + path.removeprefix(head))
    held = set(ZipFile(wheel).namelist())
    assert "ccc_numbers/py.typed" in expected
    assert expected - held == set()
    assert {name.split("/")[0] for name in held} == {"ccc_numbers", f"ccc_numbers-{__version__}.dist-info"}


def test_command_plugin_schema_and_wheel_have_one_version(team: Machine, wheel: Path) -> None:
    said = {team.run("ccc-numbers", option).stdout for option in ("--version", "-V")}
    assert said == {f"ccc-numbers {__version__}\n"}
    assert wheel.name == f"ccc_numbers-{__version__}-py3-none-any.whl"
    asked = team.pulumi("package", "get-schema", str(team.venv / "bin" / "pulumi-resource-ccc"))
    assert json.loads(asked.stdout)["version"] == __version__, asked.stderr
    assert plugin_version([str(team.venv / "bin" / "pulumi-resource-ccc")], team.folder) == __version__


def test_the_components_come_as_part_of_the_package(team: Machine) -> None:
    done = team.run("python", "-c", "from ccc_numbers.components import run; print(run.__module__)")
    assert done.stdout == "ccc_numbers.components.program\n", done.stderr


def test_the_plugin_starts_by_file_beside_packages_of_its_names(team: Machine) -> None:
    """As `plugins.providers.path` of a program in another language names it: no environment is active there."""
    for name in RIVALS:
        (team.folder / name).mkdir()
        (team.folder / name / "__init__.py").touch()
    # One of a library that the plugin needs: the working directory is not where it looks for modules.
    (team.folder / "yaml.py").write_text("raise SystemExit('not this one')\n", "utf-8")
    (launcher,) = team.venv.glob("lib/python3.*/site-packages/ccc_numbers/provider/pulumi-resource-ccc")
    assert plugin_version([str(launcher)], team.folder) == __version__


def test_a_program_in_any_language_gets_the_component_from_the_wheel(team: Machine) -> None:
    """Beside packages of the team's own that are called as rooms of this project."""
    assert team.init("--stack", "acme", "--simulator", "--forge", "none").returncode == 0
    for name in RIVALS:
        (team.numbers / name).mkdir()
        (team.numbers / name / "__init__.py").touch()
    (team.numbers / "__main__.py").write_text(PROGRAM, "utf-8")
    defaults = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["support"]}
    said = {"instanceId": "acme-support", "defaults": defaults, "numbers": {"02180001002": {}}}
    (team.numbers / "components.json").write_text(json.dumps({"support": said}), "utf-8")
    (team.numbers / "stacks/acme.yaml").unlink()
    assert team.pulumi("stack", "select", "--create", "acme").returncode == 0
    previewed = team.pulumi("preview", "--json")
    planned = {step["urn"].rsplit("::", 1)[-1] for step in json.loads(previewed.stdout)["steps"]}
    assert planned >= {"support", "acme-support-roster", "02180001002"}, previewed.stdout + previewed.stderr
