"""The form of a catalogue entry. Keys are camelCase in the file; `words` are the source's own, in Chinese."""

from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted
from ccc_numbers.vendors.catalogue.price import Part, Payment, Price

SUPPORT = "cccsupport2"
"""CCC support's DingTalk id (钉钉号)."""
MARKETPLACE = "云市场"
"""The channel of those who are paid on Alibaba Cloud's marketplace."""


class Direction(StrEnum):
    """Which way calls may go, in the words of a number's `usage`."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    BIDIRECTIONAL = "bidirectional"

    def covers(self, usage: str) -> bool:
        """Whether a number of this direction can have this usage."""
        return self is Direction.BIDIRECTIONAL or usage == self.value


class Shape(StrEnum):
    """The form of a product's numbers as CCC shows them."""

    LANDLINE = "landline"
    HOTLINE_400 = "400"
    MOBILE = "mobile"


class Source(Part):
    """Where an entry was read."""

    title: str
    row: str = ""
    url: str | None = None
    note: str = ""


class Word(Part):
    """A forbidden thing in the source's word, and what counts as saying it.

    `match` replaces the word itself where that never occurs in speech (催收催缴); `except` are innocent words
    that contain a match (酒店 is not 酒).
    """

    word: str
    match: tuple[str, ...] = ()
    except_: tuple[str, ...] = Field(default=(), alias="except")

    @property
    def patterns(self) -> tuple[str, ...]:
        return self.match or (self.word,)


def _word(value: object) -> object:
    return {"word": value} if isinstance(value, str) else value


WordOrText = Annotated[Word, BeforeValidator(_word)]


class Group(Part):
    """A group of forbidden business; `match` names the group as a whole (金融)."""

    group: str
    words: str
    match: tuple[str, ...] = ()
    terms: tuple[WordOrText, ...]


class Promoted(Part):
    businesses: tuple[str, ...]
    words: str


class Worded(Part):
    """A part with the source's own words for it."""

    words: str = ""


class Business(Worded):
    """The uses the numbers are forbidden for, the words a script may not say, the uses they are meant for.

    `words` say how the forbidden ones are listed: 包含但不限于, where there are more than those named.
    """

    forbidden: tuple[Group, ...] = ()
    script: tuple[WordOrText, ...] = ()
    promoted: Promoted | None = None

    @cached_property
    def _hash(self) -> int:
        return hash((self.words, self.forbidden, self.script))

    def __hash__(self) -> int:
        """Reckoned once: it is the key of a search made for it."""
        return self._hash


class Concurrency(Worded):
    """Calls at the same time; None where the carrier decides."""

    calls: int | None = Field(default=None, ge=1)


class Agents(Worded):
    per_number: int = Field(ge=1)


class Regions(Worded):
    """The regions that numbers are sold for. `stock` lists cities by province when `supply` is `stock`."""

    supply: Literal["stock", "on-application", "nationwide"]
    stock: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    scarce: tuple[str, ...] = ()
    minimum_per_region: int | None = Field(default=None, ge=1)

    @property
    def stock_cities(self) -> tuple[str, ...]:
        return tuple(city for cities in self.stock.values() for city in cities)


class WorkingDays(Part):
    from_: int = Field(alias="from", ge=0)
    to: int = Field(ge=0)


class Delivery(Worded):
    """How long the vendor takes from approved materials to open numbers."""

    working_days: WorkingDays


class BlindAreas(Worded):
    """Where calls cannot be made to."""

    areas: tuple[str, ...] = ()


class Hours(Worded):
    """Calls are made between these times of day only, China time."""

    from_: time = Field(alias="from")
    to: time


class PerCallee(Worded):
    """How often one callee may be called, and what counts as once."""

    calls: int = Field(ge=1)
    per: Literal["day"] = "day"
    counts: Literal["ring-or-answer", "answer"]


class Calling(Worded):
    """When and how often calls may be made; `words` as those of `Business`."""

    hours: Hours | None = None
    per_callee: PerCallee | None = None
    also: tuple[str, ...] = ()


class MaterialNeed(Part):
    """A paper the vendor asks for. `scanned`: its text is searched for what may not be said."""

    key: str
    name: str
    template: str | None = None
    scanned: bool = False


class Materials(Worded):
    required: tuple[MaterialNeed, ...] = ()


class Entry(Part):
    """One product of one vendor. `support` is who of CCC's support is written to."""

    vendor: str = Field(min_length=1)
    company: str | None = None
    providers: tuple[str, ...] = ()
    product: str = Field(min_length=1)
    name: str
    as_of: date
    source: Source
    words: str = ""
    direction: Direction
    shape: Shape
    concurrency: Concurrency = Concurrency()
    agents: Agents | None = None
    regions: Regions
    delivery: Delivery | None = None
    blind_areas: BlindAreas = BlindAreas()
    business: Business = Business()
    calling: Calling = Calling()
    price: Price
    payment: Payment = Payment()
    materials: Materials = Materials()
    support: str = SUPPORT

    @property
    def key(self) -> tuple[str, str]:
        return self.vendor, self.product

    @property
    def title(self) -> str:
        """`A/landline-aftersales (售后（回访）类业务固话)`, for messages."""
        return f"{self.vendor}/{self.product}" + ("" if self.name == self.product else f" ({self.name})")

    @property
    def names(self) -> frozenset[str]:
        """The vendor's names: its letter, its company, and what CCC calls it (`Provider`), as far as that is known."""
        return frozenset({self.vendor, *([self.company] if self.company else []), *self.providers})

    def learn(self, provider: str) -> str:
        """What to write where CCC calls this vendor by a name that the catalogue does not know."""
        return tr(
            "if that is {who}, write providers: [{names}] for {product} in the stack's catalogue file",
            who=self.company or tr("vendor {vendor}", vendor=self.vendor),
            names=", ".join(map(quoted, (*self.providers, provider))),
            product="/".join(self.key),
        )
