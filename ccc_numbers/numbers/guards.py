"""Limits on what one update may do to an instance, and what an update would do to it. Pure."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccc_numbers.messages.language import english, mark, tr, trn
from ccc_numbers.messages.names import listed, some
from ccc_numbers.numbers.plan_number import (
    Binding,
    Bound,
    Claims,
    Declared,
    Elsewhere,
    NotImported,
    Refused,
    Standing,
    Unassigned,
    plan,
    settled,
)

ALLOW_REMOVALS = "CCC_ALLOW_REMOVALS"
"""Environment variable: how many numbers one run may take out of an instance, whatever the budget says."""
ALLOW_CHANGES = "CCC_ALLOW_CHANGES"
"""Environment variable: how many numbers of an instance one run may rebind, whatever the budget says."""

BUDGET = r"(\d{1,9})|(\d{1,3})\s*%"


def read_budget(written: str) -> str:
    """A budget in its short form: a count of numbers (`3`) or a share of those declared (`10%`).

    Raises ValueError with what is wrong: the end of a message about the value.
    """
    found = re.fullmatch(BUDGET, written, re.ASCII)
    if found and found[1]:
        return str(int(found[1]))
    if found and int(found[2]) <= 100:
        return f"{int(found[2])}%"
    raise ValueError(tr('is neither a count of numbers (1) nor a share of them ("10%")'))


def removal_limit(budget: str | None, declared_before: int, environment: Mapping[str, str]) -> int:
    """How many numbers one update may remove: the budget's count or share; without one 10 %, at least 1."""
    return _limit(budget or "10%", declared_before, environment.get(ALLOW_REMOVALS, ""))


def change_limit(budget: str | None, declared: int, environment: Mapping[str, str]) -> int:
    """How many numbers one update may rebind: the budget's count or share; without one 50 %, at least 10."""
    limit = _limit(budget or "50%", declared, environment.get(ALLOW_CHANGES, ""))
    return limit if budget or environment.get(ALLOW_CHANGES) else max(10, limit)


