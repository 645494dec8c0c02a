"""The account a stack is in, and the orders of all stacks that share its minimum spends and platform fee."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.api.world import World
from ccc_numbers.declaration.model import Declaration
from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.read import load_file
from ccc_numbers.declaration.stack import StackFile, stack_file
from ccc_numbers.declaration.vendor_rules import catalogue_of, numbers_on_orders
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem
from ccc_numbers.vendors.catalogue import Catalogue, built_in
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.stack_orders import StackOrders

_WHERE = frozenset({"endpoint", "simulatorSeed", "simulatorState"})


def world_of(project: Path, file: StackFile) -> World:
    """The set of numbers that a stack's calls reach: see `Settings.world`.

    `check` reports settings that a stack cannot run with; its numbers stay in the world where the rest of the settings
    lead.
    """
    for keys in (file.provider.keys(), _WHERE | {"account"}, _WHERE):
        try:
            said = {key: value for key, value in file.provider.items() if key in keys}
            return Settings.parse(said, base=project).world
        except CccError:
            continue
    return World(file.endpoint or file.name, "")


def orders_of(
    file: StackFile, world: World, sound: Declaration, catalogue: Catalogue, problems: Iterable[Problem] = ()
) -> StackOrders:
    """The orders of a stack. `sound` is its declaration without what `problems` are about."""
    wrong = next((each for each in problems if each.severity == "error"), None)
    on_orders = tuple(numbers_on_orders(sound))
    numbers = [number for instance in sound.instances.values() for number in instance.numbers]
    return StackOrders(
        file.name,
        tuple(sound.orders.values()),
        on_orders,
        catalogue,
        None if file.problems else str(world.everywhere),
        bool(world.simulator),
        file.platform_fee,
        file.fee_tiers,
        len(numbers) - len(on_orders),
        tr("stack {name} of the account cannot be read: {why}", name=file.name, why=wrong)
        if wrong and _has_orders(file)
        else None,
    )


def neighbours(project: Path, stacks: Sequence[StackOrders]) -> list[StackOrders]:
    """The other stacks of the project that are, or may be, in the accounts of these. Reads no file that cannot matter."""
    names = {part.stack for part in stacks}
    accounts = {part.account for part in stacks if part.orders}
    found = []
    for name in discover(project) if accounts else ():
        if name not in names:
            file = stack_file(project, name)
            world = world_of(project, file)
            if file.problems or str(world.everywhere) in accounts:
                found.append(_neighbour(project, file, world))
    return found


def _neighbour(project: Path, file: StackFile, world: World) -> StackOrders:
    if not _has_orders(file):
        return orders_of(file, world, Declaration(file.declaration, {}, {}), built_in())
    loaded = load_file(project, file)
    try:
        return orders_of(file, world, loaded.sound, catalogue_of(loaded.sound), loaded.problems)
    except CatalogueError as error:
        return orders_of(file, world, loaded.sound, built_in(), (*loaded.problems, error.problem))


def _has_orders(file: StackFile) -> bool:
    """Whether a declaration may hold orders: reading all of it takes a hundred times longer than this."""
    text = read_text(file.declaration) if file.declaration.exists() else ""
    return isinstance(text, Problem) or "orders" in text
