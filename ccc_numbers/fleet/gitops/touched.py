"""The files of a stack, and so the stacks that a change touches."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, normpath

from ccc_numbers.api.identity import Identity
from ccc_numbers.declaration.names import FOLDER, name_fault
from ccc_numbers.messages.yaml_document import EMPTY, Document, Plain
from ccc_numbers.messages.yaml_reader import read_yaml

# What every stack's program runs. Not: the `ccc-numbers` command, the simulator, tests, docs, pipelines.
SHARED_FILES = {"Pulumi.yaml", "__main__.py", "pyproject.toml", "requirements.txt", "requirements.lock"}
_ROOMS = ("api", "declaration", "messages", "numbers", "provider", "vendors")
SHARED_FOLDERS = ("components/", "plugin/", "tools/", *(f"ccc_numbers/{room}/" for room in _ROOMS))
_LONGEST_PATH = 1024
_DECLARATION = "ccc-numbers:declaration"


@dataclass(frozen=True, slots=True)
class TouchedStack:
    """A stack that a change touches, the file that is the reason, and the identity that works on it, where known."""

    stack: str
    reason: str
    identity: Identity = Identity()  # noqa: RUF009  # it is frozen


@dataclass(frozen=True, slots=True)
class Selection:
    """The stacks to look at, and those that the change deleted: their resources are still in Pulumi's state.

    `successors` has the stack that declares the instances of a deleted one now; `new` are stacks that were not there.
    """

    touched: tuple[TouchedStack, ...]
    removed: tuple[str, ...] = ()
    successors: Mapping[str, str] = field(default_factory=dict)
    new: frozenset[str] = frozenset()

    @property
    def names(self) -> str:
        """The touched stacks, separated by spaces."""
        return " ".join(each.stack for each in self.touched)


def select(changed: frozenset[str], now: Mapping[str, str], before: Mapping[str, str]) -> Selection:
    """The stacks of `now` that the changed files touch.

    `now` and `before` hold the text of the YAML files below `stacks/` by path from the project's folder. Files that a
    stack named before count too, so that a file deleted together with its mention is not missed.
    """
    shared = next((path for path in sorted(changed) if is_shared(path)), None)
    names, old_names = stacks_of(now), stacks_of(before)
    touched = []
    for name in names:
        used = files_of(name, now) | files_of(name, before)
        reason = next((path for path in sorted(changed) if _concerns(path, used)), shared)
        if reason is not None:
            touched.append(TouchedStack(name, reason))
    removed = tuple(name for name in old_names if name not in names)
    successors = _successors({name: _instances(name, before) for name in removed}, names, now)
    return Selection(tuple(touched), removed, successors, frozenset(names) - set(old_names))


def _successors(
    removed: Mapping[str, frozenset[str]], names: list[str], now: Mapping[str, str]
) -> dict[str, str]:
    """The stack that declares all instances of a deleted stack now: its new name, or the one it was moved into."""
    declared = {name: _instances(name, now) for name in names} if removed else {}
    return {
        old: next(name for name in names if instances <= declared[name])
        for old, instances in removed.items()
        if instances and any(instances <= each for each in declared.values())
    }


def _instances(stack: str, texts: Mapping[str, str]) -> frozenset[str]:
    """The instances that a stack's file declares."""
    document = _read(_declaration_of(stack, texts), texts)
    found = document.at(("instances",)) if document else None
    return frozenset(found) if isinstance(found, dict) else frozenset()


def is_shared(path: str) -> bool:
    """Whether the file is part of every stack's program."""
    return path in SHARED_FILES or path.startswith(SHARED_FOLDERS)


def stacks_of(texts: Mapping[str, str]) -> list[str]:
    """The stacks of a stack folder, by name; files whose name cannot be a stack's do not count."""
    prefix, suffix = f"{FOLDER}/Pulumi.", ".yaml"
    names = (
        path.removeprefix(prefix).removesuffix(suffix)
        for path in texts
        if path.startswith(prefix) and path.endswith(suffix)
    )
    return sorted(name for name in names if name_fault(name) is None)


def files_of(stack: str, texts: Mapping[str, str]) -> frozenset[str]:
    """All files of a stack: its own two, and all that these name.

    Any text in them that leads to a file names it. No list of keys (numbersFile, definition, materials, catalogue, …)
    is repeated here, so a new key that names a file is covered from its first day; a text that happens to be the name
    of a file costs one preview too many.
    """
    own = f"{FOLDER}/Pulumi.{stack}.yaml"
    settings = _read(own, texts)
    declaration = _declaration_of(stack, texts)
    # Paths in Pulumi's own file are from the project's folder, but for the declaration's.
    return frozenset(
        (
            own,
            declaration,
            *_named(settings, ("", FOLDER)),
            *_named(_read(declaration, texts), (dirname(declaration),)),
        )
    )


def stack_texts(project: Path) -> dict[str, str]:
    """The text of every YAML file below `stacks/`, by path from the project's folder."""
    files = sorted(file for file in (project / FOLDER).rglob("*.y*ml") if file.is_file())
    return {
        file.relative_to(project).as_posix(): file.read_text("utf-8-sig", errors="replace") for file in files
    }


def digests(project: Path, stack: str, texts: Mapping[str, str]) -> dict[str, str]:
    """SHA-256 of the files a stack is made of, by path from the project's folder; `texts` as in `select`."""
    files = (path for path in files_of(stack, texts) if path.startswith(f"{FOLDER}/"))
    return {path: _digest(project / path) for path in sorted(files) if (project / path).is_file()}


def _digest(file: Path) -> str:
    # Pulumi writes this line into its own file when it first sees the stack; nobody has changed anything then.
    lines = file.read_bytes().splitlines(keepends=True)
    content = b"".join(line for line in lines if not line.startswith(b"encryptionsalt:"))
    return hashlib.sha256(content).hexdigest()


def _concerns(path: str, used: frozenset[str]) -> bool:
    return path in used or any(path.startswith(f"{each}/") for each in used)


def _read(path: str, texts: Mapping[str, str]) -> Document | None:
    return read_yaml(texts[path], path) if path in texts else None


def _declaration_of(stack: str, texts: Mapping[str, str]) -> str:
    settings = _read(f"{FOLDER}/Pulumi.{stack}.yaml", texts)
    written = settings.at(("config", _DECLARATION)) if settings else None
    return (
        normpath(f"{FOLDER}/{written}") if isinstance(written, str) and written else f"{FOLDER}/{stack}.yaml"
    )


def _named(document: Document | None, folders: tuple[str, ...]) -> Iterator[str]:
    if document is None:
        return
    if document.problems and document.data is EMPTY:
        # Nothing in it can be read: then any file beside it may be one of its files.
        yield from (folder for folder in folders if folder)
        return
    for text in _texts(document.data, set()):
        # No file of ours has a name without a dot or a slash.
        if len(text) < _LONGEST_PATH and ("." in text or "/" in text):
            paths = (normpath(f"{folder}/{text}" if folder else text) for folder in folders)
            yield from (path for path in paths if path not in (".", FOLDER) and not path.startswith(".."))


def _texts(data: Plain, seen: set[int]) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list) and id(data) not in seen:  # an alias is the same object again
        seen.add(id(data))
        for value in data.values() if isinstance(data, dict) else data:
            yield from _texts(value, seen)
