"""What the program and the plugin cost before they do anything."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from .pulumi_subjects import CCC
from .stack import ROOT

_IMPORTS = {
    "interpreter": "pass",
    "import pulumi": "import pulumi",
    "program": "import ccc_numbers.declaration.read, components.program",
}


def measure(repeat: int, show: Callable[[str], None]) -> dict[str, float]:
    """Seconds by what was started, medians: the imports of the program, the plugins until they name their port."""
    show("start-up of program and plugin")
    runs: dict[str, list[float]] = {}
    for _ in range(repeat):
        for name, statement in _IMPORTS.items():
            runs.setdefault(name, []).append(_timed([sys.executable, "-c", statement], wait=True))
        for name, folder in ((CCC, "ccc_numbers/provider"), ("noop", "bench/noop")):
            command = [str(ROOT / folder / "pulumi-resource-ccc"), "127.0.0.1:1"]
            runs.setdefault(f"plugin {name}", []).append(_timed(command, wait=False))
    return {name: median(times) for name, times in runs.items()}


def _timed(command: list[str], *, wait: bool) -> float:
    """Seconds until the process ends, or (not `wait`) until its first line."""
    begun = perf_counter()
    with subprocess.Popen(command, cwd=Path(ROOT), stdout=subprocess.PIPE) as process:
        assert process.stdout
        if wait:
            process.wait()
        else:
            process.stdout.readline()
        seconds = perf_counter() - begun
        process.kill()
    return seconds
