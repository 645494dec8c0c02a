"""Limits on what one update may do to an instance, and what an update would do to it. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ccc_numbers.messages.names import some
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
    raise ValueError('is neither a count of numbers (1) nor a share of them ("10%")')


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


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an update does to the numbers of one instance, by number. What it refuses is not in it.

    `rebind` says how (`flow 主流程 → 夜间流程`), `move` out of which instance; `take_over` needs no write. `foreign`
    are those of `rebind` and `move` that nobody gave away: `adopt` takes them.
    """

    add: tuple[str, ...] = ()
    rebind: Mapping[str, str] | None = None
    move: Mapping[str, str] | None = None
    take_over: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    foreign: frozenset[str] = frozenset()
    refused: Mapping[str, str] | None = None
    """Number -> the instance it stands in, where that is why it is refused."""

    @property
    def rerouted(self) -> list[str]:
        """The live lines that would ring elsewhere: the change budget counts them."""
        return sorted({*(self.rebind or ()), *((self.move or {}).keys() & self.foreign)})

    def __str__(self) -> str:
        counts = (
            (len(self.add), "to add", ""),
            (len(self.rebind or ()), "to rebind", _by_value(self.rebind or {})),
            (len(self.move or ()), "to move here", _by_value(self.move or {}, "from ")),
            (len(self.take_over), "to take over as they are", ""),
            (len(self.pending), "pending", ""),
        )
        return ", ".join(
            f"{count} {what}{f' ({how})' if how else ''}" for count, what, how in counts if count
        )


def outlook(
    declared: Sequence[Declared], standings: Mapping[str, Standing], in_state: frozenset[str], claims: Claims
) -> Outlook:
    """The plans of all numbers of an instance taken together. `in_state`: those it declared before."""
    add, take_over, pending, foreign = [], [], [], set()
    rebind, move, refused = {}, {}, {}
    for each in declared:
        standing = standings[each.number]
        try:
            steps = plan(each, standing, each.number in in_state, claims)
        except Refused:
            if isinstance(standing, Elsewhere):
                refused[each.number] = standing.row.instance_id
            continue
        match standing:
            case NotImported():
                pending.append(each.number)
            case Unassigned():
                add.append(each.number)
            case Elsewhere(row):
                move[each.number] = row.instance_id
                if not claims.gives(each, row.instance_id):
                    foreign.add(each.number)
            case Bound(row) if steps.writes:
                rebind[each.number] = change(Binding.of(row), each.binding)
            case Bound() if each.number not in in_state:
                take_over.append(each.number)
    return Outlook(tuple(add), rebind, move, tuple(take_over), tuple(pending), frozenset(foreign), refused)


def change(before: Binding, after: Binding) -> str:
    """How a binding changes, in a few words: `usage inbound → bidirectional, flow 主流程 → 夜间流程`."""
    fields = (
        ("usage", str(before.usage), str(after.usage)),
        ("flow", before.flow or "none", after.flow or "none"),
        ("skill groups", _listed(before.groups), _listed(after.groups)),
    )
    return ", ".join(f"{name} {old} → {new}" for name, old, new in fields if old != new)


def too_many_changes(instance_id: str, seen: Outlook, declared: int, limit: int) -> str | None:
    """Why this many lines may not be rebound at once, or None."""
    rerouted = seen.rerouted
    if len(rerouted) <= limit:
        return None
    hows = {
        number: (seen.rebind or {}).get(number, f"moved from {(seen.move or {}).get(number)}")
        for number in rerouted
    }
    return (
        f"this update would rebind {len(rerouted)} of {declared} lines of {instance_id}; its change budget allows "
        f"{limit}: {_by_value(hows)}: {some(sorted(rerouted))}. Nothing was changed. If that is meant, set `changeBudget: "
        f"{len(rerouted)}` on {instance_id} in the same change, or run once with {ALLOW_CHANGES}={len(rerouted)}"
    )


def too_many_removals(
    instance_id: str, gone: Iterable[str], before: int, limit: int, verb: str
) -> str | None:
    """Why this many numbers may not leave the instance at once, or None. `verb`: "take" or "move"."""
    leaving = sorted(gone)
    if len(leaving) <= limit:
        return None
    return (
        f"this update would {verb} {len(leaving)} of {before} numbers out of {instance_id}; its removal "
        f"budget allows {limit}: {some(sorted(leaving))}. Nothing was changed. If that is meant, set "
        f"`removalBudget: {len(leaving)}` on {instance_id}, or do it in several updates"
    )


def _by_value(of: Mapping[str, str], prefix: str = "") -> str:
    """`flow a → b`, or with several values `flow a → b on 3, flow a → c on 1`, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for value in of.values():
        counts[value] += 1
    if len(counts) == 1:
        return prefix + next(iter(counts))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{prefix}{value} on {count}" for value, count in ranked[:3]]
    return ", ".join(shown) + (f" and {len(ranked) - 3} other changes" if len(ranked) > 3 else "")


def _listed(groups: Iterable[str]) -> str:
    return ", ".join(sorted(groups)) or "none"
