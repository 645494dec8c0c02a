"""The changes of an update: the engine's steps, and the effect of each on its number. Pure.

The engine's own words do not show it: its `create` also takes over, its `delete` of a number only forgets, and a move
is an `update` of one field. The provider says which it is: its rosters foresee it in a preview.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal, Self

from ccc_numbers.fleet.engine.resources import NUMBER, PROVIDER, ROSTER, short_type
from ccc_numbers.messages.language import tr

_NUMBER = short_type(NUMBER)
_GUARDING = (short_type(ROSTER), short_type(PROVIDER))
GUARDS = ("protected", "removalBudget", "changeBudget")
"""What a roster says of what may be done to its numbers."""
SETTINGS = ("endpoint", "region", "account", "profile", "assumeRole")
"""The settings of a stack that say where its numbers are, and as whom CCC is called."""


Verb = Literal["plan", "apply", "destroy"]


class Effect(StrEnum):
    """The effect of a change in CCC, in the order in which changes are counted, each with its sign."""

    GUARD = "guard", "!"  # protection, budgets, account: nothing changes in CCC, but what may be done to it
    ADD = "add", "+"
    IMPORT = "import", "+"  # and added: the account imports its own lines by itself
    WAIT = "wait", "…"  # no write: CCC support has not imported the number yet
    TAKE_OVER = "take over", "="  # no write  # not translated: a value
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
    """One property that differs; values as short text, None where there is nothing. No name: `after` says it all."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that an update creates, changes or removes.

    `kind` is its type without the package, `op` the engine's word for the step, `instance` where it is afterwards (or
    was, when it is removed or forgotten), `leaves` the instance that a number is taken out of. `done` is None in a
    plan; after an update, whether the engine has brought the step to its end.
    """

    name: str
    kind: str
    op: str
    fields: tuple[Field, ...] = ()
    effect: Effect = Effect.CHANGE
    leaves: str | None = None
    instance: str | None = None
    done: bool | None = None

    @property
    def sign(self) -> str:
        return self.effect.sign

    @property
    def is_number(self) -> bool:
        return self.kind == _NUMBER

    @property
    def removes(self) -> bool:
        """Whether something leaves its place, even if it goes to another place or something else takes it."""
        return self.effect in (Effect.REMOVE, Effect.REPLACE, Effect.MOVE)

    @property
    def writes(self) -> bool:
        """Whether anything in CCC, or in the account, becomes another. An order is a note about a purchase."""
        return self.kind != "VendorOrder" and self.effect not in (
            Effect.WAIT,
            Effect.TAKE_OVER,
            Effect.FORGET,
        )

    def masked(self, mask: Callable[[str], str]) -> Self:
        """The same with every text sent through `mask`."""

        fields = tuple(
            Field(each.name, each.before and mask(each.before), each.after and mask(each.after))
            for each in self.fields
        )
        return replace(self, name=mask(self.name), fields=fields)


@dataclass(frozen=True, slots=True)
class SeenInstance:
    """An instance as the provider found it: how many numbers are declared, and which of them, or beside them, are not
    as declared. `looked`: CCC was asked in this run."""

    instance: str
    declared: int
    looked: bool
    pending: tuple[str, ...] = ()
    unmanaged: tuple[str, ...] = ()


def in_signs(counts: Mapping[str, int]) -> str:
    """`+2 ~1 -3`, or `no changes`."""
    return " ".join(f"{sign}{count}" for sign, count in counts.items()) or tr("no changes")


_OF_OP = {
    "create": Effect.ADD,
    "import": Effect.TAKE_OVER,
    "update": Effect.CHANGE,
    "delete": Effect.REMOVE,
    "delete-replaced": Effect.REMOVE,
}


@dataclass
class Foreseen:
    """What the provider says in a plan: numbers that move or are removed, each with the instance it leaves, those that
    another program's binding is taken from (with how it changes), and those that are added, imported, awaited or taken over."""

    add: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    wait: set[str] = field(default_factory=set)
    rebind: dict[str, str] = field(default_factory=dict)
    move: dict[str, str] = field(default_factory=dict)
    take_over: set[str] = field(default_factory=set)
    remove: dict[str, str] = field(default_factory=dict)

    def add_roster(self, instance: str, said: Mapping[str, object]) -> None:
        """Add what the roster of an instance foresees (its output `foreseen`)."""
        self.add.update(texts(said.get("add")))
        self.rebind |= _pairs(said.get("rebind"))
        self.move |= _pairs(said.get("move"))
        self.take_over.update(texts(said.get("takeOver")))
        self.remove |= dict.fromkeys(texts(said.get("remove")), instance)

    def give_up(self, instance: str, numbers: object, stay: Collection[str]) -> None:
        """Add an instance that is declared no more: its numbers are removed, but for those that are kept or not there."""
        going = [number for number in texts(numbers) if number not in stay]
        self.remove = {**dict.fromkeys(going, instance), **self.remove}


