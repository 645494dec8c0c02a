"""The documented shape of every answer: which keys, of which types, in which nesting.

A key ending in `?` may be absent. A list with one element is an array of that shape; a set is an enumeration.
"""

from typing import Any

USAGE = {"Inbound", "Outbound", "Bidirection"}
MEDIA = {"AUDIO", "CHAT", "VIDEO"}

GROUP_OF_NUMBER = {"SkillGroupId": str, "Name": str, "DisplayName": str, "InstanceId": str}
NUMBER = {
    "Number": str,
    "InstanceId": str,
    "Active": bool,
    "ContactFlowId?": str,
    "Province?": str,
    "City?": str,
}
LISTED_NUMBER = NUMBER | {
    "Usage": USAGE,
    "ContactFlowName?": str,
    "CreateTime": str,
    "UserId?": str,
    "Provider?": str,
    "Tags?": str,
    "SkillGroups": [GROUP_OF_NUMBER],
}
NUMBER_OF_INSTANCE = NUMBER | {
    "Usage": USAGE,
    "UserId?": str,
    "SkillGroups": [GROUP_OF_NUMBER | {"Description": str, "PhoneNumberCount": int, "UserCount": int}],
}
GROUP = {
    "SkillGroupId": str,
    "SkillGroupName": str,
    "DisplayName": str,
    "Description": str,
    "InstanceId": str,
    "MediaType": MEDIA,
    "PhoneNumberCount": int,
    "UserCount": int,
}
FLOW = {
    "ContactFlowId": str,
    "Name": str,
    "Type": {"MAIN_FLOW", "SUB_FLOW", "SURVEY_FLOW"},
    "InstanceId": str,
    "Published": bool,
    "DraftId?": str,
    "Editor?": str,
    "Description": str,
    "Definition": str,
    "CreatedTime": str,
    "UpdatedTime": str,
}
ADMIN = dict.fromkeys(
    [
        "UserId",
        "InstanceId",
        "LoginName",
        "DisplayName",
        "Email",
        "Mobile",
        "Extension",
        "RoleId",
        "RoleName",
        "WorkMode",
    ],
    str,
)
INSTANCE = {
    "Id": str,
    "DomainName": str,
    "Name": str,
    "Description": str,
    "Status": {"CREATING", "RUNNING", "STOPPED", "RELEASED"},
    "AliyunUid": str,
    "ConsoleUrl": str,
    "AdminList": [ADMIN],
}


def page(row: dict[str, Any]) -> dict[str, Any]:
    """A paged answer's Data."""
    return {"List": [row], "PageNumber": int, "PageSize": int, "TotalCount": int}


CREATED_GROUP = {"SkillGroupId": str, "Name": str, "InstanceId": str, "Description": str, "MediaType": MEDIA}
FAILED = {"Data": [str]}

ANSWERS: dict[str, dict[str, Any]] = {
    "ListPhoneNumbers": {"Data": page(LISTED_NUMBER)},
    "ListUnassignedNumbers": {"Data": page({"Number": str, "City?": str, "Province?": str})},
    "AddPhoneNumbers": FAILED,
    "ModifyPhoneNumber": {},
    "RemovePhoneNumbers": {**FAILED, "Params": [str]},
    "AddPhoneNumberToSkillGroups": {},
    "RemovePhoneNumberFromSkillGroups": {},
    "AddNumbersToSkillGroup": {},
    "RemovePhoneNumbersFromSkillGroup": {},
    "ListPhoneNumbersOfSkillGroup": {"Data": page(NUMBER | {"Usage": USAGE})},
    "ListSkillGroups": {"Data": page(GROUP)},
    "ListBriefSkillGroups": {"Data": page(GROUP)},
    "CreateSkillGroup": {"Data": CREATED_GROUP},
    "GetSkillGroup": {"Data": CREATED_GROUP | {"DisplayName": str}},
    "ModifySkillGroup": {},
    "DeleteSkillGroup": {},
    "ListContactFlows": {"Data": page(FLOW | {"NumberList": [str]})},
    "GetContactFlow": {"Data": FLOW},
    "CreateContactFlow": {"Data": str},
    "StartEditContactFlow": {"Data": str},
    "CommitContactFlow": {},
    "PublishContactFlow": {},
    "DiscardEditingContactFlow": {},
    "DeleteContactFlow": {},
    "ExportContactFlow": {"FlowPackageData": str, "Params": [str]},
    "ImportContactFlow": {"Params": [str]},
    "ListInstances": {"Data": page(INSTANCE | {"CreateTime": int, "NumberList": [{"Number": str}]})},
    "ListInstancesOfUser": {"Data": page(INSTANCE | {"NumberList": [NUMBER_OF_INSTANCE]})},
    "GetInstance": {"Data": INSTANCE | {"AgentType?": str, "NumberList": [NUMBER_OF_INSTANCE]}},
    "CreateInstance": {"Data": str},
    "ModifyInstance": {"Data": str},
    "DeleteInstance": {"Data": str},
    "GetNumberLocation": {"Data": {"Number": str, "Province?": str, "City?": str}},
    "ImportCorpNumbers": {},
    "ListPersonalNumbersOfUser": {"Data": page(NUMBER)},
    "AddPersonalNumbersToUser": FAILED,
    "RemovePersonalNumbersFromUser": {},
}

