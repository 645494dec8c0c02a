"""The one JSON object: medians, ratios, calls, memory, and the figures the project is held to."""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

import psutil

from . import stack
from .dynamic.subject import DYNAMIC
from .pulumi_subjects import CCC, NOOP
from .rounds import Cell, Found, Wanted
from .subject import Sample, Verb

LIST, GET = "List", "Get"
# Write calls for one number: into the instance and into its group, shared with the others of a batch;
# a few numbers take two calls all the same.
_WRITES_PER_NUMBER = 0.2
# List calls besides the pages of numbers: flows and groups.
_OTHER_LISTS = 2
_PLUGIN_MB = 150
_TIMES_ENGINE_ALONE = {
    Verb.UP: 1.2,
    Verb.UNCHANGED: 1.2,
    Verb.PREVIEW: 1.2,
    Verb.REFRESH: 1.4,
    Verb.DESTROY: 1.5,
}


@dataclass(frozen=True)
class Figure:
    """One figure of the design: `measured` must not be above (`at_least`: below) `target`."""

    name: str
    size: int
    measured: float
    target: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.measured >= self.target if self.at_least else self.measured <= self.target


def report(wanted: Wanted, found: Found, startup: Mapping[str, float]) -> dict[str, object]:
    """Everything found, JSON-ready. Seconds are wall time; CPU is in seconds, memory in MB."""
    return {
        "numbersPerRun": list(wanted.sizes),
        "repeat": wanted.repeat,
        "latencyMs": wanted.latency_ms,
        "machine": {
            "cores": os.cpu_count(),
            "memoryMb": psutil.virtual_memory().total // (1024 * 1024),
            "load": os.getloadavg()[0],
            "system": platform.platform(),
            "python": platform.python_version(),
        },
        "settings": stack.settings() | {"keepsBytecode": not sys.dont_write_bytecode},
        "startupSeconds": {name: round(seconds, 3) for name, seconds in startup.items()},
        "rows": [_row(cell, samples, found) for cell, samples in found.samples.items()],
        "figures": [_figure(figure) for figure in figures(found)],
        "skipped": [asdict(skipped) for skipped in found.skipped],
    }


def seconds(samples: Sequence[Sample]) -> float:
    """The median of several runs."""
    return median(sample.measured.seconds for sample in samples)


def ratio(found: Found, cell: Cell, other: str) -> float | None:
    """How many times as long as `other` it took: the median of the ratios of each round."""
    theirs = found.samples.get(Cell(cell.size, other, cell.verb), [])
    pairs = zip(found.samples.get(cell, []), theirs, strict=False)
    ratios = [mine.measured.seconds / its.measured.seconds for mine, its in pairs]
    return median(ratios) if ratios else None


def cpu_s(samples: Sequence[Sample]) -> dict[str, float]:
    """CPU seconds by part, the median of several runs."""
    parts = sorted({part for sample in samples for part in sample.measured.parts})
    return {
        part: median(s.measured.parts[part].cpu_s if part in s.measured.parts else 0 for s in samples)
        for part in parts
    }


def plugin_peak_mb(samples: Sequence[Sample]) -> float | None:
    """The most memory the plugin ever had."""
    peaks = [
        sample.measured.parts["plugin"].peak_mb for sample in samples if "plugin" in sample.measured.parts
    ]
    return max(peaks, default=None)


def figures(found: Found) -> list[Figure]:
    """The design's figures that this run can speak of."""
    made: list[Figure] = []
    for size in sorted({cell.size for cell in found.samples}):
        for verb, target in _TIMES_ENGINE_ALONE.items():
            if (over := ratio(found, Cell(size, CCC, verb), NOOP)) is not None:
                made.append(Figure(f"{verb} / engine alone", size, over, target))
        if (over := ratio(found, Cell(size, CCC, Verb.UP), DYNAMIC)) is not None:
            made.append(Figure("dynamic / up", size, 1 / over, 5, at_least=True))
        for verb in Verb:
            made += _call_figures(size, verb, found.samples.get(Cell(size, CCC, verb), []))
        peaks = [
            peak
            for verb in Verb
            if (peak := plugin_peak_mb(found.samples.get(Cell(size, CCC, verb), []))) is not None
        ]
        if peaks:
            made.append(Figure("plugin memory, MB", size, max(peaks), _PLUGIN_MB))
    return made + _growth(found)


def _call_figures(size: int, verb: Verb, samples: Sequence[Sample]) -> list[Figure]:
    """Calls of the worst run, beside their bounds."""
    if not samples:
        return []
    reads = [sum(n for action, n in s.calls.items() if action.startswith(LIST)) for s in samples]
    writes = [sum(n for action, n in s.calls.items() if not action.startswith((LIST, GET))) for s in samples]
    pages = -(-size // 100)
    lists = Figure(f"list calls, {verb}", size, max(reads), pages + _OTHER_LISTS)
    return [
        lists,
        Figure(f"writes per number, {verb}", size, max(writes) / size, max(_WRITES_PER_NUMBER, 2 / size)),
    ]


def _growth(found: Found) -> list[Figure]:
    """Cost of a number at the largest size beside its cost at the smallest but 100, where start-up is all."""
    sizes = sorted({cell.size for cell in found.samples if cell.subject == CCC})
    if len(sizes) < 3:
        return []
    made = []
    first, middle, last = sizes[0], sizes[-2], sizes[-1]
    for verb in Verb:
        cells = {n: Cell(n, CCC, verb) for n in (first, middle, last)}
        if not found.samples.keys() >= set(cells.values()):
            continue  # interrupted before it came to that
        at = {n: seconds(found.samples[cell]) for n, cell in cells.items()}
        before = (at[middle] - at[first]) / (middle - first)
        after = (at[last] - at[middle]) / (last - middle)
        made.append(
            Figure(
                f"cost of a further number, {verb}: {middle:,} to {last:,} / {first:,} to {middle:,}",
                last,
                after / before,
                1.3,
            )
        )
    return made


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "name": figure.name,
        "numbers": figure.size,
        "measured": round(figure.measured, 3),
        "target": figure.target,
        "atLeast": figure.at_least,
        "met": figure.met,
    }


def _row(cell: Cell, samples: Sequence[Sample], found: Found) -> dict[str, object]:
    cpu = {part: round(seconds, 2) for part, seconds in cpu_s(samples).items()}
    alone = found.samples.get(Cell(cell.size, NOOP, cell.verb))
    peak = plugin_peak_mb(samples)
    over = ratio(found, cell, NOOP)
    return {
        "numbers": cell.size,
        "subject": cell.subject,
        "verb": str(cell.verb),
        "seconds": round(seconds(samples), 3),
        "runs": [round(sample.measured.seconds, 3) for sample in samples],
        "timesEngineAlone": None if over is None else round(over, 3),
        "cpuSeconds": cpu,
        "timesEngineAloneCpu": round(sum(cpu.values()) / sum(cpu_s(alone).values()), 3) if alone else None,
        "pluginPeakMb": None if peak is None else round(peak, 1),
        "calls": samples[-1].calls,
    }
