"""A place in a file, and a problem there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from ccc_numbers.messages.language import trn
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.visible import visible

_SHOWN_OF_A_KIND = 100


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A place in a file; line and column count from 1. Line 0: not a file, but the resource that `file` names."""

    # It is part of the JSON form of a drift report. A plain dict: each start of the plugin would pay for pydantic's type.
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{visible(self.file)}:{self.line}:{self.column}" if self.line else visible(self.file)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file. `str()` is one line, whatever the value holds.

    `path` is the dotted path of the value, `value` the text as written (None when there is no text to
    quote: a missing key, a list, a whole mapping), `message` says what is wrong and what would be right.
    `rule` is a short stable word for machines (SARIF, filters). `severity` is `error`, or `warning`, which stops
    nothing. `count` is how many it stands for: see `first_of_each_kind`.
    """

    file: str
    line: int
    column: int
    path: str
    value: str | None
    message: str
    rule: str = "declaration"
    severity: str = "error"
    count: int = 1

    @classmethod
    def at(
        cls,
        source: Source,
        path: str,
        value: str | None,
        message: str,
        rule: str = "declaration",
        severity: str = "error",
    ) -> Problem:
        """The problem at `source`."""
        return cls(source.file, source.line, source.column, path, value, message, rule, severity)

    @classmethod
    def of_file(cls, file: Path, message: str, rule: str = "file", value: str | None = None) -> Problem:
        """The problem of a whole file."""
        return cls(shown(file), 1, 1, "", value, message, rule)

    @property
    def source(self) -> Source:
        """Its place."""
        return Source(self.file, self.line, self.column)

    def __str__(self) -> str:
        path = f" {visible(self.path)}:" if self.path else ""
        value = "" if self.value is None else f" {quoted(self.value)}"
        return f"{self.source}:{path}{value} {visible(self.message)}"


def first_of_each_kind(problems: Iterable[Problem]) -> list[Problem]:
    """The first 100 of each kind (file, rule and severity); one more problem stands for the rest of a kind.

    Two million lines help nobody, and fill a CI log. May be applied again to its own answer.
    """
    kept: list[Problem] = []
    seen: Counter[tuple[str, str, str]] = Counter()
    rest: dict[tuple[str, str, str], int] = {}
    for problem in problems:
        kind = (problem.file, problem.rule, problem.severity)
        seen[kind] += 1
        if seen[kind] <= _SHOWN_OF_A_KIND:
            kept.append(problem)
        elif kind in rest:
            at, more = kept[rest[kind]], kept[rest[kind]].count + problem.count
            kept[rest[kind]] = replace(at, message=_rest(more), count=more)
        else:
            rest[kind] = len(kept)
            kept.append(replace(problem, path="", value=None, message=_rest(problem.count)))
    return kept


def _rest(count: int) -> str:
    return trn("and {count:,} more of this kind", "and {count:,} more of this kind", count)


def shown(path: Path) -> str:
    """`path` as people read it: relative to the working folder when it lies below it, with `/`."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
