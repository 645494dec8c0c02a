"""What a release holds: the files of `make dist`, and the plugin's archive where Pulumi has unpacked it."""

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from ccc_numbers import __version__
from tests.support.stack import ROOT, environment
from tools import dist
from tools.console import Console
from tools.layout import Checkout

REPOSITORY = "https://github.com/example/numbers"
PROGRAM = """
import pulumi
number = "02180001001"
binding = {"usage": "inbound", "contactFlow": "主流程"}
pulumi.CustomResource("ccc:index:PhoneNumber", number, {"number": number, "instanceId": "acme-support", **binding})
"""
SEED = {
    "instances": {
        "acme-support": {
            "status": "RUNNING",
            "contactFlows": [{"name": "主流程", "type": "MAIN_FLOW", "published": True}],
        }
    },
    "unassigned": [{"number": "02180001001"}],
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release, for this platform and this Python alone."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    own = [each for each in dist.PLATFORMS if each.pulumi == f"{sys.platform}-{machine}"]
    if not own:
        pytest.skip(f"no archive is made for {sys.platform} on {machine}")
    folder = tmp_path_factory.mktemp("release") / "dist"
    python = "{}.{}".format(*sys.version_info)
    with open(os.devnull, "w") as quiet:
        dist.build(Checkout(ROOT), os.environ, Console(quiet), folder, REPOSITORY, own, [python])
    return folder


def archive(release: Path) -> Path:
    (found,) = release.glob("pulumi-resource-ccc-*")
    return found


def test_the_checksums_are_those_of_the_files(release: Path) -> None:
    sums = {line[66:]: line[:64] for line in (release / dist.SUMS).read_text("utf-8").splitlines()}
    assert sums == {
        each.name: hashlib.sha256(each.read_bytes()).hexdigest()
        for each in release.iterdir()
        if each.name != dist.SUMS
    }
    assert re.fullmatch(
        rf"pulumi-resource-ccc-v{__version__}-(linux|darwin)-(amd64|arm64)\.tar\.gz", archive(release).name
    )
    assert len(sums) == 3


def test_pulumi_runs_the_plugin_of_the_archive_without_this_checkout(release: Path, tmp_path: Path) -> None:
    """Installed as a file, found by name; the embedded simulator, which has needs of its own, comes from it as well."""
    (tmp_path / "stacks").mkdir()
    (tmp_path / "__main__.py").write_text(PROGRAM, "utf-8")
    options = {"toolchain": "pip", "virtualenv": str(ROOT / ".venv")}
    project = {"name": "elsewhere", "runtime": {"name": "python", "options": options}}
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(project), "utf-8")
    settings = {"ccc:region": "cn-shanghai", "ccc:endpoint": "embedded", "ccc:simulatorSeed": "seed.yaml"}
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": settings}), "utf-8")
    (tmp_path / "seed.yaml").write_text(yaml.safe_dump(SEED, allow_unicode=True), "utf-8")
    variables = environment(tmp_path)
    path = [str(Path(sys.base_prefix) / "bin"), *variables["PATH"].split(os.pathsep)]
    # One on PATH would be taken before the one that is installed.
    variables["PATH"] = os.pathsep.join(
        each for each in path if not (Path(each) / "pulumi-resource-ccc").exists()
    )
    variables.pop("PYTHONPATH", None)

    def pulumi(*words: str) -> str:
        done = subprocess.run(
            ["pulumi", *words], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    pulumi("plugin", "install", "resource", "ccc", __version__, "--file", str(archive(release)))
    pulumi("stack", "init", "dev")
    assert (
        "1 to add" in (said := pulumi("up", "--yes", "--skip-preview", "--non-interactive"))
        or "+ 2 created" in said
    )
    state = json.loads(pulumi("stack", "export"))
    (number,) = [each for each in state["deployment"]["resources"] if each["type"] == "ccc:index:PhoneNumber"]
    assert number["outputs"]["status"] == "bound"
    (installed,) = tmp_path.glob(
        f"home/plugins/resource-ccc-v{__version__}/lib/ccc_numbers/provider/schema.json"
    )
    schema = json.loads(installed.read_text("utf-8"))
    assert schema["repository"] == schema["homepage"] == REPOSITORY
    assert schema["pluginDownloadURL"] == "github://api.github.com/example/numbers"
    assert schema["logoUrl"].endswith(f"/example/numbers/v{__version__}/docs/assets/logo.svg")


def test_the_archive_says_nothing_of_who_made_it(release: Path) -> None:
    with tarfile.open(archive(release)) as tar:
        members = tar.getmembers()
    assert {(each.uid, each.gid, each.uname, each.gname) for each in members} == {(0, 0, "", "")}
    assert len({each.mtime for each in members}) == 1
    assert next(each.mode for each in members if each.name == "pulumi-resource-ccc") == 0o755


def test_the_archives_packages_are_those_of_the_lock() -> None:
    def pins(file: str) -> set[str]:
        return set(re.findall(r"^[A-Za-z0-9._-]+==[^ \\]+", (ROOT / file).read_text("utf-8"), re.MULTILINE))

    assert pins(str(dist.REQUIREMENTS)) - pins("requirements.lock") == set()