CAMPAIGN = {
    "CampaignId": str,
    "Name": str,
    "State": {"Draft", "Pending", "Executing", "Paused", "Completed", "Aborted"},
    "ContactFlowId?": str,
    "QueueId?": str,
    "QueueName?": str,
    "Simulation": bool,
    "StrategyType": str,
    "StrategyParameters": str,
    "TotalCases": int,
}
LEVEL = ("UserId", "LoginName", "DisplayName", "RoleId", "RoleName", "SkillGroupId", "SkillGroupName")
USER = ("UserId", "LoginName", "DisplayName", "RoleId", "RoleName", "WorkMode")
OWN_NUMBER: dict[str, Any] = {"Number": str, "Active": bool, "Usage": USAGE, "Province?": str, "City?": str}
OWN_AND_LEVELS = {"PersonalOutboundNumberList": [OWN_NUMBER], "SkillLevelList": list}
ANSWERS |= {
    "ListUsers": {"Data": page(dict.fromkeys(USER, str) | OWN_AND_LEVELS)},
    "ListUserLevelsOfSkillGroup": {"Data": page(dict.fromkeys(LEVEL, str) | {"SkillLevel": int})},
    "ListOutboundNumbersOfUser": {
        "Data": page({"Number": str, "City?": str, "Province?": str, "Provider?": str})
    },
    "ListCampaigns": {"Data": page(CAMPAIGN)},
}
ANSWERS["ListCallDetailRecordsV2"] = {
    "Data": page(
        {
            "ContactId": str,
            "InstanceId": str,
            "ContactType": {"INBOUND", "OUTBOUND", "BACK2BACK"},
            "MediaType": MEDIA,
            "CallingNumber?": str,
            "CalledNumber?": str,
            "Broker?": str,
            "StartTime": int,
            "EstablishedTime?": int,
            "ReleaseTime": int,
            "CallDuration": str,
            "TalkTime": int,
            "ContactDisposition": str,
            "EarlyMediaState?": str,
            "AgentIds?": str,
            "ReleaseInitiator": str,
            "RecordingReady": bool,
        }
    )
}

ENVELOPE = {"RequestId": str, "HttpStatusCode": int, "Code": {"OK"}, "Message": str}


def check(value: Any, shape: Any, place: str = "") -> None:
    """AssertionError names the first place where a value is not of its documented shape."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), f"{place}: {value!r} is no object"
        known = {key.removesuffix("?"): part for key, part in shape.items()}
        needed = {key for key in shape if not key.endswith("?")}
        assert needed <= value.keys() <= known.keys(), f"{place}: keys {sorted(value)} for {sorted(shape)}"
        for key, part in value.items():
            check(part, known[key], f"{place}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{place}: {value!r} is no array"
        for index, part in enumerate(value):
            check(part, shape[0], f"{place}[{index}]")
    elif isinstance(shape, set):
        assert value in shape, f"{place}: {value!r} is none of {sorted(shape)}"
    else:
        assert type(value) is shape, f"{place}: {value!r} is no {shape.__name__}"
