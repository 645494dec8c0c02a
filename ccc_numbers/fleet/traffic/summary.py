"""The calls of a run as the report has them, and in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ccc_numbers.declaration.clock import Window
from ccc_numbers.fleet.drift.gather import InstanceKey, Snapshot
from ccc_numbers.fleet.stacks import Fleet
from ccc_numbers.fleet.traffic.model import InstanceTraffic, NumberTraffic, Traffic
from ccc_numbers.fleet.traffic.window import spoken
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.traffic import NONE, OTHERS, Calls


def traffic_of(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot, window: Window) -> Traffic:
    """The calls of every instance that was read."""
    return Traffic(window.written, window.begins, window.ends, tuple(_instances(fleet, stacks, snapshot)))


def _instances(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot) -> Iterator[InstanceTraffic]:
    """Of an instance in two stacks, the calls count for the first."""
    counted: set[InstanceKey] = set()
    for stack in stacks:
        for instance in fleet.stacks[stack].declaration.instances:
            view = snapshot.view(stack, instance)
            calls = None if view is None else snapshot.calls.get(view.place)
            if view is None or calls is None or view.place in counted:
                continue
            counted.add(view.place)
            numbers = tuple(_of(number, calls.get(number, NONE)) for number in sorted(view.numbers))
            yield InstanceTraffic(stack, instance, numbers, calls.get(OTHERS, NONE).total)


def _of(number: str, calls: Calls) -> NumberTraffic:
    return NumberTraffic(number, calls.inbound, calls.unanswered, calls.outbound, calls.blocked)


def said(traffic: Traffic) -> str:
    """`30d: 120 calls in, 7 of them without an agent; 40 out, 3 of them not let through; 12 of 15 numbers had calls`."""
    whole = sum((each.total for each in traffic.instances), Calls())
    lines = [line for each in traffic.instances for line in each.numbers]
    used = sum(bool(line.inbound or line.outbound) for line in lines)
    return tr(
        "{window}: {inbound} calls in, {unanswered} of them without an agent; {outbound} out, {blocked} of them not let "
        "through; {used} of {all} numbers had calls",
        window=spoken(traffic.window),
        inbound=f"{whole.inbound:,}",
        unanswered=f"{whole.unanswered:,}",
        outbound=f"{whole.outbound:,}",
        blocked=f"{whole.blocked:,}",
        used=f"{used:,}",
        all=f"{len(lines):,}",
    )
