"""What an update changes: the engine's steps, and what each comes to for the number it is about. Pure.

The engine's own words do not say it: its `create` also takes over, its `delete` of a number only forgets, and a move is
an `update` of one field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ccc_numbers.fleet.engine.resources import NUMBER, ROSTER, short_type

_NUMBER, _ROSTER = short_type(NUMBER), short_type(ROSTER)
GUARDS = ("protected", "removalBudget", "changeBudget")


class Effect(StrEnum):
    """What a change comes to in CCC."""

    GUARD = "guard"  # a budget or the protection changes: nothing in CCC, but what may be done to it
    ADD = "add"
    CHANGE = "change"
    MOVE = "move"  # out of one instance and into another
    TAKE_OVER = "take over"  # no write
    FORGET = "forget"  # no write
    REMOVE = "remove"
    REPLACE = "replace"


_SIGNS = {
    Effect.GUARD: "!",
    Effect.ADD: "+",
    Effect.CHANGE: "~",
    Effect.MOVE: "→",
    Effect.TAKE_OVER: "=",
    Effect.FORGET: "·",
    Effect.REMOVE: "-",
    Effect.REPLACE: "±",
}


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
        """`+` add, `~` change, `→` move, `=` take over, `·` forget, `-` remove, `±` replace, `!` a guard."""
        return _SIGNS[self.effect]

    @property
    def removes(self) -> bool:
        """Whether something leaves its place, even if something else takes it or it goes somewhere else."""
        return self.effect in (Effect.REMOVE, Effect.REPLACE, Effect.MOVE)

    def masked(self, mask: Callable[[str], str]) -> Change:
        """The same with every text sent through `mask`."""

        def text(value: str | None) -> str | None:
            return None if value is None else mask(value)

        fields = tuple(Field(each.name, text(each.before), text(each.after)) for each in self.fields)
        return replace(self, name=mask(self.name), fields=fields)


def in_words(change: Change) -> list[str]:
    """What a change does, a phrase for each part; a removal names the instance that the number leaves."""
    fields = [
        f"{each.name} {each.after}"
        if each.before is None
        else f"{each.name} {each.before} → {each.after or 'none'}"
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


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the rosters of a plan say: numbers that move, by the instance they leave; that are only taken over; that
    are removed, by the instance they leave."""

    move: Mapping[str, str] = field(default_factory=dict)
    take_over: frozenset[str] = frozenset()
    remove: Mapping[str, str] = field(default_factory=dict)

    def with_roster(self, instance: str, said: Mapping[str, object]) -> Foreseen:
        """Also what one more roster foresees for its instance (its output `foreseen`)."""
        move, remove = said.get("move"), said.get("remove")
        return Foreseen(
            {
                **self.move,
                **{str(n): str(at) for n, at in (move.items() if isinstance(move, Mapping) else ())},
            },
            self.take_over | frozenset(_texts(said.get("takeOver"))),
            {**self.remove, **dict.fromkeys(_texts(remove), instance)},
        )

    def without_instance(self, instance: str, numbers: object) -> Foreseen:
        """Also an instance that is given up: all its numbers are removed."""
        return replace(self, remove={**dict.fromkeys(_texts(numbers), instance), **self.remove})


def with_effects(changes: Iterable[Change], foreseen: Foreseen) -> tuple[Change, ...]:
    """The changes with their effects, guards first; removals that no step of the engine stands for are added."""
    made = [_with_effect(each, foreseen) for each in changes]
    named = {each.name for each in made if each.kind == _NUMBER}
    made += [
        Change(number, _NUMBER, "delete", (), Effect.REMOVE, instance)
        for number, instance in foreseen.remove.items()
        if number not in named
    ]
    return tuple(sorted(made, key=lambda each: (each.effect is not Effect.GUARD, each.kind, each.name)))


def _with_effect(change: Change, foreseen: Foreseen) -> Change:
    if change.kind == _ROSTER:
        return replace(change, effect=Effect.GUARD)
    if change.kind != _NUMBER:
        return replace(change, effect=_OF_OP.get(change.op, Effect.REPLACE))
    number = change.name
    if change.op in ("create", "update") and number in foreseen.move:
        origin = foreseen.move[number]
        fields = tuple(each for each in change.fields if each.name != "instanceId")
        to = next((each.after for each in change.fields if each.name == "instanceId"), None)
        return replace(
            change, effect=Effect.MOVE, leaves=origin, fields=(Field("instanceId", origin, to), *fields)
        )
    if change.op == "create":
        return replace(change, effect=Effect.TAKE_OVER if number in foreseen.take_over else Effect.ADD)
    if change.op == "delete" and number in foreseen.remove:
        return replace(change, effect=Effect.REMOVE, leaves=foreseen.remove[number])
    if change.op in ("delete", "delete-replaced"):
        return replace(change, effect=Effect.FORGET)
    if change.op in ("replace", "create-replacement"):
        return replace(change, effect=Effect.TAKE_OVER)
    return replace(change, effect=_OF_OP.get(change.op, Effect.CHANGE))


def guard_fields(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Those of a roster's fields that loosen or tighten a guard."""
    return tuple(each for each in fields if each.name in GUARDS)


def _texts(found: object) -> list[str]:
    return [str(each) for each in found] if isinstance(found, list | tuple) else []
