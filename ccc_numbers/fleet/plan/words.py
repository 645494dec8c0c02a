"""The sentences about a plan and about what came of it. Each is whole, with its plural, so that it can be translated."""

from collections.abc import Iterable, Mapping, Sequence

from ccc_numbers.fleet.engine.changes import Change, Effect, Field
from ccc_numbers.fleet.plan.groups import ChangeGroup, grouped
from ccc_numbers.fleet.plan.result import Outcome, Result
from ccc_numbers.messages.language import mark, markn, tr, trn
from ccc_numbers.messages.names import listed, some
from ccc_numbers.numbers.guards import change_in_words

_LABELS = {
    "contactFlow": mark("flow"),
    "skillGroups": mark("skill groups"),
    "instanceId": mark("instance"),
    "removalBudget": mark("removal budget"),
    "changeBudget": mark("change budget"),
    "assumeRole": mark("roles"),
    "keepOnRemoval": mark("keep on removal"),
    "displayName": mark("display name"),
    "usage": mark("usage"),
    "order": mark("order"),
    "protected": mark("protected"),
    "region": mark("region"),
    "account": mark("account"),
    "agent": mark("agent"),
}
_BINDING = frozenset({"usage", "contactFlow", "skillGroups", "agent", ""})
_PLAIN = frozenset({"contactFlow", ""})
"""Fields whose values say by themselves what they are."""
_WITH_DEFAULT = frozenset({"removalBudget", "changeBudget", "protected", "keepOnRemoval"})
_ADDED = ("usage", "contactFlow", "skillGroups", "agent", "order", "keepOnRemoval")

# One and many of it.
_NUMBERS = {
    Effect.ADD: markn("{count:,} added", "{count:,} added"),
    Effect.IMPORT: markn("{count:,} imported and added", "{count:,} imported and added"),
    Effect.WAIT: markn("{count:,} waiting for its import", "{count:,} waiting for their import"),
    Effect.TAKE_OVER: markn("{count:,} taken over as it is", "{count:,} taken over as they are"),
    Effect.CHANGE: markn("{count:,} changed", "{count:,} changed"),
    Effect.MOVE: markn("{count:,} moved", "{count:,} moved"),
    Effect.FORGET: markn("{count:,} forgotten, stays as it is", "{count:,} forgotten, stay as they are"),
    Effect.REMOVE: markn("{count:,} removed", "{count:,} removed"),
    Effect.REPLACE: markn("{count:,} replaced", "{count:,} replaced"),
}
_OTHERS: Mapping[str, Mapping[Effect, tuple[str, str]]] = {
    "ContactFlow": {
        Effect.ADD: markn("{count:,} flow created", "{count:,} flows created"),
        Effect.TAKE_OVER: markn("{count:,} flow taken over", "{count:,} flows taken over"),
        Effect.CHANGE: markn("{count:,} flow changed", "{count:,} flows changed"),
        Effect.REMOVE: markn("{count:,} flow deleted", "{count:,} flows deleted"),
        Effect.REPLACE: markn("{count:,} flow replaced", "{count:,} flows replaced"),
    },
    "SkillGroup": {
        Effect.ADD: markn("{count:,} skill group created", "{count:,} skill groups created"),
        Effect.TAKE_OVER: markn("{count:,} skill group taken over", "{count:,} skill groups taken over"),
        Effect.CHANGE: markn("{count:,} skill group changed", "{count:,} skill groups changed"),
        Effect.REMOVE: markn("{count:,} skill group deleted", "{count:,} skill groups deleted"),
        Effect.REPLACE: markn("{count:,} skill group replaced", "{count:,} skill groups replaced"),
    },
    "VendorOrder": {
        Effect.ADD: markn("{count:,} order recorded", "{count:,} orders recorded"),
        Effect.TAKE_OVER: markn("{count:,} order taken over", "{count:,} orders taken over"),
        Effect.CHANGE: markn("{count:,} order updated", "{count:,} orders updated"),
        Effect.REMOVE: markn("{count:,} order dropped", "{count:,} orders dropped"),
        Effect.REPLACE: markn("{count:,} order recorded again", "{count:,} orders recorded again"),
    },
}
_RESOURCES = {
    Effect.ADD: markn("{count:,} other resource created", "{count:,} other resources created"),
    Effect.TAKE_OVER: markn("{count:,} other resource taken over", "{count:,} other resources taken over"),
    Effect.CHANGE: markn("{count:,} other resource changed", "{count:,} other resources changed"),
    Effect.REMOVE: markn("{count:,} other resource deleted", "{count:,} other resources deleted"),
    Effect.REPLACE: markn("{count:,} other resource replaced", "{count:,} other resources replaced"),
}


