"""Checks stacks against each other: in one world of numbers, each number, instance and purchase has one owner.

Pure: `stacks -> problems`. Stacks of different accounts, or of a simulator and the real service, live in different
worlds and cannot clash.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ccc_numbers.api.world import World
from ccc_numbers.declaration.model import OrderDeclaration
from ccc_numbers.declaration.stack import FEE_TIERS, PLATFORM_FEE
from ccc_numbers.fleet.stacks import Stack, numbers_of
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.problem import Problem, Source

_WHY = {
    "instance": "each keeps a roster of its own and would report the other's numbers as unmanaged",
    "number": "each `up` would move it back and forth",
    "order": "an order key names one purchase in the whole fleet",
}


@dataclass(frozen=True, slots=True)
class Clash:
    """A problem between stacks, at the place where the later of them declares it."""

    problem: Problem
    stacks: frozenset[str]


def clashes(stacks: Iterable[Stack]) -> list[Clash]:
    """Everything declared twice by different stacks that are, or may be, of one account."""
    everybody = list(stacks)
    return [
        *_declared_twice(everybody),
        *_purchases(everybody),
        *_fee_read_twice(everybody),
        *_tiers_twice(everybody),
    ]


def _declared_twice(stacks: list[Stack]) -> Iterator[Clash]:
    seen: defaultdict[tuple[str, str], list[tuple[Stack, Source]]] = defaultdict(list)
    for stack in stacks:
        for kind, name, path, source in _declared(stack):
            first = next((each for each in seen[kind, name] if each[0].world.shares(stack.world)), None)
            seen[kind, name].append((stack, source))
            if first is not None and first[0].name != stack.name:
                message = f"is declared by stack {quoted(first[0].name)} as well, at {first[1]}; {_WHY[kind]}"
                problem = Problem.at(source, path, None, message, f"{kind}-in-two-stacks")
                yield Clash(problem, frozenset({first[0].name, stack.name}))


def _declared(stack: Stack) -> Iterator[tuple[str, str, str, Source]]:
    """Everything of a stack that only one stack may declare: kind, name, path in the file, place."""
    for id, instance in stack.declaration.instances.items():
        yield "instance", id, f"instances.{id}", instance.source
    for instance, number in numbers_of(stack.declaration):
        yield "number", number.number, f"instances.{instance.id}.numbers.{number.number}", number.source
    for key, order in stack.declaration.orders.items():
        yield "order", key, f"orders.{key}", order.source


def _purchases(stacks: list[Stack]) -> Iterator[Clash]:
    """Marketplace orders that several stacks of one account book, and the numbers they put on them together."""
    booked: defaultdict[str, list[tuple[Stack, OrderDeclaration]]] = defaultdict(list)
    for stack in stacks:
        for order in stack.declaration.orders.values():
            for order_id in order.order_ids:
                booked[order_id].append((stack, order))
    for order_id, everywhere in booked.items():
        while everywhere:
            payer = everywhere[0][0].world.everywhere
            places = [each for each in everywhere if payer.shares(each[0].world.everywhere)]
            everywhere = [each for each in everywhere if not payer.shares(each[0].world.everywhere)]
            if len({stack.name for stack, _ in places}) > 1:
                yield from _booked_twice(order_id, places)
                yield from _overused(order_id, places)


def _tiers_twice(stacks: list[Stack]) -> Iterator[Clash]:
    """Stacks of one account whose platform fee has different tiers."""
    said: dict[World, Stack] = {}
    for stack in stacks:
        place = stack.file.fee_tiers_at
        if stack.file.fee_tiers is None or place is None:
            continue
        first = said.setdefault(stack.world.everywhere, stack)
        if first.file.fee_tiers != stack.file.fee_tiers:
            message = tr(
                "has other tiers than stack {stack} of the same account, at {place}; an account pays one fee for all its stacks",
                stack=quoted(first.name),
                place=first.file.fee_tiers_at,
            )
            problem = Problem.at(place, f"config.{FEE_TIERS}", None, message, "fee-in-two-ways")
            yield Clash(problem, frozenset({first.name, stack.name}))


def _fee_read_twice(stacks: list[Stack]) -> Iterator[Clash]:
    """Stacks of one account that say differently how its platform fee's tiers are read."""
    said: dict[World, Stack] = {}
    for stack in stacks:
        mode, place = stack.file.platform_fee, stack.file.platform_fee_at
        if mode is None or place is None:
            continue
        first = said.setdefault(stack.world.everywhere, stack)
        if first.file.platform_fee is not mode:
            message = (
                f"is {first.file.platform_fee} in stack {quoted(first.name)} of the same account, at "
                f"{first.file.platform_fee_at}; an account pays one fee for all its stacks"
            )
            problem = Problem.at(place, f"config.{PLATFORM_FEE}", mode, message, "fee-in-two-ways")
            yield Clash(problem, frozenset({first.name, stack.name}))


def _booked_twice(order_id: str, places: list[tuple[Stack, OrderDeclaration]]) -> Iterator[Clash]:
    (first_stack, first), *others = places
    for stack, order in others:
        if stack.name != first_stack.name:
            message = (
                f"is the marketplace order of {first.key} in stack {quoted(first_stack.name)} as well, "
                f"at {first.at('orderId')}; a purchase is booked once"
            )
            at, path = order.at("orderId"), f"orders.{order.key}.orderId"
            problem = Problem.at(at, path, order_id, message, "purchase-booked-twice")
            yield Clash(problem, frozenset({first_stack.name, stack.name}))


def _overused(order_id: str, places: list[tuple[Stack, OrderDeclaration]]) -> Iterator[Clash]:
    uses = [
        (stack.name, sum(number.order == order.key for _, number in numbers_of(stack.declaration)))
        for stack, order in places
    ]
    bought, used = max(order.quantity for _, order in places), sum(count for _, count in uses)
    if used > bought:
        _, order = places[-1]
        shares = ", ".join(f"{count} by {stack}" for stack, count in uses)
        message = (
            f"numbers were bought with marketplace order {order_id}, but {used} are declared on it in all "
            f"({shares}): {used - bought} too many"
        )
        at, path = order.at("quantity"), f"orders.{order.key}.quantity"
        problem = Problem.at(at, path, str(bought), message, "over-quantity")
        yield Clash(problem, frozenset(stack for stack, _ in uses))
