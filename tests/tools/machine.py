"""A made-up machine for the tests of the tool chain."""

import io
from dataclasses import dataclass, field
from pathlib import Path

from tools.console import Console
from tools.layout import Checkout

SOURCE = Path(__file__).resolve().parents[2]
"""The real checkout."""


@dataclass
class Machine:
    """A checkout on a machine that has only the programs a test puts there."""

    checkout: Checkout
    programs: Path
    calls: Path
    said: io.StringIO = field(default_factory=io.StringIO)
    user: dict[str, str] = field(default_factory=dict)

    def has(self, name: str, script: str) -> Path:
        """Puts a program on PATH; each of its calls is remembered."""
        program = self.programs / name
        program.write_text(
            f'#!/bin/sh\nPATH=/usr/bin:/bin\necho "{name} $*" >>"{self.calls}"\n{script}\n', encoding="utf-8"
        )
        program.chmod(0o755)
        return program

    def has_pulumi(self, version: str, with_host: bool = True) -> Path:
        """Puts a Pulumi CLI on PATH, with its Python language host or without."""
        if with_host:
            self.has("pulumi-language-python", "")
            self.has("pulumi-language-python-exec", "")
        return self.has("pulumi", f"echo v{version}")

    def called(self) -> list[str]:
        """The calls of its programs since the last time this was asked."""
        lines = self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return lines

    @property
    def console(self) -> Console:
        """Where the tool chain speaks to."""
        return Console(self.said)

    @property
    def output(self) -> str:
        """All it said."""
        return self.said.getvalue()
