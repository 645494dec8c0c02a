"""Call detail records: what an instance's calls left behind, page by page."""

from collections.abc import Iterable
from typing import Annotated

from ccc_numbers.simulator.operation import Answer, Call, operation
from ccc_numbers.simulator.operations.common import Filter, Row, paged, row
from ccc_numbers.simulator.parameters import Choice, Integer, String, StringList
from ccc_numbers.simulator.records import CallRecord

Moment = Annotated[int, Integer(0, 10**14)]
SortOrder = Annotated[str, Choice(("ASC", "DESC"))]
Media = Annotated[str, Choice(("AUDIO", "VIDEO", "CHAT", "ALL"))]
OrderField = Annotated[str, Choice(("startTime",))]

_DAY_MS = 24 * 60 * 60 * 1000
_CHINA_MS = 8 * 60 * 60 * 1000
_VISIBLE = -4


@operation(reads=True, paged=True)
def list_call_detail_records_v2(
    call: Call,
    start_time: Moment | None = None,
    end_time: Moment | None = None,
    calling_number: String | None = None,
    called_number: String | None = None,
    broker: String | None = None,
    contact_id_list: StringList | None = None,
    contact_type_list: StringList | None = None,
    contact_disposition_list: StringList | None = None,
    early_media_state_list: StringList | None = None,
    media_type: Media | None = None,
    order_by_field: OrderField | None = None,
    sort_order: SortOrder | None = None,
) -> Answer:
    begin = start_time if start_time is not None else (call.now + _CHINA_MS) // _DAY_MS * _DAY_MS - _CHINA_MS
    end = call.now if end_time is None else end_time
    before = "<" if call.switches.call_window == "half-open" else "<="
    found = Filter(
        f"call_record.instance = ? AND began >= ? AND began {before} ?", call.instance.id, begin, end
    )
    found.equals("calling", calling_number)
    found.equals("called", called_number)
    found.equals("broker", broker)
    _one_of(found, "'job-' || call_record.id", contact_id_list)
    _one_of(found, "type", contact_type_list)
    _one_of(found, "disposition", contact_disposition_list)
    _one_of(found, "early_media", early_media_state_list)
    if media_type in {"VIDEO", "CHAT"}:
        found.add("0")
    way = "ASC" if sort_order == "ASC" else "DESC"
    answer = paged(
        call,
        CallRecord,
        found,
        f"began {way}, call_record.id {way}",
        lambda records: (_row(call, record) for record in records),
    )
    data = answer["Data"]
    assert isinstance(data, dict)
    # As documented: counting is dear, so that only the first page says it.
    return {"Data": data if call.page[0] == 1 else {**data, "TotalCount": 0}}


def _one_of(found: Filter, column: str, wanted: Iterable[str] | None) -> None:
    if wanted is not None:
        values = tuple(wanted)
        found.add(f"{column} IN ({', '.join('?' * len(values))})", *values)


def _row(call: Call, record: CallRecord) -> Row:
    calling, broker = record.calling, record.broker
    if call.switches.call_line == "broker" and record.type in {"OUTBOUND", "PREDICTIVE"}:
        calling, broker = record.agent or None, record.calling
    return row(
        call,
        ContactId=f"job-{record.id}",
        InstanceId=record.instance,
        ContactType=record.type,
        MediaType="AUDIO",
        CallingNumber=_shown(call, calling),
        CalledNumber=_shown(call, record.called),
        Broker=_shown(call, broker),
        StartTime=record.began,
        EstablishedTime=record.began + 1000 if record.talk else None,
        ReleaseTime=record.began + 1000 * (record.talk + 1),
        CallDuration=str(record.talk),
        TalkTime=record.talk,
        ContactDisposition=record.disposition,
        EarlyMediaState=record.early_media,
        AgentIds=f"{record.agent}@{record.instance}" if record.agent else None,
        ReleaseInitiator="customer",
        RecordingReady=bool(record.talk),
    )


def _shown(call: Call, number: str | None) -> str | None:
    """A number as the records show it, which may hide its end."""
    if number is None or call.switches.call_numbers == "plain":
        return number
    return number[:_VISIBLE] + "*" * -_VISIBLE
