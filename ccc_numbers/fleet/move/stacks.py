"""The two stacks of a move, as their files have them."""

from pathlib import Path

from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.override import ORDINARILY
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.project import chosen_stacks
from ccc_numbers.fleet.stacks import Fleet, Stack, read_fleet, refuse_to_write
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem


def both(project: Path, source: str, target: str) -> Fleet:
    """All stacks of the project. Raises FleetError when these two cannot hand anything to each other."""
    if source == target:
        raise FleetError(tr("--from and --to are both {source}", source=source))
    names = chosen_stacks(project, [source, target])
    refuse_to_write(project, names, "move")
    fleet = read_fleet(project, dict.fromkeys([*discover(project), *names]), ORDINARILY)
    here, there = fleet.stacks[source], fleet.stacks[target]
    wrong = [*here.file.problems, *here.file.refused, *there.file.problems, *there.file.refused]
    wrong += [each for stack in (here, there) for each in stack.problems if not _tolerable(stack, each)]
    if wrong:
        raise FleetError(*map(str, dict.fromkeys(wrong)))
    if not here.world.shares(there.world):
        raise FleetError(
            tr(
                "{source} is in {world} and {target} in {other_world}: a number cannot move between two accounts, "
                "only within one",
                source=source,
                world=here.world,
                target=target,
                other_world=there.world,
            )
        )
    return fleet


def _tolerable(stack: Stack, problem: Problem) -> bool:
    """A warning; or that the stack declares nothing, yet or any more."""
    nothing = problem.rule == "shape" and problem.message.startswith(tr("declares nothing"))
    return problem.severity != "error" or nothing or not stack.file.declaration.exists()
