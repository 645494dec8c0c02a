"""The properties of `ccc:index:SkillGroup`."""

from ccc_numbers.api.rows import MediaType, SkillGroup
from ccc_numbers.provider.model import FLAG, TEXT, Choice, Compared, Model, always, optional, required, said

# not translated: descriptions are the package schema's, which is English

_MEDIA = Choice("MediaType", "What a skill group serves.", dict.fromkeys(MediaType, ""))

MODEL: Model[SkillGroup] = Model(
    "SkillGroup",
    "A skill group of an instance. Import by CCC's id, `NAME@INSTANCE`.",
    (
        required("instanceId", TEXT, "The instance the group belongs to.", compared=Compared.REPLACES),
        required(
            "name",
            TEXT,
            "1 to 64 letters, digits, `_` and `-`, a letter first; cannot be changed afterwards.",
            compared=Compared.REPLACES,
            live=lambda row: row.name,
        ),
        required(
            "displayName", TEXT, "The name agents see, 1 to 64 characters.", live=lambda row: row.display_name
        ),
        optional("description", TEXT, "What the group is for.", live=lambda row: row.description, absent=""),
        optional(
            "mediaType",
            _MEDIA.type,
            "What the group serves; `audio` when absent.",
            compared=Compared.NO,  # check refuses another
            live=lambda row: row.media_type.lower(),
            absent=str(MediaType.AUDIO),
        ),
        said(
            "adopt",
            FLAG,
            "Take an existing group of this name over although its texts differ.",
            compared=Compared.NO,
        ),
        said("forceRemoval", FLAG, "Delete the group even while it holds numbers or agents."),
        always("skillGroupId", TEXT, "CCC's id of the group.", live=lambda row: row.id),
    ),
)