def headline(result: Result) -> str:
    """What happens to the stack, or has happened, in one sentence."""
    match result.outcome, result.verb:
        case Outcome.DONE, "plan":
            return tr(
                "{stack}: {said}", stack=result.stack, said=sentence(result.changes) or unchanged(result)
            )
        case Outcome.DONE, _:
            said = sentence(result.changes) or unchanged(result)
            return tr("{stack}: done: {said}", stack=result.stack, said=said)
        case Outcome.FAILED, "plan":
            return _not_planned(result)
        case Outcome.FAILED, "apply" if (waiting := _waiting(result)) and not _begun(result):
            return trn(
                "{stack}: failed, nothing was changed; its number waits",
                "{stack}: failed, nothing was changed; its {count:,} numbers wait",
                waiting,
                stack=result.stack,
            )
        case Outcome.FAILED, _ if not _begun(result):
            return tr("{stack}: failed, nothing was changed", stack=result.stack)
        case Outcome.FAILED, _:
            return tr("{stack}: failed: {said}", stack=result.stack, said=_as_far(result.changes))
        case Outcome.REFUSED, _:
            return tr("{stack}: refused, nothing was changed", stack=result.stack)
    return tr("{stack}: left out, nothing was changed", stack=result.stack)


def _begun(result: Result) -> bool:
    return any(each.done is not None for each in result.changes)


def _waiting(result: Result) -> int:
    return sum(each.declared for each in result.instances)


def _not_planned(result: Result) -> str:
    if count := _waiting(result):
        return trn(
            "{stack}: cannot be planned, nothing was changed; its number waits",
            "{stack}: cannot be planned, nothing was changed; its {count:,} numbers wait",
            count,
            stack=result.stack,
        )
    return tr("{stack}: cannot be planned, nothing was changed", stack=result.stack)


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
    return listed(dict.fromkeys(filter(None, (*guards, *numbers, *others))))


def phrase(group: ChangeGroup) -> str:
    """`40 rebound`, for the line of a group in its instance."""
    if group.effect is Effect.GUARD:
        return tr("guards") if group.instance else tr("settings")
    if not group.is_number:
        return _phrase(_of_kind(group.kind, group.effect), group.count)
    if group.effect is Effect.CHANGE and _rebinds(group):
        return tr("{count:,} rebound", count=group.count)
    if group.effect is Effect.MOVE:
        return tr("{count:,} moved here from {instance}", count=group.count, instance=group.leaves)
    return _phrase(_NUMBERS[group.effect], group.count)


def details(group: ChangeGroup) -> str:
    """Each field old → new; of new numbers their binding; "" where the phrase says it all."""
    fields: Sequence[Field] = group.fields
    if group.is_number and group.effect in (Effect.ADD, Effect.IMPORT, Effect.WAIT, Effect.TAKE_OVER):
        fields = sorted(
            (each for each in fields if each.name in _ADDED), key=lambda each: _ADDED.index(each.name)
        )
    elif group.is_number and group.effect is Effect.MOVE:
        fields = [each for each in fields if each.name != "instanceId" and each.before is not None]
    return listed(map(field_in_words, fields))


def field_in_words(field: Field) -> str:
    """`flow 主流程 → 夜间流程`; of a field without an old value `flow 主流程`."""
    if not field.name:
        return change_in_words(field.after or "")
    label = tr(_LABELS.get(field.name, field.name))
    nothing = tr("default") if field.name in _WITH_DEFAULT else tr("none")
    after = field.after or nothing
    if field.before is None:
        return tr("{label} {value}", label=label, value=after)
    return tr("{label} {old} → {new}", label=label, old=field.before or nothing, new=after)


