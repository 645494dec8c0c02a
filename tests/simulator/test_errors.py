"""Every error of the tables: the refusals a call can earn, and each documented code on command."""

from collections.abc import Iterator
from typing import Any

import pytest

from ccc_numbers.simulator.errors import BUSINESS, GATEWAY
from ccc_numbers.simulator.faults import Fault
from ccc_numbers.simulator.operations import OPERATIONS
from tests.simulator.inside import Inside, inside

PAGE = {"PageNumber": 1, "PageSize": 10}
SEED: dict[str, Any] = {
    "accessKeys": [
        {"id": "simulator", "secret": "simulator"},
        {"id": "li", "secret": "s", "user": "li"},
        {"id": "elsewhere", "secret": "s", "account": "1570000000000002"},
    ],
    "instances": {
        "acme": {
            "contactFlows": [
                {"name": "main"},
                {"name": "new", "published": False},
                {"name": "locked", "draft": {"id": "draft-1", "editor": "wang"}},
            ],
            "skillGroups": [{"name": "sales"}, {"name": "empty"}],
            "users": [{"login": "li"}],
            "numbers": [
                {"number": "02180001001", "usage": "Inbound", "contactFlow": "main", "skillGroups": ["sales"]}
            ],
        },
        "stopped": {"status": "STOPPED"},
        "creating": {"status": "CREATING"},
    },
    "unassigned": [{"number": "02180001002"}, {"number": "1390000", "account": "1570000000000002"}],
}


@pytest.fixture(scope="module")
def world() -> Iterator[Inside]:
    with inside(SEED) as world:
        yield world


REFUSALS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "ListPhoneNumbers",
        PAGE | {"PageSize": 101},
        "Parameter.Maximum",
        "The parameter PageSize must be less than or equal to 100.",
    ),
    (
        "ListPhoneNumbers",
        PAGE | {"PageNumber": 0},
        "Parameter.Minimum",
        "The parameter PageNumber must be greater than or equal to 1.",
    ),
    (
        "ListPhoneNumbers",
        PAGE | {"PageNumber": "one"},
        "Parameter.Format",
        "The format of parameter PageNumber is invalid. one is not an integer",
    ),
    (
        "ListPhoneNumbers",
        PAGE | {"PageNumber": ""},
        "Parameter.Null",
        "The parameter PageNumber may not be null.",
    ),
    (
        "ListPhoneNumbers",
        PAGE | {"Usage": "inbound"},
        "Parameter.Enumeration",
        "The parameter Usage must be one of the value of enumeration [Inbound, Outbound, Bidirection].",
    ),
    (
        "ListPhoneNumbers",
        PAGE | {"Active": "yes"},
        "Parameter.Format",
        "The format of parameter Active is invalid. yes is not a boolean",
    ),
    (
        "ListPhoneNumbers",
        PAGE | {"InstanceId": ""},
        "Parameter.Blank",
        "The parameter InstanceId may not be null or blank.",
    ),
    (
        "ListPhoneNumbers",
        PAGE | {"InstanceId": "none"},
        "NotExists.InstanceId",
        "The specified instance none does not exist.",
    ),
    (
        "ListPhoneNumbers",
        PAGE | {"InstanceId": "stopped"},
        "AbnormalService.Ceased",
        "Service abnormal. The instance stopped is stopped.",
    ),
    (
        "AddPhoneNumbers",
        {"InstanceId": "creating", "Usage": "Inbound", "NumberList": ["1"]},
        "AbnormalService.Creating",
        "Service abnormal. The instance creating is being created.",
    ),
    (
        "AddPhoneNumbers",
        {"Usage": "Inbound", "NumberList": "['1', '2']"},
        "Parameter.Format",
        "The format of parameter NumberList is invalid. It must be a JSON array of strings",
    ),
    ("AddPhoneNumbers", {"Usage": "Inbound", "NumberList": "[1]"}, "Parameter.Format", ""),
    ("AddPhoneNumbers", {"Usage": "Inbound", "NumberList": '["\\ud800"]'}, "Parameter.Format", ""),
    ("AddPhoneNumbers", {"Usage": "Inbound", "NumberGroupId": "none"}, "Parameter.Invalid", ""),
    (
        "AddPhoneNumbers",
        {"Usage": "Inbound", "NumberList": ["02180001002"], "ContactFlowId": "none"},
        "NotExists.ContactFlowId",
        "The contact flow none does not exist in instance acme.",
    ),
    ("ModifyPhoneNumber", {"Number": "02180001001", "Usage": ""}, "Parameter.Blank", ""),
    (
        "ModifyPhoneNumber",
        {"Number": "1", "Usage": "Inbound"},
        "NotExists.Number",
        "The specified number 1 does not exist in instance acme.",
    ),
    (
        "AddPhoneNumberToSkillGroups",
        {"Number": "02180001001", "SkillGroupIdList": ["none"]},
        "NotExists.SkillGroupId",
        "The skill group ID none does not exist in instance acme.",
    ),
    (
        "RemovePhoneNumbersFromSkillGroup",
        {"SkillGroupId": "empty@acme", "NumberList": ["02180001001"]},
        "Parameter.Invalid",
        "The parameter NumberList is invalid. 02180001001 is not in skill group empty@acme.",
    ),
    ("AddNumbersToSkillGroup", {"SkillGroupId": "sales@acme"}, "Parameter.Blank", ""),
    (
        "DeleteSkillGroup",
        {"SkillGroupId": "sales@acme"},
        "InUse.SkillGroup",
        "Skill group sales@acme is in use now.",
    ),
    (
        "CreateSkillGroup",
        {"Name": "sales", "DisplayName": "x"},
        "AlreadyExists.SkillGroupId",
        "Skill group sales@acme already exists in instance acme.",
    ),
    ("CreateSkillGroup", {"Name": "x" * 65, "DisplayName": "x"}, "Parameter.Format", ""),
    ("CreateSkillGroup", {"Name": "x", "DisplayName": "字" * 65}, "Parameter.Format", ""),
    ("CreateSkillGroup", {"Name": "x", "DisplayName": " "}, "Parameter.Blank", ""),
    (
        "AddPersonalNumbersToUser",
        {"UserId": "x@acme", "NumberList": ["1"]},
        "NotExists.UserId",
        "The user x@acme does not exist in instance acme.",
    ),
    (
        "RemovePersonalNumbersFromUser",
        {"UserId": "li@acme", "NumberList": ["02180001001"]},
        "Parameter.Invalid",
        "",
    ),
    ("ImportCorpNumbers", {"NumberList": ["1390000"], "Provider": "x"}, "Parameter.Invalid", ""),
    ("ImportCorpNumbers", {"NumberList": ["+86 21"], "Provider": "x"}, "Parameter.Format", ""),
    (
        "CreateInstance",
        {"Name": "acme", "DomainName": "acme", "AdminRamIdList": ["1"]},
        "AlreadyExists.InstanceId",
        "The instance acme already exists.",
    ),
    (
        "CreateInstance",
        {"Name": "newer", "DomainName": "newer", "AdminRamIdList": ["1"], "NumberList": ["1390000"]},
        "NotExists.Number",
        "The specified number 1390000 does not exist in instance newer.",
    ),
    (
        "CreateInstance",
        {"Name": "abc", "DomainName": "newer", "AdminRamIdList": ["1"]},
        "Parameter.Format",
        "",
    ),
    ("ModifyInstance", {"Description": "x" * 257}, "Parameter.Format", ""),
    ("GetContactFlow", {"ContactFlowId": "none", "DraftId": "x"}, "NotExists.ContactFlowId", ""),
    ("ListContactFlows", PAGE | {"SortOrder": "UP"}, "Parameter.Enumeration", ""),
    ("ImportContactFlow", {"FlowPackageData": "[[["}, "Parameter.Format", ""),
    ("ListPhoneNumbers", {"PageNumber": 1}, "MissingPageSize", "PageSize is mandatory for this action."),
]


