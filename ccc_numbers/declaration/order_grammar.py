"""The shape of a vendor order in a stack file: its keys, and the kind of value each takes."""

from __future__ import annotations

from pydantic import Field

from ccc_numbers.declaration.mapping import Shape
from ccc_numbers.declaration.minutes import ExpectedMinutes
from ccc_numbers.declaration.scalars import (
    Bucket,
    Day,
    FilePath,
    Flag,
    Money,
    Name,
    PrepaidPerText,
    Prose,
    Quantity,
    Rate,
    StageText,
    TermText,
)


class ContactShape(Shape):
    """Who speaks for the order."""

    name: Name | None = Field(None, description="who it is")
    phone: Name | None = Field(None, description="telephone number")
    email: Name | None = Field(None, description="e-mail address")
    dingtalk: Name | None = Field(None, description="id on DingTalk (钉钉)")


class RatesShape(Shape):
    """What the vendor quoted, in CNY."""

    inbound: Rate | None = Field(None, description="per minute received")
    outbound: Rate | None = Field(None, description="per minute called")
    rent: Money | None = Field(None, description="per number and month")
    minimum_spend: Money | None = Field(None, description="per month, in the scope the catalogue says")


class PurchaseShape(Shape):
    """Buy on the marketplace: pays at once, can be neither changed nor undone."""

    i_understand_this_pays: Flag = Field(description="must be true")
    product_code: Name = Field(description="the marketplace's code of the product")
    package_version: Name = Field(description="the marketplace's package of it")
    pricing_cycle: Name = Field("Year", description="Day, Month or Year")
    duration: Quantity | None = Field(None, description="number of pricing cycles; 1 without")
    pay_type: Name = Field("PrePaid", description="PrePaid or PostPaid, as the marketplace sells it")
    quantity: Quantity = Field(1, description="how many of the package, whatever numbers are in one")
    coupon_id: Name | None = None
    components: dict[str, Name] = Field(default_factory=dict, description="what the vendor asks besides")


class InvoiceShape(Shape):
    """The VAT invoice (增值税发票)."""

    number: Name | None = Field(None, description="its number")
    received: Day | None = Field(None, description="day it was received")


class RenewalShape(Shape):
    """One more term: it begins where the one before ends. What it does not say is as before."""

    purchased: Day = Field(description="day the renewal was paid")
    term: TermText | None = Field(None, description="1y, 6m, 30d")
    prepaid: Money | None = Field(None, description="CNY paid in advance for it")
    order_id: Name | None = Field(None, description="the marketplace's order id of it")


class AcceptedWordShape(Shape):
    """A forbidden business that the order's texts only seem to say."""

    word: Name = Field(description="the business, as the catalogue has it")
    by: Name = Field(description="who has read the sentence and stands for it")
    reason: Name | None = Field(None, description="why it is not that business")


class BareOrderShape(Shape):
    """One purchase of numbers from a vendor."""

    vendor: Name = Field(description="who sells it: a catalogue key")
    product: Name = Field(description="what is bought: a catalogue key")
    stage: StageText = Field(description="intended, paid, submitted, opened or imported")
    quantity: Quantity = Field(description="how many numbers were bought")
    regions: tuple[Name, ...] = Field(default_factory=tuple, description="where the numbers are from")
    called_regions: tuple[Name, ...] = Field(default_factory=tuple, description="where they will call")
    purchased: Day | None = Field(None, description="day of purchase; the term runs from here")
    since: Day | None = Field(None, description="day the stage was reached")
    term: TermText | None = Field(None, description="1y, 6m, 30d")
    prepaid: Money | None = Field(None, description="CNY paid in advance")
    prepaid_per: PrepaidPerText | None = Field(
        None, description="order or number: what that amount is for; the order without"
    )
    rates: RatesShape | None = Field(None, description="what the vendor quoted for this order")
    expected_minutes: ExpectedMinutes | None = Field(
        None,
        description="minutes a month, for the cost estimate; inbound and outbound apart where it is known",
    )
    order_id: Name | None = Field(None, description="the marketplace's order id")
    scene: Prose | None = Field(None, description="what the calls are about")
    accept: tuple[AcceptedWordShape, ...] = Field(
        default_factory=tuple, description="forbidden businesses that scene and script only seem to say"
    )
    company: Name | None = Field(None, description="company the numbers are registered to")
    contact: ContactShape | None = Field(None, description="who speaks for the order")
    invoice_title: Name | None = Field(None, description="title of the invoice (发票抬头)")
    invoice: InvoiceShape | None = Field(None, description="the invoice's number, and the day it came")
    renewals: tuple[RenewalShape, ...] = Field(
        default_factory=tuple, description="terms it was renewed for, the oldest first"
    )
    owner: Name | None = Field(None, description="who answers for the order")
    materials: dict[str, FilePath] = Field(
        default_factory=dict, description="papers of the application, from this file's folder"
    )
    notes: Prose | None = Field(None, description="anything else")
    reopen: Flag = Field(False, description="allow the stage to go back")


class OrderShape(BareOrderShape):
    """One purchase of numbers from a vendor."""

    purchase: PurchaseShape | None = None
    materials_bucket: Bucket | None = Field(None, description="OSS bucket that keeps the materials")
