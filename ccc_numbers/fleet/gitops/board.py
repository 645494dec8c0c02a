"""The board of a run over many stacks: a live table at a terminal, elsewhere a line per stack."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table

from ccc_numbers.fleet.engine.changes import in_signs
from ccc_numbers.fleet.plan.result import OUTCOME_WORDS, OUTCOMES, VERB_WORDS, Outcome, Result, StackProgress
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import listed
from ccc_numbers.messages.terminal import Text

_STYLES = {Outcome.DONE: "green", Outcome.FAILED: "red", Outcome.REFUSED: "red", Outcome.LEFT_OUT: "yellow"}


class Board:
    """Takes each result. `live`: the table on a terminal; elsewhere `show` prints a line."""

    def __init__(self, show: Callable[[Result], None], live: Live | None = None) -> None:
        self._show = show
        self._live = live

    def __call__(self, result: Result) -> None:
        self._show(result)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to somebody else while the block lasts."""
        if self._live:
            self._live.stop()
        yield
        if self._live:
            self._live.start()


@contextmanager
def board(
    console: Console,
    progress: Callable[[], Sequence[StackProgress]],
    mask: Callable[[str], str],
    *,
    several: bool = True,
) -> Iterator[Board]:
    """Show the run while the block lasts; hand each result to the board that it yields.

    In a log each of `several` stacks is a line when it ends; of a single one the answer says the same.
    """
    if not console.is_terminal:
        yield Board(lambda result: console.print(line(result, mask), soft_wrap=True) if several else None)
        return

    def shown() -> RenderableType:
        return render(progress(), mask, room=max(console.size.height - 4, 3))

    with Live(console=console, get_renderable=shown, refresh_per_second=4, transient=True) as live:
        yield Board(lambda _: None, live)


def line(result: Result, mask: Callable[[str], str]) -> Text:
    """One stack on one line, for a log."""
    text = Text(f"{result.stack}: {tr(VERB_WORDS[result.verb])} ")
    text.append(tr(OUTCOME_WORDS[result.outcome]), _STYLES[result.outcome])
    text.append(tr(", ") + in_signs(result.counts) + tr(", ") + tr("{seconds:.1f} s", seconds=result.seconds))
    for error in result.errors[:1]:
        text.append(tr(": ") + mask(error), "red")
    return text


def render(progress: Sequence[StackProgress], mask: Callable[[str], str], room: int) -> RenderableType:
    """The board: running and failed stacks first, in at most `room` rows; then one line of counts."""
    shown = sorted(progress, key=_interest)[:room]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(tr("stack"), no_wrap=True)
    table.add_column(tr("step"), ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(tr("changes"), no_wrap=True)
    table.add_column(tr("time"), justify="right", no_wrap=True)
    for each in shown:
        style = _STYLES[each.outcome] if each.outcome else "" if each.seconds else "dim"
        step = each.error or (tr(OUTCOME_WORDS[each.outcome]) if each.outcome else each.step or tr("waiting"))
        table.add_row(
            Text(each.stack),
            Text(mask(step), style),
            "" if each.counts is None else in_signs(each.counts),
            tr("{seconds:.0f} s", seconds=each.seconds) if each.seconds else "",
        )
    return Group(table, Text(_counted(progress), "bold"))


def _interest(each: StackProgress) -> tuple[int, float]:
    if each.outcome is None and each.seconds:
        return 0, -each.seconds
    return ({Outcome.FAILED: 1, Outcome.REFUSED: 1}.get(each.outcome, 3) if each.outcome else 2), 0.0


def _counted(progress: Sequence[StackProgress]) -> str:
    ended = [each.outcome for each in progress if each.outcome]
    running = sum(each.outcome is None and each.seconds > 0 for each in progress)
    parts = [trn(*OUTCOMES[outcome], ended.count(outcome)) for outcome in Outcome if outcome in ended]
    waiting = len(progress) - len(ended) - running
    return listed(
        [
            tr("{count} running", count=running),
            *([tr("{count} waiting", count=waiting)] if waiting else []),
            *parts,
        ]
    )
