"""What every piece of an entry shares, and its two kinds of amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from ccc_numbers.vendors import money

Amount = Annotated[Decimal, AfterValidator(money.amount)]
"""CNY, exact, not negative, at most two decimals."""
Rate = Annotated[Decimal, AfterValidator(money.rate)]
"""CNY per minute, exact, not negative."""


class Part(BaseModel):
    """A piece of an entry: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)
