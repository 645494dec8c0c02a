"""The vendor orders of stacks, ready for the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ccc_numbers.api.world import World
from ccc_numbers.declaration.model import Declaration
from ccc_numbers.declaration.read import load_stack
from ccc_numbers.declaration.stack import StackFile, stack_file
from ccc_numbers.declaration.vendor_rules import catalogue_of, numbers_on_orders
from ccc_numbers.fleet.check.across import world_of
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.project import stack_named
from ccc_numbers.vendors.catalogue import Catalogue
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.ledger import StackOrders
from ccc_numbers.vendors.platform_fee import Mode


def declaration_of(project: Path, stack: str) -> Declaration:
    """A stack's declaration; every problem of it is printed, and FleetError raised, when it has any."""
    loaded = load_stack(project, stack_named(stack))
    if loaded.declaration is None:
        for problem in loaded.problems:
            err().print(str(problem), soft_wrap=True)
        raise FleetError(f"stack {stack} cannot be read; `ccc-numbers check {stack}` tells all")
    return loaded.declaration


def platform_fee_mode(files: Iterable[StackFile]) -> Mode:
    """How the stacks' Pulumi files say the platform fee's tiers are read; FleetError when they do not agree.

    The fee is the account's, on the minutes of all its stacks together, so it is read in one way.
    """
    said = {file.name: file.platform_fee for file in files if file.platform_fee is not None}
    if len(set(said.values())) > 1:
        each = ", ".join(f"{stack}: {mode}" for stack, mode in said.items())
        raise FleetError(
            f"stacks read the platform fee's tiers in different ways ({each}); it is one fee of one account: let "
            "ccc-numbers:platformFee say the same in their Pulumi files"
        )
    return next(iter(said.values()), Mode.GRADUATED)


def stack_orders(project: Path, stack: str) -> StackOrders:
    """A stack's orders, the numbers on them and its catalogue; FleetError when its files are wrong."""
    declaration = declaration_of(project, stack)
    try:
        catalogue = catalogue_of(declaration)
    except CatalogueError as error:
        raise FleetError(str(error)) from None
    return orders_in(stack, declaration, catalogue, world_of(project, stack_file(project, stack)))


def orders_in(stack: str, declaration: Declaration, catalogue: Catalogue, world: World) -> StackOrders:
    """The orders of a declaration, or of what is sound of it, and the numbers on them."""
    orders = tuple(declaration.orders.values())
    return StackOrders(stack, orders, tuple(numbers_on_orders(declaration)), catalogue, str(world))
