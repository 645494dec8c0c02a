"""What a stack file declares, resolved and typed: the only form the other rooms see."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.declaration.problem import Problem, Source


class Usage(StrEnum):
    """What a number may be used for, in the words of the stack file."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    BIDIRECTIONAL = "bidirectional"

    @property
    def takes_calls(self) -> bool:
        """Whether customers can call it: then a contact flow has to answer."""
        return self is not Usage.OUTBOUND

    @property
    def makes_calls(self) -> bool:
        """Whether agents call out with it: then a skill group has to hold it."""
        return self is not Usage.INBOUND


class Stage(StrEnum):
    """How far a vendor order has come; the order of the members is the order of the stages."""

    INTENDED = "intended"
    PAID = "paid"
    SUBMITTED = "submitted"
    OPENED = "opened"
    IMPORTED = "imported"


class MediaType(StrEnum):
    """What a skill group serves."""

    AUDIO = "audio"
    CHAT = "chat"
    VIDEO = "video"


class FlowType(StrEnum):
    """What a contact flow is for; only a main flow can answer a number."""

    MAIN = "main"
    SUB = "sub"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Term:
    """How long an order runs: `1y`, `6m` or `30d`."""

    count: int
    unit: Literal["y", "m", "d"]

    def after(self, start: date) -> date:
        """The first day the term no longer covers; the end of a shorter month when the day is missing."""
        if self.unit == "d":
            return start + timedelta(days=self.count)
        months = self.count * (12 if self.unit == "y" else 1) + start.month - 1
        year, month = start.year + months // 12, months % 12 + 1
        return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class SkillGroupDeclaration:
    """A skill group managed by this stack; any other group is only referenced."""

    name: str
    display_name: str
    description: str
    media_type: MediaType
    source: Source


@dataclass(frozen=True, slots=True)
class ContactFlowDeclaration:
    """A contact flow managed by this stack. `definition` is the JSON text of `definition_file`."""

    name: str
    type: FlowType
    description: str
    definition_file: Path
    definition: str = field(repr=False)
    source: Source


@dataclass(frozen=True, slots=True)
class NumberDeclaration:
    """One number as it shall be, defaults and numbersFile already applied.

    `flow` is None on outbound-only numbers, `agent` names the one agent of a personal number (who takes
    the place of skill groups), `order` the key of its vendor order.
    """

    number: str
    usage: Usage
    flow: str | None
    skill_groups: tuple[str, ...]
    order: str | None
    adopt: bool
    keep_on_removal: bool
    agent: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class InstanceDeclaration:
    """One call centre's share of a stack.

    `removal_budget` is a count of numbers, a share of those declared before such as `"10%"`, or None for
    the default. `keep_on_removal` is already applied to the numbers.
    """

    id: str
    removal_budget: int | str | None
    protected: bool
    keep_on_removal: bool
    skill_groups: Mapping[str, SkillGroupDeclaration]
    contact_flows: Mapping[str, ContactFlowDeclaration]
    numbers: Mapping[str, NumberDeclaration]
    source: Source


@dataclass(frozen=True, slots=True)
class Contact:
    """Who speaks for an order."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    dingtalk: str | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """What the vendor quoted, in CNY: per minute in and out, per number and month, per month in all."""

    inbound: Decimal | None = None
    outbound: Decimal | None = None
    rent: Decimal | None = None
    minimum_spend: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """The opt-in to buy on the marketplace, which pays at once and cannot be undone."""

    i_understand_this_pays: bool
    product_code: str
    package_version: str
    pricing_cycle: str
    duration: int | None
    coupon_id: str | None
    components: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OrderDeclaration:
    """One purchase of numbers from a vendor. Money is CNY. Nothing here was held against the catalogue.

    `regions` are where the numbers are from, `called_regions` where they will call. `since` is the day
    `stage` was reached. `materials` maps what a paper is to its file. `positions` knows the place of each
    key that was written, by its name in the file (`scene`, `materials.script`).
    """

    key: str
    vendor: str
    product: str
    stage: Stage
    quantity: int
    regions: tuple[str, ...]
    called_regions: tuple[str, ...]
    purchased: date | None
    since: date | None
    term: Term | None
    prepaid: Decimal | None
    rates: Rates
    expected_minutes: int | None
    order_id: str | None
    scene: str | None
    company: str | None
    contact: Contact
    invoice_title: str | None
    materials: Mapping[str, Path]
    notes: str | None
    reopen: bool
    purchase: Purchase | None
    materials_bucket: str | None
    source: Source
    positions: Mapping[str, Source] = field(repr=False)

    @property
    def expires(self) -> date | None:
        """The first day the order no longer covers, when day of purchase and term are both known."""
        return None if self.purchased is None or self.term is None else self.term.after(self.purchased)

    def at(self, key: str) -> Source:
        """Where `key` is written, or the order itself when it is not."""
        return self.positions.get(key, self.source)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A whole stack file."""

    file: Path
    instances: Mapping[str, InstanceDeclaration]
    orders: Mapping[str, OrderDeclaration]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What reading a stack file gave.

    `declaration` is there only when nothing at all is wrong. `sound` holds whatever is not touched by a
    problem, for checks that want to go on and find more; never declare resources from it.
    """

    declaration: Declaration | None
    problems: tuple[Problem, ...]
    sound: Declaration
