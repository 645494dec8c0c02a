"""The properties of `ccc:index:InstanceLatch`."""

from ccc_numbers.provider.model import TEXT, TEXTS, Compared, Model, optional, required

# not translated: descriptions are the package schema's, which is English

MODEL: Model[None] = Model(
    "InstanceLatch",
    "Registered after all numbers of an instance and protected, it keeps `destroy` from removing the first of them, and "
    "removes the numbers that an update dropped.",
    (
        required("instanceId", TEXT, "The instance; also the resource's id."),
        optional(
            "numbers",
            TEXTS,
            "Every number declared for the instance; those that leave this list are removed from the instance.",
            compared=Compared.BY_ITEM,
        ),
        optional(
            "kept",
            TEXTS,
            "Declared numbers with `keepOnRemoval`: they are only forgotten.",
            compared=Compared.AS_SET,
        ),
    ),
)
