"""A team's machine: the wheel in an environment of its own, and the repository that `ccc-numbers init` writes."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.patience import HANG_S
from tests.support.stack import ROOT, environment

RIVALS = ("components", "vendors", "provider", "fleet", "simulator", "ccc")
"""Packages of a team's own, named as folders of this project are or were."""


@dataclass(frozen=True)
class Machine:
    """`venv` has the wheel; `folder` is for repositories and what Pulumi keeps."""

    venv: Path
    folder: Path
    variables: dict[str, str]

    @property
    def numbers(self) -> Path:
        """The repository's folder."""
        return self.folder / "numbers"

    def run(self, *words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program as the team would, in the repository when it is there; `more` are variables."""
        return subprocess.run(
            words,
            cwd=self.numbers if self.numbers.exists() else self.folder,
            env=self.variables | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG_S,
        )

    def init(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`ccc-numbers init numbers WORDS`, and the environment where the README has it made."""
        done = self.run("ccc-numbers", "init", self.numbers, *words)
        if done.returncode == 0:
            (self.numbers / ".venv").symlink_to(self.venv)
        return done

    def pulumi(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """The CLI in the repository."""
        return self.run("pulumi", *words, "--non-interactive", "--color", "never", **more)

    def files(self) -> list[str]:
        """What is in the repository, by path."""
        found = (file for file in self.numbers.rglob("*") if file.is_file())
        paths = (file.relative_to(self.numbers).as_posix() for file in found)
        return sorted(path for path in paths if not path.startswith((".venv/", "home/", "state/")))


def build(folder: Path) -> Path:
    """The wheel of this checkout, built into `folder` without a network."""
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel in it; what it depends on is lent by this checkout's own environment.

    Installing two hundred packages for each run of the tests would take minutes. A path file brings them; this checkout
    itself is not among them, for its own path file is read in its own environment alone.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    words = ["--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True, capture_output=True, text=True)
    (own,) = folder.glob("lib/python3.*/site-packages")
    (lent,) = (ROOT / ".venv").glob("lib/python3.*/site-packages")
    (own / "lent.pth").write_text(f"{lent}\n", "utf-8")
    return folder


def without_packages(team: Machine, wheel: Path) -> dict[str, str]:
    """Variables of a runner that has no environment yet: pip finds the wheel alone, the rest is lent as in `install`."""
    (lent,) = (ROOT / ".venv").glob("lib/python3.*/site-packages")
    # Ignored: this checkout's own, which what is lent lists as installed.
    offline = {
        "PIP_IGNORE_INSTALLED": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_FIND_LINKS": str(wheel.parent),
    }
    path = team.variables["PATH"].removeprefix(f"{team.venv}/bin{os.pathsep}")
    return {**offline, "PYTHONPATH": str(lent), "PATH": path}


def machine(venv: Path, folder: Path) -> Machine:
    """The team's shell: its environment and the Pulumi CLI on PATH, nothing of this checkout's packages."""
    variables = environment(folder)
    checkout = str(ROOT / ".venv" / "bin")
    others = [each for each in variables["PATH"].split(os.pathsep) if each != checkout]
    return Machine(venv, folder, variables | {"PATH": os.pathsep.join([str(venv / "bin"), *others])})
