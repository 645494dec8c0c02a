"""What moves from one stack to another, and why it cannot. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ccc_numbers.declaration.model import (
    InstanceDeclaration,
    NumberDeclaration,
)
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.essence import essence_of_order
from ccc_numbers.fleet.stacks import Fleet, Stack, numbers_of
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import quoted, some, suggestion


@dataclass(frozen=True, slots=True)
class Choice:
    """What moves. `numbers` (number -> instance) are all of it, those of whole `instances` too.

    `declared` are the instances, numbers and orders that the source still declares; the others have been moved in the
    files already, by a run that was killed.
    """

    source: Stack
    target: Stack
    instances: tuple[str, ...]
    numbers: Mapping[str, str]
    orders: tuple[str, ...]
    declared: frozenset[str]

    @property
    def alone(self) -> list[tuple[str, NumberDeclaration]]:
        """The numbers that leave their instance's block, with the instance."""
        return [
            (instance.id, number)
            for instance, number in numbers_of(self.source.declaration)
            if number.number in self.numbers and instance.id not in self.instances
        ]


def choose(fleet: Fleet, source: Stack, target: Stack, subjects: Sequence[str]) -> Choice:
    """Raises FleetError, one line for each reason, when something of it cannot move as it is."""
    instances, numbers = list[str](), dict[str, str]()
    wrong: list[str] = []
    for subject in dict.fromkeys(subjects):
        try:
            if subject in (*source.declaration.instances, *target.declaration.instances):
                instances.append(_instance(source, target, subject))
            else:
                numbers[subject] = _number(fleet, source, target, subject)
        except FleetError as error:
            wrong += error.lines
    if wrong:
        raise FleetError(*wrong)
    for id in instances:
        declared = source.declaration.instances.get(id) or target.declaration.instances[id]
        numbers |= dict.fromkeys(declared.numbers, id)
    here = {number.number: number for _, number in numbers_of(source.declaration) if number.number in numbers}
    alone = [number for number in here.values() if numbers[number.number] not in instances]
    orders, wrong = _orders(source, target, here)
    wrong += overridden(source, here)
    wrong += [line for number in alone for line in _managed(source, target, numbers[number.number], number)]
    if wrong:
        raise FleetError(*dict.fromkeys(wrong))
    written = {*(id for id in instances if id in source.declaration.instances), *here, *orders}
    return Choice(source, target, tuple(instances), numbers, orders, frozenset(written))


def overridden(stack: Stack, numbers: Iterable[str]) -> Iterator[str]:
    """Why numbers cannot move: an override of one of the two files is for them, and would be lost or gained."""
    for override in stack.declaration.overrides:
        if concerned := sorted(override.numbers.intersection(numbers)):
            yield (
                tr(
                    "the override until {override} of {name}, at {source}, is for {concerned}: take it or them out "
                    "of it first",
                    override=override,
                    name=stack.name,
                    source=override.source,
                    concerned=some(concerned),
                )
            )


def _instance(source: Stack, target: Stack, id: str) -> str:
    here, there = (each.declaration.instances.get(id) for each in (source, target))
    if here and there:
        move = f"ccc-numbers move {' '.join(here.numbers) or 'NUMBER'} --from {source.name} --to {target.name}"  # not translated: a command
        raise FleetError(
            tr(
                "{id} is declared by {name} already, at {source}; move its numbers instead: {move}",
                id=id,
                name=target.name,
                source=there.source,
                move=move,
            )
        )
    return id


def _number(fleet: Fleet, source: Stack, target: Stack, subject: str) -> str:
    """The instance of a number."""
    here, there = (_declaring(each, subject) for each in (source, target))
    if here and there:
        raise FleetError(
            tr(
                "{subject} is declared by {name} already, at {source}, and by {name2} at {source2}: take one of "
                "them out of its file, then run this again",
                subject=subject,
                name=target.name,
                source=there.numbers[subject].source,
                name2=source.name,
                source2=here.numbers[subject].source,
            )
        )
    if found := here or there:
        return found.id
    if others := fleet.owners.get(subject):
        raise FleetError(
            tr(
                "{subject} is declared by stack {stack}, not by {name}: --from {stack}",
                subject=subject,
                stack=others[0].stack,
                name=source.name,
            )
        )
    known = [*source.declaration.instances, *(number.number for _, number in numbers_of(source.declaration))]
    raise FleetError(
        tr(
            "{subject} is not an instance or a number of {name}; {hint}",
            subject=quoted(subject),
            name=source.name,
            hint=suggestion(subject, known, "it declares"),
        )
    )


def _declaring(stack: Stack, number: str) -> InstanceDeclaration | None:
    return next((each for each in stack.declaration.instances.values() if number in each.numbers), None)


def _managed(source: Stack, target: Stack, id: str, number: NumberDeclaration) -> Iterator[str]:
    """Why a number cannot leave its instance's block: a flow or group of it that only the source manages."""
    here, there = source.declaration.instances[id], target.declaration.instances.get(id)
    uses = [
        (tr("flow"), number.flow, "contact_flows"),
        *((tr("skill group"), group, "skill_groups") for group in number.skill_groups),
    ]
    for kind, name, managed in uses:
        if name in getattr(here, managed) and not (there and name in getattr(there, managed)):
            yield (
                tr(
                    "{kind} {name} of {number} is managed by {name2}, at {source}, and {name3} does not know it: "
                    "move the whole instance ({id})",
                    kind=kind,
                    name=name,
                    number=number.number,
                    name2=source.name,
                    source=getattr(here, managed)[name].source,
                    name3=target.name,
                    id=id,
                )
            )


def _orders(
    source: Stack, target: Stack, here: Mapping[str, NumberDeclaration]
) -> tuple[tuple[str, ...], list[str]]:
    """The orders that go along, and why others cannot."""
    going: list[str] = []
    wrong: list[str] = []
    for key in sorted({number.order for number in here.values() if number.order}):
        order = source.declaration.orders[key]
        if known := target.declaration.orders.get(key):
            if essence_of_order(known) != essence_of_order(order):
                wrong.append(
                    tr(
                        "order {key} of {name}, at {source}, is not the one of {name2}, at {source2}",
                        key=key,
                        name=target.name,
                        source=known.source,
                        name2=source.name,
                        source2=order.source,
                    )
                )
            continue
        stay = [
            n.number for _, n in numbers_of(source.declaration) if n.order == key and n.number not in here
        ]
        if stay:
            wrong.append(
                trn(
                    "order {key} is also that of {count:,} number that would stay ({stay}), and {name} does not "
                    "have it: move those too, or give the numbers another order first",
                    "order {key} is also that of {count:,} numbers that would stay ({stay}), and {name} does not "
                    "have it: move those too, or give the numbers another order first",
                    len(stay),
                    key=key,
                    stay=some(stay),
                    name=target.name,
                )
            )
        elif order.purchase or order.materials_bucket:
            wrong.append(
                tr(
                    "order {key} buys on the marketplace or keeps its papers in a bucket: what it has made stays "
                    "with {name}; move it by hand (`pulumi state move`)",
                    key=key,
                    name=source.name,
                )
            )
        else:
            going.append(key)
    return tuple(going), wrong
