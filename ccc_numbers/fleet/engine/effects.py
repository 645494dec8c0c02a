"""What each step of the engine comes to for the number it is about, with what the rosters foresee. Pure.

The engine's own words do not say it: its `create` also takes over, its `delete` of a number only forgets, and a move is
an `update` of one field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccc_numbers.fleet.gitops.results import Change, Effect, Field

NUMBER, ROSTER = "PhoneNumber", "InstanceRoster"
GUARDS = ("protected", "removalBudget", "changeBudget")
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
    named = {each.name for each in made if each.kind == NUMBER}
    made += [
        Change(number, NUMBER, "delete", (), Effect.REMOVE, instance)
        for number, instance in foreseen.remove.items()
        if number not in named
    ]
    return tuple(sorted(made, key=lambda each: (each.effect is not Effect.GUARD, each.kind, each.name)))


def _with_effect(change: Change, foreseen: Foreseen) -> Change:
    if change.kind == ROSTER:
        return replace(change, effect=Effect.GUARD)
    if change.kind != NUMBER:
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
