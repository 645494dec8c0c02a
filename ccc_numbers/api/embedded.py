"""The embedded simulator: `ccc:endpoint: embedded` starts one that ends with the process that started it."""

import atexit
import select
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.reach import default_state
from ccc_numbers.messages.language import tr

_START_SECONDS = 30.0
_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class EmbeddedSimulator:
    """A running simulator at `url`. It ends with this process: it reads a pipe that closes then."""

    url: str
    _process: subprocess.Popen[bytes] = field(repr=False)

    def stop(self) -> None:
        """End it, and wait until it has written its state. May be called twice."""
        atexit.unregister(self.stop)
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        if self._process.stdout:
            self._process.stdout.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start(
    seed: Path | None = None, state: Path | None = None, *, project: Path | None = None
) -> EmbeddedSimulator:
    """Start a simulator and wait until it answers; it is stopped at the end of this process at the latest.

    `seed` fills a state that does not exist yet; `state` lasts between runs, by default
    `.simulator/<seed's name>.sqlite3` below `project` (the working directory). Raises ConfigError with the
    simulator's last line when it does not start.
    """
    if seed and not seed.is_file():
        raise ConfigError(tr("ccc:simulatorSeed: there is no file {file}", file=seed))
    path = state or default_state(seed, project or Path.cwd())
    options = ["--port", "0", "--state", str(path), "--exit-with-stdin"]
    if seed:
        options += ["--seed", str(seed)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            tr("ccc:simulatorState: {folder} cannot be made: {why}", folder=path.parent, why=error.strerror)
        ) from None
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-P", "-m", "ccc_numbers.simulator", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            # A Ctrl-C at the terminal must not end it while this process still finishes its calls.
            start_new_session=True,
        )
        url = _first_line(process)
        simulator = EmbeddedSimulator(url, process)
        if urlsplit(url).scheme != "http":
            process.kill()
            simulator.stop()
            raise ConfigError(
                tr(
                    "the embedded simulator did not start: {why}",
                    why=_last_line(errors) or url or tr("no reason given"),
                )
            )
    atexit.register(simulator.stop)
    return simulator


def _first_line(process: subprocess.Popen[bytes]) -> str:
    """The line it prints when it is ready; "" when it ends, or prints nothing for half a minute."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], _START_SECONDS)
    return process.stdout.readline().decode("utf-8", "replace").strip() if ready else ""


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
