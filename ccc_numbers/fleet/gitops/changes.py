"""What changed since a revision, asked of git."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops import git
from ccc_numbers.messages.names import quoted


@dataclass(frozen=True, slots=True)
class Change:
    """The files that differ between `base` and the work tree, and the stack folder as it was at `base`.

    Paths are from the project's folder with `/`; what was deleted is among them. `before` holds the text of
    every YAML file below `stacks/` at `base`: what a deleted or edited stack file referred to.
    """

    base: str
    files: frozenset[str]
    before: Mapping[str, str]


def changed_since(project: Path, revision: str) -> Change:
    """Everything that changed since `revision` forked off: committed, not yet committed, not yet added.

    Raises FleetError with one line when git is not there, or does not have the revision.
    """
    base = _fork_point(project, revision)
    tracked = _paths(project, "diff", "--name-only", "--no-renames", "--relative", "-z", base)
    untracked = _paths(project, "ls-files", "--others", "--exclude-standard", "-z")
    at_base = _paths(project, "ls-tree", "-r", "--name-only", "-z", base, "stacks/")
    before = {
        path: git.answer(project, "show", f"{base}:./{path}")
        for path in at_base
        if path.endswith((".yaml", ".yml"))
    }
    return Change(base, frozenset(tracked) | frozenset(untracked), before)


def _fork_point(project: Path, revision: str) -> str:
    """Where the revision and HEAD parted: what others did on the main branch meanwhile is no change of ours."""
    if revision.startswith("-") or not revision.strip():
        raise FleetError(f"{quoted(revision)} is no revision; say a branch, a tag or a commit")
    known = git.run(project, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if known.returncode != 0:
        git.answer(project, "rev-parse", "--git-dir")
        raise FleetError(
            f"{quoted(revision)} is not in this clone; fetch it "
            "(GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0), or use --all"
        )
    commit = known.stdout.strip()
    base = git.run(project, "merge-base", commit, "HEAD")
    if base.returncode != 0:
        raise FleetError(
            f"{quoted(revision)} and HEAD have no common past in this clone; "
            "fetch the whole history (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0), or use --all"
        )
    return base.stdout.strip()


def _paths(project: Path, *words: str) -> list[str]:
    return [path for path in git.answer(project, *words).split("\0") if path]
