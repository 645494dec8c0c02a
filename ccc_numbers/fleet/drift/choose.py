"""Which kinds of findings a person wants to hear about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.kinds import Kind, Severity
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.names import quoted, suggestion


class FailOn(StrEnum):
    """From which severity on findings are drift, for the exit code."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"

    @property
    def severity(self) -> Severity | None:
        return None if self is FailOn.NEVER else Severity(self.value)


def chosen_kinds(only: Sequence[str], skip: Sequence[str]) -> tuple[Kind, ...] | None:
    """The kinds to tell; None for all. Each word may hold several, separated by commas. Raises FleetError."""
    if not only and not skip:
        return None
    wanted = _kinds("--only", only) if only else list(Kind)
    skipped = _kinds("--skip", skip)
    left = tuple(kind for kind in wanted if kind not in skipped)
    if not left:
        raise FleetError("--only and --skip together leave no kind of finding to look for")
    return left


def of_kinds(findings: Iterable[Finding], kinds: tuple[Kind, ...] | None) -> list[Finding]:
    """The findings of these kinds."""
    return [finding for finding in findings if kinds is None or finding.kind in kinds]


def _kinds(option: str, words: Sequence[str]) -> list[Kind]:
    named = [name.strip() for word in words for name in word.split(",") if name.strip()]
    known = [str(kind) for kind in Kind]
    for name in named:
        if name not in known:
            raise FleetError(f"{option} {quoted(name)}: no such kind of finding; {suggestion(name, known)}")
    return [Kind(name) for name in dict.fromkeys(named)]
