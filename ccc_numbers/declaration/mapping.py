"""What every mapping of the grammar has in common."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Shape(BaseModel):
    """A mapping of the grammar: camelCase keys, no unknown ones."""

    model_config = ConfigDict(
        extra="forbid",
        alias_generator=to_camel,
        arbitrary_types_allowed=True,
        frozen=True,
        defer_build=True,
    )
