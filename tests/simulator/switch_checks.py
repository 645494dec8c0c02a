"""What there is to see of a switch: small checks, each a function of a simulator with the state below."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from ccc_numbers.simulator.errors import Refused
from tests.simulator.inside import Inside, query_request
from tests.support.simulator import signed_query

PAGE = {"InstanceId": "acme", "PageNumber": 1, "PageSize": 10}
SEED: dict[str, Any] = {
    "accessKeys": [
        {"id": "simulator", "secret": "simulator"},
        {"id": "elsewhere", "secret": "s", "account": "2"},
    ],
    "instances": {
        "acme": {
            "contactFlows": [
                {"name": "main"},
                {"name": "new", "id": "new", "published": False, "draft": {"id": "d"}},
                {"name": "sub", "id": "sub", "type": "SUB_FLOW"},
                {"name": "bad", "id": "bad", "draft": {"id": "d", "definition": "not json"}},
                {"name": "edited", "id": "edited", "draft": {"id": "d", "editor": "1570000000000001"}},
            ],
            "skillGroups": [
                {"name": "sales", "displayName": "Sales", "description": "first line"},
                {"name": "web", "mediaType": "CHAT"},
            ],
            "users": [{"login": "li"}],
            "calls": [
                {"at": 1000, "number": "021001", "type": "OUTBOUND", "agent": "li", "count": 2, "every": 1000}
            ],
            "numbers": [
                {
                    "number": "021001",
                    "usage": "Bidirection",
                    "contactFlow": "main",
                    "skillGroups": ["sales"],
                    "created": 3,
                },
                {"number": "021002", "usage": "Bidirection", "user": "li", "created": 1},
                {"number": "021003", "usage": "Inbound", "created": 2},
            ],
        },
        "stopped": {"status": "STOPPED"},
    },
    "unassigned": [
        {"number": "021010", "numberGroup": "group"},
        {"number": "021011"},
        {"number": "021012", "active": False},
        {"number": "4008001001"},
    ],
}

Check = Callable[[Inside], bool]


def main_flow(world: Inside) -> str:
    return str(world("ListContactFlows", **PAGE, SearchPattern="main").data["List"][0]["ContactFlowId"])


def gives(expected: object, action: str, **parameters: Any) -> Check:
    """A call that is refused with this code, or answered with this Data."""

    def check(world: Inside) -> bool:
        values = {key: main_flow(world) if value == "{main}" else value for key, value in parameters.items()}
        answer = world(action, **{"InstanceId": "acme", **values})
        got = answer.data if answer.code == "OK" and expected != "OK" else answer.code
        return bool(got == expected)

    return check


def leaves(number: str, key: str, expected: object, action: str, **parameters: Any) -> Check:
    """A call that is accepted and leaves this value at this number."""

    def check(world: Inside) -> bool:
        answer = world(action, **{"InstanceId": "acme", **parameters})
        rows = world("ListPhoneNumbers", **PAGE, SearchPattern=number).data["List"]
        return answer.code == "OK" and rows[0].get(key) == expected

    return check


def lists(*numbers: str, **filters: Any) -> Check:
    """The listing's numbers, in this order."""
    return lambda world: (
        [row["Number"] for row in world("ListPhoneNumbers", **{**PAGE, **filters}).data["List"]] == [*numbers]
    )


def names(*numbers: str) -> Check:
    """What GetInstance and ListInstances name beside the instance, in this order."""

    def check(world: Inside) -> bool:
        one = world("GetInstance", InstanceId="acme").data
        (listed,) = (row for row in world("ListInstances", **PAGE).data["List"] if row["Id"] == "acme")
        return all([row["Number"] for row in each["NumberList"]] == [*numbers] for each in (one, listed))

    return check


def add(expected: object, numbers: Any = ("021010",), **rest: Any) -> Check:
    return gives(expected, "AddPhoneNumbers", **{"Usage": "Bidirection", "NumberList": list(numbers), **rest})


def add_group(expected: object, **rest: Any) -> Check:
    return gives(expected, "AddPhoneNumbers", Usage="Inbound", NumberGroupId="group", **rest)


def modify(expected: object, **rest: Any) -> Check:
    return leaves("021001", "ContactFlowName", expected, "ModifyPhoneNumber", Number="021001", **rest)


