"""Whatever a listing is answered with: rows, or one clear line; never a traceback, a write, or a call without end."""

import asyncio
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccc_numbers.api import retry
from ccc_numbers.api.client import Client
from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import MediaType
from tests.api.clients import client_of
from tests.api.raw import Query, response, serving
from tests.support.effort import effort

MOST_CALLS = 1_000
"""Six attempts of 100 pages and the reads again of what was unreadable; a listing without end would pass it."""

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 10**6, 10**20, "", "null", "[]", "[", "{}", "0", "１", "\ud800", "02180000001"]),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=4)), max_size=3),
    st.dictionaries(st.text(max_size=4), st.none() | st.integers() | st.text(max_size=4), max_size=3),
)
ROW: dict[str, Any] = {
    "Number": "02180000001", "InstanceId": "i", "Usage": "Bidirection", "Active": True, "UserId": None,
    "ContactFlowId": "f", "ContactFlowName": "主流程", "Province": "上海", "City": "上海", "CreateTime": "1617958538000",
    "SkillGroups": [{"SkillGroupId": "sales@i", "Name": "sales", "DisplayName": "销售组"}],
    "SkillGroupId": "sales@i", "Name": "sales", "DisplayName": "销售组", "Description": "", "MediaType": "AUDIO",
    "Type": "MAIN_FLOW", "Published": True, "Definition": "{}", "NumberList": ["02180000001"],
    "Id": "i", "Status": "RUNNING", "DomainName": "i", "AliyunUid": "1570000000000001", "AdminList": [],
}  # fmt: skip
ROWS = st.lists(
    st.one_of(
        st.builds(lambda odd: {**ROW, **odd}, st.dictionaries(st.sampled_from(sorted(ROW)), ODD, max_size=4)),
        st.builds(
            lambda gone: {key: value for key, value in ROW.items() if key not in gone},
            st.sets(st.sampled_from(sorted(ROW)), max_size=4),
        ),
        ODD,
    ),
    max_size=5,
)
DATA = st.one_of(
    st.fixed_dictionaries(
        {"List": ROWS | ODD, "TotalCount": st.integers(0, 6) | st.sampled_from([250, 20_000]) | ODD}
    ),
    st.builds(lambda odd: {**ROW, **odd}, st.dictionaries(st.sampled_from(sorted(ROW)), ODD, max_size=4)),
    ODD,
)
ENVELOPES = st.one_of(
    st.builds(lambda data: {"RequestId": "R", "HttpStatusCode": 200, "Code": "OK", "Data": data}, DATA),
    st.builds(
        lambda code, message: {"Code": code, "Message": message},
        st.sampled_from(["OK", "NotExists.InstanceId", "Throttling.User", "Permission.Common", "Odd"]) | ODD,
        ODD,
    ),
    ODD,
)
CALLS = {
    "numbers": lambda client: client.list_phone_numbers("i"),
    "unassigned": lambda client: client.list_unassigned_numbers(),
    "groups": lambda client: client.list_skill_groups("i", MediaType.AUDIO),
    "group": lambda client: client.get_skill_group("i", "sales@i"),
    "flows": lambda client: client.list_contact_flows("i"),
    "instances": lambda client: client.list_instances(),
    "instance": lambda client: client.get_instance("i"),
    "numbers of an instance": lambda client: client.get_instance_numbers("i", {"f": "主流程"}),
}


@pytest.fixture(scope="module", autouse=True)
def no_waits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retry, "_FIRST_WAIT", 0.001)
        patch.setattr(retry, "_LONGEST_WAIT", 0.01)
        patch.setattr(retry, "random", SimpleNamespace(uniform=lambda *_: 0.0))
        yield


@given(st.lists(ENVELOPES, min_size=1, max_size=4), st.sampled_from([200, 200, 200, 400, 404, 500, 503]))
@settings(effort(quick=8, nightly=200), suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize("call", CALLS)
def test_any_answer_gives_rows_or_one_line(call: str, answers: list[object], status: int) -> None:
    asyncio.run(answered(call, answers, status))


async def answered(name: str, answers: list[object], status: int) -> None:
    count = 0

    def answer(_: Query) -> bytes:
        # In turn and from the start again: pages repeat, and totals change between them.
        nonlocal count
        count += 1
        assert count < MOST_CALLS, "a listing without end"
        return response(
            json.dumps(answers[(count - 1) % len(answers)]).encode("utf-8", "surrogatepass"), status
        )

    async with serving(answer) as server, client_of(server, operation=0.1) as client:
        line = await asyncio.wait_for(outcome(name, client), 30)
        assert count < MOST_CALLS
        assert {action[:3] for action in server.actions} <= {"Lis", "Get"}
    assert "\n" not in line
    assert "Traceback" not in line


async def outcome(name: str, client: Client) -> str:
    """The rows, as text that a report could show, or the error's line."""
    try:
        return str(await CALLS[name](client)).encode("utf-8").decode()
    except CccError as error:
        return str(error)
