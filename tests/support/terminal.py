"""A command at a real pseudo-terminal: what it shows is waited for, and answered as a person types."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

_LONGEST = 120.0


class AtTerminal:
    """A running command. `text` is all that it has shown so far, what was typed included."""

    def __init__(self, words: Sequence[str]) -> None:
        self._terminal, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
        environment = os.environ | {"TERM": "dumb"}
        self.process = subprocess.Popen(
            words, stdin=child, stdout=child, stderr=child, start_new_session=True, env=environment
        )
        os.close(child)
        self.text, self._seen = "", 0

    def answer(self, shown: str, typed: str) -> None:
        """Wait until it has shown this, and type a line."""
        self.wait(shown)
        self.type(typed)

    def wait(self, shown: str) -> None:
        """Wait until it has shown this, after what was waited for last."""
        until = monotonic() + _LONGEST
        while shown not in self.text[self._seen :]:
            assert self._read(until - monotonic()), f"{shown!r} was not shown: {self.text[self._seen :]}"
        self._seen = self.text.index(shown, self._seen) + len(shown)

    def type(self, typed: str) -> None:
        os.write(self._terminal, f"{typed}\n".encode())

    def end(self) -> int:
        """Wait for its end; the exit code."""
        until = monotonic() + _LONGEST
        while self._read(until - monotonic()):
            pass
        return self.process.wait(_LONGEST)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._terminal)

    def _read(self, seconds: float) -> bool:
        """Take what it shows next; whether there was anything."""
        if not select.select([self._terminal], [], [], max(seconds, 0))[0]:
            return False
        try:
            found = os.read(self._terminal, 65536)
        except OSError:  # Linux says so when the last writer has gone.
            return False
        self.text += found.decode(errors="replace").replace("\r\n", "\n")
        return bool(found)


@contextmanager
def at_terminal(*words: str) -> Iterator[AtTerminal]:
    """Run a command at a terminal of its own; it is gone afterwards."""
    running = AtTerminal(words)
    try:
        yield running
    finally:
        running.close()
