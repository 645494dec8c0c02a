"""The properties of `ccc:index:InstanceRoster`."""

from ccc_numbers.provider.model import ANYTHING, FLAG, TEXT, TEXTS, Compared, Model, Property, list_of, map_of

MODEL: Model[None] = Model(
    "InstanceRoster",
    "Every number of one instance with its binding, to be registered before the numbers. Refuses an update that would "
    "remove or rebind more than its budgets allow.",
    (
        Property("instanceId", TEXT, "The instance; also the resource's id.", required=True),
        Property(
            "numbers",
            TEXTS,
            "Every number declared for the instance, sorted.",
            required=True,
            compared=Compared.BY_ITEM,
        ),
        Property(
            "bindings",
            list_of(ANYTHING),
            "The numbers by binding: `usage`, `contactFlow`, `skillGroups`, `agent`, `adopt` and the `numbers` bound like that.",
            compared=Compared.NO,  # the diff compares them number by number
        ),
        Property(
            "declaredElsewhere",
            TEXTS,
            "Numbers the same program declares for other instances: moving there is no removal.",
            compared=Compared.AS_SET,
        ),
        Property(
            "instances",
            map_of(TEXT),
            "The stack's other instances, each with its removal budget, blank for the default.",
        ),
        Property(
            "kept",
            TEXTS,
            "Declared numbers with `keepOnRemoval`: forgetting them is no removal.",
            compared=Compared.AS_SET,
        ),
        Property(
            "contactFlows",
            TEXTS,
            "Names of the flows the numbers refer to; each must be there and published.",
            compared=Compared.AS_SET,
        ),
        Property(
            "skillGroups",
            TEXTS,
            "Names of the skill groups the numbers refer to; each must be there.",
            compared=Compared.AS_SET,
        ),
        Property(
            "removalBudget",
            TEXT,
            'How many numbers one update may take out: a count (`"3"`) or a share (`"10%"`, the default, at least 1).',
        ),
        Property(
            "changeBudget",
            TEXT,
            'How many numbers one update may rebind: a count or a share (`"50%"`, the default, at least 10).',
        ),
        Property(
            "protected", FLAG, "Whether the latch is protected: named here so that a change of it shows."
        ),
        Property("instanceName", TEXT, "The instance's name in CCC.", output=True),
        Property(
            "status",
            TEXT,
            "The instance's status in CCC; numbers can be changed while it is `RUNNING`.",
            required=True,
            output=True,
        ),
        Property(
            "place",
            TEXT,
            "Where the numbers are: CCC's host and region, or the simulator. Another place is refused.",
            output=True,
        ),
        Property(
            "unmanaged", TEXTS, "Numbers in the instance that the program does not declare.", output=True
        ),
        Property(
            "missing",
            TEXTS,
            "Declared numbers of the account that a refresh did not find in the instance.",
            output=True,
        ),
        Property("differing", TEXTS, "Declared numbers that a refresh found bound otherwise.", output=True),
        Property(
            "pending",
            TEXTS,
            "Declared numbers that CCC support has not imported into the account yet.",
            output=True,
        ),
        Property(
            "gone",
            TEXTS,
            "Declared numbers that were there once and that the account no longer has.",
            output=True,
        ),
        Property(
            "foreseen",
            ANYTHING,
            "In a preview only: what the update does to the instance's numbers (`add`, `rebind`, `move`, `takeOver`, `remove`).",
            output=True,
        ),
    ),
)