def bind(expected: object, number: str, *groups: str) -> Check:
    return gives(expected, "AddPhoneNumberToSkillGroups", Number=number, SkillGroupIdList=list(groups))


def unbind(expected: object, number: str) -> Check:
    return gives(expected, "RemovePhoneNumberFromSkillGroups", Number=number, SkillGroupIdList=["sales@acme"])


def remove(expected: object, number: str) -> Check:
    return gives(expected, "RemovePhoneNumbers", NumberList=[number])


def raw_data(expected: object) -> Check:
    """The Data of an Add without failures, where `absent` differs from None."""
    call = {"InstanceId": "acme", "Usage": "Inbound", "NumberList": ["021010"]}
    return lambda world: world("AddPhoneNumbers", **call).body.get("Data", "absent") == expected


def description_after(expected: str) -> Check:
    def check(world: Inside) -> bool:
        world("ModifySkillGroup", InstanceId="acme", SkillGroupId="sales@acme", DisplayName="S")
        group = world("GetSkillGroup", InstanceId="acme", SkillGroupId="sales@acme")
        return bool(group.data["Description"] == expected)

    return check


def published_after(expected: bool, flow: str, polls: int = 0) -> Check:
    def check(world: Inside) -> bool:
        world("PublishContactFlow", InstanceId="acme", ContactFlowId=flow, DraftId="d")
        for _ in range(polls + 1):
            row = world("ListContactFlows", **PAGE, SearchPattern=flow).data["List"][0]
        return bool(row["Published"] is expected and (flow != "bad" or row["Definition"] != "not json"))

    return check


def create_instance(status: str, groups: int) -> Check:
    def check(world: Inside) -> bool:
        world("CreateInstance", Name="fresh", DomainName="fresh", AdminRamIdList=["1"])
        first = world("GetInstance", InstanceId="fresh").data["Status"]
        for _ in range(2):
            world("GetInstance", InstanceId="fresh")
        listed = world("ListSkillGroups", **{**PAGE, "InstanceId": "fresh"})
        return bool(first == status and listed.data["TotalCount"] == groups)

    return check


def misplaced(expected: str) -> Check:
    """The query's InstanceId sent in a form."""
    return lambda world: _sent_as_form(world) == expected


def _sent_as_form(world: Inside) -> str:
    query = signed_query("POST", "GetInstance", {"InstanceId": "acme"}, "simulator", "simulator")
    request = query_request(query)
    moved = {"InstanceId": "acme"}
    rest = {key: value for key, value in request.query.items() if key != "InstanceId"}
    return world.send(replace(request, query=rest, form=moved, body=urlencode(moved).encode())).code


def draft_listed(flow: str, expected: bool) -> Check:
    return lambda world: (
        ("DraftId" in world("ListContactFlows", **PAGE, SearchPattern=flow).data["List"][0]) is expected
    )


def unset(expected: object) -> Check:
    return lambda world: (
        world("ListPhoneNumbers", **PAGE, SearchPattern="021003").data["List"][0].get("UserId", "absent")
        == expected
    )


def foreign(expected: str) -> Check:
    def check(world: Inside) -> bool:
        world.key = ("elsewhere", "s")
        return world("GetInstance", InstanceId="acme").code == expected

    return check


def stale(expected: bool) -> Check:
    """Whether a listing right after a removal still has the number."""

    def check(world: Inside) -> bool:
        world("ListPhoneNumbers", **PAGE)
        world("RemovePhoneNumbers", InstanceId="acme", NumberList=["021003"])
        rows = world("ListPhoneNumbers", **PAGE).data["List"]
        return any(row["Number"] == "021003" for row in rows) is expected

    return check


def shuffles(world: Inside) -> bool:
    seen = {str(world("ListPhoneNumbers", **PAGE).data["List"]) for _ in range(50)}
    return len(seen) > 1


def throttles(expected: str, hint: bool = False) -> Check:
    """The 301st GetInstance of a second, on a clock that stands still."""

    def check(world: Inside) -> bool:
        world.gateway.limiter.clock = lambda: 0.0
        try:
            for _ in range(301):
                world.gateway.limiter.check("GetInstance", "1", world.gateway.switches)
        except Refused as refusal:
            return refusal.code == expected and bool(refusal.retry_after_ms) is hint
        return expected == "OK"

    return check


