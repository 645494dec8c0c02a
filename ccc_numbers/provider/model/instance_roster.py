"""The properties of `ccc:index:InstanceRoster`."""

from ccc_numbers.provider.model import (
    ANYTHING,
    FLAG,
    TEXT,
    TEXTS,
    Compared,
    Model,
    always,
    list_of,
    map_of,
    optional,
    output,
    required,
)

# not translated: descriptions are the package schema's, which is English

MODEL: Model[None] = Model(
    "InstanceRoster",
    "Every number of one instance with its binding, to be registered before the numbers. Refuses an update that would "
    "remove or rebind more than its budgets allow.",
    (
        required("instanceId", TEXT, "The instance; also the resource's id."),
        required(
            "numbers", TEXTS, "Every number declared for the instance, sorted.", compared=Compared.BY_ITEM
        ),
        optional(
            "bindings",
            list_of(ANYTHING),
            "The numbers by binding: `usage`, `contactFlow`, `skillGroups`, `agent`, `adopt`, `ignoreChanges`, `override` and the "
            "`numbers` bound like that.",
            compared=Compared.NO,  # the diff compares them number by number
        ),
        optional(
            "declaredElsewhere",
            TEXTS,
            "Numbers the same program declares for other instances: moving there is not a removal.",
            compared=Compared.AS_SET,
        ),
        optional(
            "instances",
            map_of(TEXT),
            "The stack's other instances, each with its removal budget, blank for the default.",
        ),
        optional(
            "kept",
            TEXTS,
            "Declared numbers with `keepOnRemoval`: forgetting them is not a removal.",
            compared=Compared.AS_SET,
        ),
        optional(
            "contactFlows",
            TEXTS,
            "Names of the flows the numbers refer to; each must be there and published.",
            compared=Compared.AS_SET,
        ),
        optional(
            "skillGroups",
            TEXTS,
            "Names of the skill groups the numbers refer to; each must be there.",
            compared=Compared.AS_SET,
        ),
        optional(
            "managedContactFlows",
            TEXTS,
            "Names of the flows that the same program manages: one that it drops is not taken from a campaign unseen.",
            compared=Compared.AS_SET,
        ),
        optional(
            "managedSkillGroups",
            TEXTS,
            "Names of the skill groups that the same program manages, for the same reason.",
            compared=Compared.AS_SET,
        ),
        optional(
            "removalBudget",
            TEXT,
            'How many numbers one update may take out: a count (`"3"`) or a share (`"10%"`, the default, at least 1).',
        ),
        optional(
            "changeBudget",
            TEXT,
            'How many numbers one update may rebind: a count or a share (`"50%"`, the default, at least 10).',
        ),
        optional(
            "protected", FLAG, "Whether the latch is protected: named here so that a change of it shows."
        ),
        output("instanceName", TEXT, "The instance's name in CCC."),
        always("status", TEXT, "The instance's status in CCC; numbers can be changed while it is `RUNNING`."),
        output(
            "place",
            TEXT,
            "Where the numbers are: CCC's host and region, or the simulator. Another place is refused.",
        ),
        output("unmanaged", TEXTS, "Numbers in the instance that the program does not declare."),
        output(
            "missing", TEXTS, "Declared numbers of the account that a refresh did not find in the instance."
        ),
        output("differing", TEXTS, "Declared numbers that a refresh found bound otherwise."),
        output(
            "leftAlone",
            map_of(TEXT),
            "Declared numbers with what others changed on them by hand and `ignoreChanges` leaves to them.",
        ),
        output("pending", TEXTS, "Declared numbers that CCC support has not imported into the account yet."),
        output("gone", TEXTS, "Declared numbers that were there once and that the account no longer has."),
        output(
            "foreseen",
            ANYTHING,
            "In a preview only: what the update does to the instance's numbers (`add`, `rebind`, `move`, `takeOver`, `remove`).",
        ),
    ),
)
