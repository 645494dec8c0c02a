"""What the tool chain says while it works: one line a step, and a sign of life while a step takes long."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

TERMINAL_PAUSE = 0.2
"""Seconds between two signs of life on a terminal, where each replaces the one before."""

PLAIN_PAUSE = 5.0
"""Seconds between them elsewhere: each stays in the log as a line of its own."""

LABEL_WIDTH = 16


class Step:
    """One step under way. `doing` may be changed from any thread; it is shown with the seconds gone by."""

    def __init__(self, label: str, clock: Callable[[], float]) -> None:
        self.label = label
        self.doing = ""
        self._clock = clock
        self._started = clock()

    @property
    def seconds(self) -> float:
        """How long the step has been running."""
        return self._clock() - self._started


class Console:
    """Writes to a terminal or to a log; nothing else in the tool chain prints progress."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._terminal = stream.isatty()
        self._lock = threading.Lock()

    def say(self, label: str, text: str) -> None:
        """One line that stays."""
        self._write(f"  {label:<{LABEL_WIDTH}}  {text}\n")

    @contextmanager
    def step(self, label: str, doing: str) -> Iterator[Step]:
        """Announces a step, keeps saying that it is alive, and says how long it took when it succeeds."""
        step = Step(label, self._clock)
        self.say(label, doing)
        over = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(step, over), daemon=True)
        ticker.start()
        try:
            yield step
        finally:
            over.set()
            ticker.join()
        self.say(label, f"done in {step.seconds:.1f} s")

    def _tick(self, step: Step, over: threading.Event) -> None:
        while not over.wait(TERMINAL_PAUSE if self._terminal else PLAIN_PAUSE):
            line = f"  {step.label:<{LABEL_WIDTH}}  … {step.seconds:.0f} s  {step.doing}"
            self._write(f"{line[:110]}\r" if self._terminal else f"{line.rstrip()}\n")

    def _write(self, text: str) -> None:
        with self._lock:
            # On a terminal a new line takes the place of the sign of life that may stand there.
            self._stream.write(f"\033[2K{text}" if self._terminal else text)
            self._stream.flush()
