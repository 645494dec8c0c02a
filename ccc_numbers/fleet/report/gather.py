"""Reads the material of a report: the stack files, and CCC once, as a drift run does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ccc_numbers.declaration.document import read_yaml
from ccc_numbers.declaration.files import read_text
from ccc_numbers.declaration.problem import Problem
from ccc_numbers.fleet.drift.gather import Watcher
from ccc_numbers.fleet.drift.run import DriftOptions, DriftRun, look

_TITLE = "Phone numbers"


@dataclass(frozen=True, slots=True)
class ReportOptions(DriftOptions):
    """What to look for, and the form of the pages. `title` None takes the project's name."""

    title: str | None = None
    mask: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the pages are made of; nothing is read after this."""

    options: ReportOptions
    project: Path
    title: str
    today: date
    run: DriftRun


def gather(
    project: Path, names: Sequence[str], options: ReportOptions, today: date, watcher: Watcher | None = None
) -> Material:
    """Read the stacks and, unless offline, CCC. Raises FleetError only for a bad ignore file or baseline."""
    run = look(project, names, options, today, watcher, "report")
    return Material(options, project, options.title or _project_name(project) or _TITLE, today, run)


def _project_name(project: Path) -> str | None:
    """`name` of Pulumi.yaml. A title is no reason to fail: Pulumi reports what is wrong there."""
    text = read_text(project / "Pulumi.yaml")
    if isinstance(text, Problem):
        return None
    name = read_yaml(text, "Pulumi.yaml").at(("name",))
    return name if isinstance(name, str) and name.strip() else None
