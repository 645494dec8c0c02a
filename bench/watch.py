"""Runs one command and watches the processes under it: wall time, and CPU and memory by whose process it is."""

import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import psutil

_INTERVAL_S = 0.1
_MB = 1024 * 1024
# First match wins: part -> what its command line contains. What matches nothing is the command itself.
_PARTS = {
    "program": ("pulumi-language-python-exec",),
    "plugin": (
        "pulumi-resource-",
        "-m ccc_numbers.provider",
        "-m bench.noop",
        "pulumi.dynamic",
        "pulumi/dynamic",
    ),
    "host": ("pulumi-language-python", " pip ", "-m pip"),
}
MAIN = "engine"


class CommandFailed(Exception):
    """A command that must not fail did; the message ends with what it said last."""


@dataclass(frozen=True)
class Part:
    """What all processes of one kind used: CPU seconds in sum, memory (MB, resident) of the largest."""

    cpu_s: float
    peak_mb: float


@dataclass(frozen=True)
class Measured:
    """One command, from start to end."""

    seconds: float
    parts: Mapping[str, Part]
    text: str = field(repr=False)


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Measured:
    """Run to the end; CommandFailed when it ends with anything but 0."""
    if shutil.which(command[0], path=environment.get("PATH")) is None:
        raise CommandFailed(f"there is no {command[0]} on PATH; `make bench` brings what it needs")
    with tempfile.TemporaryFile() as said:
        begun = perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=said, stderr=subprocess.STDOUT
        )
        watcher = _Watcher(process.pid)
        watcher.start()
        try:
            code = process.wait()
            seconds = perf_counter() - begun
        finally:
            process.kill()
            watcher.stop()
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if code != 0:
        last = "\n".join(text.strip().splitlines()[-15:])
        raise CommandFailed(f"`{' '.join(command)}` ended with {code}:\n{last}")
    return Measured(seconds, watcher.parts(), text)


@dataclass(frozen=True)
class _Seen:
    """One process when it was last looked at."""

    kind: str
    cpu_s: float
    peak_mb: float


class _Watcher(Thread):
    """Samples the process tree; a process' last 0.1 s may go unseen."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = Event()
        self._seen: dict[int, _Seen] = {}

    def run(self) -> None:
        with suppress(psutil.Error):
            root = psutil.Process(self._pid)
            while not self._over.wait(_INTERVAL_S):
                self._look(root, MAIN)
                for child in root.children(recursive=True):
                    with suppress(psutil.Error):
                        self._look(child, None)

    def stop(self) -> None:
        self._over.set()
        self.join()

    def parts(self) -> dict[str, Part]:
        """By part; a kind of process that was never seen is left out."""
        kinds: dict[str, list[_Seen]] = defaultdict(list)
        for seen in self._seen.values():
            kinds[seen.kind].append(seen)
        return {
            kind: Part(sum(each.cpu_s for each in of), max(each.peak_mb for each in of))
            for kind, of in kinds.items()
        }

    def _look(self, process: psutil.Process, kind: str | None) -> None:
        # Everything is read before anything is noted: the process may end at any moment.
        with process.oneshot():
            kind = kind or _kind(" ".join(process.cmdline()))
            times = process.cpu_times()
            resident = process.memory_info().rss / _MB
        before = self._seen.get(process.pid)
        peak = max(before.peak_mb, resident) if before else resident
        self._seen[process.pid] = _Seen(kind, times.user + times.system, peak)


def _kind(command_line: str) -> str:
    for part, signs in _PARTS.items():
        if any(sign in command_line for sign in signs):
            return part
    return MAIN
