"""A proposed commit seen from the commit it would be merged into: what it changes, and its `stacks/` as plain files.

None of it is run, and git never checks it out: links, submodules, filters and attributes have no effect.
docs/security.md says who may do what.
"""

import base64
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ccc_numbers.declaration.names import FOLDER
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_bytes
from ccc_numbers.fleet.gitops import git
from ccc_numbers.fleet.gitops.touched import Selection, select, stack_texts
from ccc_numbers.messages.names import quoted, some
from ccc_numbers.messages.visible import visible
from ccc_numbers.messages.yaml_document import Plain
from ccc_numbers.messages.yaml_reader import read_yaml

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MIB = 1024 * 1024
_MOST_FILES, _LARGEST, _LARGEST_TOGETHER = 20_000, 64 * _MIB, 256 * _MIB
_PLAIN_MODES = ("100644", "100755")
# Settings that need no maintainer: none of them decides whom we talk to, and as whom.
_OURS = ("declaration", "platformFee", "platformFeeTiers")
_ORDINARY = frozenset({"ccc:account", "ccc:rate", *(f"ccc-numbers:{key}" for key in _OURS)})
_REGION = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")


class Environment(StrEnum):
    """Where a preview runs: `stacks/` by our own program, or everything once a maintainer allowed it."""

    STACKS_ALONE = "preview"
    ALLOWED = "preview-allowed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`tree` is the result of merging `commit`; `changed` are the files that differ then, from the project's folder."""

    commit: str
    tree: str
    changed: frozenset[str]
    waits_for: tuple[str, ...]
    """The changes that a maintainer has to allow: files outside of `stacks/`, and settings that reach out."""

    @property
    def environment(self) -> Environment:
        """Where its preview has to run."""
        return Environment.ALLOWED if self.waits_for else Environment.STACKS_ALONE


def take(
    project: Path, commit: str, environment: Environment | None, environ: Mapping[str, str]
) -> tuple[Proposal, Selection]:
    """Take a proposed commit into this checkout, and the stacks that merging it touches.

    `environment` is where this job runs; refused unless it is the right one. Raises FleetError.
    """
    fetch(project, commit, environ)
    proposal = propose(project, commit)
    if environment is not None and environment is not proposal.environment:
        why = f" (it changes {some(proposal.waits_for)})" if proposal.waits_for else ""
        raise FleetError(f"{commit[:12]} belongs in {proposal.environment}{why}, and this is {environment}")
    take_stacks(project, proposal)
    selection = select(proposal.changed, stack_texts(project), git.stack_texts_at(project, "HEAD"))
    if environment is Environment.ALLOWED:
        # All of it: a maintainer has allowed that.
        git.answer(project, "read-tree", "--reset", "-u", proposal.tree)
    return proposal, selection


def fetch(project: Path, commit: str, environ: Mapping[str, str]) -> None:
    """Bring the commit's objects into this clone, and nothing into the work tree.

    On GitHub a checkout keeps no token: the step's own is handed to git by its environment, so that it is in no
    argument and in no file.
    """
    _check(commit)
    token = environ.get("GITHUB_TOKEN")
    settings = {}
    if token and environ.get("GITHUB_ACTIONS") == "true":
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        settings = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/.extraheader",
            "GIT_CONFIG_VALUE_0": f"Authorization: basic {basic}",
        }
    words = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "origin", commit)
    git.answer(project, *words, environment={**environ, **settings})


def propose(project: Path, commit: str) -> Proposal:
    """Merge the commit into HEAD in memory. Raises FleetError when it conflicts, or HEAD contains it already."""
    _check(commit)
    if git.run(project, "merge-base", "--is-ancestor", commit, "HEAD").returncode == 0:
        raise FleetError(
            f"{commit[:12]} is part of this checkout, so its own code runs here; "
            "a preview checks out the default branch (GitHub: on pull_request_target)"
        )
    merged = git.run(project, "merge-tree", "--write-tree", "--name-only", "--no-messages", "HEAD", commit)
    tree, *conflicts = merged.stdout.splitlines() or [""]
    if merged.returncode == 1:
        shown = ", ".join(map(_shown, conflicts[:3]))
        raise FleetError(f"{commit[:12]} conflicts with the default branch in {shown}: merge that first")
    if merged.returncode != 0:
        raise FleetError(
            f"{commit[:12]} cannot be merged: {' '.join(merged.stderr.split()) or 'git did not say why'}"
        )
    prefix = git.answer(project, "rev-parse", "--show-prefix").strip()
    listed = git.paths(project, "diff-tree", "-r", "--name-only", "--no-renames", "-z", "HEAD", tree)
    changed = frozenset(_from_project(path, prefix) for path in listed)
    return Proposal(commit, tree, changed, tuple(_waits_for(project, tree, changed)))


