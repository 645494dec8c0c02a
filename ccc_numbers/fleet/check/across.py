"""What stack files say against each other: one world of numbers, each with one owner.

Pure: `files read -> problems`. Stacks of different accounts, or of a simulator and the real service, live in different
worlds and cannot clash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.api.world import World
from ccc_numbers.declaration.model import Declaration, OrderDeclaration
from ccc_numbers.declaration.stack import StackFile
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.problem import Problem, Source

_WHERE = frozenset({"endpoint", "simulatorSeed", "simulatorState"})


@dataclass(frozen=True, slots=True)
class Member:
    """One stack taking part: what is sound in its file, and where its calls go."""

    stack: str
    declaration: Declaration
    world: World


@dataclass(frozen=True, slots=True)
class Clash:
    """A problem between stacks, told where the second of them says it."""

    problem: Problem
    stacks: frozenset[str]


def world_of(project: Path, file: StackFile) -> World:
    """What tells one set of numbers from another: see `Settings.world`.

    Settings that a stack cannot run with are told elsewhere. What it declares stays its own, where the rest of them
    leads.
    """
    for keys in (file.provider.keys(), _WHERE | {"account"}, _WHERE):
        try:
            said = {key: value for key, value in file.provider.items() if key in keys}
            return Settings.parse(said, base=project).world
        except CccError:
            continue
    return World(file.endpoint or file.name, "")


def clashes(members: Iterable[Member]) -> list[Clash]:
    """Everything declared twice by different stacks that are, or may be, of one account."""
    everybody = list(members)
    found = (_instances(everybody), _numbers(everybody), _order_keys(everybody), _purchases(everybody))
    return list(chain.from_iterable(found))


_Seen = dict[str, list[tuple[Member, Source]]]
"""Who says something, and where, by what it is about."""


def _instances(members: list[Member]) -> Iterator[Clash]:
    seen: _Seen = defaultdict(list)
    for member in members:
        for instance in member.declaration.instances.values():
            path = f"instances.{instance.id}"
            told = "each keeps a roster of its own and would report the other's numbers as unmanaged"
            yield from _twice(
                seen, instance.id, member, instance.source, path, told, "instance-in-two-stacks"
            )


def _numbers(members: list[Member]) -> Iterator[Clash]:
    seen: _Seen = defaultdict(list)
    for member in members:
        for instance in member.declaration.instances.values():
            for number in instance.numbers.values():
                path = f"instances.{instance.id}.numbers.{number.number}"
                told = "they would take it from each other at every up"
                yield from _twice(
                    seen, number.number, member, number.source, path, told, "number-in-two-stacks"
                )


def _order_keys(members: list[Member]) -> Iterator[Clash]:
    seen: _Seen = defaultdict(list)
    for member in members:
        for order in member.declaration.orders.values():
            told = "an order key names one purchase in the whole fleet"
            path = f"orders.{order.key}"
            yield from _twice(seen, order.key, member, order.source, path, told, "order-in-two-stacks")


def _twice(
    seen: _Seen,
    key: str,
    member: Member,
    source: Source,
    path: str,
    told: str,
    rule: str,
) -> Iterator[Clash]:
    before = next(((m.stack, at) for m, at in seen[key] if m.world.shares(member.world)), None)
    seen[key].append((member, source))
    if before is not None and before[0] != member.stack:
        stack, first = before
        message = f"is declared by stack {quoted(stack)} as well, at {first}; {told}"
        yield Clash(Problem.at(source, path, None, message, rule), frozenset({stack, member.stack}))


def _purchases(members: list[Member]) -> Iterator[Clash]:
    """One marketplace order booked by several stacks, and the numbers they put on it together."""
    booked: dict[str, list[tuple[Member, OrderDeclaration]]] = defaultdict(list)
    for member in members:
        for order in member.declaration.orders.values():
            if order.order_id is not None:
                booked[order.order_id].append((member, order))
    for order_id, everywhere in booked.items():
        while everywhere:
            (first, _), *_ = everywhere
            places = [each for each in everywhere if first.world.shares(each[0].world)]
            everywhere = [each for each in everywhere if not first.world.shares(each[0].world)]
            yield from _booked(order_id, places)


def _booked(order_id: str, places: list[tuple[Member, OrderDeclaration]]) -> Iterator[Clash]:
    """What is wrong with one purchase that is booked at these places of one account."""
    stacks = frozenset(member.stack for member, _ in places)
    if len(stacks) < 2:
        return
    (first_member, first), *others = places
    for member, order in others:
        if member.stack != first_member.stack:
            message = (
                f"is the marketplace order of {first.key} in stack {quoted(first_member.stack)} as well, "
                f"at {first.at('orderId')}; a purchase is booked once"
            )
            at = order.at("orderId")
            problem = Problem.at(
                at, f"orders.{order.key}.orderId", order_id, message, "purchase-booked-twice"
            )
            yield Clash(problem, frozenset({first_member.stack, member.stack}))
    yield from _overused(order_id, places, stacks)


def _overused(
    order_id: str, places: list[tuple[Member, OrderDeclaration]], stacks: frozenset[str]
) -> Iterator[Clash]:
    uses = {(member.stack, order.key): _uses(member.declaration, order.key) for member, order in places}
    bought = max(order.quantity for _, order in places)
    used = sum(uses.values())
    if used > bought:
        order = places[-1][1]
        shares = ", ".join(f"{count} by {stack}" for (stack, _), count in uses.items())
        message = (
            f"numbers were bought with marketplace order {order_id}, but {used} are declared on it in all "
            f"({shares}): {used - bought} too many"
        )
        at, path = order.at("quantity"), f"orders.{order.key}.quantity"
        yield Clash(Problem.at(at, path, str(bought), message, "over-quantity"), stacks)


def _uses(declaration: Declaration, key: str) -> int:
    return sum(n.order == key for each in declaration.instances.values() for n in each.numbers.values())
