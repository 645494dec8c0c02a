"""How far an order really is: its numbers in CCC, the next step and who takes it, and whether it is late."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from ccc_numbers.messages.language import english, mark, tr
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.catalogue.model import MARKETPLACE, SUPPORT
from ccc_numbers.vendors.orders import NumberOnOrder, Order, Stage
from ccc_numbers.vendors.terms import plus_working_days

Say = Callable[..., str]
"""`tr`, for the reader, or `english`, for what is kept."""
PATIENCE = 30
"""Working days a stage may last where the catalogue names none: the longest the source does name."""


@dataclass(frozen=True, slots=True)
class LiveNumber:
    """A number as CCC shows it now; `instance` is None while it is unassigned.

    `provider` is CCC's vendor label. `in_service` says whether a call can be taken or made with it (a flow
    where it takes calls, a skill group or an agent where it makes them). `agents` counts those who have it.
    None is "not known" in each.
    """

    number: str
    instance: str | None = None
    provider: str | None = None
    in_service: bool | None = None
    agents: int | None = None


Live = Mapping[str, LiveNumber]
"""Everything seen in CCC, by number."""


@dataclass(frozen=True, slots=True)
class Counts:
    """An order's numbers: declared; of these not yet in CCC; in CCC at all; in the declared instance."""

    declared: int
    pending: int
    imported: int
    bound: int


def count(numbers: Iterable[NumberOnOrder], live: Live) -> Counts:
    """Counts of an order's declared numbers by where CCC has them."""
    declared = list(numbers)
    seen = [number for number in declared if number.number in live]
    bound = [number for number in seen if live[number.number].instance == number.instance]
    return Counts(len(declared), len(declared) - len(seen), len(seen), len(bound))


def observed_stage(order: Order, counts: Counts) -> Stage:
    """The stage by what is seen: an opened order whose numbers are all in CCC has been imported.

    Only this step can be seen from outside; people declare all the others.
    """
    if order.stage is Stage.OPENED and counts.imported >= order.quantity:
        return Stage.IMPORTED
    return order.stage


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next thing to do: who does it, what it is, and the day it should be done by (None: open).

    `at_rest`: the order is in use as declared, and only its renewal is left.
    """

    who: str
    what: str
    due: date | None = None
    at_rest: bool = False
    say: Say = field(default=english, compare=False, repr=False)

    def __str__(self) -> str:
        if self.due is None:
            return self.say(mark("{who}: {what}"), who=self.who, what=self.what)
        return self.say(mark("{who}: {what} (by {day})"), who=self.who, what=self.what, day=self.due)


def due(order: Order, entry: Entry | None, patience: int = PATIENCE) -> date | None:
    """The day the stage should be over: the step's own limit, or `patience`, after it was reached."""
    since = order.stage_since
    if since is None or order.stage in {Stage.INTENDED, Stage.IMPORTED}:
        return None
    return plus_working_days(since, allowed_days(order, entry, patience)[0])


def allowed_days(order: Order, entry: Entry | None, patience: int = PATIENCE) -> tuple[int, str]:
    """Working days the stage may last, and who says so. The vendor's delivery time is for its own step alone."""
    if order.stage is Stage.SUBMITTED and entry is not None and entry.delivery is not None:
        return entry.delivery.working_days.to, tr("the catalogue's {words}", words=entry.delivery.words)
    return patience, tr("the ledger's own limit: the catalogue names no time for this step")


def next_step(
    order: Order,
    entry: Entry | None,
    today: date,
    counts: Counts | None = None,
    patience: int = PATIENCE,
    declared: int | None = None,
    say: Say = english,
) -> NextStep:
    """The next step of an order, in plain words. Without `counts` nobody has looked into CCC.

    `declared` is how many numbers name the order, where that is known without looking. Outputs of resources keep it, so it
    is English; a ledger says it with `tr`.
    """
    support, until, you = support_of(entry, say), due(order, entry, patience), say(mark("you"))
    step = partial(NextStep, say=say)
    if order.lapsed(today):
        what = say(
            mark(
                "the term ended on {end}: renew it with {seller} and add that to renewals, or take its numbers out of the "
                "stack"
            ),
            end=order.expires,
            seller=seller(entry, order, say),
        )
        return step(you, what)
    match order.stage:
        case Stage.INTENDED:
            return step(you, _to_buy(order, entry, support, say))
        case Stage.PAID:
            what = say(
                mark(
                    "make the application with `ccc-numbers orders request {order}`, hand it in to {seller} in the "
                    "DingTalk group, then set stage: submitted and since"
                ),
                order=order.key,
                seller=seller(entry, order, say),
            )
            return step(you, what, until)
        case Stage.SUBMITTED:
            return step(seller(entry, order, say), _to_open(entry, say), until)
        case Stage.OPENED if counts is not None and counts.imported >= order.quantity:
            what = say(mark("all numbers are in CCC: set stage: imported, then `pulumi up` binds them"))
            return step(you, what)
        case Stage.OPENED:
            what = say(
                mark(
                    "imports {numbers} into CCC when asked in the group; the console's 号码管理 then lists them"
                ),
                numbers=_missing(order, counts, say),
            )
            return step(support, what, until)
        case Stage.IMPORTED:
            if lacking := _in_use(order, counts, support, counts.declared if counts else declared, say):
                return step(you, lacking)
            what = say(mark("renew it") if order.expires else mark("nothing now; no term is declared"))
            return step(you, what, order.expires, at_rest=True)


