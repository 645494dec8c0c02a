"""Call detail records as frozen rows; what CCC's words mean stands in docs/call-records.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ccc_numbers.api import wire
from ccc_numbers.api.errors import CccError
from ccc_numbers.api.wire import Wire
from ccc_numbers.messages.language import tr


class CallWay(StrEnum):
    """`other` never touches a line: between agents, or a conference; or a type newer than this code."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    OTHER = "other"


_WAYS = {
    "INBOUND": CallWay.INBOUND,
    **dict.fromkeys(("OUTBOUND", "BACK2BACK", "PRIVACYDIAL", "PREDICTIVE"), CallWay.OUTBOUND),
}


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call. `brokers` are the numbers in between; `ended` is CCC's ContactDisposition, `heard` its EarlyMediaState.

    `seconds` it took: from its entry into the flow when it came in, from the answer when it went out.
    """

    id: str
    begins: datetime
    way: CallWay
    calling: str | None
    called: str | None
    brokers: tuple[str, ...]
    ended: str | None
    heard: str | None
    seconds: int = 0

    @classmethod
    def from_wire(cls, row: Wire) -> CallRecord:
        begins = wire.moment(row, "StartTime")
        if begins is None:
            raise CccError(
                tr(
                    "CCC answered a row without {key}: it has {keys}",
                    key="StartTime",
                    keys=", ".join(sorted(row)),
                )
            )
        kind = (wire.text(row, "ContactType") or "").upper().replace("_", "")
        brokers = (wire.text(row, name) for name in ("Broker", "AdditionalBroker"))
        return cls(
            id=wire.required(row, "ContactId"),
            begins=begins,
            way=_WAYS.get(kind, CallWay.OTHER),
            calling=wire.text(row, "CallingNumber"),
            called=wire.text(row, "CalledNumber"),
            brokers=tuple(each for each in brokers if each),
            ended=wire.text(row, "ContactDisposition"),
            heard=wire.text(row, "EarlyMediaState"),
            seconds=wire.count(row, "CallDuration") or 0,
        )
