"""The objects that the package's functions return."""

from ccc_numbers.api.rows import ContactFlow, Instance, PhoneNumber, SkillGroup, UnassignedNumber
from ccc_numbers.provider.model import FLAG, INTEGER, TEXT, TEXTS, Record, optional, required
from ccc_numbers.provider.model.phone_number import USAGE

# not translated: descriptions are the package schema's, which is English

INSTANCE: Record[Instance] = Record(
    "Instance",
    "An instance.",
    (
        required("instanceId", TEXT, "The instance's id.", live=lambda row: row.id),
        required("name", TEXT, "Its name.", live=lambda row: row.name),
        required("description", TEXT, "Its description.", live=lambda row: row.description),
        required("status", TEXT, "CREATING, RUNNING, STOPPED or RELEASED.", live=lambda row: row.status),
        optional("consoleUrl", TEXT, "Its workbench.", live=lambda row: row.console_url),
    ),
)
BOUND_NUMBER: Record[PhoneNumber] = Record(
    "BoundNumber",
    "A number in an instance.",
    (
        required("number", TEXT, "The number.", live=lambda row: row.number),
        required("usage", USAGE.type, "What it is for.", live=lambda row: str(row.usage)),
        optional("contactFlow", TEXT, "Name of its flow.", live=lambda row: row.contact_flow_name),
        optional("contactFlowId", TEXT, "Id of its flow.", live=lambda row: row.contact_flow_id),
        required(
            "skillGroups",
            TEXTS,
            "Names of its skill groups.",
            live=lambda row: [group.name for group in row.skill_groups],
        ),
        optional("active", FLAG, "Whether CCC has it active.", live=lambda row: row.active),
        optional("userId", TEXT, "The agent whose personal number it is.", live=lambda row: row.user_id),
        optional("provider", TEXT, "Line provider.", live=lambda row: row.provider),
        optional("province", TEXT, "Province.", live=lambda row: row.province),
        optional("city", TEXT, "City.", live=lambda row: row.city),
    ),
)
FREE_NUMBER: Record[UnassignedNumber] = Record(
    "FreeNumber",
    "A number in no instance.",
    (
        required("number", TEXT, "The number.", live=lambda row: row.number),
        optional("province", TEXT, "Province.", live=lambda row: row.province),
        optional("city", TEXT, "City.", live=lambda row: row.city),
    ),
)
SKILL_GROUP: Record[SkillGroup] = Record(
    "SkillGroupRow",
    "A skill group.",
    (
        required("skillGroupId", TEXT, "CCC's id.", live=lambda row: row.id),
        required("name", TEXT, "Name.", live=lambda row: row.name),
        required("displayName", TEXT, "The name agents see.", live=lambda row: row.display_name),
        optional("description", TEXT, "Description.", live=lambda row: row.description),
        optional("numberCount", INTEGER, "Numbers it holds.", live=lambda row: row.number_count),
        optional("userCount", INTEGER, "Agents in it.", live=lambda row: row.user_count),
    ),
)
CONTACT_FLOW: Record[ContactFlow] = Record(
    "ContactFlowRow",
    "A contact flow.",
    (
        required("contactFlowId", TEXT, "CCC's id.", live=lambda row: row.id),
        required("name", TEXT, "Name.", live=lambda row: row.name),
        required("type", TEXT, "main, sub, survey or other.", live=lambda row: str(row.type)),
        required("published", FLAG, "Whether it was published.", live=lambda row: row.published),
        optional("editor", TEXT, "Who holds its edit lock.", live=lambda row: row.editor),
        optional("numbers", TEXTS, "Numbers it answers.", live=lambda row: list(row.numbers)),
    ),
)
