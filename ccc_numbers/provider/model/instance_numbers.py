"""What the component `ccc:index:InstanceNumbers` shows. What it takes is the grammar of stack files: `component_schema.py`."""

from ccc_numbers.provider.model import TEXT, TEXTS, Property, Record, always, map_of, optional
from ccc_numbers.provider.model.phone_number import STATUS, USAGE

# not translated: descriptions are the package schema's, which is English

_NUMBER: Record[None] = Record(
    "InstanceNumber",
    "One declared number as the update leaves it.",
    (
        always("status", STATUS.type, "Where the number stands."),
        always("usage", USAGE.type, "What the number is for."),
        optional("flow", TEXT, "Name of the contact flow that answers."),
        always("skillGroups", TEXTS, "Names of its skill groups."),
        optional("order", TEXT, "Key of its vendor order."),
        optional("province", TEXT, "Province CCC names for the number."),
        optional("city", TEXT, "City CCC names for the number."),
    ),
)
OUTPUTS: tuple[Property[None], ...] = (
    always("instanceId", TEXT, "The instance."),
    always("numbers", map_of(_NUMBER.type), "The declared numbers."),
    always("pending", TEXTS, "Declared numbers that CCC support has not imported into the account yet."),
    always("unmanaged", TEXTS, "Numbers in the instance that the component does not declare."),
)
