"""The sentences about a plan and about what came of it. Each is whole, with its plural, so that it can be translated."""

from collections.abc import Iterable, Mapping, Sequence

from ccc_numbers.fleet.engine.changes import Change, Effect, Field
from ccc_numbers.fleet.plan.groups import ChangeGroup, grouped
from ccc_numbers.fleet.plan.result import Outcome, Result
from ccc_numbers.messages.names import plural, some

_LABELS = {
    "contactFlow": "flow",
    "skillGroups": "skill groups",
    "instanceId": "instance",
    "removalBudget": "removal budget",
    "changeBudget": "change budget",
    "assumeRole": "roles",
    "keepOnRemoval": "keep on removal",
    "displayName": "display name",
}
_BINDING = frozenset({"usage", "contactFlow", "skillGroups", ""})
_PLAIN = frozenset({"contactFlow", ""})
"""Fields whose values say by themselves what they are."""
_WITH_DEFAULT = frozenset({"removalBudget", "changeBudget", "protected"})
_ADDED = ("usage", "contactFlow", "skillGroups", "agent", "order")

# One and many of it.
_NUMBERS = {
    Effect.ADD: ("{count} added", "{count} added"),
    Effect.WAIT: ("{count} waiting for its import", "{count} waiting for their import"),
    Effect.TAKE_OVER: ("{count} taken over as it is", "{count} taken over as they are"),
    Effect.CHANGE: ("{count} changed", "{count} changed"),
    Effect.MOVE: ("{count} moved", "{count} moved"),
    Effect.FORGET: ("{count} forgotten, stays as it is", "{count} forgotten, stay as they are"),
    Effect.REMOVE: ("{count} removed", "{count} removed"),
    Effect.REPLACE: ("{count} replaced", "{count} replaced"),
}
_OTHERS: Mapping[str, Mapping[Effect, tuple[str, str]]] = {
    "ContactFlow": {
        Effect.ADD: ("{count} flow created", "{count} flows created"),
        Effect.TAKE_OVER: ("{count} flow taken over", "{count} flows taken over"),
        Effect.CHANGE: ("{count} flow changed", "{count} flows changed"),
        Effect.REMOVE: ("{count} flow deleted", "{count} flows deleted"),
        Effect.REPLACE: ("{count} flow replaced", "{count} flows replaced"),
    },
    "SkillGroup": {
        Effect.ADD: ("{count} skill group created", "{count} skill groups created"),
        Effect.TAKE_OVER: ("{count} skill group taken over", "{count} skill groups taken over"),
        Effect.CHANGE: ("{count} skill group changed", "{count} skill groups changed"),
        Effect.REMOVE: ("{count} skill group deleted", "{count} skill groups deleted"),
        Effect.REPLACE: ("{count} skill group replaced", "{count} skill groups replaced"),
    },
    "VendorOrder": {
        Effect.ADD: ("{count} order recorded", "{count} orders recorded"),
        Effect.TAKE_OVER: ("{count} order taken over", "{count} orders taken over"),
        Effect.CHANGE: ("{count} order updated", "{count} orders updated"),
        Effect.REMOVE: ("{count} order dropped", "{count} orders dropped"),
        Effect.REPLACE: ("{count} order recorded again", "{count} orders recorded again"),
    },
}
_RESOURCES = {
    Effect.ADD: ("{count} other resource created", "{count} other resources created"),
    Effect.TAKE_OVER: ("{count} other resource taken over", "{count} other resources taken over"),
    Effect.CHANGE: ("{count} other resource changed", "{count} other resources changed"),
    Effect.REMOVE: ("{count} other resource deleted", "{count} other resources deleted"),
    Effect.REPLACE: ("{count} other resource replaced", "{count} other resources replaced"),
}


def headline(result: Result) -> str:
    """What happens to the stack, or has happened, in one sentence."""
    match result.outcome, result.verb:
        case Outcome.DONE, "plan":
            return f"{result.stack}: {sentence(result.changes) or unchanged(result)}"
        case Outcome.DONE, _:
            return f"{result.stack}: done: {sentence(result.changes) or unchanged(result)}"
        case Outcome.FAILED, "plan":
            return _not_planned(result)
        case Outcome.FAILED, _ if all(each.done is None for each in result.changes):
            return f"{result.stack}: failed, nothing was changed"
        case Outcome.FAILED, _:
            return f"{result.stack}: failed: {_as_far(result.changes)}"
        case Outcome.REFUSED, _:
            return f"{result.stack}: refused, nothing was changed"
    return f"{result.stack}: left out, nothing was changed"


def _not_planned(result: Result) -> str:
    match sum(each.declared for each in result.instances):
        case 0:
            return f"{result.stack}: cannot be planned, nothing was changed"
        case 1:
            return f"{result.stack}: cannot be planned, nothing was changed; its number waits"
        case count:
            return f"{result.stack}: cannot be planned, nothing was changed; its {count:,} numbers wait"


def sentence(changes: Iterable[Change]) -> str:
    """`3 added, 40 rebound (主流程 → 夜间流程), 1 removed from acme-support`; "" for no change."""
    groups = grouped(changes)
    guards = [_guard(each) for each in groups if each.effect is Effect.GUARD]
    numbers = [
        _of_numbers(effect, [each for each in groups if each.is_number and each.effect is effect])
        for effect in (Effect.ADD, Effect.CHANGE, Effect.MOVE, *Effect)
    ]
    kinds = dict.fromkeys(
        (each.kind, each.effect) for each in groups if not each.is_number and each.effect is not Effect.GUARD
    )
    others = [
        _phrase(
            _of_kind(kind, effect),
            sum(each.count for each in groups if (each.kind, each.effect) == (kind, effect)),
        )
        for kind, effect in kinds
    ]
    return ", ".join(dict.fromkeys(filter(None, (*guards, *numbers, *others))))


