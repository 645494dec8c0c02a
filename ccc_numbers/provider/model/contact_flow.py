"""The properties of `ccc:index:ContactFlow`."""

from ccc_numbers.api.rows import FLOW_TYPES, ContactFlow, FlowType
from ccc_numbers.provider.model import FLAG, TEXT, Choice, Compared, Model, always, optional, required, said

# not translated: descriptions are the package schema's, which is English

_TYPE = Choice("FlowType", "Kind of contact flow.", dict.fromkeys(FLOW_TYPES, ""))

MODEL: Model[ContactFlow] = Model(
    "ContactFlow",
    "An IVR flow out of a definition, always published. Import as `INSTANCE/FLOW_ID`.",
    (
        required("instanceId", TEXT, "The instance the flow belongs to.", compared=Compared.REPLACES),
        required(
            "name",
            TEXT,
            "Name of the flow, unique in its instance.",
            compared=Compared.REPLACES,
            live=lambda row: row.name,
        ),
        optional(
            "type",
            _TYPE.type,
            "Kind of flow; `main` when absent. Only a main flow can be bound to a number.",
            compared=Compared.NO,  # check refuses another
            live=lambda row: str(row.type),
            absent=str(FlowType.MAIN),
        ),
        required(
            "definition",
            TEXT,
            "The flow's definition as CCC's JSON text. Key order and white space make no difference.",
            compared=Compared.NO,  # the diff compares it as JSON
            live=lambda row: row.definition,
        ),
        # The note of a version as well: another note in CCC is not drift.
        said("description", TEXT, "Note stored with each version."),
        said("adopt", FLAG, "Overwrite an existing flow of this name.", compared=Compared.NO),
        said("forceRemoval", FLAG, "Delete the flow even while numbers are bound to it."),
        always("published", FLAG, "Whether the flow answers calls.", live=lambda row: row.published),
    ),
)
