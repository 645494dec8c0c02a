"""One day in a call centre, as a script of calls with what each must answer.

`code` is the expected code. `saves` names a value found in the answer for later steps, which write it as
`{name}`. `sees` maps a path into the answer to the value expected there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

SEED: dict[str, Any] = {
    "instances": {
        "acme": {
            "contactFlows": [{"name": "主流程"}, {"name": "满意度", "type": "SURVEY_FLOW"}],
            "skillGroups": [{"name": "support", "users": 2}, {"name": "web", "mediaType": "CHAT"}],
            "users": [{"login": "wang", "role": "Admin"}, {"login": "li"}],
            "numbers": [
                {
                    "number": "02180001001",
                    "usage": "Bidirection",
                    "contactFlow": "主流程",
                    "skillGroups": ["support"],
                    "provider": "A",
                    "province": "上海",
                    "city": "上海",
                    "tags": "vip",
                }
            ],
            "campaigns": [
                {"name": "回访", "id": "c-1", "contactFlow": "主流程", "skillGroup": "support"},
                {"name": "旧活动", "state": "Completed", "numbers": ["02180001001"]},
            ],
            "numberGroups": [{"id": "group-1", "skillGroups": ["support"]}],
            "calls": [
                {"at": 1785686400000, "number": "02180001001", "talk": 30, "agent": "li", "count": 12},
                {
                    "at": 1785600000000,
                    "number": "02180001001",
                    "type": "OUTBOUND",
                    "disposition": "NoAnswer",
                    "earlyMedia": "Restricted",
                },
            ],
        },
        "other": {"numbers": [{"number": "02180009001", "usage": "Inbound"}]},
        "closed": {"status": "STOPPED"},
        "coming": {"status": "CREATING"},
    },
    "unassigned": [
        {"range": ["02180001002", "02180001009"], "province": "上海", "city": "上海"},
        {"number": "4008001001"},
        {"number": "08330011234", "province": "四川", "city": "乐山"},
    ],
}


@dataclass(frozen=True)
class Step:
    """One call and what must come of it."""

    action: str
    parameters: dict[str, Any]
    code: str = "OK"
    saves: Mapping[str, str] = field(default_factory=dict)
    sees: Mapping[str, Any] = field(default_factory=dict)


def on_acme(
    action: str,
    code: str = "OK",
    saves: Mapping[str, str] = MappingProxyType({}),
    sees: Mapping[str, Any] = MappingProxyType({}),
    **parameters: Any,
) -> Step:
    """A step on the instance acme."""
    return Step(action, {"InstanceId": "acme", **parameters}, code, saves, sees)


FIRST: dict[str, Any] = {"PageNumber": 1, "PageSize": 10}
TOTAL = "Data.TotalCount"
DEFINITION = json.dumps({"activities": [{"name": "欢迎 * ~ + / ' ( ) !"}]}, ensure_ascii=False)

SCRIPT: tuple[Step, ...] = (
    # What is there.
    Step("ListInstances", FIRST, sees={TOTAL: 4, "Data.List.0.NumberList.0.Number": "02180001001"}),
    Step("ListInstancesOfUser", FIRST, sees={TOTAL: 4}),
    on_acme("GetInstance", sees={"Data.Status": "RUNNING", "Data.AdminList.0.UserId": "wang@acme"}),
    on_acme("ListContactFlows", **FIRST, Type="MAIN_FLOW", saves={"main": "Data.List.0.ContactFlowId"}),
    on_acme("ListContactFlows", **FIRST, Type="SURVEY_FLOW", saves={"survey": "Data.List.0.ContactFlowId"}),
    on_acme(
        "ListContactFlows",
        **FIRST,
        SearchPattern="满意",
        OrderByField="name",
        SortOrder="ASC",
        sees={TOTAL: 1},
    ),
    on_acme("ListSkillGroups", **FIRST, sees={TOTAL: 1, "Data.List.0.PhoneNumberCount": 1}),
    on_acme("ListSkillGroups", **FIRST, MediaType="CHAT", sees={"Data.List.0.SkillGroupName": "web"}),
    on_acme("ListBriefSkillGroups", **FIRST, SearchPattern="SUPP", sees={TOTAL: 1}),
    on_acme(
        "ListPhoneNumbers", **FIRST, sees={"Data.List.0.ContactFlowName": "主流程", "Data.List.0.Tags": "vip"}
    ),
    Step("ListUnassignedNumbers", FIRST, sees={TOTAL: 10}),
    Step("ListUnassignedNumbers", {**FIRST, "SearchPattern": "0833"}, sees={"Data.List.0.City": "乐山"}),
    on_acme("GetNumberLocation", Number="01012345678", sees={"Data.Province": "北京"}),
    # Who may call out, and who does.
    on_acme(
        "ListUserLevelsOfSkillGroup", **FIRST, SkillGroupId="support@acme", IsMember=True, sees={TOTAL: 2}
    ),
    on_acme("ListUserLevelsOfSkillGroup", "NotExists.SkillGroupId", **FIRST, SkillGroupId="x", IsMember=True),
    on_acme("ListOutboundNumbersOfUser", **FIRST, UserId="wang@acme", sees={TOTAL: 0}),
    on_acme("ListOutboundNumbersOfUser", "NotExists.UserId", **FIRST, UserId="x@acme"),
    on_acme(
        "ListCampaigns", **FIRST, State="Executing", sees={TOTAL: 1, "Data.List.0.QueueId": "support@acme"}
    ),
    # Who called.
    on_acme(
        "ListCallDetailRecordsV2",
        **FIRST,
        StartTime=1785600000000,
        EndTime=1785700000000,
        SortOrder="ASC",
        sees={
            TOTAL: 13,
            "Data.List.0.ContactType": "OUTBOUND",
            "Data.List.0.EarlyMediaState": "Restricted",
            "Data.List.1.CalledNumber": "02180001001",
        },
    ),
    on_acme(
        "ListCallDetailRecordsV2",
        **{**FIRST, "PageNumber": 2},
        StartTime=1785600000000,
        EndTime=1785700000000,
        MediaType="AUDIO",
        OrderByField="startTime",
        ContactTypeList=["INBOUND"],
        sees={TOTAL: 0, "Data.List.1.StartTime": 1785686400000},
    ),
    on_acme("ListCallDetailRecordsV2", **FIRST, sees={TOTAL: 0}),
    on_acme("ListCallDetailRecordsV2", "Parameter.Maximum", **{**FIRST, "PageNumber": 101}),
    # Numbers come in.
    on_acme(
        "AddPhoneNumbers",
        Usage="Bidirection",
        ContactFlowId="{main}",
        NumberList=["02180001002", "02180001003", "02189999999", "02180009001"],
        sees={"Data": ["02189999999", "02180009001"]},
    ),
    on_acme("AddPhoneNumbers", Usage="Inbound", NumberList=["4008001001"], sees={"Data": []}),
    on_acme(
        "AddPhoneNumbers", Usage="Outbound", NumberList=["02180001004", "02180001004"], sees={"Data": []}
    ),
    on_acme("AddPhoneNumbers", Usage="Outbound", NumberList=["02180001002"], sees={"Data": ["02180001002"]}),
    on_acme("AddPhoneNumbers", "Parameter.Invalid", Usage="Outbound", NumberList=["4008001001"]),
    on_acme(
        "AddPhoneNumbers", "Parameter.Invalid", Usage="Inbound", ContactFlowId="{survey}", NumberList=["1"]
    ),
    on_acme(
        "AddPhoneNumbers", "NotExists.ContactFlowId", Usage="Inbound", ContactFlowId="no", NumberList=["1"]
    ),
    on_acme("AddPhoneNumbers", "Parameter.Blank", Usage="Inbound"),
    on_acme("AddPhoneNumbers", "Parameter.Enumeration", Usage="Both", NumberList=["1"]),
    on_acme("AddPhoneNumbers", "Parameter.Minimum", Usage="Inbound", NumberList=[]),
    on_acme("AddPhoneNumbers", "Parameter.Maximum", Usage="Inbound", NumberList=[str(n) for n in range(101)]),
    on_acme("ListPhoneNumbers", **FIRST, sees={TOTAL: 5}),
    on_acme("ListPhoneNumbers", **FIRST, Usage="Bidirection", Active=True, sees={TOTAL: 3}),
    on_acme("ListPhoneNumbers", **FIRST, SearchPattern="1003", sees={TOTAL: 1}),
    on_acme("ListPhoneNumbers", **FIRST, Active=False, sees={TOTAL: 0, "Data.List": []}),
    on_acme("ListPhoneNumbers", PageNumber=3, PageSize=2, sees={TOTAL: 5, "Data.PageNumber": 3}),
    on_acme("ListPhoneNumbers", PageNumber=9, PageSize=100, sees={TOTAL: 5, "Data.List": []}),
    on_acme("ListPhoneNumbers", "Parameter.Maximum", PageNumber=101, PageSize=10),
    on_acme("ListPhoneNumbers", "Parameter.Minimum", PageNumber=1, PageSize=0),
    on_acme("ListPhoneNumbers", "MissingPageSize", PageNumber=1),
    # Their bindings change.
    on_acme("CreateSkillGroup", Name="sales", DisplayName="销售组", sees={"Data.SkillGroupId": "sales@acme"}),
    on_acme("CreateSkillGroup", "AlreadyExists.SkillGroupId", Name="sales", DisplayName="销售二组"),
    on_acme("CreateSkillGroup", "Parameter.Format", Name="1st", DisplayName="first"),
    on_acme("GetSkillGroup", SkillGroupId="sales@acme", sees={"Data.DisplayName": "销售组"}),
    on_acme("ModifySkillGroup", SkillGroupId="sales@acme", DisplayName="销售", Description="一线 销售"),
    on_acme("GetSkillGroup", SkillGroupId="sales@acme", sees={"Data.Description": "一线 销售"}),
    on_acme(
        "AddPhoneNumberToSkillGroups", Number="02180001002", SkillGroupIdList=["sales@acme", "support@acme"]
    ),
    on_acme(
        "AddPhoneNumberToSkillGroups", "NotExists.SkillGroupId", Number="02180001002", SkillGroupIdList=["x"]
    ),
    on_acme("AddPhoneNumberToSkillGroups", "NotExists.Number", Number="1", SkillGroupIdList=["sales@acme"]),
    on_acme("AddNumbersToSkillGroup", SkillGroupId="sales@acme", NumberList=["02180001003", "02180001004"]),
    on_acme(
        "ListPhoneNumbersOfSkillGroup", SkillGroupId="sales@acme", IsMember=True, **FIRST, sees={TOTAL: 3}
    ),
    on_acme(
        "ListPhoneNumbersOfSkillGroup", SkillGroupId="sales@acme", IsMember=False, **FIRST, sees={TOTAL: 2}
    ),
    on_acme("RemovePhoneNumberFromSkillGroups", Number="02180001002", SkillGroupIdList=["support@acme"]),
    on_acme(
        "RemovePhoneNumberFromSkillGroups",
        "Parameter.Invalid",
        Number="02180001002",
        SkillGroupIdList=["support@acme"],
    ),
    on_acme("RemovePhoneNumbersFromSkillGroup", SkillGroupId="sales@acme", NumberList=["02180001003"]),
    on_acme(
        "RemovePhoneNumbersFromSkillGroup", "NotExists.Number", SkillGroupId="sales@acme", NumberList=["1"]
    ),
    on_acme("ModifyPhoneNumber", Number="02180001003", Usage="Outbound"),
    on_acme("ModifyPhoneNumber", "NotExists.Number", Number="02180001009", Usage="Outbound"),
    on_acme("ModifyPhoneNumber", "Parameter.Invalid", Number="4008001001", Usage="Bidirection"),
    on_acme("ListPhoneNumbers", **FIRST, Usage="Outbound", sees={TOTAL: 2}),
    on_acme("ModifyPhoneNumber", Number="02180001002", Usage="Bidirection"),
    on_acme(
        "ListPhoneNumbers", **FIRST, SearchPattern="02180001002", sees={"Data.List.0.Usage": "Bidirection"}
    ),
    on_acme("ModifyPhoneNumber", Number="02180001002", Usage="Bidirection", ContactFlowId="{main}"),
    on_acme("GetInstance", sees={"Data.NumberList.0.InstanceId": "acme"}),
    # A personal number.
    on_acme(
        "AddPersonalNumbersToUser",
        UserId="li@acme",
        NumberList=["02180001003", "02180001002"],
        sees={"Data": ["02180001002"]},
    ),
    on_acme("ListPersonalNumbersOfUser", UserId="li@acme", IsMember=True, **FIRST, sees={TOTAL: 1}),
    on_acme(
        "ListUsers",
        **FIRST,
        SearchPattern="LI",
        sees={TOTAL: 1, "Data.List.0.PersonalOutboundNumberList.0.Number": "02180001003"},
    ),
    on_acme("ListPersonalNumbersOfUser", UserId="li@acme", IsMember=False, **FIRST, sees={TOTAL: 1}),
    on_acme(
        "AddNumbersToSkillGroup", "Parameter.Invalid", SkillGroupId="sales@acme", NumberList=["02180001003"]
    ),
    on_acme("RemovePersonalNumbersFromUser", UserId="li@acme", NumberList=["02180001003"]),
    on_acme("AddPersonalNumbersToUser", "NotExists.UserId", UserId="x@acme", NumberList=["02180001003"]),
    # A flow is written.
    on_acme(
        "CreateContactFlow",
        Name="夜间流程",
        Type="MAIN_FLOW",
        Definition=DEFINITION,
        Description="初稿",
        saves={"night": "Data"},
    ),
    on_acme(
        "CreateContactFlow",
        "AlreadyExists.ContactFlow",
        Name="夜间流程",
        Type="MAIN_FLOW",
        Definition="{}",
        Description="x",
    ),
    on_acme(
        "ModifyPhoneNumber",
        "Parameter.Invalid",
        Number="4008001001",
        Usage="Inbound",
        ContactFlowId="{night}",
    ),
    on_acme("StartEditContactFlow", ContactFlowId="{night}", saves={"draft": "Data"}),
    on_acme(
        "GetContactFlow", ContactFlowId="{night}", DraftId="{draft}", sees={"Data.Definition": DEFINITION}
    ),
    on_acme("GetContactFlow", "NotExists.DraftId", ContactFlowId="{night}", DraftId="no"),
    on_acme(
        "CommitContactFlow", ContactFlowId="{night}", DraftId="{draft}", Definition="{}", Description="v1"
    ),
    on_acme("PublishContactFlow", ContactFlowId="{night}", DraftId="{draft}"),
    on_acme("ModifyPhoneNumber", Number="4008001001", Usage="Inbound", ContactFlowId="{night}"),
    on_acme(
        "ListContactFlows",
        **FIRST,
        SearchPattern="夜间",
        sees={"Data.List.0.NumberList": ["4008001001"], "Data.List.0.Published": True},
    ),
    on_acme("StartEditContactFlow", ContactFlowId="{night}", saves={"draft": "Data"}),
    on_acme("DiscardEditingContactFlow", ContactFlowId="{night}", DraftId="{draft}"),
    on_acme("DeleteContactFlow", "InUse.ContactFlow", ContactFlowId="{night}"),
    on_acme("ExportContactFlow", FlowId="{night}", saves={"package": "FlowPackageData"}),
    on_acme("DeleteContactFlow", ContactFlowId="{night}", Force=True),
    on_acme("ImportContactFlow", FlowPackageData="{package}"),
    on_acme("ImportContactFlow", "Parameter.Format", FlowPackageData="[]"),
    on_acme("ListContactFlows", **FIRST, sees={TOTAL: 3}),
    # Numbers go.
    on_acme("RemovePhoneNumbers", NumberList=["02180001002", "1"], sees={"Data": ["02180001002", "1"]}),
    on_acme("RemovePhoneNumbers", NumberList=["02180001002", "02180001003"], Force=True, sees={"Data": []}),
    on_acme("DeleteSkillGroup", "InUse.SkillGroup", SkillGroupId="sales@acme"),
    on_acme("DeleteSkillGroup", SkillGroupId="sales@acme", Force=True),
    on_acme("GetSkillGroup", "NotExists.SkillGroupId", SkillGroupId="sales@acme"),
    on_acme("ListPhoneNumbers", **FIRST, sees={TOTAL: 3}),
    # Whole instances.
    Step("GetInstance", {"InstanceId": "closed"}, sees={"Data.Status": "STOPPED"}),
    Step("ListPhoneNumbers", {"InstanceId": "closed", **FIRST}, "AbnormalService.Ceased"),
    Step("ListSkillGroups", {"InstanceId": "coming", **FIRST}, "AbnormalService.Creating"),
    Step("ListPhoneNumbers", {"InstanceId": "no", **FIRST}, "NotExists.InstanceId"),
    Step("ImportCorpNumbers", {"NumberList": ["02912345678"], "Provider": "line-a", "City": "西安"}),
    Step(
        "CreateInstance",
        {"Name": "新实例名", "DomainName": "fresh", "AdminRamIdList": ["9"], "NumberList": ["02912345678"]},
    ),
    Step(
        "CreateInstance",
        {"Name": "新实例名", "DomainName": "fresh", "AdminRamIdList": ["9"]},
        "AlreadyExists.InstanceId",
    ),
    Step("GetInstance", {"InstanceId": "fresh"}, sees={"Data.Status": "CREATING"}),
    Step("GetInstance", {"InstanceId": "fresh"}, sees={"Data.Status": "CREATING"}),
    Step("GetInstance", {"InstanceId": "fresh"}, sees={"Data.Status": "RUNNING"}),
    Step(
        "ListSkillGroups",
        {"InstanceId": "fresh", **FIRST},
        sees={"Data.List.0.SkillGroupId": "default@fresh"},
    ),
    Step("ModifyInstance", {"InstanceId": "fresh", "Description": "试运行"}),
    Step("DeleteInstance", {"InstanceId": "fresh"}),
    Step("GetInstance", {"InstanceId": "fresh"}, "NotExists.InstanceId"),
    Step("ListUnassignedNumbers", {**FIRST, "SearchPattern": "029"}, sees={TOTAL: 1}),
)
