"""What a run leaves behind that came to no good end."""

from pathlib import Path

import pytest

from bench import rounds
from bench.report import report
from bench.rounds import Cell, Found, Wanted
from bench.subject import Sample, Verb
from bench.table import tables
from bench.watch import CommandFailed, Measured


class FailsAtPreview:
    """A subject whose third verb fails."""

    name = "ccc"

    def __enter__(self) -> "FailsAtPreview":
        return self

    def __exit__(self, *_: object) -> None: ...

    def perform(self, verb: Verb) -> Sample:
        if verb is Verb.PREVIEW:
            raise CommandFailed("no such stack")
        return Sample(Measured(1.0, {}, ""))


def test_what_was_measured_before_a_failure_is_told_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def opener(_folder: Path, _size: int) -> FailsAtPreview:
        return FailsAtPreview()

    monkeypatch.setattr(rounds, "_openers", lambda *_: {"ccc": opener})
    wanted, found = Wanted([100], 1, (), list(Verb), False, 0), Found()
    with pytest.raises(CommandFailed):
        rounds.measure(wanted, found, lambda _: None)
    assert list(found.samples) == [Cell(100, "ccc", Verb.UP), Cell(100, "ccc", Verb.UNCHANGED)]
    told = report(wanted, found, {})
    assert [row["verb"] for row in told["rows"]] == ["up", "unchanged"]  # type: ignore[attr-defined]
    assert list(tables(found))
