"""The simulator as a process of its own, at the latency of a real call."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Simulator:
    """One running simulator."""

    url: str
    process: psutil.Process

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`."""
        return self.url.removeprefix("http://")

    def reset(self) -> None:
        """Set the counted calls to zero."""
        self._ask("POST", "reset")

    def calls(self) -> dict[str, int]:
        """Calls since the last reset by action, throttled and failed ones included."""
        counted: Mapping[str, Mapping[str, int]] = json.loads(self._ask("GET", "calls"))
        return {action: sum(by_outcome.values()) for action, by_outcome in counted.items()}

    def in_instance(self, instance: str) -> int:
        """How many numbers an instance has."""
        return len(json.loads(self._ask("GET", "state"))["instances"][instance].get("numbers", []))

    def cpu_s(self) -> float:
        """CPU seconds it has used so far."""
        times = self.process.cpu_times()
        return times.user + times.system

    def _ask(self, method: str, path: str) -> bytes:
        connection = HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, f"/_simulator/{path}")
            answer = connection.getresponse()
            text = answer.read()
            if answer.status >= 400:
                raise RuntimeError(f"the simulator refused {method} {path}: {text.decode()}")
            return text
        finally:
            connection.close()


@contextmanager
def simulator(folder: Path, seed: Mapping[str, object], latency_ms: float) -> Iterator[Simulator]:
    """A simulator with this seed for the length of a `with` block; its seed file goes into `folder`."""
    path = folder / "seed.json"
    path.write_text(json.dumps(seed, ensure_ascii=False), "utf-8")
    command = [
        sys.executable,
        "-m",
        "ccc_numbers.simulator",
        "--port=0",
        f"--seed={path}",
        f"--latency-ms={latency_ms:g}",
    ]
    with subprocess.Popen(
        [*command, "--exit-with-stdin"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError("the simulator did not start")
            yield Simulator(url, psutil.Process(process.pid))
        finally:
            process.terminate()
