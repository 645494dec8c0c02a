"""Runs the Pulumi CLI in a project, for the verbs that need its state."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.visible import visible


@dataclass(frozen=True, slots=True)
class Done:
    """How a run of the CLI ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def reason(self) -> str:
        """Its last word, as one line: what a person needs to know about a failure."""
        lines = [line.strip() for line in (self.err.strip() or self.out.strip()).splitlines() if line.strip()]
        errors = _diagnosed(self.out) or [line for line in lines if line.startswith("error:")][-1:]
        said = "; ".join(errors or lines[-1:] or [f"pulumi ended with exit code {self.code}"])
        return visible(" ".join(said.split())).removeprefix("error: ")


class _Diagnostic(BaseModel):
    message: str = ""
    severity: str = ""


class _Diagnosed(BaseModel):
    diagnostics: list[_Diagnostic] = Field(default_factory=list)


def _diagnosed(out: str) -> list[str]:
    """The errors in the answer of a verb with `--json`; none when it is no such answer."""
    try:
        found = _Diagnosed.model_validate_json(out[out.index("{") :])
    except (ValueError, ValidationError):
        return []
    return [each.message.strip() for each in found.diagnostics if each.severity == "error"]


def pulumi_path() -> str:
    """Where the CLI is. Raises FleetError when it is not on PATH."""
    found = shutil.which("pulumi")
    if found is None:
        raise FleetError(
            "the Pulumi CLI is not on PATH: install it (https://www.pulumi.com/docs/install/); in a checkout of "
            "ccc-numbers `make tools` brings it and `tools/run ccc-numbers …` finds it"
        )
    return found


def ask(project: Path, words: Sequence[str], environment: Mapping[str, str] | None = None) -> Done:
    """Run `pulumi WORDS` without asking anybody anything; what it said."""
    done = subprocess.run(  # noqa: S603 the words are ours
        [pulumi_path(), *words, "--non-interactive", "--color", "never"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=None if environment is None else dict(environment),
    )
    return Done(done.returncode, done.stdout, done.stderr)


def show(project: Path, words: Sequence[str]) -> int:
    """Run `pulumi WORDS` before the person's eyes; its exit code."""
    done = subprocess.run([pulumi_path(), *words], cwd=project, check=False)  # noqa: S603 the words are ours
    return done.returncode