def unchanged(result: Result) -> str:
    """What a run without changes has looked at, and what of it is not as declared all the same."""
    seen = result.instances
    unread = [each.instance for each in seen if not each.looked]
    numbers = sum(each.declared - len(each.pending) for each in seen if each.looked)
    pending = sum(len(each.pending) for each in seen)
    unmanaged = sum(len(each.unmanaged) for each in seen)
    looked = len(seen) - len(unread)
    instances = trn("{count:,} instance", "{count:,} instances", looked)
    as_declared = trn(
        "nothing to change: {count:,} number is in CCC as declared ({instances})",
        "nothing to change: {count:,} numbers are in CCC as declared ({instances})",
        numbers,
        instances=instances,
    )
    said = [as_declared if looked else tr("nothing to change: no instance was looked at")]
    if pending:
        said.append(
            trn("{count:,} more waits for its import", "{count:,} more wait for their import", pending)
        )
    if unmanaged:
        said.append(
            trn(
                "{count:,} number there is declared by no stack",
                "{count:,} numbers there are declared by no stack",
                unmanaged,
            )
        )
    if unread:
        said.append(tr("not looked at: {names}", names=some(unread)))
    return tr("; ").join(said)


def _as_far(changes: Sequence[Change]) -> str:
    """What was done before a failure, and how much was not."""
    done = [each for each in changes if each.done]
    return tr("; ").join(
        filter(None, (sentence(done), _not_made(len(changes) - len(done), len(changes))))
    ) or tr("nothing was changed")


def _not_made(left: int, planned: int) -> str:
    match left, planned:
        case 0, _:
            return ""
        case 1, 1:
            return tr("the change was not made")
    return trn(
        "{count} of {planned:,} changes was not made",
        "{count:,} of {planned:,} changes were not made",
        left,
        planned=planned,
    )


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
                return tr(
                    "{count:,} moved from {old} to {new}",
                    count=count,
                    old=groups[0].leaves,
                    new=groups[0].instance,
                )
        case Effect.REMOVE:
            by_instance = {each.leaves: 0 for each in groups}
            for each in groups:
                by_instance[each.leaves] += each.count
            several = len(by_instance) > 1
            froms = [
                tr("{name} ({count})", name=name, count=of) if several else str(name)
                for name, of in by_instance.items()
            ]
            return tr("{count:,} removed from {instances}", count=count, instances=some(froms, 4))
    return _phrase(_NUMBERS[effect], count)


def _changed(groups: Sequence[ChangeGroup], count: int) -> str:
    """`40 rebound (主流程 → 夜间流程)`, or in how many ways."""
    rebound = all(map(_rebinds, groups))
    done = tr("{count:,} rebound", count=count) if rebound else tr("{count:,} changed", count=count)
    hows = {each.fields for each in groups}
    if len(hows) > 1:
        return tr("{done} in {count} ways", done=done, count=len(hows))
    (fields,) = hows
    return tr("{done} ({how})", done=done, how=listed(map(_briefly, fields)))


def _briefly(field: Field) -> str:
    plain = field.name in _PLAIN and field.before is not None
    nothing = tr("none")
    return f"{field.before or nothing} → {field.after or nothing}" if plain else field_in_words(field)


def _rebinds(group: ChangeGroup) -> bool:
    return any(each.name in _BINDING for each in group.fields)


def _guard(group: ChangeGroup) -> str:
    fields = listed(map(field_in_words, group.fields))
    if group.instance:
        return tr("{fields} on {instance}", fields=fields, instance=group.instance)
    return tr("settings changed ({fields})", fields=fields)


def _of_kind(kind: str, effect: Effect) -> tuple[str, str]:
    return _OTHERS.get(kind, _RESOURCES).get(effect) or _RESOURCES[Effect.CHANGE]


def _phrase(forms: tuple[str, str], count: int) -> str:
    return trn(*forms, count)
