"""How far an order really is: its numbers in CCC, the next step and who takes it, and whether it is late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.catalogue.model import SUPPORT
from ccc_numbers.vendors.orders import NumberOnOrder, Order, Stage
from ccc_numbers.vendors.terms import plus_working_days

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

    def __str__(self) -> str:
        return f"{self.who}: {self.what}" + (f" (by {self.due})" if self.due else "")


def due(order: Order, entry: Entry | None, patience: int = PATIENCE) -> date | None:
    """The day the stage should be over: the step's own limit, or `patience`, after it was reached."""
    since = order.stage_since
    if since is None or order.stage in {Stage.INTENDED, Stage.IMPORTED}:
        return None
    return plus_working_days(since, allowed_days(order, entry, patience)[0])


def allowed_days(order: Order, entry: Entry | None, patience: int = PATIENCE) -> tuple[int, str]:
    """Working days the stage may last, and who says so. The vendor's delivery time is for its own step alone."""
    if order.stage is Stage.SUBMITTED and entry is not None and entry.delivery is not None:
        return entry.delivery.working_days.to, f"the catalogue's {entry.delivery.words}"
    return patience, "the ledger's own limit: the catalogue names no time for this step"


def next_step(
    order: Order,
    entry: Entry | None,
    today: date,
    counts: Counts | None = None,
    patience: int = PATIENCE,
    declared: int | None = None,
) -> NextStep:
    """The next step of an order, in plain words. Without `counts` nobody has looked into CCC.

    `declared` is how many numbers name the order, where that is known without looking.
    """
    support, until = support_of(entry), due(order, entry, patience)
    bought = "set stage: paid with purchased and orderId"
    if order.lapsed(today):
        what = (
            f"the term ended on {order.expires}: renew it with {seller(entry, order)} and add that to "
            "renewals, or take its numbers out of the stack"
        )
        return NextStep("you", what)
    match order.stage:
        case Stage.INTENDED if order.order_id is not None:
            return NextStep("you", f"it is bought on the marketplace as {order.order_id}: {bought}")
        case Stage.INTENDED:
            goods = f"{order.quantity} × {entry.name if entry is not None else order.product}"
            what = (
                f"agree on the purchase with {support}, pay {goods} {_where(entry)}, then {bought}; "
                f"`ccc-numbers orders request {order.key}` writes the message to support"
            )
            return NextStep("you", what)
        case Stage.PAID:
            what = (
                f"make the application with `ccc-numbers orders request {order.key}`, hand it in to "
                f"{seller(entry, order)} in the DingTalk group, then set stage: submitted and since"
            )
            return NextStep("you", what, until)
        case Stage.SUBMITTED:
            days = f" ({entry.delivery.words})" if entry and entry.delivery and entry.delivery.words else ""
            what = f"checks the materials and opens the numbers{days}; then set stage: opened and since"
            return NextStep(seller(entry, order), what, until)
        case Stage.OPENED if counts is not None and counts.imported >= order.quantity:
            what = "all numbers are in CCC: set stage: imported, then `pulumi up` binds them"
            return NextStep("you", what)
        case Stage.OPENED:
            missing = _missing(order, counts)
            what = (
                f"imports {missing} into CCC when asked in the group; the console's 号码管理 then lists them"
            )
            return NextStep(support, what, until)
        case Stage.IMPORTED:
            return _in_use(order, counts, support, counts.declared if counts else declared)


def _missing(order: Order, counts: Counts | None) -> str:
    if counts is None or counts.imported == 0:
        return f"the {order.quantity} numbers" if order.quantity > 1 else "the number"
    if counts.pending:
        return f"what is missing ({counts.pending} of {order.quantity} numbers)"
    return f"the rest of the {order.quantity} numbers, all declared ones being there"


def _in_use(order: Order, counts: Counts | None, support: str, declared: int | None) -> NextStep:
    if counts is not None and counts.pending:
        what = (
            f"the order says imported, but of {counts.declared} declared numbers {counts.pending} cannot be seen "
            f"in CCC: ask {support}"
        )
    elif counts is not None and counts.bound < counts.declared:
        waiting = counts.declared - counts.bound
        what = f"`pulumi up` binds the {waiting} of {counts.declared} numbers that are not yet bound"
    elif declared is not None and declared < order.quantity:
        rest = order.quantity - declared
        what = f"declare the numbers that were bought and stand in no instance ({rest} of {order.quantity})"
    else:
        what = "renew it" if order.expires else "nothing now; no term is declared"
        return NextStep("you", what, order.expires, at_rest=True)
    return NextStep("you", what)


def support_of(entry: Entry | None) -> str:
    """The people of CCC to write to: `CCC support (DingTalk cccsupport2)`."""
    return f"CCC support (DingTalk {entry.support if entry else SUPPORT})"


def seller(entry: Entry | None, order: Order) -> str:
    """Who sold, or is to sell, the order: `vendor A (优音)`."""
    company = entry.company if entry is not None else None
    return f"vendor {order.vendor}" + (f" ({company})" if company else "")


def _where(entry: Entry | None) -> str:
    channel = entry.payment.channel if entry is not None else None
    return f"on {channel} (the cloud marketplace)" if channel == "云市场" else "as agreed with the vendor"