def _to_buy(order: Order, entry: Entry | None, support: str, say: Say) -> str:
    if order.order_id is not None:
        return say(
            mark("it is bought on the marketplace as {id}: set stage: paid with purchased and orderId"),
            id=order.order_id,
        )
    on_marketplace = entry is not None and entry.payment.channel == MARKETPLACE
    return say(
        mark(
            "agree on the purchase with {support}, pay {goods} on 云市场 (the cloud marketplace), then set stage: paid with "
            "purchased and orderId; `ccc-numbers orders request {order}` writes the message to support"
        )
        if on_marketplace
        else mark(
            "agree on the purchase with {support}, pay {goods} as agreed with the vendor, then set stage: paid with "
            "purchased and orderId; `ccc-numbers orders request {order}` writes the message to support"
        ),
        support=support,
        goods=f"{order.quantity} × {entry.name if entry is not None else order.product}",
        order=order.key,
    )


def _to_open(entry: Entry | None, say: Say) -> str:
    if entry and entry.delivery and entry.delivery.words:
        return say(
            mark("checks the materials and opens the numbers ({time}); then set stage: opened and since"),
            time=entry.delivery.words,
        )
    return say(mark("checks the materials and opens the numbers; then set stage: opened and since"))


def _missing(order: Order, counts: Counts | None, say: Say) -> str:
    bought = order.quantity
    if counts is None or counts.imported == 0:
        return say(mark("the {count} numbers") if bought > 1 else mark("the number"), count=bought)
    if counts.pending:
        return say(mark("what is missing ({count} of {bought} numbers)"), count=counts.pending, bought=bought)
    return say(mark("the rest of the {bought} numbers, all declared ones being there"), bought=bought)


def _in_use(order: Order, counts: Counts | None, support: str, declared: int | None, say: Say) -> str | None:
    """What keeps an imported order from being in use; None when nothing does."""
    if counts is not None and counts.pending:
        return say(
            mark(
                "the order says imported, but of {declared} declared numbers {pending} cannot be seen in CCC: ask {support}"
            ),
            declared=counts.declared,
            pending=counts.pending,
            support=support,
        )
    if counts is not None and counts.bound < counts.declared:
        return say(
            mark("`pulumi up` binds the {waiting} of {declared} numbers that are not yet bound"),
            waiting=counts.declared - counts.bound,
            declared=counts.declared,
        )
    if declared is not None and declared < order.quantity:
        return say(
            mark("declare the numbers that were bought and stand in no instance ({rest} of {bought})"),
            rest=order.quantity - declared,
            bought=order.quantity,
        )
    return None


def line_to_import(order: Order, entry: Entry | None, today: date) -> str | None:
    """The line under which the numbers of an order may be imported by oneself, as CCC is to name it (`Provider`).

    None before the vendor has opened them, once they were imported (one that is gone then was taken back), and after
    the term.
    """
    if order.stage is not Stage.OPENED or order.lapsed(today):
        return None
    names = (*entry.providers, entry.company) if entry else ()
    return next(filter(None, names), order.vendor)


def support_of(entry: Entry | None, say: Say = english) -> str:
    """The people of CCC to write to: `CCC support (DingTalk cccsupport2)`."""
    return say(mark("CCC support (DingTalk {id})"), id=entry.support if entry else SUPPORT)


def seller(entry: Entry | None, order: Order, say: Say = english) -> str:
    """Who sold, or is to sell, the order: `vendor A (优音)`. Baselines keep it, so it is English without `say`."""
    company = entry.company if entry is not None else None
    if company:
        return say(mark("vendor {vendor} ({company})"), vendor=order.vendor, company=company)
    return say(mark("vendor {vendor}"), vendor=order.vendor)
