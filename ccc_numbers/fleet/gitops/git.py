"""Runs git in a project's folder: its answer, or one line that says why there is none; what changed since a revision."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.names import quoted


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


@dataclass(frozen=True, slots=True)
class ChangeSince:
    """The files that differ between `base` and the work tree, and the stack folder as it was at `base`.

    Paths are from the project's folder with `/`; what was deleted is among them. `before` holds the text of
    every YAML file below `stacks/` at `base`: what a deleted or edited stack file referred to.
    """

    base: str
    files: frozenset[str]
    before: Mapping[str, str]


def changed_since(project: Path, revision: str) -> ChangeSince:
    """Everything that changed since `revision` forked off: committed, not yet committed, not yet added.

    Raises FleetError with one line when git is not there, or does not have the revision.
    """
    base = _fork_point(project, revision)
    tracked = _paths(project, "diff", "--name-only", "--no-renames", "--relative", "-z", base)
    untracked = _paths(project, "ls-files", "--others", "--exclude-standard", "-z")
    at_base = _paths(project, "ls-tree", "-r", "--name-only", "-z", base, "stacks/")
    before = {
        path: answer(project, "show", f"{base}:./{path}")
        for path in at_base
        if path.endswith((".yaml", ".yml"))
    }
    return ChangeSince(base, frozenset(tracked) | frozenset(untracked), before)


def _fork_point(project: Path, revision: str) -> str:
    """Where the revision and HEAD parted: what others did on the main branch meanwhile is no change of ours."""
    if revision.startswith("-") or not revision.strip():
        raise FleetError(f"{quoted(revision)} is no revision; say a branch, a tag or a commit")
    known = run(project, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if known.returncode != 0:
        answer(project, "rev-parse", "--git-dir")
        raise FleetError(
            f"{quoted(revision)} is not in this clone; fetch it "
            "(GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0), or use --all"
        )
    commit = known.stdout.strip()
    base = run(project, "merge-base", commit, "HEAD")
    if base.returncode != 0:
        raise FleetError(
            f"{quoted(revision)} and HEAD have no common past in this clone; "
            "fetch the whole history (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0), or use --all"
        )
    return base.stdout.strip()


def _paths(project: Path, *words: str) -> list[str]:
    return [path for path in answer(project, *words).split("\0") if path]
