"""The money in a catalogue entry: rent, packages, rates, minimum spend, and how it is paid."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from ccc_numbers.messages.language import tr
from ccc_numbers.vendors import money
from ccc_numbers.vendors.terms import Term

Amount = Annotated[Decimal, AfterValidator(money.amount)]
"""CNY, exact, not negative, at most two decimals."""
Rate = Annotated[Decimal, AfterValidator(money.rate)]
"""CNY per minute, exact, not negative."""


class Part(BaseModel):
    """A piece of an entry: frozen, unknown keys refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True, defer_build=True
    )


class Scope(StrEnum):
    """The scope of a minimum spend."""

    ACCOUNT = "account"
    NUMBER = "number"


class Rent(Part):
    per_month: Amount
    billed: Literal["monthly", "yearly"]

    @property
    def per_year(self) -> Decimal:
        return self.per_month * 12


class Package(Part):
    """A prepaid amount on sale: one `amount`, or any from `from` up (to `to`)."""

    amount: Amount | None = None
    from_: Amount | None = Field(default=None, alias="from")
    to: Amount | None = None
    per_minute: Rate | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.amount is None) == (self.from_ is None):
            raise ValueError(tr('a package has either "amount" or "from"'))
        if self.to is not None and (self.from_ is None or self.to < self.from_):
            raise ValueError(tr('"to" stands beside a smaller "from"'))
        return self

    def sells(self, amount: Decimal) -> bool:
        if self.from_ is None:
            return amount == self.amount
        return amount >= self.from_ and (self.to is None or amount <= self.to)

    def __str__(self) -> str:
        if self.amount is not None:
            return money.plain(self.amount)
        assert self.from_ is not None
        least = money.plain(self.from_)
        return (
            f"{least}–{money.plain(self.to)}" if self.to is not None else tr("{least} or more", least=least)
        )


class Prepaid(Part):
    """Prepaid packages; `period` is what one lasts, None for an advance that lasts until it is used up."""

    packages: tuple[Package, ...] = Field(min_length=1)
    period: str | None = None
    words: str = ""

    @model_validator(mode="after")
    def _period_is_a_term(self) -> Self:
        if self.period is not None:
            Term.parse(self.period)
        return self

    @property
    def term(self) -> Term | None:
        return None if self.period is None else Term.parse(self.period)

    def package_for(self, amount: Decimal) -> Package | None:
        return next((package for package in self.packages if package.sells(amount)), None)


class Rates(Part):
    """CNY per minute; None where calls do not go that way or the package sets the price."""

    inbound: Rate | None = None
    outbound: Rate | None = None


class MinimumSpend(Part):
    """The least the vendor bills for a month's calls."""

    amount: Amount
    scope: Scope
    words: str = ""


class Price(Part):
    words: str
    rent: Rent | None = None
    prepaid: Prepaid | None = None
    rates: Rates = Rates()
    minimum_spend: MinimumSpend | None = None


class Payment(Part):
    channel: str | None = None
    invoice: str | None = None
    words: str = ""
