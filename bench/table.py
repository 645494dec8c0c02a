"""The same for people: one table a size, and the figures with their targets."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table

from .pulumi_subjects import CCC, CHECKPOINTS, NOOP
from .report import Figure, cpu_s, figures, plugin_peak_mb, ratio, seconds
from .rounds import NAMES, Cell, Found
from .subject import Verb


def tables(found: Found) -> Iterator[RenderableType]:
    """What to print, in order."""
    for size in sorted({cell.size for cell in found.samples}):
        yield _times(found, size)
        yield _shares(found, size)
    if measured := figures(found):
        yield _figures_table(measured)
    for skipped in found.skipped:
        yield f"not measured: {skipped.subject} at {skipped.size:,} numbers: {skipped.why}"


def _times(found: Found, size: int) -> Table:
    """Seconds by verb and subject; in brackets how many times the engine alone."""
    table = Table(title=f"{size:,} numbers: seconds (times the engine alone), peak memory of the plugin")
    table.add_column("verb")
    names = [
        n for n in (*NAMES, CHECKPOINTS) if any(c.subject == n and c.size == size for c in found.samples)
    ]
    for name in names:
        table.add_column(name, justify="right")
    for verb in _verbs(found):
        table.add_row(str(verb), *(_cell(found, Cell(size, name, verb)) for name in names))
    return table


def _shares(found: Found, size: int) -> Table:
    """CPU seconds by whose they are."""
    table = Table(title=f"{size:,} numbers: CPU seconds, of all processes together")
    table.add_column("verb")
    names = [name for name in (CCC, NOOP) if Cell(size, name, Verb.UP) in found.samples]
    for name in names:
        table.add_column(name)
    for verb in _verbs(found):
        shares = [cpu_s(found.samples.get(Cell(size, name, verb), [])) for name in names]
        table.add_row(
            str(verb),
            *(", ".join(f"{part} {seconds:.2f}" for part, seconds in share.items()) for share in shares),
        )
    return table


def _verbs(found: Found) -> list[Verb]:
    return [verb for verb in Verb if any(cell.verb is verb for cell in found.samples)]


def _cell(found: Found, cell: Cell) -> str:
    samples = found.samples.get(cell)
    if not samples:
        return ""
    text = f"{seconds(samples):.2f} s"
    over = ratio(found, cell, NOOP)
    if over is not None and cell.subject != NOOP:
        text += f" ({over:.2f}×)"
    peak = plugin_peak_mb(samples)
    return text if peak is None else f"{text} {peak:.0f} MB"


def _figures_table(measured: list[Figure]) -> Table:
    table = Table(title="figures")
    for column in ("numbers", "figure", "measured", "target", ""):
        table.add_column(column, justify="right" if column in ("numbers", "measured", "target") else "left")
    for figure in measured:
        sign = "≥" if figure.at_least else "≤"
        table.add_row(
            f"{figure.size:,}",
            figure.name,
            f"{figure.measured:.2f}",
            f"{sign} {figure.target:g}",
            "met" if figure.met else "[bold]missed[/]",
        )
    return table
