"""A vendor order: one purchase of numbers, and how far it has come.

Stages as in Alibaba Cloud's page on partner numbers: confirm the intention with CCC support and pay on the
cloud marketplace, hand in the materials, wait for the carrier, have support import the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import some
from ccc_numbers.vendors.terms import Term


class Stage(StrEnum):
    """How far an order has come; declared in order."""

    INTENDED = "intended"
    PAID = "paid"
    SUBMITTED = "submitted"
    OPENED = "opened"
    IMPORTED = "imported"

    @property
    def rank(self) -> int:
        return list(Stage).index(self)

    def reached(self, other: Stage) -> bool:
        """Whether an order at this stage has been at `other`."""
        return self.rank >= other.rank


class PrepaidPer(StrEnum):
    """What a prepaid amount is for: the whole order, or each of its numbers."""

    ORDER = "order"
    NUMBER = "number"


class Ending(StrEnum):
    """How near the end of an order's term is."""

    LAPSED = "lapsed"
    LAPSING = "lapsing"
    RUNNING = "running"
    NO_END = "no end"  # not translated: never shown
    NOT_BOUGHT = "not bought"  # not translated: never shown


@dataclass(frozen=True, slots=True)
class Contact:
    """Who speaks for the customer, with a DingTalk id of the customer's own."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    dingtalk: str | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """Prices quoted for this order, CNY; each wins over the catalogue's. `rent` per number and month."""

    rent: Decimal | None = None
    inbound: Decimal | None = None
    outbound: Decimal | None = None
    minimum_spend: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AcceptedWord:
    """A forbidden business that the scene or the script seems to say, and who has read it and stands for it."""

    word: str
    by: str
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.word}（{self.by}{'：' + self.reason if self.reason else ''}）"


@dataclass(frozen=True, slots=True)
class ByWay:
    """Minutes a month, by the way the calls go."""

    inbound: int = 0
    outbound: int = 0