def _limit(budget: str, of: int, allowed: str) -> int:
    if allowed.isdecimal():
        return int(allowed)
    count, share, _ = read_budget(budget).partition("%")
    if not share:
        return int(count)
    return max(1, of * int(count) // 100) if int(count) else 0


@dataclass(slots=True)
class Outlook:
    """The changes an update makes to the numbers of one instance, without those that are refused.

    `rebind` says how (`flow 主流程 → 夜间流程`), in English since plans keep it, `move` out of which instance;
    `take_over` needs no write. `foreign` are those of `rebind` and `move` that nobody gave away: `adopt` takes them.
    """

    add: list[str] = field(default_factory=list)
    rebind: dict[str, str] = field(default_factory=dict)
    move: dict[str, str] = field(default_factory=dict)
    take_over: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    bindings: dict[str, tuple[Binding, Binding]] = field(default_factory=dict)
    """Of those to rebind: now, and as declared."""
    refused: dict[str, str] = field(default_factory=dict)
    """Number -> the instance it stands in, where that is why it is refused."""
    overrides: dict[str, str] = field(default_factory=dict)
    """Of those to rebind: until when, and why."""
    agents: set[str] = field(default_factory=set)
    """Who gets a number of their own."""
    left_alone: dict[str, str] = field(default_factory=dict)
    """Number -> what others changed on it by hand, which is left to them."""

    @property
    def rerouted(self) -> list[str]:
        """The live lines that would ring elsewhere: the change budget counts them."""
        return sorted({*self.rebind, *(self.move.keys() & self.foreign)})

    def __str__(self) -> str:
        origins = {number: tr("from {origin}", origin=origin) for number, origin in self.move.items()}
        parts = (
            (self.add, tr("{count} to add", count=len(self.add))),
            (self.rebind, tr("{count} to rebind ({how})", count=len(self.rebind), how=_counted(self.hows))),
            (
                self.move,
                tr("{count} to move here ({origin})", count=len(self.move), origin=_counted(origins)),
            ),
            (self.take_over, tr("{count} to take over as they are", count=len(self.take_over))),
            (self.pending, tr("{count} pending", count=len(self.pending))),
        )
        return listed(part for numbers, part in parts if numbers)

    @property
    def hows(self) -> dict[str, str]:
        """How each number is rebound, in the reader's words."""
        hows = {number: change(*bindings, say=tr) for number, bindings in self.bindings.items()}
        return {
            number: tr("{change}; override until {override}", change=how, override=self.overrides[number])
            if number in self.overrides
            else how
            for number, how in hows.items()
        }


def outlook(
    declared: Sequence[Declared], standings: Mapping[str, Standing], in_state: frozenset[str], claims: Claims
) -> Outlook:
    """The plans of all numbers of an instance taken together. `in_state`: those it declared before."""
    seen = Outlook()
    for each in declared:
        standing = standings[each.number]
        try:
            steps = plan(each, standing, each.number in in_state, claims)
        except Refused:
            if isinstance(standing, Elsewhere):
                seen.refused[each.number] = standing.row.instance_id
            continue
        if hand := left_alone(each, standing):
            seen.left_alone[each.number] = hand
        match standing:
            case NotImported():
                seen.pending.append(each.number)
            case Unassigned():
                seen.add.append(each.number)
            case Elsewhere(row):
                seen.move[each.number] = row.instance_id
                if not claims.gives(each, row.instance_id):
                    seen.foreign.add(each.number)
            case Bound(row) if steps.writes:
                live, due = Binding.of(row), settled(each, standing).binding
                agent = steps.give or ("" if steps.take else live.agent)
                seen.bindings[each.number] = (live, replace(due, agent=agent))
                seen.agents |= {steps.give} if steps.give else set()
                seen.rebind[each.number] = change(*seen.bindings[each.number])
                if each.override:
                    seen.overrides[each.number] = each.override
            case Bound() if each.number not in in_state:
                seen.take_over.append(each.number)
    return seen


def left_alone(declared: Declared, standing: Standing) -> str:
    """What others changed by hand on a number and may keep, as `change` says it in English; "" for nothing."""
    return change(declared.binding, settled(declared, standing).binding)


def remarks(instance_id: str, declared: Iterable[Declared], left: Mapping[str, str]) -> Iterator[str]:
    """Why numbers are bound otherwise than usual, a line for each reason. `left`: see `left_alone`."""
    overrides = by_value({each.number: each.override for each in declared if each.override})
    for override, numbers in overrides.items():
        yield trn(
            "{instance}: override until {override} on {count:,} number: {numbers}",
            "{instance}: override until {override} on {count:,} numbers: {numbers}",
            len(numbers),
            instance=instance_id,
            override=override,
            numbers=some(sorted(numbers)),
        )
    if left:
        yield tr(
            "{instance}: left alone (ignoreChanges): {how}: {numbers}",
            instance=instance_id,
            how=_counted(left),
            numbers=some(sorted(left)),
        )


_FIELDS = {
    "usage": mark("usage {old} → {new}"),
    "flow": mark("flow {old} → {new}"),
    "skill groups": mark("skill groups {old} → {new}"),
    "agent": mark("agent {old} → {new}"),
}


def change(before: Binding, after: Binding, say: Callable[..., str] = english) -> str:
    """How a binding changes, in a few words: `usage inbound → bidirectional, flow 主流程 → 夜间流程`."""
    nothing, comma = say(mark("none")), say(mark(", "))
    sides = [
        (str(each.usage), each.flow, comma.join(sorted(each.groups)), each.agent) for each in (before, after)
    ]
    return comma.join(
        say(text, old=old or nothing, new=new or nothing)
        for text, old, new in zip(_FIELDS.values(), *sides, strict=True)
        if old != new
    )


_KEPT = re.compile(
    # not translated: of `change`
    r"(^|, )(usage|flow|skill groups|agent) (.*?) → (.*?)(?=, (?:usage|flow|skill groups|agent) .* → |$)"
)


def change_in_words(kept: str) -> str:
    """What `change` said in English, and a plan kept, in the reader's words."""
    nothing = {"none": tr("none")}
    said = [
        tr(_FIELDS[label], old=nothing.get(old, old), new=nothing.get(new, new))
        for _, label, old, new in _KEPT.findall(kept)
    ]
    return listed(said) or kept


def too_many_changes(instance_id: str, seen: Outlook, declared: int, limit: int) -> str | None:
    """Why this many lines may not be rebound at once, or None."""
    rerouted = seen.rerouted
    if len(rerouted) <= limit:
        return None
    hows = {
        number: tr("moved from {origin}", origin=origin) for number, origin in seen.move.items()
    } | seen.hows
    return tr(
        "this update would rebind {count} of {declared} lines of {instance}; its change budget allows {limit}: {hows}: "
        "{numbers}. Nothing was changed. If that is meant, set `changeBudget: {count}` on {instance} in the same "
        "change, or run once with {variable}={count}",
        count=len(rerouted),
        declared=declared,
        instance=instance_id,
        limit=limit,
        hows=_counted({number: hows[number] for number in rerouted}),
        numbers=some(rerouted),
        variable=ALLOW_CHANGES,
    )


_TOO_MANY_REMOVALS = mark(
    "this update would take {count} of {before} numbers out of {instance}; its removal budget allows {limit}: {numbers}. "
    "Nothing was changed. If that is meant, set `removalBudget: {count}` on {instance}, or do it in several updates"
)
_TOO_MANY_MOVES = mark(
    "this update would move {count} of {before} numbers out of {instance}; its removal budget allows {limit}: {numbers}. "
    "Nothing was changed. If that is meant, set `removalBudget: {count}` on {instance}, or do it in several updates"
)


def too_many_removals(
    instance_id: str, gone: Iterable[str], before: int, limit: int, verb: str
) -> str | None:
    """Why this many numbers may not leave the instance at once, or None. `verb`: "take" or "move"."""
    leaving = sorted(gone)
    if len(leaving) <= limit:
        return None
    return tr(
        _TOO_MANY_MOVES if verb == "move" else _TOO_MANY_REMOVALS,
        count=len(leaving),
        before=before,
        instance=instance_id,
        limit=limit,
        numbers=some(leaving),
    )


def by_value(of: Mapping[str, str]) -> dict[str, list[str]]:
    """The keys that share a value, by that value."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in of.items():
        found[value].append(key)
    return found


def _counted(of: Mapping[str, str]) -> str:
    """`flow a → b`, or with several values `flow a → b on 3, flow a → c on 1`, the most frequent first."""
    counts = {value: len(keys) for value, keys in by_value(of).items()}
    if len(counts) == 1:
        return next(iter(counts))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = listed(tr("{how} on {count}", how=value, count=count) for value, count in ranked[:3])
    left = len(ranked) - 3
    return tr("{changes} and {left} other changes", changes=shown, left=left) if left > 0 else shown
