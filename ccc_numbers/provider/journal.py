"""What runs of a stack have begun and perhaps never saved: a small file outside Pulumi's state.

Without checkpoints a run that is killed leaves no state. When the declaration is taken back before the next one,
neither state nor file says that the numbers it had added are this stack's own; this does. A run that ends in order
deletes its file, but for the numbers the engine never heard of.
"""

import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TextIO

from ccc_numbers.messages.language import tr

FOLDER = ".ccc-numbers"


class Entry(NamedTuple):
    """One number that a run was about to write. `joins`: it was being put into the instance by this stack."""

    number: str
    instance_id: str
    joins: bool


@dataclass
class Journal:
    """One plugin process's own file for a stack, and what is left of those of processes that were killed.

    Nothing is made before there is something to write.
    """

    project: Path
    stack: str
    _own: dict[str, Entry] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _writes: TextIO | None = None

    def __post_init__(self) -> None:
        self._folder = self.project / FOLDER / "journal" / (self.stack or "-")
        self._files = {file: list(_read(file)) for file in sorted(self._folder.glob("*.jsonl"))}
        self._left = {entry.number: entry for entries in self._files.values() for entry in entries}
        self._settled: set[str] = set()
        self._file = self._folder / f"{os.getpid()}-{time.time_ns()}.jsonl"

    def begin(self, number: str, instance_id: str, *, joins: bool) -> None:
        """Write it down, before it is done."""
        entry = self._own[number] = Entry(number, instance_id, joins)
        self._ended.discard(number)
        try:
            if self._writes is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                (self.project / FOLDER / ".gitignore").write_text("*\n", encoding="utf-8")
                self._writes = self._file.open("a", encoding="utf-8")
            self._writes.write(json.dumps(entry) + "\n")
            self._writes.flush()
        except OSError as error:
            # A folder that cannot be written to keeps nobody from working on lines; a killed run is then not remembered.
            said = tr("{folder} cannot be written to: {why}", folder=self._folder, why=error.strerror)
            logging.getLogger(__name__).warning("%s", said)

    def end(self, number: str) -> None:
        """The engine has the outcome and will save it, also for earlier entries of the number."""
        self._ended.add(number)
        self._settled.add(number)

    def begun(self, number: str, instance_id: str) -> bool:
        """Whether a run that was killed had begun to write the number in that instance."""
        return number in self._left and self._left[number].instance_id == instance_id

    def left_in(self, instance_id: str) -> frozenset[str]:
        """Numbers that a run which was killed put into the instance, or was about to."""
        return frozenset(
            n for n, each in self._left.items() if each.joins and each.instance_id == instance_id
        )

    def close(self, *, saved: bool) -> None:
        """Keep what is not settled. `saved`: the engine is still there to save its state; if not, all stays."""
        if self._writes:
            self._writes.close()
        if not saved:
            return
        if self._own:
            _write(self._file, [entry for number, entry in self._own.items() if number not in self._ended])
        for file, entries in self._files.items():
            rest = [entry for entry in entries if entry.number not in self._settled]
            if len(rest) < len(entries):
                _write(file, rest)


def _read(file: Path) -> Iterator[Entry]:
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            number, instance_id, joins = json.loads(line)
        except ValueError:
            continue  # the last line of a killed process may be cut; what it names was not begun
        yield Entry(str(number), str(instance_id), joins is True)


def _write(file: Path, entries: list[Entry]) -> None:
    if not entries:
        file.unlink(missing_ok=True)
        return
    lines = (json.dumps(each) + "\n" for each in entries)
    file.write_text("".join(lines), encoding="utf-8")
