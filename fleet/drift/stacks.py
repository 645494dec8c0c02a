"""The stacks of a project as a drift run needs them: all of them are read, those asked for are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.declaration import (
    Declaration,
    InstanceDeclaration,
    NumberDeclaration,
    Problem,
    StackFile,
    load_stack,
    stack_file,
)
from fleet.across import world_of
from vendors.catalogue import Catalogue, built_in, with_overrides
from vendors.errors import CatalogueError

World = tuple[str, ...]
"""What tells one set of numbers from another; see `fleet.across.world_of`."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack. `declaration` is what is sound of its file; `problems` is empty when that is all of it."""

    file: StackFile
    declaration: Declaration
    catalogue: Catalogue
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def world(self) -> World:
        return world_of(self.file)


@dataclass(frozen=True, slots=True)
class Declared:
    """Where one number is declared."""

    stack: str
    instance: str
    number: NumberDeclaration


@dataclass(frozen=True, slots=True)
class Fleet:
    """All stacks by name, and who declares which number in each world."""

    stacks: Mapping[str, Stack]
    owners: Mapping[tuple[World, str], tuple[Declared, ...]]

    def declares(self, world: World, instance: str) -> bool:
        """Whether one of the stacks declares the instance."""
        return any(
            each.world == world and instance in each.declaration.instances for each in self.stacks.values()
        )

    def owners_of(self, world: World, number: str) -> tuple[Declared, ...]:
        """Every declaration of a number in one world."""
        return self.owners.get((world, number), ())


def read_fleet(project: Path, names: Iterable[str]) -> Fleet:
    """Read the files of all these stacks. Never raises for what stands in them; see `Stack.problems`."""
    stacks = {name: _read(project, name) for name in names}
    owners: dict[tuple[World, str], list[Declared]] = {}
    for stack in stacks.values():
        for instance, number in numbers_of(stack.declaration):
            key = (stack.world, number.number)
            owners.setdefault(key, []).append(Declared(stack.name, instance.id, number))
    return Fleet(stacks, {key: tuple(found) for key, found in owners.items()})


def numbers_of(declaration: Declaration) -> Sequence[tuple[InstanceDeclaration, NumberDeclaration]]:
    """Every number of a declaration with its instance."""
    return [
        (instance, number)
        for instance in declaration.instances.values()
        for number in instance.numbers.values()
    ]


def _read(project: Path, name: str) -> Stack:
    file, loaded = stack_file(project, name), load_stack(project, name)
    catalogue, problems = built_in(), loaded.problems
    if loaded.sound.catalogue is not None:
        try:
            catalogue = with_overrides(loaded.sound.catalogue)
        except CatalogueError as error:
            shown = str(loaded.sound.catalogue)
            problems = (*problems, Problem(shown, 1, 1, "catalogue", None, str(error), "catalogue"))
    return Stack(file, loaded.sound, catalogue, tuple(problem for problem in problems if _stops(problem)))


def _stops(problem: Problem) -> bool:
    return problem.severity == "error"
