"""The properties of `ccc:index:PhoneNumber`."""

from ccc_numbers.api.rows import PhoneNumber, Usage
from ccc_numbers.numbers.plan_number import Binding, Declared, Part
from ccc_numbers.provider.model import (
    FLAG,
    TEXT,
    TEXTS,
    Choice,
    Compared,
    Model,
    always,
    optional,
    output,
    required,
    said,
)
from ccc_numbers.provider.properties import flag, text, texts
from ccc_numbers.provider.wire import Bag

# not translated: descriptions are the package schema's, which is English

# Statuses. `unassigned` is what a refresh calls a pending number that support has imported meanwhile, `gone` one that
# was bound and that the account no longer has.
BOUND, PENDING, UNASSIGNED, GONE = "bound", "pending", "unassigned", "gone"

USAGE = Choice(
    "Usage",
    "What a number is for.",
    {
        Usage.INBOUND: "Takes calls only (CCC: Inbound).",
        Usage.OUTBOUND: "Agents call out with it (CCC: Outbound).",
        Usage.BIDIRECTIONAL: "Both (CCC: Bidirection).",
    },
)
STATUS = Choice(
    "NumberStatus",
    "Where a number stands.",
    {
        BOUND: "In its instance.",
        PENDING: "Not imported into the account by CCC support yet.",
        UNASSIGNED: "Imported since it was declared; the next update binds it.",
        GONE: "It was bound, and the account no longer has it.",
    },
)

MODEL: Model[PhoneNumber] = Model(
    "PhoneNumber",
    "One number's place in an instance, its usage, contact flow and skill groups. Import by number, or as `INSTANCE/NUMBER`.",
    (
        required(
            "number",
            TEXT,
            "The number as CCC writes it: digits only, leading zero kept (`02180001001`, `4008001001`). Also the resource's id.",
            compared=Compared.NO,  # check refuses another
            live=lambda row: row.number,
        ),
        required(
            "instanceId",
            TEXT,
            "The instance the number belongs to. Changing it moves the number in place.",
            live=lambda row: row.instance_id,
        ),
        required(
            "usage",
            USAGE.type,
            "What the number is for. A 400 number can only be `inbound`.",
            live=lambda row: str(row.usage),
        ),
        optional(
            "contactFlow",
            TEXT,
            "Name of the published main flow that answers calls. Needed unless usage is `outbound`.",
            live=lambda row: Binding.of(row).flow or None,
        ),
        optional(
            "skillGroups",
            TEXTS,
            "Names of the skill groups whose agents call out with the number. Needed unless usage is `inbound`.",
            compared=Compared.AS_SET,
            live=lambda row: sorted(Binding.of(row).groups) or None,
        ),
        said("order", TEXT, "Key of the vendor order the number was bought with."),
        said(
            "agent",
            TEXT,
            "The agent who has it as a personal number to call out with, by login or id; skill groups cannot share it. Blank: "
            "nobody, an agent who has it loses it. Without it an agent's number is refused and left alone.",
        ),
        said(
            "ignoreChanges",
            TEXTS,
            "What others may change by hand (`usage`, `contactFlow`, `skillGroups`): once the number is in its instance, "
            "their value there is left alone.",
            compared=Compared.AS_SET,
        ),
        said(
            "override",
            TEXT,
            "Until when the binding is another one than usual, and why: `2027-02-12 (春节放假, 客服值班组)`.",
        ),
        said(
            "adopt",
            FLAG,
            "Take the number over even when it is bound otherwise, or in another instance. Without it that is refused.",
            compared=Compared.NO,
        ),
        said(
            "keepOnRemoval", FLAG, "On removal leave the number in its instance as it is and only forget it."
        ),
        said(
            "removeOnDelete",
            FLAG,
            "For programs without a roster: remove the number from its instance when the resource is deleted and nobody "
            "declares it any more. Without it a deleted resource is only forgotten.",
        ),
        said(
            "selfService",
            TEXT,
            "In an account that CCC support has allowed to: the number is imported (ImportCorpNumbers) while the account does "
            "not have it, once, as one of this line, which CCC then names as its `provider`.",
            compared=Compared.NO,  # of interest while it is pending alone: the resource's diff says so
        ),
        always("status", STATUS.type, "Where the number stands.", live=lambda row: BOUND),
        output("contactFlowId", TEXT, "Id of the bound contact flow.", live=lambda row: row.contact_flow_id),
        output(
            "skillGroupIds",
            TEXTS,
            "Ids of the bound skill groups, in order of their names.",
            live=lambda row: [group.id for group in sorted(row.skill_groups, key=lambda each: each.name)],
        ),
        output(
            "importAsked",
            TEXT,
            "The line as one of which CCC was asked to import the number, or would be, while it is not there.",
        ),
        # A preview takes an absent property for one not known yet: what CCC does not say is blank instead.
        output(
            "province",
            TEXT,
            "Province CCC names for the number, blank when it names none.",
            live=lambda row: row.province or "",
        ),
        output(
            "city",
            TEXT,
            "City CCC names for the number, blank when it names none.",
            live=lambda row: row.city or "",
        ),
        output(
            "provider",
            TEXT,
            "Line provider CCC names; known from the first refresh on.",
            live=lambda row: row.provider,
        ),
        output(
            "active",
            FLAG,
            "Whether CCC has the number active; known from the first refresh on.",
            live=lambda row: row.active,
        ),
    ),
)


PARTS = {"usage": Part.USAGE, "contactFlow": Part.FLOW, "skillGroups": Part.GROUPS}
"""What `ignoreChanges` may name, each with the part of the binding that it is."""


def declared_number(number: str, instance_id: str, inputs: Bag, moved_from: str = "") -> Declared:
    """The number as these properties declare it. A flow on an outbound number answers nothing: it does not count."""
    usage = Usage(text(inputs, "usage"))
    flow = text(inputs, "contactFlow") or None if usage.takes_calls else None
    return Declared(
        number,
        instance_id,
        Binding(usage, flow, frozenset(texts(inputs, "skillGroups"))),
        adopt=flag(inputs, "adopt"),
        agent=text(inputs, "agent") if "agent" in inputs else None,
        moved_from=moved_from or None,
        ignored=frozenset(PARTS[each] for each in texts(inputs, "ignoreChanges") if each in PARTS),
        override=text(inputs, "override"),
    )
