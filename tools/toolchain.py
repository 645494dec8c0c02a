"""`make tools`: decides what is missing, does only that, one process at a time."""

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import pulumi_cli, venv
from tools.console import Console
from tools.layout import Checkout, Environment

LABEL = "tool chain"


def missing(checkout: Checkout, user: Environment) -> list[str]:
    """The parts that are not there or out of date. Starts no program: this is all that a finished `make tools` does."""
    parts: list[str] = []
    if not venv.current(checkout):
        parts.append(venv.LABEL)
    if pulumi_cli.current(checkout, user) is None:
        parts.append(pulumi_cli.LABEL)
    return parts


def install(checkout: Checkout, user: Environment, console: Console) -> None:
    """Brings the tool chain into the checkout. Raises ToolError."""
    if missing(checkout, user):
        with _alone(checkout, console):
            # Another one may have done it while we waited.
            parts = missing(checkout, user)
            if parts:
                console.say(LABEL, f"to do: {', '.join(parts)}; everything stays inside this checkout")
            _install(checkout, user, console, parts)
    cli = pulumi_cli.current(checkout, user)
    if cli is not None:
        console.say(LABEL, f"ready: Python packages in .venv, Pulumi v{cli.version} ({cli.source})")


def _install(checkout: Checkout, user: Environment, console: Console, parts: list[str]) -> None:
    (checkout.tools / "python").write_text(f"{sys.executable}\n", encoding="utf-8")
    checkout.scratch.mkdir(exist_ok=True)
    if venv.LABEL in parts:
        venv.ensure(checkout, user, console)
    if pulumi_cli.LABEL in parts:
        pulumi_cli.ensure(checkout, user, console)
    # What an interrupted run left half-made.
    shutil.rmtree(checkout.scratch, ignore_errors=True)


@contextmanager
def _alone(checkout: Checkout, console: Console) -> Iterator[None]:
    """Waits until no other `make tools` works in this checkout; the lock goes with the process that holds it."""
    checkout.tools.mkdir(exist_ok=True)
    with (checkout.tools / "lock").open("a+", encoding="utf-8") as lock:
        if not _lock(lock.fileno()):
            holder = Path(lock.name).read_text(encoding="utf-8").strip()
            with console.step(
                LABEL, f"waiting for another `make tools` to finish (process {holder or 'unknown'})"
            ):
                while not _lock(lock.fileno()):
                    time.sleep(0.2)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