def phrase(group: ChangeGroup) -> str:
    """`40 rebound`, for the line of a group in its instance."""
    if group.effect is Effect.GUARD:
        return "guards" if group.instance else "settings"
    if not group.is_number:
        return _phrase(_of_kind(group.kind, group.effect), group.count)
    if group.effect is Effect.CHANGE and _rebinds(group):
        return f"{group.count:,} rebound"
    if group.effect is Effect.MOVE:
        return f"{group.count:,} moved here from {group.leaves}"
    return _phrase(_NUMBERS[group.effect], group.count)


def details(group: ChangeGroup) -> str:
    """Each field old → new; of new numbers their binding; "" where the phrase says it all."""
    fields: Sequence[Field] = group.fields
    if group.is_number and group.effect in (Effect.ADD, Effect.WAIT, Effect.TAKE_OVER):
        fields = sorted(
            (each for each in fields if each.name in _ADDED), key=lambda each: _ADDED.index(each.name)
        )
    elif group.is_number and group.effect is Effect.MOVE:
        fields = [each for each in fields if each.name != "instanceId" and each.before is not None]
    return ", ".join(map(field_in_words, fields))


def field_in_words(field: Field) -> str:
    """`flow 主流程 → 夜间流程`; of a field without an old value `flow 主流程`."""
    label = _LABELS.get(field.name, field.name)
    nothing = "default" if field.name in _WITH_DEFAULT else "none"
    after = field.after or nothing
    if field.before is None:
        return f"{label} {after}".strip()
    return f"{label} {field.before or nothing} → {after}"


def unchanged(result: Result) -> str:
    """What a run without changes has looked at, and what of it is not as declared all the same."""
    seen = result.instances
    unread = [each.instance for each in seen if not each.looked]
    numbers = sum(each.declared - len(each.pending) for each in seen if each.looked)
    pending = sum(len(each.pending) for each in seen)
    unmanaged = sum(len(each.unmanaged) for each in seen)
    looked = len(seen) - len(unread)
    said = [
        "nothing to change: "
        + (
            f"{plural(numbers, 'number is', 'numbers are')} in CCC as declared ({plural(looked, 'instance')})"
            if looked
            else "no instance was looked at"
        )
    ]
    if pending:
        said.append(plural(pending, "more waits for its import", "more wait for their import"))
    if unmanaged:
        said.append(
            plural(
                unmanaged, "number there is declared by no stack", "numbers there are declared by no stack"
            )
        )
    if unread:
        said.append(f"not looked at: {some(unread)}")
    return "; ".join(said)


def _as_far(changes: Sequence[Change]) -> str:
    """What was done before a failure, and how much was not."""
    done = [each for each in changes if each.done]
    return (
        "; ".join(filter(None, (sentence(done), _not_made(len(changes) - len(done), len(changes)))))
        or "nothing was changed"
    )


def _not_made(left: int, planned: int) -> str:
    match left, planned:
        case 0, _:
            return ""
        case 1, 1:
            return "the change was not made"
        case 1, _:
            return f"1 of {planned:,} changes was not made"
    return f"{left:,} of {planned:,} changes were not made"


def _of_numbers(effect: Effect, groups: Sequence[ChangeGroup]) -> str:
    """What happens to the numbers with one effect."""
    if not groups:
        return ""
    count = sum(each.count for each in groups)
    match effect:
        case Effect.CHANGE:
            return _changed(groups, count)
        case Effect.MOVE:
            ways = {(each.leaves, each.instance) for each in groups}
            if len(ways) == 1:
                return f"{count:,} moved from {groups[0].leaves} to {groups[0].instance}"
        case Effect.REMOVE:
            by_instance = {each.leaves: 0 for each in groups}
            for each in groups:
                by_instance[each.leaves] += each.count
            if len(by_instance) == 1:
                return f"{count:,} removed from {groups[0].leaves}"
            listed = some([f"{instance} ({of})" for instance, of in by_instance.items()], 4)
            return f"{count:,} removed from {listed}"
    return _phrase(_NUMBERS[effect], count)


def _changed(groups: Sequence[ChangeGroup], count: int) -> str:
    """`40 rebound (主流程 → 夜间流程)`, or in how many ways."""
    rebound = all(map(_rebinds, groups))
    done = f"{count:,} rebound" if rebound else f"{count:,} changed"
    hows = {each.fields for each in groups}
    if len(hows) > 1:
        return f"{done} in {len(hows)} ways"
    (fields,) = hows
    return f"{done} ({', '.join(_briefly(each) for each in fields)})"


def _briefly(field: Field) -> str:
    plain = field.name in _PLAIN and field.before is not None
    return f"{field.before or 'none'} → {field.after or 'none'}" if plain else field_in_words(field)


def _rebinds(group: ChangeGroup) -> bool:
    return any(each.name in _BINDING for each in group.fields)


def _guard(group: ChangeGroup) -> str:
    fields = ", ".join(map(field_in_words, group.fields))
    return f"{fields} on {group.instance}" if group.instance else f"settings changed ({fields})"


def _of_kind(kind: str, effect: Effect) -> tuple[str, str]:
    return _OTHERS.get(kind, _RESOURCES).get(effect) or _RESOURCES[Effect.CHANGE]


def _phrase(forms: tuple[str, str], count: int) -> str:
    return forms[count != 1].format(count=f"{count:,}")
