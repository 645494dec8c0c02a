"""The changes of a stack in the order people read them: by instance, those together that change alike. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ccc_numbers.fleet.engine.changes import Change, Effect, Field

_HIDDEN = frozenset({"status"})
"""Properties that follow from the effect itself."""
_ALIKE = 3
"""So many orders, flows or groups that each change in their own way are shown singly; more of them are only named."""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind with one effect and the same fields. `leaves`: the instance that numbers are taken out of."""

    kind: str
    effect: Effect
    fields: tuple[Field, ...]
    names: tuple[str, ...]
    leaves: str | None = None
    instance: str | None = None
    is_number: bool = True

    @property
    def count(self) -> int:
        return len(self.names)

    @property
    def sign(self) -> str:
        return self.effect.sign


@dataclass(frozen=True, slots=True)
class PlaceChanges:
    """The changes in one instance; `instance` None: of what belongs to no instance, such as orders."""

    instance: str | None
    groups: tuple[ChangeGroup, ...]


def grouped(changes: Iterable[Change]) -> tuple[ChangeGroup, ...]:
    """Guards first; then by instance, numbers before the rest, by effect, the larger group first."""
    made: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for each in changes:
        made[each.kind, each.effect, _fields(each), each.leaves, each.instance].append(each)
    groups = [_group(members) for members in made.values()]
    return tuple(sorted(_few(groups), key=_order))


def places(changes: Iterable[Change]) -> tuple[PlaceChanges, ...]:
    """The groups by instance, in the order of `grouped`."""
    found: dict[str | None, list[ChangeGroup]] = {}
    for group in grouped(changes):
        found.setdefault(group.instance, []).append(group)
    return tuple(PlaceChanges(instance, tuple(groups)) for instance, groups in found.items())


def _fields(change: Change) -> tuple[Field, ...]:
    """The fields that show in what way it changes; a new order, flow or group is what the stack file says."""
    if not change.is_number and change.effect in (Effect.ADD, Effect.TAKE_OVER):
        return ()
    return tuple(each for each in change.fields if each.name not in _HIDDEN)


def _group(members: Sequence[Change]) -> ChangeGroup:
    first = members[0]
    return ChangeGroup(
        first.kind,
        first.effect,
        _fields(first),
        tuple(each.name for each in members),
        first.leaves,
        first.instance,
        first.is_number,
    )


def _few(groups: Iterable[ChangeGroup]) -> Iterator[ChangeGroup]:
    """The groups, with many orders (flows, skill groups) of one effect put together, whatever differs in each."""
    singly: dict[tuple[object, ...], list[ChangeGroup]] = defaultdict(list)
    for group in groups:
        if group.is_number or group.effect is Effect.GUARD:
            yield group
        else:
            singly[group.kind, group.effect, group.instance].append(group)
    for alike in singly.values():
        if len(alike) <= _ALIKE:
            yield from alike
            continue
        yield replace(alike[0], fields=(), names=tuple(name for each in alike for name in each.names))


def _order(group: ChangeGroup) -> tuple[object, ...]:
    """Guards of all instances come first; what belongs to no instance comes last."""
    return (
        group.effect is not Effect.GUARD,
        group.instance is None,
        group.instance or "",
        not group.is_number,
        group.kind,
        list(Effect).index(group.effect),
        -group.count,
        group.names,
    )
