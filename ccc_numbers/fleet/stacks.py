"""The stack files of a project as every verb needs them: what each declares, and which numbers are whose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.identity import Caller
from ccc_numbers.api.settings import Settings
from ccc_numbers.api.world import World
from ccc_numbers.declaration.account import orders_of, world_of
from ccc_numbers.declaration.clock import now
from ccc_numbers.declaration.model import Declaration, InstanceDeclaration, NumberDeclaration
from ccc_numbers.declaration.override import declared_at
from ccc_numbers.declaration.read import load_file
from ccc_numbers.declaration.stack import StackFile, stack_file
from ccc_numbers.declaration.vendor_rules import catalogue_of
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.project import stack_named
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem
from ccc_numbers.numbers.plan_number import Claims
from ccc_numbers.numbers.plan_number import Declared as Plannable
from ccc_numbers.vendors.catalogue import Catalogue, built_in
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.stack_orders import StackOrders


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack, and the world of numbers it is in (see `world_of`).

    `declaration` is what is sound of its file, at the moment of the run; `problems` is empty when that is all of it.
    """

    file: StackFile
    world: World
    declaration: Declaration
    catalogue: Catalogue
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def orders(self) -> StackOrders:
        """Its orders, or those of what is sound of its file, and the numbers on them."""
        return orders_of(self.file, self.world, self.declaration, self.catalogue, self.problems)


@dataclass(frozen=True, slots=True)
class DeclaredNumber:
    """Where one number is declared."""

    stack: str
    world: World
    instance: str
    number: NumberDeclaration


@dataclass(frozen=True, slots=True)
class Fleet:
    """All stacks by name, and who declares which number."""

    stacks: Mapping[str, Stack]
    owners: Mapping[str, tuple[DeclaredNumber, ...]]

    def owners_of(self, world: World, number: str) -> tuple[DeclaredNumber, ...]:
        """Every declaration of a number in one account, as far as the settings say."""
        owners = self.owners.get(number, ())
        return tuple(each for each in owners if each.world is world or each.world.shares(world))


@dataclass(frozen=True, slots=True)
class FileClaims(Claims):
    """Who declares which number, as `up` of one stack sees it when it plans: by the files that may be of its account."""

    fleet: Fleet
    stack: Stack

    def owner(self, number: str) -> str | None:
        """The other stack that declares the number; None when no other does."""
        others = (each for each in self.fleet.owners.get(number, ()) if each.stack != self.stack.name)
        return next((each.stack for each in others if each.world.may_be(self.stack.world)), None)

    def gives(self, declared: Plannable, instance_id: str) -> bool:
        """Whether a stack, this one or another, declares the instance without the number."""
        return any(
            stack.world.may_be(self.stack.world)
            and (instance := stack.declaration.instances.get(instance_id)) is not None
            and declared.number not in instance.numbers
            for stack in self.fleet.stacks.values()
        )


def read_fleet(project: Path, names: Iterable[str], at: datetime | None = None) -> Fleet:
    """Read the files of all these stacks. Never raises for what stands in them; see `Stack.problems`.

    `at`: the moment whose overrides hold, without one that of the environment.
    """
    at = at or now()
    stacks = {name: read_stack(project, name, at) for name in names}
    owners: dict[str, list[DeclaredNumber]] = {}
    for stack in stacks.values():
        for instance, number in numbers_of(stack.declaration):
            declared = DeclaredNumber(stack.name, stack.world, instance.id, number)
            owners.setdefault(number.number, []).append(declared)
    return Fleet(stacks, {key: tuple(found) for key, found in owners.items()})


def read_stack(project: Path, name: str, at: datetime | None = None) -> Stack:
    """Read the files of one stack, as `read_fleet` does."""
    file = stack_file(project, name)
    loaded = load_file(project, file)
    problems = loaded.problems
    try:
        catalogue = catalogue_of(loaded.sound)
    except CatalogueError as error:
        catalogue = built_in()
        problems += (error.problem,)
    declaration = declared_at(loaded.sound, at or now())
    return Stack(file, world_of(project, file), declaration, catalogue, problems)


def sound_stack(project: Path, name: str, at: datetime | None = None) -> Stack:
    """A stack whose files have no mistake; otherwise each mistake is printed, and FleetError raised."""
    stack = read_stack(project, stack_named(name), at)
    if stack.problems:
        for problem in stack.problems:
            err().print(str(problem), soft_wrap=True)
        raise FleetError(
            tr(
                "stack {name} cannot be read; `ccc-numbers check {name}` shows everything wrong with it",
                name=name,
            )
        )
    return stack


def refuse_to_write(project: Path, names: Iterable[str], verb: str) -> None:
    """Raise FleetError, one line for each stack that is only looked at, when `verb` would write to it."""
    lines = []
    for name in names:
        file = stack_file(project, name)
        if file.problems or file.refused:
            continue  # the verb says so itself, with the place
        try:
            settings = Settings.parse(file.provider, base=project)
            settings.identity.refuse(Caller(name, verb))
        except ConfigError as error:
            lines.append(tr("stack {name}: {error}", name=name, error=error))
    if lines:
        raise FleetError(*lines)


def numbers_of(declaration: Declaration) -> Sequence[tuple[InstanceDeclaration, NumberDeclaration]]:
    """Every number of a declaration with its instance."""
    return [
        (instance, number)
        for instance in declaration.instances.values()
        for number in instance.numbers.values()
    ]
