"""Resources handed from one stack's state to another's, and forgotten by the guards of the first. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ccc_numbers.fleet.engine.resources import COMPONENT, LATCH, NUMBER, ORDER, ROSTER, urn_name, urn_type
from ccc_numbers.fleet.engine.states import State, Wire, pruned
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr

_ROOT = "pulumi:pulumi:Stack"
_FRAME = (_ROOT, "pulumi:providers:")
# How an exported state marks a value that only its own stack's key opens.
_SECRET = "4dabf18193072939515e22adb298388d"
_REMEMBERED = ("numbers", "kept", "declaredElsewhere", "pending", "gone", "missing", "differing")


@dataclass(frozen=True, slots=True)
class Picked:
    """What is handed on: whole instances with all that is below their components, numbers, orders, by name."""

    instances: Collection[str]
    numbers: Collection[str]
    orders: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    """Both states afterwards, and how many resources moved."""

    source: State
    target: State
    count: int


def handed(source: State, target: State, picked: Picked) -> Handed:
    """The states with the picked resources in the target, their URNs named after it.

    What the target holds already stays as it is there. A source without anything left is empty. Raises FleetError for what cannot be handed on.
    """
    names = _Renaming.between(source, target)
    moved = {each["urn"] for each in _picked(source, picked)}
    added = list(_added(source, target, names, moved))
    known = {each["urn"] for each in (*target.resources, *added)}
    left = [each for each in source.resources if each["urn"] not in moved]
    if all(urn_type(each["urn"]).startswith(_FRAME) for each in left):
        left = []
    return Handed(
        source.holding([_forgetting(pruned(each, lambda urn: urn not in moved), picked) for each in left]),
        target.holding([*target.resources, *(pruned(each, known.__contains__) for each in added)]),
        len(moved),
    )


def _picked(source: State, picked: Picked) -> Iterator[Wire]:
    """The picked resources. Of a component everything below it, whatever its kind."""
    below: set[str] = set()
    for each in source.resources:
        kind, name = urn_type(each["urn"]), urn_name(each["urn"])
        wanted = (
            (kind == COMPONENT and name in picked.instances)
            or each.get("parent") in below
            or (kind == NUMBER and name in picked.numbers)
            or (kind == ORDER and name in picked.orders)
        )
        if not wanted:
            continue
        if each.get("delete") or each.get("taint"):
            raise FleetError(
                tr(
                    "{name} of {stack} is about to be replaced: run `pulumi up` there first",
                    name=name,
                    stack=source.stack,
                )
            )
        if _SECRET in str(each):
            raise FleetError(
                tr(
                    "{name} of {stack} holds a secret that only that stack can read",
                    name=name,
                    stack=source.stack,
                )
            )
        if kind == NUMBER and name not in picked.numbers:
            raise FleetError(
                tr(
                    "{name} is in the state of {stack}, and its file has dropped or moved it: run `pulumi up` there "
                    "first",
                    name=name,
                    stack=source.stack,
                )
            )
        below.add(each["urn"])
        yield each


def _added(source: State, target: State, names: "_Renaming", moved: Collection[str]) -> Iterator[Wire]:
    """The resources for the target, each after those that it needs; parents and providers that it lacks besides."""
    there = {each["urn"] for each in target.resources}
    by_urn = {each["urn"]: each for each in source.resources}
    needed = {
        urn
        for each in moved
        for urn in (by_urn[each].get("parent"), by_urn[each].get("provider", "").rpartition("::")[0])
        if urn and urn in by_urn
    }
    while above := {str(by_urn[urn].get("parent", "")) for urn in needed} & by_urn.keys() - needed:
        needed |= above
    for each in source.resources:
        if each["urn"] in moved or each["urn"] in needed:
            found = names.renamed(each)
            if found["urn"] not in there:
                yield found


@dataclass(frozen=True, slots=True)
class _Renaming:
    """The URNs of one stack as another has them. `known`: its root, and its providers with their ids."""

    before: str
    after: str
    known: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def between(cls, source: State, target: State) -> "_Renaming":
        before, after = (f"urn:pulumi:{each.stack.rsplit('/', 1)[-1]}::" for each in (source, target))
        plain, known = cls(before, after), dict[str, str]()
        ids = {each["urn"]: each.get("id") for each in target.resources}
        for each in source.resources:
            urn = each["urn"]
            if urn_type(urn) == _ROOT:
                project = urn.split("::", 3)[1]
                known[urn] = f"{after}{project}::{_ROOT}::{project}-{target.stack.rsplit('/', 1)[-1]}"
            elif there := ids.get(plain.renamed(urn)):
                known[f"{urn}::{each.get('id')}"] = f"{plain.renamed(urn)}::{there}"
        return cls(before, after, known)

    def renamed(self, value: Any) -> Any:
        """The value with every URN in it renamed."""
        if isinstance(value, dict):
            return {key: self.renamed(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.renamed(each) for each in value]
        if isinstance(value, str) and value.startswith(self.before):
            return self.known.get(value, self.after + value.removeprefix(self.before))
        return value


def _forgetting(resource: Wire, picked: Picked) -> Wire:
    """A roster or latch that never declared the numbers: what it remembers of them, it would remove one day."""
    if urn_type(resource["urn"]) not in (ROSTER, LATCH):
        return resource
    sides: Wire = {
        side: _without_numbers(resource[side], picked) for side in ("inputs", "outputs") if side in resource
    }
    return {**resource, **sides}


def _without_numbers(properties: Wire, picked: Picked) -> Wire:
    gone = set(picked.numbers)
    found = dict(properties)
    for key in _REMEMBERED:
        if isinstance(found.get(key), list):
            found[key] = [number for number in found[key] if number not in gone]
    if isinstance(found.get("bindings"), list):
        groups = [
            {**each, "numbers": [n for n in each["numbers"] if n not in gone]} for each in found["bindings"]
        ]
        found["bindings"] = [each for each in groups if each["numbers"]]
    if isinstance(found.get("instances"), dict):
        found["instances"] = {
            key: each for key, each in found["instances"].items() if key not in picked.instances
        }
    # The program leaves out what is empty, but for the numbers.
    return {key: each for key, each in found.items() if each or key == "numbers" or each == properties[key]}
