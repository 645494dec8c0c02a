"""Asks a person before planned changes are made."""

from collections.abc import Callable, Sequence

import typer

from ccc_numbers.fleet.gitops.board import Board
from ccc_numbers.fleet.gitops.fleet_run import FleetRun, StackTask
from ccc_numbers.fleet.plan.result import Result
from ccc_numbers.messages.language import trn


def apply_if_confirmed(
    show: Callable[[Sequence[Result]], None],
) -> Callable[[FleetRun, Sequence[StackTask], Board], list[Result]]:
    """The work of a run that plans, has `show` print the plans, asks, and does what was planned."""

    def work(run: FleetRun, tasks: Sequence[StackTask], board: Board) -> list[Result]:
        def agree(planned: Sequence[Result]) -> bool:
            with board.paused():
                show(planned)
                count = sum(len(each.changes) for each in planned if each.well)
                question = trn("Make this change?", "Make these {count:,} changes?", count)
                return typer.confirm(question, default=False, err=True)

        return run.apply(tasks, board, agree)

    return work
