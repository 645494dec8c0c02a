"""Finds everything wrong with stack files that can be found without network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.declaration.clock import now
from ccc_numbers.declaration.model import Declaration
from ccc_numbers.declaration.names import misnamed
from ccc_numbers.declaration.override_warnings import override_warnings
from ccc_numbers.declaration.stack import StackFile
from ccc_numbers.declaration.vendor_rules import vendor_problems
from ccc_numbers.fleet.check.across import clashes
from ccc_numbers.fleet.stacks import Stack, numbers_of, read_fleet
from ccc_numbers.messages.problem import Problem, first_of_each_kind


@dataclass(frozen=True, slots=True)
class Examined:
    """One stack: what is sound of its file, and what is wrong with it.

    `names_no_account`: it should say in `ccc:account` of which account its keys have to be; that is advice.
    """

    file: StackFile
    sound: Declaration
    problems: tuple[Problem, ...]
    names_no_account: bool = False

    @property
    def errors(self) -> int:
        """How many of the problems stop an `up`."""
        return sum(problem.count for problem in self.problems if problem.severity == "error")

    @property
    def numbers(self) -> int:
        """How many numbers are declared soundly."""
        return len(numbers_of(self.sound))


def examine(
    project: Path, names: Sequence[str], everything: Sequence[str], today: date, at: datetime | None = None
) -> list[Examined]:
    """Each stack of `names` with all that is wrong with it, clashes with any stack of `everything` included.

    `at`: see `read_fleet`.
    """
    at = at or now()
    stacks = read_fleet(project, dict.fromkeys((*everything, *names)), at).stacks
    # A clash is reported at the later stack; if nobody asked for that one, at the one that was asked for.
    between: dict[str, list[Problem]] = {name: [] for name in stacks}
    for clash in clashes(stacks.values()):
        owner = next((name for name in reversed(between) if name in clash.stacks and name in names), None)
        if owner is not None:
            between[owner].append(clash.problem)
    return [_examined(project, stacks[name], between[name], today, at) for name in names]


def misnamed_stacks(project: Path) -> list[Examined]:
    """The files that look like a stack's but cannot be one, each with what is wrong with its name."""
    folder = project / "stacks"
    return [
        Examined(StackFile(Path(problem.file).name, folder), Declaration(folder, {}, {}), (problem,))
        for problem in misnamed(project)
    ]


def _examined(project: Path, stack: Stack, between: list[Problem], today: date, at: datetime) -> Examined:
    found = (*vendor_problems(stack.declaration, today), *override_warnings(stack.declaration, at))
    unique = dict.fromkeys((*stack.problems, *found, *between))
    in_place = sorted(unique, key=lambda each: (each.file, each.line, each.column))
    problems = tuple(first_of_each_kind(in_place))
    return Examined(stack.file, stack.declaration, problems, _names_no_account(project, stack))


def _names_no_account(project: Path, stack: Stack) -> bool:
    """Whether a stack of the real CCC leaves it open of which account its keys have to be."""
    try:
        settings = Settings.parse(stack.file.provider, base=project)
    except CccError:
        return False  # reported at the setting itself
    simulated = settings.embedded or settings.target.loopback
    return bool(stack.declaration.instances) and not simulated and settings.identity.account is None
