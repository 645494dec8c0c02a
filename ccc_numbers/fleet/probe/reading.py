"""What reading alone tells of CCC's undocumented behaviours: one question for each switch of the simulator."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from ccc_numbers.api import wire
from ccc_numbers.api.wire import Wire
from ccc_numbers.fleet.probe.calls import Calls, Outcome, Untold
from ccc_numbers.messages.language import tr

NOBODY: Final = "no-such-instance-of-anybody"
Question = Callable[[Calls], Awaitable[str]]


async def numbers_of(calls: Calls, **more: str | int) -> list[Wire]:
    """The first hundred numbers of the instance. Untold where they are not shown."""
    return _shown(await calls.to_instance("ListPhoneNumbers", **{"PageNumber": 1, "PageSize": 100} | more))


async def flows_of(calls: Calls) -> list[Wire]:
    """The first hundred contact flows of the instance. Untold where they are not shown."""
    return _shown(await calls.to_instance("ListContactFlows", PageNumber=1, PageSize=100))


async def _error_status(calls: Calls) -> str:
    outcome = await calls.call("GetInstance", InstanceId=NOBODY)
    if outcome.fine:
        raise Untold(tr("an instance that nobody has was shown"))
    return "ok" if outcome.status == 200 else "documented"


async def _missing_parameter(calls: Calls) -> str:
    outcome = await calls.call("GetInstance")
    return outcome.meaning({"Missing": "gateway", "Parameter.Blank": "blank", "Parameter.Null": "null"})


async def _blank_parameter(calls: Calls) -> str:
    outcome = await calls.call("GetInstance", InstanceId=" ")
    return outcome.meaning({"Parameter.Blank": "blank", "Parameter.Empty": "empty"})


async def _list_order(calls: Calls) -> str:
    looks = [[_place(row) for row in await numbers_of(calls)] for _ in range(4)]
    first = looks[0]
    if any(each != first for each in looks):
        return "random"
    times = [time for time, _ in first]
    if len(set(times)) < 2:
        raise Untold(tr("the instance's numbers were not added at different times"))
    if first == sorted(first, key=lambda place: (-place[0], place[1])):
        return "newest"
    if times == sorted(times):
        return "insertion"
    raise Untold(tr("an order that is neither by time nor by number"))


def _place(row: Wire) -> tuple[int, str]:
    return wire.count(row, "CreateTime") or 0, wire.required(row, "Number")


async def _search(calls: Calls) -> str:
    rows = await numbers_of(calls)
    if not rows:
        raise Untold(tr("the instance has no numbers"))
    number = wire.required(rows[0], "Number")

    async def finds(pattern: str) -> bool:
        found = await numbers_of(calls, SearchPattern=pattern)
        return number in (wire.text(row, "Number") for row in found)

    if await finds(f"{number[0]}%{number[-1]}"):
        return "like"
    return "substring" if await finds(number[1:]) else "prefix"


async def _unset(calls: Calls) -> str:
    for row in await numbers_of(calls):
        if not wire.text(row, "ContactFlowId"):
            if "ContactFlowId" not in row:
                return "absent"
            return "null" if row["ContactFlowId"] is None else "blank"
    raise Untold(tr("every number of the instance has a flow"))


async def _list_draft_id(calls: Calls) -> str:
    published = [row for row in await flows_of(calls) if wire.flag(row, "Published", default=False)]
    if not published:
        raise Untold(tr("the instance has no published flow"))
    return "always" if all(wire.text(row, "DraftId") for row in published) else "open"


async def _get_flow_draft(calls: Calls) -> str:
    flows = await flows_of(calls)
    if not flows:
        raise Untold(tr("the instance has no flow"))
    flow = wire.required(flows[0], "ContactFlowId")
    outcome = await calls.to_instance("GetContactFlow", ContactFlowId=flow, DraftId="no-such-draft")
    return "any" if outcome.fine else outcome.meaning({"NotExists.DraftId": "required"})


async def _page_past_end(calls: Calls) -> str:
    outcome = await calls.to_instance("ListPhoneNumbers", PageNumber=90, PageSize=100)
    if outcome.fine:
        return "empty"
    return outcome.meaning({"Parameter.Maximum": "refused"})


async def _enumeration_case(calls: Calls) -> str:
    outcome = await calls.to_instance("ListSkillGroups", MediaType="audio", PageNumber=1, PageSize=10)
    if outcome.fine:
        return "any"
    return outcome.meaning({"Parameter.": "exact"})


async def _instance_numbers(calls: Calls) -> str:
    there = {wire.text(row, "Number") for row in await numbers_of(calls)}
    outcome = await calls.to_instance("GetInstance")
    shown = wire.mapping(outcome.body, "Data").get("NumberList")
    if not outcome.fine or not isinstance(shown, list) or len(there) < 2:
        raise Untold(tr("the instance has fewer than two numbers"))
    numbers = {wire.text(each, "Number") if isinstance(each, Mapping) else str(each) for each in shown}
    return "whole" if there <= numbers else "cut"


async def _abnormal_instance(calls: Calls) -> str:
    listed = await calls.call("ListInstances", PageNumber=1, PageSize=100)
    for row in _shown(listed):
        if wire.text(row, "Status") != "RUNNING":
            stopped = wire.required(row, "Id")
            outcome = await calls.call("ListPhoneNumbers", InstanceId=stopped, PageNumber=1, PageSize=10)
            return "readable" if outcome.fine else outcome.meaning({"AbnormalService.": "closed"})
    raise Untold(tr("every instance of the account runs"))


def _shown(outcome: Outcome) -> list[Wire]:
    if not outcome.fine:
        raise Untold(tr("refused: {code}", code=outcome.code))
    return outcome.rows


QUESTIONS: Final[Mapping[str, Question]] = {
    "error-status": _error_status,
    "list-order": _list_order,
    "search": _search,
    "unset": _unset,
    "missing-parameter": _missing_parameter,
    "blank-parameter": _blank_parameter,
    "list-draft-id": _list_draft_id,
    "get-flow-draft": _get_flow_draft,
    "abnormal-instance": _abnormal_instance,
    "page-past-end": _page_past_end,
    "enumeration-case": _enumeration_case,
    "instance-numbers": _instance_numbers,
}
"""By the name of the simulator's switch; the answer is one of its alternatives."""
