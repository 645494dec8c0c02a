"""The objects that the package's functions return."""

from ccc_numbers.api.rows import ContactFlow, Instance, PhoneNumber, SkillGroup, UnassignedNumber
from ccc_numbers.provider.model import FLAG, INTEGER, TEXT, TEXTS, Property, Record
from ccc_numbers.provider.model.phone_number import USAGE

INSTANCE: Record[Instance] = Record(
    "Instance",
    "An instance.",
    (
        Property("instanceId", TEXT, "The instance's id.", required=True, live=lambda row: row.id),
        Property("name", TEXT, "Its name.", required=True, live=lambda row: row.name),
        Property("description", TEXT, "Its description.", required=True, live=lambda row: row.description),
        Property(
            "status",
            TEXT,
            "CREATING, RUNNING, STOPPED or RELEASED.",
            required=True,
            live=lambda row: row.status,
        ),
        Property("consoleUrl", TEXT, "Its workbench.", live=lambda row: row.console_url),
    ),
)
BOUND_NUMBER: Record[PhoneNumber] = Record(
    "BoundNumber",
    "A number in an instance.",
    (
        Property("number", TEXT, "The number.", required=True, live=lambda row: row.number),
        Property("usage", USAGE.type, "What it is for.", required=True, live=lambda row: str(row.usage)),
        Property("contactFlow", TEXT, "Name of its flow.", live=lambda row: row.contact_flow_name),
        Property("contactFlowId", TEXT, "Id of its flow.", live=lambda row: row.contact_flow_id),
        Property(
            "skillGroups",
            TEXTS,
            "Names of its skill groups.",
            required=True,
            live=lambda row: [group.name for group in row.skill_groups],
        ),
        Property("active", FLAG, "Whether CCC has it active.", live=lambda row: row.active),
        Property("userId", TEXT, "The agent whose personal number it is.", live=lambda row: row.user_id),
        Property("provider", TEXT, "Line provider.", live=lambda row: row.provider),
        Property("province", TEXT, "Province.", live=lambda row: row.province),
        Property("city", TEXT, "City.", live=lambda row: row.city),
    ),
)
FREE_NUMBER: Record[UnassignedNumber] = Record(
    "FreeNumber",
    "A number in no instance.",
    (
        Property("number", TEXT, "The number.", required=True, live=lambda row: row.number),
        Property("province", TEXT, "Province.", live=lambda row: row.province),
        Property("city", TEXT, "City.", live=lambda row: row.city),
    ),
)
SKILL_GROUP: Record[SkillGroup] = Record(
    "SkillGroupRow",
    "A skill group.",
    (
        Property("skillGroupId", TEXT, "CCC's id.", required=True, live=lambda row: row.id),
        Property("name", TEXT, "Name.", required=True, live=lambda row: row.name),
        Property(
            "displayName", TEXT, "The name agents see.", required=True, live=lambda row: row.display_name
        ),
        Property("description", TEXT, "Description.", live=lambda row: row.description),
        Property("numberCount", INTEGER, "Numbers it holds.", live=lambda row: row.number_count),
        Property("userCount", INTEGER, "Agents in it.", live=lambda row: row.user_count),
    ),
)
CONTACT_FLOW: Record[ContactFlow] = Record(
    "ContactFlowRow",
    "A contact flow.",
    (
        Property("contactFlowId", TEXT, "CCC's id.", required=True, live=lambda row: row.id),
        Property("name", TEXT, "Name.", required=True, live=lambda row: row.name),
        Property("type", TEXT, "main, sub, survey or other.", required=True, live=lambda row: str(row.type)),
        Property(
            "published", FLAG, "Whether it was published.", required=True, live=lambda row: row.published
        ),
        Property("editor", TEXT, "Who holds its edit lock.", live=lambda row: row.editor),
        Property("numbers", TEXTS, "Numbers it answers.", live=lambda row: list(row.numbers)),
    ),
)
