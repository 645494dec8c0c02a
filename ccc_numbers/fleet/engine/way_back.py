"""The way back from a Pulumi state that stops every command: a cut state file, a tainted resource that is protected.

`make up` asks as well, by `python -m ccc_numbers.fleet.engine.way_back STACK`.
"""

import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ccc_numbers.fleet.engine.pulumi import run
from ccc_numbers.fleet.engine.resources import state_resources
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import visible

CUT = re.compile(
    r"failed to load checkpoint: (?!.*(?:dial tcp|https?://)).*"
    r"(?:\bEOF|unexpected end of JSON|invalid character|cannot unmarshal|gzip: invalid)"  # not translated: Pulumi's words
)
"""Pulumi's error for a state file that it could read, but not as one."""

PROTECTED = re.compile(r'unable to replace resource "(urn:[^"]+)"')  # not translated: Pulumi's words
"""Pulumi's error for a replacement of a resource that may not be deleted."""


def way_back(stack: str, project: Path | None = None) -> list[str]:
    """What to do, one line each, when the state of `stack` is why its commands fail; else nothing."""
    exported = run(project, ["stack", "export", "--stack", stack])
    if exported.code == 0:
        return list(_tainted(stack, exported.out))
    if CUT.search(exported.err):
        return _restore(stack, _backend(project))
    return []


def _tainted(stack: str, exported: str) -> Iterator[str]:
    """Each resource that is to be replaced and must not be."""
    for resource in state_resources(exported):
        if resource.taint and resource.protect:
            yield (
                tr(
                    "{name} is tainted and protected, so no update can run; remove the mark: pulumi state untaint "
                    "{urn} --stack {stack} --yes",
                    name=resource.name,
                    urn=shlex.quote(resource.urn),
                    stack=stack,
                )
            )


def _restore(stack: str, backend: str) -> list[str]:
    """The file that is cut, and the command that puts a whole one in its place."""
    name = stack.rsplit("/", 1)[-1]
    parts = urlsplit(backend)
    if parts.scheme == "file":
        root = Path(unquote(parts.netloc + parts.path)).expanduser() / ".pulumi"
        files = [*root.glob(f"stacks/*/{name}.json"), *root.glob(f"stacks/{name}.json")]
        if found := [line for file in files if (line := _mend(root, file, name))]:
            return found
    return [
        tr(
            "the state file of {name} (.pulumi/stacks/PROJECT/{name}.json) is cut or damaged; put its .bak "
            "beside it, or the newest file of .pulumi/backups in its place, and run this again",
            name=name,
        )
    ]


def _mend(root: Path, file: Path, name: str) -> str | None:
    """What to do about a state file; None when it is not why commands fail."""
    if not _whole(file):
        return _restore_one(root, file, name)
    beside = file.with_name(f"{file.name}.attrs")  # what the backend's store notes of the file
    if not beside.exists() or _whole(beside):
        return None
    return tr(
        "the state file {file} is whole, and the note beside it is cut; delete the note and run this again: rm {note}",
        file=shlex.quote(str(file)),
        note=shlex.quote(str(beside)),
    )


def _restore_one(root: Path, file: Path, name: str) -> str:
    beside = file.with_name(f"{file.name}.bak")
    backups = [path for path in root.glob(f"backups/**/{name}.*.json") if path.parent.name == name]
    newest = sorted(backups, key=lambda path: path.stat().st_mtime, reverse=True)
    good = next((path for path in (beside, *newest) if _whole(path)), None)
    if good is None:
        return tr(
            "the state file {file} is cut or damaged, and there is no whole copy of it. Losing it loses no "
            "number: move it away and run `pulumi stack init {name}` and `pulumi up`, which takes over what "
            "is bound as declared",
            file=file,
            name=name,
        )
    where = tr("its .bak beside it is whole") if good == beside else tr("a backup of it is whole")
    return tr(
        "the state file {file} is cut or damaged, {where}; restore it and run this again: cp {good} {file}",
        file=shlex.quote(str(file)),
        where=where,
        good=shlex.quote(str(good)),
    )


def _whole(file: Path) -> bool:
    try:
        found: object = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool(found)


def _backend(project: Path | None) -> str:
    """The address of the state, as the CLI has it from its environment, login or project file."""
    try:
        answer = json.loads(run(project, ["whoami", "--json"]).out)
    except ValueError:
        return ""
    return str(answer.get("url", ""))


if __name__ == "__main__":
    for _line in way_back(sys.argv[1]):
        sys.stderr.write(f"\n{visible(_line)}\n")
