"""The properties of `ccc:index:SkillGroup`."""

from ccc_numbers.api.rows import MediaType, SkillGroup
from ccc_numbers.provider.model import FLAG, TEXT, Choice, Compared, Model, Property

_MEDIA = Choice("MediaType", "What a skill group serves.", dict.fromkeys(MediaType, ""))

MODEL: Model[SkillGroup] = Model(
    "SkillGroup",
    "A skill group of an instance. Import by CCC's id, `NAME@INSTANCE`.",
    (
        Property(
            "instanceId",
            TEXT,
            "The instance the group belongs to.",
            required=True,
            compared=Compared.REPLACES,
        ),
        Property(
            "name",
            TEXT,
            "1 to 64 letters, digits, `_` and `-`, a letter first; cannot be changed afterwards.",
            required=True,
            compared=Compared.REPLACES,
            live=lambda row: row.name,
        ),
        Property(
            "displayName",
            TEXT,
            "The name agents see, 1 to 64 characters.",
            required=True,
            live=lambda row: row.display_name,
        ),
        Property(
            "description",
            TEXT,
            "What the group is for.",
            live=lambda row: row.description,
            absent="",
        ),
        Property(
            "mediaType",
            _MEDIA.type,
            "What the group serves; `audio` when absent.",
            compared=Compared.NO,  # check refuses another
            live=lambda row: row.media_type.lower(),
            absent=str(MediaType.AUDIO),
        ),
        Property(
            "adopt",
            FLAG,
            "Take an existing group of this name over although its texts differ.",
            said=True,
            compared=Compared.NO,
        ),
        Property("forceRemoval", FLAG, "Delete the group even while it holds numbers or agents.", said=True),
        Property(
            "skillGroupId",
            TEXT,
            "CCC's id of the group.",
            required=True,
            output=True,
            live=lambda row: row.id,
        ),
    ),
)
