"""What the calls of a span of time say about a number. What CCC's words mean: docs/call-records.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ccc_numbers.api.call_rows import CallRecord, CallWay
from ccc_numbers.api.rows import PhoneNumber

OTHERS, HIDDEN = "", "*"
"""In place of a number: calls by none of the lines asked about, and calls whose number CCC hides."""

# Fewer calls say nothing about a line.
_LEAST = 3
_NO_AGENT = frozenset(
    {
        *("AbandonedInIVR", "AbandonedInVoiceNavigator", "IVRException"),
        *(
            "AbandonedInQueue",
            "QueuingTimeout",
            "QueuingOverflow",
            "QueuingFailed",
            "AbandonedInRing",
            "Voicemail",
        ),
    }
)
_BLOCKED = "Restricted"


@dataclass(frozen=True, slots=True)
class Calls:
    """How many came in, how many of them reached no agent; how many went out, how many of them were not let through.

    Then the minutes of each way, every minute that a call began.
    """

    inbound: int = 0
    unanswered: int = 0
    outbound: int = 0
    blocked: int = 0
    minutes_in: int = 0
    minutes_out: int = 0

    def __add__(self, other: Calls) -> Calls:
        return Calls(
            self.inbound + other.inbound,
            self.unanswered + other.unanswered,
            self.outbound + other.outbound,
            self.blocked + other.blocked,
            self.minutes_in + other.minutes_in,
            self.minutes_out + other.minutes_out,
        )

    @property
    def total(self) -> int:
        return self.inbound + self.outbound


NONE = Calls()


class Trait(StrEnum):
    """What is to be said of a line; see the finding of the same name."""

    SILENT = "silent"
    UNANSWERED = "unanswered"
    BLOCKED = "blocked"
    UNUSED = "unused"


def count(records: Iterable[CallRecord], lines: Collection[str]) -> dict[str, Calls]:
    """The calls of each line, of those asked about; the others under OTHERS and HIDDEN. Lines without calls are left out."""
    found: dict[str, Calls] = defaultdict(Calls)
    for record in records:
        ends: tuple[str | None, ...]
        minutes = -(-record.seconds // 60)
        match record.way:
            case CallWay.INBOUND:
                ends = (record.called,)
                call = Calls(inbound=1, unanswered=int(record.ended in _NO_AGENT), minutes_in=minutes)
            case CallWay.OUTBOUND:
                # Which of them names the line is not documented for every type; the others are no lines of ours.
                ends = (record.calling, *record.brokers)
                call = Calls(outbound=1, blocked=int(record.heard == _BLOCKED), minutes_out=minutes)
            case _:
                continue
        for line in _lines(ends, lines):
            found[line] += call
    return dict(found)


def total(parts: Iterable[Mapping[str, Calls]]) -> dict[str, Calls]:
    """The calls of several spans together."""
    found: dict[str, Calls] = defaultdict(Calls)
    for part in parts:
        for line, calls in part.items():
            found[line] += calls
    return dict(found)


def traits(row: PhoneNumber, calls: Calls, since: datetime) -> Iterator[Trait]:
    """What the calls since then say of a number of an instance; of one that joined later, nothing that needs the whole time."""
    whole = row.created is None or row.created <= since
    if whole and row.usage.takes_calls and row.contact_flow_id and not calls.inbound:
        yield Trait.SILENT
    if whole and not calls.total:
        yield Trait.UNUSED
    if calls.inbound >= _LEAST and 2 * calls.unanswered >= calls.inbound:
        yield Trait.UNANSWERED
    if calls.outbound >= _LEAST and 2 * calls.blocked >= calls.outbound:
        yield Trait.BLOCKED


def _lines(ends: Iterable[str | None], lines: Collection[str]) -> Collection[str]:
    written = {each for each in ends if each}
    if ours := {each for each in written if each in lines}:
        return ours
    return (HIDDEN,) if any(HIDDEN in each for each in written) else (OTHERS,)
