"""The time that `--traffic` names."""

from collections.abc import Sequence
from datetime import datetime

from ccc_numbers.declaration.clock import Window, read_window
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted
from ccc_numbers.numbers.finding_kinds import ABOUT_CALLS, FindingKind


def chosen_window(
    written: str | None, at: datetime, *, only: Sequence[FindingKind] = (), offline: bool = False
) -> Window | None:
    """The window, None without one. FleetError where it is not one, or where nobody would look at calls it needs."""
    if written is None:
        if unasked := [kind for kind in only if kind in ABOUT_CALLS]:
            raise FleetError(
                tr(
                    "--only {kind}: is about calls; add how far back to look, such as --traffic 30d",
                    kind=unasked[0],
                )
            )
        return None
    if offline:
        raise FleetError(
            tr("--traffic: asks CCC for its calls, and --offline asks nothing; leave one of them out")
        )
    try:
        return read_window(written, at)
    except ValueError as error:
        raise FleetError(tr("--traffic {window}: {error}", window=quoted(written), error=error)) from None


def spoken(written: str) -> str:
    """`30d` or `24h`, as the reader has it."""
    count = written[:-1]
    return tr("{count}d", count=count) if written.endswith("d") else tr("{count}h", count=count)
