"""The vendor orders of stacks, ready for the ledger."""

from __future__ import annotations

from pathlib import Path

from components.declaration import Declaration, load_stack
from components.declaration.vendor_rules import catalogue_of, numbers_on_orders
from fleet.console import err
from fleet.errors import FleetError
from vendors.errors import CatalogueError
from vendors.ledger import StackOrders


def declaration_of(project: Path, stack: str) -> Declaration:
    """A stack's declaration; every problem of it is printed, and FleetError raised, when it has any."""
    loaded = load_stack(project, stack)
    if loaded.declaration is None:
        for problem in loaded.problems:
            err().print(str(problem), markup=False, soft_wrap=True)
        raise FleetError(f"stack {stack} cannot be read; `ccc-numbers check {stack}` tells all")
    return loaded.declaration


def stack_orders(project: Path, stack: str) -> StackOrders:
    """A stack's orders, the numbers on them and its catalogue; FleetError when its files are wrong."""
    declaration = declaration_of(project, stack)
    try:
        catalogue = catalogue_of(declaration)
    except CatalogueError as error:
        raise FleetError(str(error)) from None
    return StackOrders(
        stack, tuple(declaration.orders.values()), tuple(numbers_on_orders(declaration)), catalogue
    )