def total(expected: str) -> Check:
    """What a listing counts that has 10,005 rows."""

    def check(world: Inside) -> bool:
        world.put({**world.state(), "unassigned": [{"range": ["0210010000", "0210020004"]}]})
        return str(world("ListUnassignedNumbers", **PAGE).data["TotalCount"]) == expected

    return check


def calls(*calling: str, **window: int) -> Check:
    """Who made the calls of the instance, in the order of time."""
    asked = {**PAGE, "StartTime": 0, "SortOrder": "ASC", **window}
    return lambda world: (
        [row["CallingNumber"] for row in world("ListCallDetailRecordsV2", **asked).data["List"]] == [*calling]
    )


def outbound(world: Inside) -> None:
    """One agent in `sales`, whose number is off and in a number group of `web`, and a campaign with it that runs."""
    state = world.state()
    here = state["instances"]["acme"]
    next(each for each in here["skillGroups"] if each["name"] == "sales")["users"] = 1
    number = next(each for each in here["numbers"] if each["number"] == "021001")
    number |= {"active": False, "numberGroup": "g"}
    here["numberGroups"] = [{"id": "g", "skillGroups": ["web"]}]
    here["campaigns"] = [{"name": "回访", "skillGroup": "sales", "numbers": ["021001"]}]
    world.put(state)


def offered(*numbers: str) -> Check:
    """The numbers that an agent may call out with."""

    def check(world: Inside) -> bool:
        outbound(world)
        found = world("ListOutboundNumbersOfUser", **PAGE, UserId="sales-agent-1@acme").data["List"]
        return [row["Number"] for row in found] == [*numbers]

    return check


def shares(*groups: str) -> Check:
    """The groups that a listing shows besides those that the number is bound to."""

    def check(world: Inside) -> bool:
        outbound(world)
        (row,) = world("ListPhoneNumbers", **PAGE, SearchPattern="021001").data["List"]
        return [each["SkillGroupId"] for each in row["SkillGroups"]] == ["sales@acme", *groups]

    return check


def unbind_shared(expected: str) -> Check:
    """Taking one number out of a group that holds its number group; it stays in there in any case."""

    def check(world: Inside) -> bool:
        outbound(world)
        wanted = {"InstanceId": "acme", "Number": "021001", "SkillGroupIdList": ["web@acme"]}
        code = world("RemovePhoneNumberFromSkillGroups", **wanted).code
        return code == expected and shares("web@acme")(world)

    return check


def gives_held(failed: list[str], groups: int) -> Check:
    """Giving an agent what a skill group has: who is told as failed, and how many groups still have the number."""

    def check(world: Inside) -> bool:
        wanted = {"InstanceId": "acme", "UserId": "li@acme", "NumberList": ["021001"]}
        told = world("AddPersonalNumbersToUser", **wanted).data
        (row,) = world("ListPhoneNumbers", **PAGE, SearchPattern="021001").data["List"]
        return told == failed and len(row["SkillGroups"]) == groups and bool(failed) is not ("UserId" in row)

    return check


def imports(code: str, *there: str, numbers: Sequence[str] = ("021098", "021099")) -> Check:
    """How an import is answered, and which numbers are there then. 021098 is another account's."""

    def check(world: Inside) -> bool:
        elsewhere = {"number": "021098", "account": "2"}
        world.put({**world.state(), "unassigned": [elsewhere]})
        given = {"NumberList": [*numbers], "Provider": "A"}
        found = world("ImportCorpNumbers", **given).code
        rows = world("ListUnassignedNumbers", PageNumber=1, PageSize=10).data["List"]
        return (found, [row["Number"] for row in rows]) == (code, [*there])

    return check


def campaign_minds(stay: list[str], code: str) -> Check:
    """The numbers of a running campaign that are not removed, and how the deletion of its group is answered."""

    def check(world: Inside) -> bool:
        outbound(world)
        gone = world("DeleteSkillGroup", InstanceId="acme", SkillGroupId="sales@acme", Force=True).code
        left = world("RemovePhoneNumbers", InstanceId="acme", NumberList=["021001"], Force=True).data
        return (left, gone) == (stay, code)

    return check
