"""Running other programs: their whole output goes to a log, the user gets one line."""

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.console import Step
from tools.layout import Checkout, Environment

NO_DISK = re.compile(r"no space left on device|disk quota exceeded|os error 28\b", re.IGNORECASE)
NO_NETWORK = re.compile(
    r"no such host|could ?n[o']t (?:resolve|connect)|failed to (?:lookup|resolve|fetch|establish)|dns error"
    r"|connection (?:refused|reset|error|timed out)|network is (?:unreachable|disabled)|timed? ?out|timeout"
    r"|module lookup disabled|tls handshake|error sending request|proxyerror|no route to host",
    re.IGNORECASE,
)
LONG = 200
"""Characters of another program's words that fit in our one line."""
CREDENTIALS_IN_URL = re.compile(r"(?<=://)[^/@\s]+@")


class ToolError(Exception):
    """Something the user can put right; its text is the one line he gets."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run for one step of the tool chain."""

    words: Sequence[str | Path]
    env: Environment
    purpose: str
    """What fails when it fails, to begin the user's line with: "installing the Python packages"."""
    source: str
    """What it needs to reach, for the line about the network: "the Python package index"."""
    folder: Path | None = None
    limit: float | None = None
    """Seconds after which it is ended."""


def run(checkout: Checkout, command: Command, step: Step, show: Callable[[str], str | None] = str) -> None:
    """Runs the command; each line it prints goes to the log and, through `show`, to the step's sign of life.

    Raises ToolError with one line that says which of network, disk or anything else was the matter.
    """
    checkout.logs.mkdir(parents=True, exist_ok=True)
    log = checkout.logs / f"{re.sub(r'[^a-z0-9]+', '-', command.purpose.lower()).strip('-')}.log"
    lines: list[str] = []
    with log.open("w", encoding="utf-8") as record, _start(command) as process:
        if process.stdout is None:
            raise RuntimeError("the output of a program was not captured")
        with _ended_after(process, command.limit) as late:
            for line in process.stdout:
                record.write(line)
                lines.append(line.strip())
                step.doing = show(lines[-1]) or step.doing
            process.wait()
    if late.is_set():
        raise ToolError(
            f"{command.purpose} took longer than {command.limit:.0f} s; what it said is in {checkout.relative(log)}"
        )
    if process.returncode != 0:
        raise ToolError(explain(command, lines, checkout.relative(log)))


@contextmanager
def _ended_after(process: subprocess.Popen[str], limit: float | None) -> Iterator[threading.Event]:
    """Ends the program with all it started when the limit passes, or when we are interrupted ourselves."""
    late = threading.Event()

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def end_late() -> None:
        late.set()
        end()

    timer = threading.Timer(limit or 0, end_late)
    if limit is not None:
        timer.start()
    try:
        yield late
    except BaseException:
        end()
        raise
    finally:
        timer.cancel()


def _start(command: Command) -> subprocess.Popen[str]:
    words = [str(word) for word in command.words]
    try:
        return subprocess.Popen(
            words,
            env=dict(command.env),
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(f"{command.purpose} failed: {words[0]} cannot be run: {error.strerror}") from error


def explain(command: Command, lines: Sequence[str], log: str) -> str:
    """The one line for a command that failed with this output."""
    said = [line for line in lines if line]
    for pattern, reason in (
        (NO_DISK, "the disk is full"),
        (NO_NETWORK, f"{command.source} cannot be reached"),
    ):
        for line in reversed(said):
            if found := pattern.search(line):
                part = line if len(line) <= LONG else line[found.start() :]
                return redact(f"{command.purpose} failed: {reason} ({_short(part)}); all it said is in {log}")
    last = _short(said[-1]) if said else "it said nothing"
    return redact(f"{command.purpose} failed: {last}; all it said is in {log}")


def redact(text: str) -> str:
    """The text without user names and passwords of URLs."""
    return CREDENTIALS_IN_URL.sub("", text)


def _short(line: str) -> str:
    return line if len(line) <= LONG else f"{line[:LONG]}…"


def answer(words: Sequence[str | Path], env: Environment) -> str | None:
    """What a quick question to a program answers, such as its version; None when it cannot say."""
    try:
        done = subprocess.run(
            [str(word) for word in words],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def require_space(folder: Path, needed: int, purpose: str) -> None:
    """Raises ToolError when fewer than `needed` bytes are free where `folder` is (or will be)."""
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if free < needed:
        raise ToolError(
            f"not enough disk space: {purpose} needs {_gigabytes(needed)} and {_gigabytes(free)} are free in {there}"
        )


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