@dataclass(frozen=True, slots=True)
class Invoice:
    """The VAT invoice: its number, and the day it was received."""

    number: str | None = None
    received: date | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """One more term of an order, paid on a day: it begins where the term before ends, or on that day if that is later.

    What it does not say is as before.
    """

    purchased: date
    term: Term | None = None
    prepaid: Decimal | None = None
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase, as declared. Money in CNY; `expected_minutes` a month, both ways together;
    `minutes_by_way` where it is said which way they go. `owner` answers for it.

    `since` is the day the stage was reached; `called_regions` where the numbers will call; `materials` maps
    what a paper is (`script`) to its file, absolute or from the working directory.
    """

    key: str
    vendor: str
    product: str
    stage: Stage = Stage.INTENDED
    quantity: int = 1
    regions: tuple[str, ...] = ()
    called_regions: tuple[str, ...] = ()
    purchased: date | None = None
    since: date | None = None
    term: Term | None = None
    prepaid: Decimal | None = None
    prepaid_per: PrepaidPer | None = None
    rates: Quoted = Quoted()
    expected_minutes: int | None = None
    minutes_by_way: ByWay | None = None
    order_id: str | None = None
    scene: str | None = None
    accept: tuple[AcceptedWord, ...] = ()
    company: str | None = None
    contact: Contact = Contact()
    invoice_title: str | None = None
    invoice: Invoice = Invoice()
    renewals: tuple[Renewal, ...] = ()
    owner: str | None = None
    materials: Mapping[str, Path] = field(default_factory=dict)
    notes: str | None = None
    reopen: bool = False

    @property
    def expires(self) -> date | None:
        """The first day that no term covers any more; None while purchase day or term is unknown."""
        last = self.held if self.renewals else self
        return None if last.purchased is None or last.term is None else last.term.end(last.purchased)

    @property
    def terms(self) -> tuple[Order, ...]:
        """The order with each of its terms alone: when that begins, how long it is, what was paid for it."""
        found = [replace(self, renewals=()) if self.renewals else self]
        for each in self.renewals:
            last = found[-1]
            renewed = replace(
                last,
                purchased=max(last.expires or each.purchased, each.purchased),
                term=each.term or last.term,
                prepaid=last.prepaid if each.prepaid is None else each.prepaid,
                order_id=each.order_id or last.order_id,
            )
            found.append(renewed)
        return tuple(found)

    @property
    def held(self) -> Order:
        """The order with the last of its terms."""
        return self.terms[-1]

    def on(self, day: date) -> Order:
        """The order with the term that a day is in, or the first."""
        begun = [each for each in self.terms if each.purchased is not None and each.purchased <= day]
        return begun[-1] if begun else self.terms[0]

    @property
    def order_ids(self) -> tuple[str, ...]:
        """The marketplace's orders: of the purchase, and of each renewal."""
        ids = (self.order_id, *(each.order_id for each in self.renewals))
        return tuple(each for each in ids if each is not None)

    @property
    def paid_ahead(self) -> Decimal | None:
        """Everything that was prepaid: an amount without `prepaid_per` is the order's."""
        each = self.prepaid_per is PrepaidPer.NUMBER
        return self.prepaid * self.quantity if each and self.prepaid is not None else self.prepaid

    @property
    def bought(self) -> bool:
        """Whether it was paid for; until then it costs nothing."""
        return self.stage.reached(Stage.PAID)

    def lapsed(self, today: date) -> bool:
        """Whether the term is over."""
        return self.expires is not None and self.expires <= today

    def ending(self, today: date, lapsing_days: int = 0) -> Ending:
        """How near the end is, for everybody who reports it; LAPSING within so many days."""
        left = self.days_left(today)
        if not self.bought:
            return Ending.NOT_BOUGHT
        if left is None:
            return Ending.NO_END
        if self.lapsed(today):
            return Ending.LAPSED
        return Ending.LAPSING if left <= lapsing_days else Ending.RUNNING

    def days_left(self, today: date) -> int | None:
        """Days to the expiry, negative after it."""
        return None if self.expires is None else (self.expires - today).days

    @property
    def stage_since(self) -> date | None:
        """The day the stage was reached, as far as known: an order just paid was paid when purchased."""
        return self.since or (self.purchased if self.stage is Stage.PAID else None)


@dataclass(frozen=True, slots=True)
class NumberOnOrder:
    """A declared number that names an order."""

    instance: str
    number: str
    order: str
    usage: str
    skill_groups: tuple[str, ...] = ()
    agent: str | None = None


def by_order(numbers: Iterable[NumberOnOrder]) -> dict[str, tuple[NumberOnOrder, ...]]:
    """Order key -> the numbers on it, in the order given."""
    found: dict[str, list[NumberOnOrder]] = {}
    for number in numbers:
        found.setdefault(number.order, []).append(number)
    return {key: tuple(group) for key, group in found.items()}


def refuse_move(key: str, before: Stage, after: Stage, reopen: bool) -> str | None:
    """Why an order may not go from one stage to another; None when it may."""
    if after.reached(before) or reopen:
        return None
    return tr(
        "order {key} is {before} and cannot go back to {after}: stages go forward only ({stages}). Set reopen: true on "
        "the order if the step really was undone",
        key=key,
        before=before.value,
        after=after.value,
        stages=" → ".join(Stage),
    )


def refuse_delete(key: str, numbers: tuple[str, ...]) -> str | None:
    """Why an order may not be deleted; None when no number stands on it any more."""
    if not numbers:
        return None
    return trn(
        "order {key} cannot be deleted: {count:,} number on it ({numbers}); move or remove them first",
        "order {key} cannot be deleted: {count:,} numbers on it ({numbers}); move or remove them first",
        len(numbers),
        key=key,
        numbers=some(sorted(numbers), 5),
    )
