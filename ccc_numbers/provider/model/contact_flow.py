"""The properties of `ccc:index:ContactFlow`."""

from ccc_numbers.api.rows import FLOW_TYPES, ContactFlow, FlowType
from ccc_numbers.provider.model import FLAG, TEXT, Choice, Compared, Model, Property

_TYPE = Choice("FlowType", "Kind of contact flow.", dict.fromkeys(FLOW_TYPES, ""))

MODEL: Model[ContactFlow] = Model(
    "ContactFlow",
    "An IVR flow out of a definition, always published. Import as `INSTANCE/FLOW`.",
    (
        Property(
            "instanceId",
            TEXT,
            "The instance the flow belongs to.",
            required=True,
            compared=Compared.REPLACES,
        ),
        Property(
            "name",
            TEXT,
            "Name of the flow, unique in its instance.",
            required=True,
            compared=Compared.REPLACES,
            live=lambda row: row.name,
        ),
        Property(
            "type",
            _TYPE.type,
            "Kind of flow; `main` when absent. Only a main flow can be bound to a number.",
            compared=Compared.NO,  # check refuses another
            live=lambda row: str(row.type),
            absent=str(FlowType.MAIN),
        ),
        Property(
            "definition",
            TEXT,
            "The flow's definition as CCC's JSON text. Key order and white space make no difference.",
            required=True,
            compared=Compared.NO,  # the diff compares it as JSON
            live=lambda row: row.definition,
        ),
        # The note of a version as well: CCC's is no drift.
        Property("description", TEXT, "Note stored with each version.", said=True),
        Property(
            "adopt",
            FLAG,
            "Overwrite an existing flow of this name.",
            said=True,
            compared=Compared.NO,
        ),
        Property("forceRemoval", FLAG, "Delete the flow even while numbers are bound to it.", said=True),
        Property(
            "published",
            FLAG,
            "Whether the flow answers calls.",
            required=True,
            output=True,
            live=lambda row: row.published,
        ),
    ),
)
