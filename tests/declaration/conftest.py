"""A folder with a stack file in it, and what reading it says."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from ccc_numbers.declaration.model import Declaration, Loaded
from ccc_numbers.declaration.read import load


@dataclass(frozen=True)
class Folder:
    """A project whose only stack is `acme`."""

    root: Path

    def write(self, name: str, content: str | bytes) -> Path:
        """A file beside the stack file."""
        file = self.root / "stacks" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
        return file

    def load(self, content: str | bytes) -> Loaded:
        """Read `content` as stacks/acme.yaml."""
        self.write("acme.yaml", content)
        return load(Path("stacks/acme.yaml"))

    def lines(self, content: str | bytes) -> list[str]:
        """What a person reads when `content` is wrong."""
        loaded = self.load(content)
        assert (loaded.declaration is None) == bool(loaded.problems)
        return [str(problem) for problem in loaded.problems]

    def declared(self, content: str | bytes) -> Declaration:
        """The declaration of a file that is right."""
        loaded = self.load(content)
        assert [str(problem) for problem in loaded.problems] == []
        assert loaded.declaration is not None
        return loaded.declaration


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """An empty project to write into; it is the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stacks").mkdir()
    return Folder(tmp_path)