def with_effects(changes: Iterable[Change], foreseen: Foreseen) -> tuple[Change, ...]:
    """The changes with their effects, guards first; removals without a step of the engine are added."""
    made = [_with_effect(each, foreseen) for each in changes]
    named = {each.name for each in made if each.is_number}
    made += [
        Change(number, _NUMBER, "delete", (), Effect.REMOVE, instance, instance)
        for number, instance in foreseen.remove.items()
        if number not in named
    ]
    return tuple(sorted(made, key=lambda each: (each.effect is not Effect.GUARD, each.kind, each.name)))


def still_declared(changes: Iterable[Change], owner: Callable[[str], str | None]) -> tuple[Change, ...]:
    """The changes, where a number that another stack declares is only forgotten: nothing takes it out."""
    return tuple(
        replace(each, effect=Effect.FORGET, leaves=None)
        if each.effect is Effect.REMOVE and each.is_number and owner(each.name)
        else each
        for each in changes
    )


def _with_effect(change: Change, foreseen: Foreseen) -> Change:
    number, op = change.name, change.op
    if change.kind in _GUARDING:
        return replace(change, effect=Effect.GUARD)
    if not change.is_number:
        return replace(change, effect=_OF_OP.get(op, Effect.REPLACE))
    if op in ("create", "update"):
        return _brought(change, foreseen)
    if op == "delete" and number in foreseen.remove:
        return replace(change, effect=Effect.REMOVE, leaves=foreseen.remove[number])
    if op == "delete" and change.leaves:
        return replace(change, effect=Effect.REMOVE)
    if op in ("delete", "delete-replaced"):
        return replace(change, effect=Effect.FORGET)
    if op in ("replace", "create-replacement"):
        return replace(change, effect=Effect.TAKE_OVER)
    return replace(change, effect=_OF_OP.get(op, Effect.CHANGE))


def _brought(change: Change, foreseen: Foreseen) -> Change:
    """A number that an update creates or changes."""
    number = change.name
    if number in foreseen.move:
        origin = foreseen.move[number]
        fields = (each for each in change.fields if each.name != "instanceId")
        moved = (Field("instanceId", origin, change.instance), *fields)
        return replace(change, effect=Effect.MOVE, leaves=origin, fields=moved)
    if number in foreseen.imports:
        return replace(change, effect=Effect.IMPORT)
    if number in foreseen.wait:
        return replace(change, effect=Effect.WAIT)
    if number in foreseen.add:
        return replace(change, effect=Effect.ADD)
    if change.op == "create" and number in foreseen.take_over:
        return replace(change, effect=Effect.TAKE_OVER)
    if change.op == "create" and number in foreseen.rebind:
        return replace(change, effect=Effect.CHANGE, fields=(Field("", None, foreseen.rebind[number]),))
    return replace(change, effect=_OF_OP[change.op])


def texts(found: object) -> tuple[str, ...]:
    """The texts of a list among a resource's properties; none for anything else."""
    return tuple(str(each) for each in found) if isinstance(found, list | tuple) else ()


def _pairs(found: object) -> dict[str, str]:
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, Mapping) else {}
