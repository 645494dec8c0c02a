"""The progress of a look at CCC, on stderr, at a terminal."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import visible


class InstanceProgress(Progress):
    """A bar that counts instances. Shows nothing where stderr is not a terminal."""

    def __init__(self, console: Console) -> None:
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(tr("instances")),
            TextColumn("{task.fields[last]}", style="dim", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            refresh_per_second=5,
            disable=not console.is_terminal,
        )
        self._look = self.add_task(tr("reading the stack files"), total=None, last="")

    def begin(self, instances: int) -> None:
        """So many instances are going to be read."""
        self.update(self._look, description=tr("looking at CCC"), total=instances)

    def done(self, instance: str, failed: bool) -> None:
        """One of them has been read, or could not be."""
        last = tr("{instance} could not be read", instance=instance) if failed else instance
        self.update(self._look, advance=1, last=visible(last))
