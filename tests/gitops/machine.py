"""The machine that pipelines run on, whichever forge sent them: its folder, its tools, what it wrote down."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from tests.gitops import clone
from tests.support.patience import HANG_S


@dataclass
class Machine:
    """`bare` is the team's repository, `api` the address of the forge, `transcript` all that was said, in order."""

    folder: Path
    bare: Path
    environment: Mapping[str, str]
    api: str
    transcript: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.environment = {**self.environment, "PATH": f"{self.folder / 'tools'}:{self.environment['PATH']}"}
        self.has("make", f'exec {sys.executable} -I -S {clone.__file__} "$@"')

    def has(self, name: str, script: str) -> None:
        """Puts a program of one line on the PATH, before any other of its name."""
        program = self.folder / "tools" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def say(self, line: str) -> None:
        """One line of the transcript."""
        self.transcript.append(line)

    def show(self, commit: str, path: str) -> str:
        """A file as it is at a commit."""
        words: list[str | Path] = ["git", "-C", self.bare, "show", f"{commit}:{path}"]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout

    def process(
        self, title: str, words: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> tuple[int, str]:
        """Run a command in the clone `folder`; its exit code and all it said, which the transcript keeps."""
        # What `make tools` does in the clone: its own packages are the ones that are imported.
        paths = [str(folder), *self.environment.get("PYTHONPATH", "").split(":")]
        began = monotonic()
        done = subprocess.run(
            list(words),
            cwd=folder,
            env={**self.environment, "PYTHONPATH": ":".join(filter(None, paths)), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=HANG_S,
            check=False,
        )
        self.say(f"-- {title} ({monotonic() - began:.1f} s)")
        for line in done.stdout.splitlines():
            self.say(f"   {line}")
        if done.returncode:
            self.say(f"   exit code {done.returncode}")
        return done.returncode, done.stdout
