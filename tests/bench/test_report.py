"""Ratios, bounds and growth out of samples, without running anything."""

from collections.abc import Mapping

from bench.report import figures, ratio
from bench.rounds import Cell, Found
from bench.subject import Sample, Verb
from bench.watch import Measured, Part


def sample(seconds: float, calls: Mapping[str, int] | None = None) -> Sample:
    return Sample(Measured(seconds, {"plugin": Part(1.0, 80.0)}, ""), dict(calls or {}))


def test_a_ratio_is_the_median_over_rounds_so_that_one_disturbed_round_does_not_count() -> None:
    found = Found()
    found.samples[Cell(100, "ccc", Verb.UP)] = [sample(11), sample(48), sample(12)]
    found.samples[Cell(100, "noop", Verb.UP)] = [sample(10), sample(12), sample(10)]
    assert ratio(found, Cell(100, "ccc", Verb.UP), "noop") == 1.2


def test_there_is_no_ratio_to_what_was_not_measured() -> None:
    found = Found()
    found.samples[Cell(100, "ccc", Verb.UP)] = [sample(11)]
    assert ratio(found, Cell(100, "ccc", Verb.UP), "noop") is None


def test_one_list_call_too_many_is_a_missed_figure() -> None:
    found = Found()
    calls = {"ListPhoneNumbers": 3, "ListSkillGroups": 2, "GetInstance": 9, "AddPhoneNumbers": 20}
    found.samples[Cell(100, "ccc", Verb.UP)] = [sample(1, calls)]
    measured = {figure.name: (figure.measured, figure.met) for figure in figures(found)}
    assert measured == measured | {"list calls, up": (5, False), "writes per number, up": (0.2, True)}


def test_growth_compares_what_a_further_number_costs() -> None:
    found = Found()
    for size, seconds in ((100, 2.0), (1000, 11.0), (10000, 191.0)):
        for verb in Verb:
            found.samples[Cell(size, "ccc", verb)] = [sample(seconds)]
    grown = [figure for figure in figures(found) if figure.name.startswith("cost of a further number, up")]
    assert [(figure.measured, figure.met) for figure in grown] == [(2.0, False)]


def test_an_interrupted_run_tells_what_it_has() -> None:
    found = Found()
    for size in (100, 1000):
        for verb in Verb:
            found.samples[Cell(size, "ccc", verb)] = [sample(size / 100)]
    found.samples[Cell(10000, "ccc", Verb.UP)] = [sample(100)]
    grown = [figure.name for figure in figures(found) if figure.name.startswith("cost of a further number")]
    assert grown == ["cost of a further number, up: 1,000 to 10,000 / 100 to 1,000"]
