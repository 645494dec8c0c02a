"""The vendor orders of stacks, ready for the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ccc_numbers.declaration.stack import StackFile
from ccc_numbers.declaration.vendor_rules import numbers_on_orders
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.project import stack_named
from ccc_numbers.fleet.stacks import Stack, read_stack
from ccc_numbers.vendors.ledger import StackOrders
from ccc_numbers.vendors.platform_fee import Mode


def sound_stack(project: Path, name: str) -> Stack:
    """A stack whose files have no mistake; otherwise each mistake is printed, and FleetError raised."""
    stack = read_stack(project, stack_named(name))
    if stack.problems:
        for problem in stack.problems:
            err().print(str(problem), soft_wrap=True)
        raise FleetError(
            f"stack {name} cannot be read; `ccc-numbers check {name}` shows everything wrong with it"
        )
    return stack


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


def orders_of(stack: Stack) -> StackOrders:
    """The orders of a stack, or of what is sound of its file, and the numbers on them."""
    orders, numbers = tuple(stack.declaration.orders.values()), tuple(numbers_on_orders(stack.declaration))
    return StackOrders(stack.name, orders, numbers, stack.catalogue, str(stack.world))
