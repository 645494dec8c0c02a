"""The ledger's findings about one order. One function per subject; each message says what it costs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Sized

from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import quoted
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.findings import Severity
from ccc_numbers.vendors.ledger.model import LedgerFinding, LedgerKind, LedgerOrder
from ccc_numbers.vendors.ledger.prepaid import prepaid, prepaid_beyond_use
from ccc_numbers.vendors.money import yuan
from ccc_numbers.vendors.orders import Ending, Stage
from ccc_numbers.vendors.progress import Live, LiveNumber, allowed_days, due, seller
from ccc_numbers.vendors.rules.business import said, stands_for
from ccc_numbers.vendors.tariff import Tariff

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def findings(case: LedgerOrder) -> Iterator[LedgerFinding]:
    """Everything that is wrong with one order; whatever breaks calls comes first."""
    yield from _unknown_product(case)
    yield from _over_quantity(case)
    yield from _end_of_term(case)
    yield from _late(case)
    if case.entry is not None:
        yield from _wrong_vendor(case, case.entry)
        yield from _shared(case, case.entry)
        yield from prepaid(case, case.entry)
        yield from prepaid_beyond_use(case, case.entry)
        yield from _accepted(case, case.entry)
    yield from _numberless(case)
    yield from _unbound(case)


def _unknown_product(case: LedgerOrder) -> Iterator[LedgerFinding]:
    if case.entry is None:
        product = f"{case.order.vendor}/{case.order.product}"
        message = tr("{product} is in no catalogue: its limits and cost are not known", product=product)
        yield case.finding(LedgerKind.UNKNOWN_PRODUCT, _ERROR, message)


def _accepted(case: LedgerOrder, entry: Entry) -> Iterator[LedgerFinding]:
    for hit, accepted in said(case.order, entry):
        if hit.sure and accepted and accepted.reason:
            yield case.finding(LedgerKind.ACCEPTED_BUSINESS, _INFO, stands_for(entry, hit, accepted))


def _over_quantity(case: LedgerOrder) -> Iterator[LedgerFinding]:
    bought = case.order.quantity
    if over := [number.number for number in case.numbers][bought:]:
        message = tr(
            "{bought} bought, {declared} declared: {over} stand on no contract",
            bought=bought,
            declared=len(case.numbers),
            over=len(over),
        )
        yield case.finding(LedgerKind.OVER_QUANTITY, _ERROR, message, over)


def _end_of_term(case: LedgerOrder) -> Iterator[LedgerFinding]:
    order, left = case.order, case.order.days_left(case.today) or 0
    ending = order.ending(case.today, case.lapsing_days)
    if ending is Ending.NO_END:
        message = tr(
            "no purchase date, so the end is unknown"
            if order.purchased is None
            else "no term, so the end is unknown"
        )
        yield case.finding(LedgerKind.NO_END, _WARNING, message)
    elif ending is Ending.LAPSED:
        yield from _lapsed(case, -left)
    elif ending is Ending.LAPSING:
        message = tr(
            "ends on {end}, in {days}; {numbers} would go dead: renew it",
            end=order.expires,
            days=_days(left),
            numbers=_numbers(case.numbers),
        )
        yield case.finding(LedgerKind.LAPSING, _WARNING, message)


def _lapsed(case: LedgerOrder, days: int) -> Iterator[LedgerFinding]:
    bound = [number.number for number in case.numbers if case.live is None or _is_bound(case, number.number)]
    ended = {"end": case.order.expires, "days": _days(days)}
    if bound:
        message = tr(
            "ended on {end}, {days} ago, with {numbers} on it still bound: renew it, or remove the numbers on it"
            if case.live is not None
            else "ended on {end}, {days} ago, with {numbers} on it still declared: renew it, or remove the numbers on it",
            numbers=_numbers(bound),
            **ended,
        )
        yield case.finding(LedgerKind.BOUND_LAPSED, _ERROR, message, bound)
    else:
        message = tr("ended on {end}, {days} ago, with no number in service on it: remove the order", **ended)
        yield case.finding(LedgerKind.LAPSED, _WARNING, message)


def _late(case: LedgerOrder) -> Iterator[LedgerFinding]:
    until = due(case.order, case.entry, case.patience)
    if until is None or until >= case.today or case.order.lapsed(case.today):
        return
    if case.counts is not None and case.counts.imported >= case.order.quantity:
        return
    allowed, by = allowed_days(case.order, case.entry, case.patience)
    message = tr(
        "{stage} since {since}, {days} past {allowed} working days ({by}). Next: {who}: {what}",
        stage=case.order.stage.value,
        since=case.order.stage_since,
        days=_days((case.today - until).days),
        allowed=allowed,
        by=by,
        who=case.step.who,
        what=case.step.what,
    )
    yield case.finding(LedgerKind.LATE, _WARNING, message)


def _wrong_vendor(case: LedgerOrder, entry: Entry) -> Iterator[LedgerFinding]:
    labelled: dict[str, list[str]] = defaultdict(list)
    for row in _live(case):
        if row.provider:
            labelled[row.provider].append(row.number)
    for provider, numbers in labelled.items():
        another = case.catalogue.sold_by_another(entry, provider)
        if another:
            message = tr(
                "CCC shows {numbers} of {provider} on an order bought from {seller}",
                numbers=_numbers(numbers),
                provider=quoted(provider),
                seller=seller(entry, case.order, tr),
            )
            yield case.finding(LedgerKind.WRONG_VENDOR, _ERROR, message, numbers)
        elif another is None:
            message = tr(
                "CCC names the vendor of {numbers} {provider}; {remedy}",
                numbers=_numbers(numbers),
                provider=quoted(provider),
                remedy=entry.learn(provider),
            )
            yield case.finding(LedgerKind.VENDOR_NAME, _INFO, message, numbers)


def _shared(case: LedgerOrder, entry: Entry) -> Iterator[LedgerFinding]:
    if entry.agents is None:
        return
    for row in _live(case):
        if row.agents is not None and row.agents > entry.agents.per_number:
            message = tr(
                "{number} can be used by {agents} agents (catalogue: {words})",
                number=row.number,
                agents=row.agents,
                words=entry.agents.words,
            )
            yield case.finding(LedgerKind.SHARED_NUMBER, _ERROR, message, [row.number])


def _numberless(case: LedgerOrder) -> Iterator[LedgerFinding]:
    """A purchase of which no number is declared, so that nothing is bound when it is imported."""
    order = case.order
    if case.numbers or not order.bought or order.stage is Stage.IMPORTED:
        return
    opened = order.stage is Stage.OPENED
    message = tr(
        "{stage}, and not one of its {numbers} is declared: declare them, and `pulumi up` binds them after the import"
        if opened
        else "{stage}, and not one of its {numbers} is declared: declare them once they are known",
        stage=order.stage.value,
        numbers=_counted(order.quantity),
    )
    if not order.lapsed(case.today):
        yield case.finding(LedgerKind.NO_NUMBERS, _WARNING if opened else _INFO, message)


def _unbound(case: LedgerOrder) -> Iterator[LedgerFinding]:
    """Numbers that are paid for and do nothing."""
    order, kind = case.order, LedgerKind.PAID_UNBOUND
    if not order.stage.reached(Stage.IMPORTED):
        return
    undeclared = order.quantity - len(case.numbers)
    if undeclared > 0:
        message = tr(
            "{count} of {bought} numbers bought are declared in no instance{rent}",
            count=undeclared,
            bought=order.quantity,
            rent=_rent(case, undeclared),
        )
        yield case.finding(kind, _WARNING, message)
    if case.live is None:
        return
    if missing := [number.number for number in case.numbers if number.number not in case.live]:
        message = tr(
            "not in CCC: {numbers} declared and paid{rent}",
            numbers=_numbers(missing),
            rent=_rent(case, len(missing)),
        )
        yield case.finding(kind, _ERROR, message, missing)
    for (wanted, there), stray in _astray(case, case.live).items():
        message = tr(
            "{numbers} paid for {wanted}, in {there} instead"
            if there
            else "{numbers} paid for {wanted}, in no instance; `pulumi up` binds what is free",
            numbers=_numbers(stray),
            wanted=wanted,
            there=there,
        )
        yield case.finding(kind, _ERROR, message, stray)
    if idle := [row.number for row in _live(case) if row.instance is not None and row.in_service is False]:
        message = tr(
            "{numbers} paid and in an instance, with no flow or agents to use them{rent}",
            numbers=_numbers(idle),
            rent=_rent(case, len(idle)),
        )
        yield case.finding(kind, _WARNING, message, idle)


def _astray(case: LedgerOrder, live: Live) -> dict[tuple[str, str | None], list[str]]:
    """Numbers that are in CCC but not in their declared instance, by (declared, actual)."""
    found: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for number in case.numbers:
        row = live.get(number.number)
        if row is not None and row.instance != number.instance:
            found[number.instance, row.instance].append(number.number)
    return found


def _live(case: LedgerOrder) -> Sequence[LiveNumber]:
    live = case.live or {}
    return [live[number.number] for number in case.numbers if number.number in live]


def _is_bound(case: LedgerOrder, number: str) -> bool:
    row = (case.live or {}).get(number)
    return row is not None and row.instance is not None


def _rent(case: LedgerOrder, numbers: int) -> str:
    rent = Tariff(case.order, case.entry).rent if case.entry is not None else None
    return tr(": {rent} of rent a month", rent=yuan(rent * numbers)) if rent else ""


def _numbers(numbers: Sized) -> str:
    return _counted(len(numbers))


def _counted(numbers: int) -> str:
    return trn("{count:,} number", "{count:,} numbers", numbers)


def _days(days: int) -> str:
    return trn("{count:,} day", "{count:,} days", days)