def take_stacks(project: Path, proposal: Proposal) -> None:
    """Replace our `stacks/` by the proposal's: only regular files. Raises FleetError for anything else."""
    entries = _plain_entries(project, proposal.tree)
    contents = git.blobs(project, [each for _, each in entries])
    if (project / FOLDER).exists():
        shutil.rmtree(project / FOLDER)
    for (path, _), content in zip(entries, contents, strict=True):
        write_bytes(project / path, content, folders=True)


def _check(commit: str) -> None:
    if not _COMMIT.fullmatch(commit):
        raise FleetError(f"{quoted(commit)} is not a commit's full id; a branch's name would move under us")


def _waits_for(project: Path, tree: str, changed: frozenset[str]) -> Iterator[str]:
    for path in sorted(changed):
        own = path.startswith(f"{FOLDER}/Pulumi.") and path.count("/") == 1
        if not path.startswith(f"{FOLDER}/") or (own and not path.endswith(".yaml")):
            yield _shown(path)
        elif own:
            yield from (f"{_shown(path)}: {key}" for key in _reaching_out(project, tree, path))


def _reaching_out(project: Path, tree: str, path: str) -> Iterator[str]:
    """The settings that differ and say whom a preview talks to, or as whom."""
    after = git.run(project, "show", f"{tree}:./{path}")
    if after.returncode != 0:
        return  # deleted: nothing is planned with it
    before = git.run(project, "show", f"HEAD:./{path}")
    new, old = _settings(after.stdout, path), _settings(before.stdout, path) or {}
    if new is None:
        yield "cannot be read"
        return
    for key in sorted(key for key in new.keys() | old.keys() if new.get(key) != old.get(key)):
        region = new.get(key)
        by_name = key == "ccc:region" and isinstance(region, str) and _REGION.fullmatch(region)
        if not (key in _ORDINARY or by_name or key == "encryptionsalt"):
            yield visible(key)


def _settings(text: str, path: str) -> dict[str, Plain] | None:
    """All settings of a stack's own file by key, those of `config` among them; None when it is not sound."""
    document = read_yaml(text, path)
    if document.problems:
        return None
    whole = document.data if isinstance(document.data, dict) else {}
    config = whole.get("config")
    return {key: value for key, value in whole.items() if key != "config"} | (
        config if isinstance(config, dict) else {}
    )


def _plain_entries(project: Path, tree: str) -> list[tuple[str, str]]:
    """Path and object of every file of `stacks/`. Raises FleetError when one is not an ordinary file."""
    listed = git.paths(project, "ls-tree", "-r", "-z", "--long", tree, f"{FOLDER}/")
    rows = [row.partition("\t") for row in listed]
    if not rows:
        raise FleetError(f"{FOLDER}/ is not a folder in what is proposed")
    if len(rows) > _MOST_FILES:
        raise FleetError(f"{FOLDER}/ would hold {len(rows)} files, and a preview takes at most {_MOST_FILES}")
    entries, together = [], 0
    for row, _, path in rows:
        mode, _kind, blob, size = row.split()
        if why := _not_plain(mode, path):
            raise FleetError(f"{_shown(path)}: {why}; {FOLDER}/ holds only regular files")
        together += int(size)
        if int(size) > _LARGEST or together > _LARGEST_TOGETHER:
            raise FleetError(
                f"{_shown(path)}: too large: a preview takes {_LARGEST // _MIB} MiB a file and "
                f"{_LARGEST_TOGETHER // _MIB} MiB in all"
            )
        entries.append((path, blob))
    return entries


def _not_plain(mode: str, path: str) -> str | None:
    """Why a preview refuses an entry of git's tree."""
    if mode not in _PLAIN_MODES:
        return {"120000": "is a link", "160000": "is a submodule"}.get(mode, f"has the mode {mode}")
    if not path.isprintable() or "\\" in path:
        return "has a name with invisible characters or a backslash"
    if any(part.startswith(".") or not part for part in path.split("/")):
        return "has a name that begins with a dot"
    return None


def _from_project(path: str, prefix: str) -> str:
    """Git's path from the project's folder; one outside of it begins with a slash and so is in no folder of ours."""
    return path.removeprefix(prefix) if path.startswith(prefix) else f"/{path}"


def _shown(path: str) -> str:
    return visible(path.encode("utf-8", "backslashreplace").decode())
