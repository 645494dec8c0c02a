"""Reads what a report is made of: the stack files, and CCC once through the same eyes as a drift run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ccc_numbers import __version__
from ccc_numbers.fleet.drift.gather import Watcher
from ccc_numbers.fleet.drift.run import DriftOptions, Seen, see
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.problem import Problem
from ccc_numbers.messages.yaml_reader import read_yaml

_TITLE = "Phone numbers"


@dataclass(frozen=True, slots=True)
class ReportOptions(DriftOptions):
    """What to look for, and what the pages shall be like. `title` None takes the project's name."""

    title: str | None = None
    mask: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the pages are made of; nothing is read after this."""

    wanted: ReportOptions
    project: Path
    title: str
    version: str
    today: date
    names: tuple[str, ...]
    seen: Seen


def gather(
    project: Path, names: Sequence[str], wanted: ReportOptions, today: date, watcher: Watcher | None = None
) -> Material:
    """Read the stacks and, unless offline, CCC. Raises FleetError only for a bad ignore file or baseline."""
    seen = see(project, names, wanted, today, watcher, "report")
    title = wanted.title or _project_name(project) or _TITLE
    return Material(wanted, project, title, __version__, today, tuple(names), seen)


def _project_name(project: Path) -> str | None:
    """`name` of Pulumi.yaml. A title is no reason to fail: what is wrong there, Pulumi will tell."""
    text = read_text(project / "Pulumi.yaml")
    if isinstance(text, Problem):
        return None
    name = read_yaml(text, "Pulumi.yaml").at(("name",))
    return name if isinstance(name, str) and name.strip() else None
