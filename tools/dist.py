"""`make dist`: what a release holds, in `out/dist`: wheel, source, an archive of the plugin per platform, checksums.

An archive is the launcher and `lib/`: the wheel's content, and every package that the plugin needs, for each Python that it
may meet. Pulumi unpacks it where it keeps plugins; no package index is asked there. The same commit gives the same bytes.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import shell, uv, venv
from tools.console import Console
from tools.layout import Checkout, Environment, for_python

DIST = Path("out") / "dist"
REQUIREMENTS = Path("tools") / "requirements-plugin.txt"
WANTS = (
    *(
        "alibabacloud-credentials",
        "aliyun-python-sdk-ccc",
        "aliyun-python-sdk-core",
        "grpcio",
        "httpx",
        "jinja2",
        "opencc-purepy",
    ),
    *("protobuf", "pulumi", "pydantic", "python-multipart", "pyrate-limiter", "pyyaml", "redis", "starlette"),
    *("tenacity", "uvicorn", "httptools", "uvloop"),
)
"""What the plugin needs of the product's dependencies: all but those of the command alone."""
LEFT_OUT = ("debugpy", "pip")
"""Asked for by Pulumi's SDK for programs: a debugger, and an installer for those that are kept in the state."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LAUNCHER = Path("plugin") / "launcher"
SUMS = "SHA256SUMS"
LABEL = "dist"


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform in Pulumi's words, in uv's, and a word that its compiled packages have in their tags."""

    pulumi: str
    uv: str
    tag: str


# Not darwin-amd64: there are no compiled packages for it any more. An Intel Mac takes the wheel.
PLATFORMS = (
    Platform("linux-amd64", "x86_64-manylinux_2_28", "linux"),
    Platform("linux-arm64", "aarch64-manylinux_2_28", "linux"),
    Platform("darwin-arm64", "aarch64-apple-darwin", "macosx"),
)


def build(
    checkout: Checkout,
    user: Environment,
    console: Console,
    out: Path,
    repository: str = "",
    platforms: Sequence[Platform] = PLATFORMS,
    pythons: Sequence[str] = PYTHONS,
) -> None:
    """Fill `out`. `repository`: the address that the release is published at, for the schema. Raises ToolError."""
    work = checkout.scratch / f"dist-{os.getpid()}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    try:
        source = _source(checkout, work / "source")
        maker = _Maker(checkout, uv.ensure(checkout, user, console), user, console, _epoch(checkout))
        wheel = maker.packages(source, out, repository)
        for platform in platforms:
            folder = work / platform.pulumi
            maker.plugin(folder, wheel, platform, pythons)
            maker.archive(folder, out / f"pulumi-resource-ccc-v{version(wheel)}-{platform.pulumi}.tar.gz")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sums = [
        f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in sorted(out.iterdir())
    ]
    (out / SUMS).write_text("".join(sums), encoding="utf-8")
    console.say(LABEL, f"{len(sums)} files and {SUMS} in {checkout.relative(out)}")


def version(wheel: Path) -> str:
    """The version in a wheel's name."""
    return wheel.name.split("-")[1]


def _source(checkout: Checkout, folder: Path) -> Path:
    """A copy of what git knows of the checkout, to change and to build from."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=checkout.root, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(checkout.root / name, folder / name)
    return folder


def _epoch(checkout: Checkout) -> int:
    """When the commit was made: the time of every file in what is built."""
    said = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=checkout.root, capture_output=True, text=True, check=True
    )
    return int(said.stdout)


@dataclass(frozen=True, slots=True)
class _Maker:
    checkout: Checkout
    uv: Path
    user: Environment
    console: Console
    epoch: int

    def packages(self, source: Path, out: Path, repository: str) -> Path:
        """Wheel and source distribution; the wheel."""
        python = self.checkout.venv_python
        env = {**self.user, "SOURCE_DATE_EPOCH": str(self.epoch), "PYTHONPATH": str(source)}
        generate = [
            "-m",
            "ccc_numbers.provider.generate",
            *(["--repository", repository] if repository else []),
        ]
        self._run("describing the package", [python, "-P", *generate], env, source)
        self._run(
            "building wheel and source", [python, "-m", "hatchling", "build", "--directory", out], env, source
        )
        (wheel,) = out.glob("*.whl")
        return wheel

    def plugin(self, folder: Path, wheel: Path, platform: Platform, pythons: Sequence[str]) -> None:
        """What the archive of one platform holds. Compiled modules have the Python in their names, so they lie together."""
        lib = folder / "lib"
        for python in pythons:
            packages = folder.with_name(f"{folder.name}-{python}")
            words = [
                "--python-platform",
                platform.uv,
                "--python-version",
                python,
                "--no-deps",
                "--require-hashes",
            ]
            self._run(
                f"collecting the packages of {platform.pulumi}",
                [
                    self.uv,
                    "pip",
                    "install",
                    "--target",
                    packages,
                    *words,
                    "-r",
                    self.checkout.root / REQUIREMENTS,
                ],
                for_python(self.checkout, self.user) | venv.pip_settings(self.checkout, self.user),
                self.checkout.root,
            )
            _check(packages, platform)
            for unwanted in ("bin", ".lock"):
                shutil.rmtree(packages / unwanted, ignore_errors=True)
                (packages / unwanted).unlink(missing_ok=True)
            shutil.copytree(packages, lib, dirs_exist_ok=True)
        with zipfile.ZipFile(wheel) as content:
            content.extractall(lib)  # noqa: S202  # our own
        shutil.copy(self.checkout.root / LAUNCHER, folder / "pulumi-resource-ccc")
        (folder / "pulumi-resource-ccc").chmod(0o755)
        shutil.copy(self.checkout.root / "LICENSE", folder)

    def archive(self, folder: Path, file: Path) -> None:
        """The folder as .tar.gz, without whose and when."""
        with (
            file.open("wb") as raw,
            gzip.GzipFile("", "wb", 6, raw, self.epoch) as packed,
            tarfile.open(fileobj=packed, mode="w") as tar,
        ):
            for path in sorted(each for each in folder.rglob("*") if each.is_file()):
                entry = tar.gettarinfo(path, path.relative_to(folder).as_posix())
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                entry.mtime = self.epoch
                entry.mode = 0o755 if entry.mode & 0o100 else 0o644
                with path.open("rb") as content:
                    tar.addfile(entry, content)

    def _run(self, purpose: str, words: Sequence[str | Path], env: Environment, folder: Path) -> None:
        with self.console.step(LABEL, purpose) as step:
            command = shell.Command(words, env, purpose, "the Python package index", folder)
            shell.run(self.checkout, command, step, uv.progress)


def _check(packages: Path, platform: Platform) -> None:
    """A package that is compiled from source here would run nowhere else. Raises ToolError."""
    for wheel in packages.glob("*.dist-info/WHEEL"):
        tags = list(_tags(wheel))
        if not any(each.endswith("-any") or platform.tag in each for each in tags):
            raise shell.ToolError(f"{wheel.parent.name} is not made for {platform.pulumi}: {', '.join(tags)}")


def _tags(wheel: Path) -> Iterator[str]:
    for line in wheel.read_text(encoding="utf-8").splitlines():
        if line.startswith("Tag: "):
            yield line.removeprefix("Tag: ")
