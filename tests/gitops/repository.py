"""A real git repository with a fleet of stacks in it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Repository:
    """A work tree; `write` and `commit` as a person would."""

    folder: Path

    @classmethod
    def new(cls, folder: Path) -> Repository:
        """An empty repository on branch main, whoever's settings this machine has."""
        folder.mkdir(parents=True, exist_ok=True)
        repository = cls(folder)
        repository.git("init", "-q", "-b", "main")
        repository.git("config", "user.email", "team@example.com")
        repository.git("config", "user.name", "Team")
        repository.git("config", "commit.gpgsign", "false")
        return repository

    def git(self, *words: str) -> str:
        """The answer of a git command that has to work."""
        done = subprocess.run(["git", "-C", self.folder, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Put a file there."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, "utf-8")

    def commit(self, message: str = "change") -> str:
        """Commit everything; the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")
