"""Findings that say the same of many subjects, told once: forty numbers with one cause are one thing to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ccc_numbers.declaration.problem import Source
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.messages.names import others, some


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that differ in nothing but subject and source. `finding` is the first of them."""

    finding: Finding
    subjects: tuple[str, ...]
    sources: tuple[Source, ...]

    def some(self, most: int) -> str:
        """The first subjects, and how many more there are."""
        return some(self.subjects, most)

    @property
    def place(self) -> str | None:
        """Where the first is declared, and in how many other places."""
        if not self.sources:
            return None
        first = self.sources[0]
        return f"{first.file}:{first.line} {others(len(set(self.sources)) - 1)}".rstrip()


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """The findings in groups, in the order of each group's first."""
    groups: dict[Finding, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(replace(finding, subject="", source=None), []).append(finding)
    return [
        Group(
            members[0],
            tuple(member.subject for member in members),
            tuple(member.source for member in members if member.source is not None),
        )
        for members in groups.values()
    ]
