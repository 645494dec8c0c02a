"""Runs git in a project's folder: what changed since a revision, and contents of its objects."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ccc_numbers.declaration.names import FOLDER
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted

_YAML = (".yaml", ".yml")


def answer(project: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
    """The output of a git command. Raises FleetError when it failed."""
    done = run(project, *words, environment=environment)
    if done.returncode != 0:
        said = " ".join(done.stderr.split()).removeprefix("fatal: ")
        raise FleetError(
            tr(
                "git {words} failed in {folder}: {said}",
                words=words[0],
                folder=project.resolve(),
                said=said or tr("it said nothing"),
            )
        )
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
    """The content of these objects in order, as stored: no filter or attribute is applied."""
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
        raise FleetError(tr("git is not on PATH, and only git knows what changed; install it, or use --all"))
    return [git, "-C", str(project), *words]


def changed_since(project: Path, revision: str) -> tuple[frozenset[str], dict[str, str]]:
    """The files that changed since `revision` forked off (committed or not), and the stacks' texts as they were then.

    Paths are from the project's folder with `/`; deleted files are among them. Raises FleetError with one line when git
    is not there, or does not have the revision.
    """
    base = _fork_point(project, revision)
    tracked = paths(project, "diff", "--name-only", "--no-renames", "--relative", "-z", base)
    untracked = paths(project, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset((*tracked, *untracked)), stack_texts_at(project, base)


def stack_texts_at(project: Path, revision: str) -> dict[str, str]:
    """The text of every YAML file below `stacks/` in a commit, by path from the project's folder."""
    rows = (row.partition("\t") for row in paths(project, "ls-tree", "-r", "-z", revision, f"{FOLDER}/"))
    ids = {path: entry.split()[2] for entry, _, path in rows if " blob " in entry and path.endswith(_YAML)}
    contents = blobs(project, list(ids.values()))
    return {path: text.decode("utf-8", "surrogateescape") for path, text in zip(ids, contents, strict=True)}


def _fork_point(project: Path, revision: str) -> str:
    """The commit where revision and HEAD parted: later commits on the main branch are not part of the change."""
    if revision.startswith("-") or not revision.strip():
        raise FleetError(
            tr("{revision} is not a revision; say a branch, a tag or a commit", revision=quoted(revision))
        )
    known = run(project, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if known.returncode != 0:
        answer(project, "rev-parse", "--git-dir")
        raise FleetError(
            tr(
                "{revision} is not in this clone; fetch it (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0), or "
                "use --all",
                revision=quoted(revision),
            )
        )
    commit = known.stdout.strip()
    base = run(project, "merge-base", commit, "HEAD")
    if base.returncode != 0:
        raise FleetError(
            tr(
                "{revision} and HEAD have no common commit in this clone; fetch the whole history (GitHub: "
                "fetch-depth: 0, GitLab: GIT_DEPTH: 0), or use --all",
                revision=quoted(revision),
            )
        )
    return base.stdout.strip()


def paths(project: Path, *words: str) -> list[str]:
    """The parts of an answer of git that ends each with a NUL."""
    return [path for path in answer(project, *words).split("\0") if path]
