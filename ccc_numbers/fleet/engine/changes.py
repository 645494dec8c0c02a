"""The changes of an update: the engine's steps, and the effect of each on its number. Pure.

The engine's own words do not show it: its `create` also takes over, its `delete` of a number only forgets, and a move
is an `update` of one field.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from ccc_numbers.fleet.engine.resources import NUMBER, ROSTER, short_type

_NUMBER, _ROSTER = short_type(NUMBER), short_type(ROSTER)
GUARDS = ("protected", "removalBudget", "changeBudget")


class Effect(StrEnum):
    """The effect of a change in CCC, in the order in which changes are counted, each with its sign."""

    GUARD = "guard", "!"  # a budget or the protection: nothing changes in CCC, but what may be done to it
    ADD = "add", "+"
    TAKE_OVER = "take over", "="  # no write
    CHANGE = "change", "~"
    MOVE = "move", "→"  # out of one instance and into another
    FORGET = "forget", "·"  # no write
    REMOVE = "remove", "-"
    REPLACE = "replace", "±"

    sign: str

    def __new__(cls, value: str, sign: str) -> Self:
        made = str.__new__(cls, value)
        made._value_, made.sign = value, sign
        return made


@dataclass(frozen=True, slots=True)
class Field:
    """One property that differs; values as short text, None where there is nothing."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that an update creates, changes or removes.

    `kind` is its type without the package, `op` the engine's word for the step, `leaves` the instance that a number is
    taken out of.
    """

    name: str
    kind: str
    op: str
    fields: tuple[Field, ...] = ()
    effect: Effect = Effect.CHANGE
    leaves: str | None = None

    @property
    def sign(self) -> str:
        return self.effect.sign

    @property
    def removes(self) -> bool:
        """Whether something leaves its place, even if it goes to another place or something else takes it."""
        return self.effect in (Effect.REMOVE, Effect.REPLACE, Effect.MOVE)

    def masked(self, mask: Callable[[str], str]) -> Self:
        """The same with every text sent through `mask`."""

        fields = tuple(
            Field(each.name, each.before and mask(each.before), each.after and mask(each.after))
            for each in self.fields
        )
        return replace(self, name=mask(self.name), fields=fields)


def in_words(change: Change) -> list[str]:
    """A phrase for each part of a change; a removal names the instance that the number leaves."""
    fields = [
        f"{each.name} "
        + (f"{each.before} → {each.after or 'none'}" if each.before is not None else f"{each.after}")
        for each in change.fields
    ]
    match change.effect:
        case Effect.REMOVE:
            return [f"removed from {change.leaves}" if change.leaves else "deleted"]
        case Effect.FORGET:
            return ["forgotten, stays as it is"]
        case Effect.TAKE_OVER:
            return ["taken over as it is", *fields]
        case Effect.MOVE:
            return [f"moved out of {change.leaves}", *fields]
    return fields or [change.op]


def in_signs(counts: Mapping[str, int]) -> str:
    """`+2 ~1 -3`, or `no changes`."""
    return " ".join(f"{sign}{count}" for sign, count in counts.items()) or "no changes"


_OF_OP = {
    "create": Effect.ADD,
    "import": Effect.TAKE_OVER,
    "update": Effect.CHANGE,
    "delete": Effect.REMOVE,
    "delete-replaced": Effect.REMOVE,
}


@dataclass
class Foreseen:
    """What the rosters of a plan foresee: numbers that move or are removed, each with the instance it leaves, and
    numbers that are only taken over."""

    move: dict[str, str] = field(default_factory=dict)
    take_over: set[str] = field(default_factory=set)
    remove: dict[str, str] = field(default_factory=dict)

    def add_roster(self, instance: str, said: Mapping[str, object]) -> None:
        """Add what the roster of an instance foresees (its output `foreseen`)."""
        move = said.get("move")
        self.move |= {str(n): str(at) for n, at in (move.items() if isinstance(move, Mapping) else ())}
        self.take_over.update(_texts(said.get("takeOver")))
        self.remove |= dict.fromkeys(_texts(said.get("remove")), instance)

    def give_up(self, instance: str, numbers: object) -> None:
        """Add an instance that is declared no more: all its numbers are removed."""
        self.remove = {**dict.fromkeys(_texts(numbers), instance), **self.remove}


def with_effects(changes: Iterable[Change], foreseen: Foreseen) -> tuple[Change, ...]:
    """The changes with their effects, guards first; removals without a step of the engine are added."""
    made = [_with_effect(each, foreseen) for each in changes]
    named = {each.name for each in made if each.kind == _NUMBER}
    made += [
        Change(number, _NUMBER, "delete", (), Effect.REMOVE, instance)
        for number, instance in foreseen.remove.items()
        if number not in named
    ]
    return tuple(sorted(made, key=lambda each: (each.effect is not Effect.GUARD, each.kind, each.name)))


def _with_effect(change: Change, foreseen: Foreseen) -> Change:
    number, op = change.name, change.op
    if change.kind == _ROSTER:
        return replace(change, effect=Effect.GUARD)
    if change.kind != _NUMBER:
        return replace(change, effect=_OF_OP.get(op, Effect.REPLACE))
    if op in ("create", "update") and number in foreseen.move:
        origin = foreseen.move[number]
        to = next((each.after for each in change.fields if each.name == "instanceId"), None)
        fields = (each for each in change.fields if each.name != "instanceId")
        moved = (Field("instanceId", origin, to), *fields)
        return replace(change, effect=Effect.MOVE, leaves=origin, fields=moved)
    if op == "delete" and number in foreseen.remove:
        return replace(change, effect=Effect.REMOVE, leaves=foreseen.remove[number])
    if op in ("delete", "delete-replaced"):
        return replace(change, effect=Effect.FORGET)
    if op in ("replace", "create-replacement") or (op == "create" and number in foreseen.take_over):
        return replace(change, effect=Effect.TAKE_OVER)
    return replace(change, effect=_OF_OP.get(op, Effect.CHANGE))


def _texts(found: object) -> list[str]:
    return [str(each) for each in found] if isinstance(found, list | tuple) else []
