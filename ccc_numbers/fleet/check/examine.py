"""Reads stack files and holds them against everything that needs no network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.declaration.model import Declaration
from ccc_numbers.declaration.names import misnamed
from ccc_numbers.declaration.read import load_stack
from ccc_numbers.declaration.stack import StackFile, stack_file
from ccc_numbers.declaration.vendor_rules import vendor_problems
from ccc_numbers.fleet.check.across import Member, clashes, world_of
from ccc_numbers.messages.problem import Problem, first_of_each_kind

Rule = Callable[[Declaration], Iterable[Problem]]
"""Something more to say about one stack. It is given what is sound, and must not need the rest."""


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
        return sum(len(instance.numbers) for instance in self.sound.instances.values())


def default_rules(today: date) -> tuple[Rule, ...]:
    """The rules beyond the grammar: the vendors' catalogue."""
    return (partial(vendor_problems, today=today),)


def examine(
    project: Path, stacks: Sequence[str], everything: Sequence[str], rules: Sequence[Rule]
) -> list[Examined]:
    """Each of `stacks` with all that is wrong with it, clashes with any stack of `everything` included."""
    names = list(dict.fromkeys((*everything, *stacks)))
    files = {name: stack_file(project, name) for name in names}
    loaded = {name: load_stack(project, name) for name in names}
    members = [Member(name, loaded[name].sound, world_of(project, files[name])) for name in names]
    wanted = set(stacks)
    # A clash is told at the later stack; of one that was not asked for, it is told at the one that was.
    between: dict[str, list[Problem]] = {name: [] for name in names}
    for clash in clashes(members):
        owner = next((name for name in reversed(names) if name in clash.stacks & wanted), None)
        if owner is not None:
            between[owner].append(clash.problem)
    return [
        Examined(
            files[name],
            loaded[name].sound,
            _sorted(
                loaded[name].problems,
                chain_rules(loaded[name].sound, rules),
                between[name],
            ),
            _names_no_account(project, files[name], loaded[name].sound),
        )
        for name in stacks
    ]


def unread(project: Path) -> list[Examined]:
    """The files that look like a stack's and cannot be one, each with what is wrong with its name."""
    folder = project / "stacks"
    return [
        Examined(StackFile(Path(problem.file).name, folder), Declaration(folder, {}, {}), (problem,))
        for problem in misnamed(project)
    ]


def chain_rules(declaration: Declaration, rules: Sequence[Rule]) -> Iterable[Problem]:
    """What all rules say of one stack."""
    for rule in rules:
        yield from rule(declaration)


def _names_no_account(project: Path, file: StackFile, declared: Declaration) -> bool:
    """Whether a stack of the real CCC leaves it open of which account its keys have to be."""
    try:
        settings = Settings.parse(file.provider, base=project)
    except CccError:
        return False  # said at the setting itself
    simulated = settings.embedded or settings.target.loopback
    return bool(declared.instances) and not simulated and settings.identity.account is None


def _sorted(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    unique = dict.fromkeys(problem for group in groups for problem in group)
    inplace = sorted(unique, key=lambda each: (each.file, each.line, each.column))
    return tuple(first_of_each_kind(inplace))
