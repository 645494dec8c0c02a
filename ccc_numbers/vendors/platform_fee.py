"""The second payment: Alibaba Cloud's fee for the use of its platform with partners' numbers."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Self

from pydantic import model_validator

from ccc_numbers.messages.files import MIB, read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.vendors.catalogue.files import fitted
from ccc_numbers.vendors.catalogue.model import Source
from ccc_numbers.vendors.catalogue.price import Part, Rate
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.money import ZERO, rounded


class Mode(StrEnum):
    """How a tier is read, since the price list does not say.

    `graduated` prices the minutes within each tier at that tier's rate; `wholeVolume` all of the month's
    minutes at the rate of the tier they end in. Graduated is the dearer reading, and the default.
    """

    GRADUATED = "graduated"
    WHOLE_VOLUME = "wholeVolume"


class Tier(Part):
    """Minutes of a month up to and including `up_to` (None: without end), CNY per minute."""

    up_to: int | None = None
    per_minute: Rate


class _PriceList(Part):
    as_of: date
    source: Source
    tiers: tuple[Tier, ...]

    @model_validator(mode="after")
    def _in_turn(self) -> Self:
        ends = [tier.up_to for tier in self.tiers]
        bounded = [each for each in ends if each is not None]
        if (
            not ends
            or ends[-1] is not None
            or len(bounded) < len(ends) - 1
            or sorted(set(bounded)) != bounded
        ):
            raise ValueError(tr('tiers rise by "upTo", and the last one has none'))
        return self


@cache
def tiers() -> tuple[Tier, ...]:
    """The price list of 2021, lowest tier first."""
    text = resources.files("ccc_numbers.vendors").joinpath("platform_fee.yaml").read_text("utf-8")
    return _PriceList.model_validate(read_yaml(text, "platform_fee.yaml").data).tiers


def read_tiers(file: Path) -> tuple[Tier, ...]:
    """Those of a price list of one's own, of the form of ours. Raises `CatalogueError`, one line."""
    text = read_text(file, MIB)
    if isinstance(text, Problem):
        raise CatalogueError(text)
    document = read_yaml(text, shown(file))
    if document.problems:
        raise CatalogueError(document.problems[0])
    return fitted(_PriceList, document, document.data).tiers


def platform_fee(minutes: int, mode: Mode = Mode.GRADUATED, own: tuple[Tier, ...] | None = None) -> Decimal:
    """The fee of one account for one month's minutes on partners' numbers, both ways together, to the fen.

    `own` tiers stand in for those of the price list.
    """
    listed = own or tiers()
    if minutes < 0:
        raise ValueError(f"{minutes} minutes")  # not translated: a mistake of ours
    if mode is Mode.WHOLE_VOLUME:
        reached = next(tier for tier in listed if tier.up_to is None or minutes <= tier.up_to)
        return rounded(minutes * reached.per_minute)
    fee, priced = ZERO, 0
    for tier in listed:
        within = (minutes if tier.up_to is None else min(minutes, tier.up_to)) - priced
        fee += within * tier.per_minute
        priced += within
        if priced == minutes:
            break
    return rounded(fee)
