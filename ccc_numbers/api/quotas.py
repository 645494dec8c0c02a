"""Calls per second CCC allows an account in a region for each operation, all its users and tools together.

Source: the "QPS limit" on each operation's page; 100 where no page could be read. Overridden by `ccc:rate`.
"""

from collections.abc import Mapping
from types import MappingProxyType

_USUAL = (
    "AddNumbersToSkillGroup",
    "AddPersonalNumbersToUser",
    "AddPhoneNumberToSkillGroups",
    "AddPhoneNumbers",
    "CommitContactFlow",
    "CreateContactFlow",
    "CreateSkillGroup",
    "DeleteContactFlow",
    "DeleteSkillGroup",
    "DiscardEditingContactFlow",
    "GetContactFlow",
    "GetNumberLocation",
    "GetSkillGroup",
    "ImportCorpNumbers",
    "ListCallDetailRecordsV2",
    "ListCampaigns",
    "ListContactFlows",
    "ListInstances",
    "ListOutboundNumbersOfUser",
    "ListPersonalNumbersOfUser",
    "ListPhoneNumbers",
    "ListUnassignedNumbers",
    "ListUserLevelsOfSkillGroup",
    "ListUsers",
    "ModifyPhoneNumber",
    "ModifySkillGroup",
    "PublishContactFlow",
    "RemovePersonalNumbersFromUser",
    "RemovePhoneNumberFromSkillGroups",
    "RemovePhoneNumbers",
    "RemovePhoneNumbersFromSkillGroup",
    "StartEditContactFlow",
)

QUOTAS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(_USUAL, 100),
        "GetInstance": 300,
        "ListSkillGroups": 200,
        "ListPhoneNumbersOfSkillGroup": 2000,
    }
)
