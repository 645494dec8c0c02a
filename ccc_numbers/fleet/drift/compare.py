"""Declared against live: everything that differs. Pure: no network, no clock."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from ccc_numbers.declaration.clock import Window
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.comparison import Comparison
from ccc_numbers.fleet.drift.findings import Finding, Next
from ccc_numbers.fleet.drift.gather import InstanceKey, InstanceView, Snapshot
from ccc_numbers.fleet.drift.names import flow_findings, group_findings
from ccc_numbers.fleet.drift.numbers import number_findings, unmanaged_findings
from ccc_numbers.fleet.drift.reachability import reach_findings
from ccc_numbers.fleet.stacks import Fleet, Stack, numbers_of
from ccc_numbers.fleet.traffic.compare import traffic_findings
from ccc_numbers.messages.language import english, markn, tr, trn
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.vendors.orders import Ending

_AGO = markn("{count:,} day ago", "{count:,} days ago")
_AHEAD = markn("in {count:,} day", "in {count:,} days")


def compare(
    fleet: Fleet,
    stacks: Sequence[str],
    snapshot: Snapshot,
    today: date,
    lapsing_days: int,
    window: Window | None = None,
) -> list[Finding]:
    """What differs in `stacks`, in order. Instances that were not read give no findings about themselves."""
    found: list[Finding] = []
    compared: set[InstanceKey] = set()
    for here in _comparisons(fleet, stacks, snapshot, today):
        found += [*number_findings(here), *flow_findings(here), *group_findings(here), *reach_findings(here)]
        if window and (calls := snapshot.calls.get(here.view.place)) is not None:
            found += traffic_findings(here, calls, window)
        # Of an instance in two stacks, what neither declares counts for the first.
        if here.view.place not in compared:
            compared.add(here.view.place)
            found += unmanaged_findings(here)
    for name in stacks:
        found += _order_findings(fleet.stacks[name], today, lapsing_days)
    return sorted(found, key=lambda finding: finding.order)


def _comparisons(
    fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot, today: date
) -> Iterator[Comparison]:
    """Every instance of `stacks` that was read."""
    twice = _twice(snapshot)
    for name in stacks:
        stack = fleet.stacks[name]
        for instance in stack.declaration.instances.values():
            view = snapshot.view(name, instance.id)
            if view is not None:
                yield Comparison(fleet, snapshot, stack, instance, view, twice, today)


def _twice(snapshot: Snapshot) -> Mapping[tuple[str, str], Sequence[str]]:
    """The instances of each number that more than one instance of an account lists."""
    accounts: dict[str, list[InstanceView]] = defaultdict(list)
    for place in sorted(snapshot.views):
        accounts[place.account].append(snapshot.views[place])
    twice: dict[tuple[str, str], Sequence[str]] = {}
    for account, views in accounts.items():
        times = Counter(chain.from_iterable(view.numbers for view in views))
        for number in (number for number, count in times.items() if count > 1):
            twice[account, number] = [view.place.instance for view in views if number in view.numbers]
    return twice


def _order_findings(stack: Stack, today: date, lapsing_days: int) -> Iterator[Finding]:
    """One finding for each order of a stack that has ended, or ends within `lapsing_days`.

    What changes from day to day is in the cause, so that a baseline holds from one day to the next.
    """
    for order in stack.declaration.orders.values():
        match order.ending(today, lapsing_days), order.days_left(today) or 0:
            case Ending.LAPSED, left:
                kind, ends, when = FindingKind.ORDER_LAPSED, texts.ENDED, _AGO
            case Ending.LAPSING, left:
                kind, ends, when = FindingKind.ORDER_LAPSING, texts.ENDS, _AHEAD
            case _:
                continue
        count = sum(number.order == order.key for _, number in numbers_of(stack.declaration))
        do = tr("renew it with vendor {vendor} and set `purchased` and `term`", vendor=order.vendor)
        yield Finding.of(
            kind,
            stack.name,
            order.key,
            Next(f"ccc-numbers orders {stack.name}", do),  # not translated: a command
            field="term",
            expected=texts.RUNNING_TERM,
            actual=english(ends, day=order.expires),
            cause=trn(
                "{when}; {count:,} number stands on it",
                "{when}; {count:,} numbers stand on it",
                count,
                when=trn(*when, abs(left)),
            ),
            source=order.at("term"),
        )