@pytest.mark.parametrize(("action", "parameters", "code", "message"), REFUSALS)
def test_a_refusal(world: Inside, action: str, parameters: dict[str, Any], code: str, message: str) -> None:
    before = world.state()
    answer = world(action, **{"InstanceId": "acme", **parameters})
    assert answer.code == code, answer
    assert answer.body["Message"] == message or not message
    if code in BUSINESS:
        assert answer.status == answer.body["HttpStatusCode"] == BUSINESS[code][0]
        assert all(param in answer.body["Message"] for param in answer.body["Params"])
    assert world.state() == before


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.action)
def test_every_operation_needs_its_parameters(world: Inside, operation: Any) -> None:
    names = [parameter.name for parameter in operation.parameters if parameter.required]
    names = names if operation.account else ["InstanceId", *names]
    for count, name in enumerate(names):
        given = dict.fromkeys(names[:count], "x")
        assert world(operation.action, **given).code == f"Missing{name}"


@pytest.mark.parametrize("code", [*BUSINESS, *GATEWAY])
def test_every_documented_error_can_be_commanded(world: Inside, code: str) -> None:
    world.gateway.faults = [Fault(fault="error", times=1, code=code, params=("one", "two"))]
    answer = world("GetInstance", InstanceId="acme")
    status, template = BUSINESS.get(code) or GATEWAY[code]
    assert (answer.status, answer.code) == (status, code)
    assert answer.body["Message"] == template.replace("%s", "one", 1).replace("%s", "two", 1)
    assert world("GetInstance", InstanceId="acme").code == "OK"


def test_a_flow_another_user_edits_is_locked(world: Inside) -> None:
    flow = world("ListContactFlows", InstanceId="acme", **PAGE, SearchPattern="locked").data["List"][0]
    assert flow["Editor"] == "wang"
    draft = {"InstanceId": "acme", "ContactFlowId": flow["ContactFlowId"], "DraftId": "draft-1"}
    for action, rest in [
        ("StartEditContactFlow", {}),
        ("CommitContactFlow", {"Definition": "{}", "Description": "x"}),
        ("PublishContactFlow", {}),
        ("DiscardEditingContactFlow", {}),
    ]:
        assert world(action, **draft, **rest).code == "InUse.ContactFlow"


def test_another_account_sees_nothing_of_this_one() -> None:
    with inside(SEED) as world:
        world.key = ("elsewhere", "s")
        assert world("GetInstance", InstanceId="acme").code == "NotExists.InstanceId"
        assert world("ListInstances", **PAGE).data["TotalCount"] == 0
        rows = world("ListUnassignedNumbers", **PAGE).data["List"]
        assert [row["Number"] for row in rows] == ["1390000"]


def test_a_ram_user_sees_the_instances_he_belongs_to() -> None:
    with inside(SEED) as world:
        world.key = ("li", "s")
        rows = world("ListInstancesOfUser", **PAGE).data["List"]
        assert [row["Id"] for row in rows] == ["acme"]
