"""How far a look at CCC has come, on stderr, where somebody sits at a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ccc_numbers.messages.visible import visible


class InstanceProgress:
    """A bar that counts instances. Shows nothing where stderr is no terminal."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("instances"),
            TextColumn("{task.fields[last]}", style="dim", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            refresh_per_second=5,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("reading the stack files", total=None, last="")

    def begin(self, instances: int) -> None:
        """So many instances are going to be read."""
        self._progress.update(self._task, description="looking at CCC", total=instances)

    def done(self, instance: str, failed: bool) -> None:
        """One of them has been read, or could not be."""
        last = f"{instance} could not be read" if failed else instance
        self._progress.update(self._task, advance=1, last=visible(last))

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
