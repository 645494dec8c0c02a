"""A month's expected minutes: a number, or one for each way the calls go."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, GetJsonSchemaHandler, PrivateAttr, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import CoreSchema

from ccc_numbers.declaration.mapping import Shape
from ccc_numbers.declaration.scalars import Count, read_count


class MinutesShape(Shape):
    """A month's minutes by the way of the calls."""

    inbound: Count = Field(0, description="minutes received")
    outbound: Count = Field(0, description="minutes called")

    @property
    def total(self) -> int:
        """Both ways together."""
        return self.inbound + self.outbound


class EitherWay(MinutesShape):
    """A month's minutes of which nobody says which way they go."""

    _either: int = PrivateAttr(0)

    @classmethod
    def of(cls, minutes: int) -> Self:
        """So many, both ways together."""
        made = cls.model_construct()
        made._either = minutes
        return made

    @property
    def total(self) -> int:
        return self._either


def _minutes(value: object, handler: ValidatorFunctionWrapHandler) -> MinutesShape:
    """A mapping, or a number for both ways together."""
    if isinstance(value, str | int):
        return EitherWay.of(read_count(value))
    by_way: MinutesShape = handler(value)
    return by_way


class _OrCount:
    """Allows a number in the JSON schema."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        return {"anyOf": [{"type": ["integer", "string"], "minimum": 0}, handler(core)]}


ExpectedMinutes = Annotated[MinutesShape, WrapValidator(_minutes), _OrCount()]
