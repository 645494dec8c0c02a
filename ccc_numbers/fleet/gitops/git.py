"""Runs git in a project's folder: its answer, or one line that says why there is none."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ccc_numbers.fleet.errors import FleetError


def answer(project: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
    """What a git command printed. Raises FleetError when it failed."""
    done = run(project, *words, environment=environment)
    if done.returncode != 0:
        said = " ".join(done.stderr.split()).removeprefix("fatal: ")
        raise FleetError(f"git {words[0]} failed in {project.resolve()}: {said or 'it said nothing'}")
    return done.stdout


def run(
    project: Path, *words: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a git command, however it ends. Raises FleetError when git is not there."""
    return subprocess.run(  # noqa: S603  # words are ours, and revisions that the caller has checked
        command(project, *words),
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
        env=None if environment is None else dict(environment),
    )


def blobs(project: Path, ids: list[str]) -> list[bytes]:
    """The content of these objects, in order, as it is stored: no filter and no attribute is applied."""
    words = command(project, "cat-file", "--batch")
    asked = "".join(f"{each}\n" for each in ids).encode()
    done = subprocess.run(words, input=asked, capture_output=True, check=True)  # noqa: S603  # words are ours
    found, at = [], 0
    for _ in ids:
        end = done.stdout.index(b"\n", at)
        size = int(done.stdout[at:end].split()[2])
        found.append(done.stdout[end + 1 : end + 1 + size])
        at = end + size + 2
    return found


def command(project: Path, *words: str) -> list[str]:
    """The command line of a git command in the project's folder."""
    git = shutil.which("git")
    if git is None:
        raise FleetError("git is not on PATH, and it alone knows what changed; install it, or use --all")
    return [git, "-C", str(project), *words]
