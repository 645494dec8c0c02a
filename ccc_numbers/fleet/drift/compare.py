"""Declared against live: everything that differs. Pure: no network, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ccc_numbers.fleet.drift.case import Case
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.live import Place, Snapshot
from ccc_numbers.fleet.drift.names import flow_findings, group_findings
from ccc_numbers.fleet.drift.numbers import number_findings, unmanaged_findings
from ccc_numbers.fleet.drift.orders import order_findings
from ccc_numbers.fleet.drift.stacks import Fleet


def compare(
    fleet: Fleet, stacks: Sequence[str], snapshot: Snapshot, today: date, lapsing_days: int
) -> list[Finding]:
    """What differs in `stacks`, in order. Instances that were not read give no findings about themselves."""
    found = [*_instances(fleet, stacks, snapshot, today)]
    for name in stacks:
        found.extend(order_findings(fleet.stacks[name], today, lapsing_days))
    return sorted(found, key=lambda finding: finding.order)


def _instances(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot, today: date) -> Iterator[Finding]:
    told: set[Place] = set()
    for case in cases(fleet, stacks, snapshot, today):
        yield from number_findings(case)
        yield from flow_findings(case)
        yield from group_findings(case)
        # Of an instance in two stacks, the first tells what neither declares.
        if case.view.place not in told:
            told.add(case.view.place)
            yield from unmanaged_findings(case)


def cases(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot, today: date) -> Iterator[Case]:
    """Every instance of `stacks` that was read."""
    twice = _twice(snapshot)
    for name in stacks:
        stack, account = fleet.stacks[name], snapshot.accounts.get(name)
        if account is None:
            continue
        for instance in stack.declaration.instances.values():
            view = snapshot.views.get(Place(account, instance.id))
            if view is not None:
                yield Case(fleet, snapshot, stack, instance, view, twice, today)


def _twice(snapshot: Snapshot) -> dict[tuple[str, str], tuple[str, ...]]:
    """The numbers that more than one instance of an account lists."""
    listed: dict[tuple[str, str], list[str]] = {}
    for place, view in snapshot.views.items():
        for number in view.numbers:
            listed.setdefault((place.account, number), []).append(place.instance)
    return {key: tuple(sorted(places)) for key, places in listed.items() if len(places) > 1}
