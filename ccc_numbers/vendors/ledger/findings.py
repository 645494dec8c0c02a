"""The ledger's findings about one order. One function per subject; each message says what it costs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Sized

from ccc_numbers.messages.names import plural, quoted
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.findings import Severity
from ccc_numbers.vendors.ledger.model import LedgerFinding, LedgerKind, LedgerOrder
from ccc_numbers.vendors.money import plain, yuan
from ccc_numbers.vendors.orders import Ending, Stage
from ccc_numbers.vendors.progress import Live, LiveNumber, allowed_days, due, seller
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
        yield from _prepaid(case, case.entry)
        yield from _prepaid_beyond_use(case, case.entry)
    yield from _numberless(case)
    yield from _unbound(case)


def _unknown_product(case: LedgerOrder) -> Iterator[LedgerFinding]:
    if case.entry is None:
        product = f"{case.order.vendor}/{case.order.product}"
        message = f"{product} is in no catalogue: its limits and cost are not known"
        yield case.finding(LedgerKind.UNKNOWN_PRODUCT, _ERROR, message)


def _over_quantity(case: LedgerOrder) -> Iterator[LedgerFinding]:
    bought = case.order.quantity
    if over := [number.number for number in case.numbers][bought:]:
        message = f"{bought} bought, {len(case.numbers)} declared: {len(over)} stand on no contract"
        yield case.finding(LedgerKind.OVER_QUANTITY, _ERROR, message, over)


def _end_of_term(case: LedgerOrder) -> Iterator[LedgerFinding]:
    order, left = case.order, case.order.days_left(case.today) or 0
    ending = order.ending(case.today, case.lapsing_days)
    if ending is Ending.NO_END:
        missing = "purchase date" if order.purchased is None else "term"
        yield case.finding(LedgerKind.NO_END, _WARNING, f"no {missing}, so the end is unknown")
    elif ending is Ending.LAPSED:
        yield from _lapsed(case, -left)
    elif ending is Ending.LAPSING:
        dead = f"{_numbers(case.numbers)} would go dead: renew it"
        message = f"ends on {order.expires}, in {plural(left, 'day')}; {dead}"
        yield case.finding(LedgerKind.LAPSING, _WARNING, message)


def _lapsed(case: LedgerOrder, days: int) -> Iterator[LedgerFinding]:
    bound = [number.number for number in case.numbers if case.live is None or _is_bound(case, number.number)]
    ended = f"ended on {case.order.expires}, {plural(days, 'day')} ago"
    if bound:
        how = "bound" if case.live is not None else "declared"
        message = f"{ended}, with {_numbers(bound)} on it still {how}: renew it, or remove the numbers on it"
        yield case.finding(LedgerKind.BOUND_LAPSED, _ERROR, message, bound)
    else:
        message = f"{ended}, with no number in service on it: remove the order"
        yield case.finding(LedgerKind.LAPSED, _WARNING, message)


def _late(case: LedgerOrder) -> Iterator[LedgerFinding]:
    until = due(case.order, case.entry, case.patience)
    if until is None or until >= case.today or case.order.lapsed(case.today):
        return
    if case.counts is not None and case.counts.imported >= case.order.quantity:
        return
    allowed, by = allowed_days(case.order, case.entry, case.patience)
    message = (
        f"{case.order.stage.value} since {case.order.stage_since}, {plural((case.today - until).days, 'day')} "
        f"past {allowed} working days ({by}). Next: {case.step.who}: {case.step.what}"
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
            bought = f"on an order bought from {seller(entry, case.order)}"
            message = f"CCC shows {_numbers(numbers)} of {quoted(provider)} {bought}"
            yield case.finding(LedgerKind.WRONG_VENDOR, _ERROR, message, numbers)
        elif another is None:
            message = (
                f"CCC names the vendor of {_numbers(numbers)} {quoted(provider)}; {entry.learn(provider)}"
            )
            yield case.finding(LedgerKind.VENDOR_NAME, _INFO, message, numbers)


def _shared(case: LedgerOrder, entry: Entry) -> Iterator[LedgerFinding]:
    if entry.agents is None:
        return
    for row in _live(case):
        if row.agents is not None and row.agents > entry.agents.per_number:
            message = f"{row.number} can be used by {row.agents} agents (catalogue: {entry.agents.words})"
            yield case.finding(LedgerKind.SHARED_NUMBER, _ERROR, message, [row.number])


def _numberless(case: LedgerOrder) -> Iterator[LedgerFinding]:
    """A purchase of which no number is declared, so that nothing is bound when it is imported."""
    order = case.order
    if case.numbers or not order.stage.reached(Stage.PAID) or order.stage is Stage.IMPORTED:
        return
    opened = order.stage is Stage.OPENED
    then = (
        "declare them, and `pulumi up` binds them after the import"
        if opened
        else "declare them once they are known"
    )
    message = (
        f"{order.stage.value}, and not one of its {plural(order.quantity, 'number')} is declared: {then}"
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
        message = f"{undeclared} of {order.quantity} numbers bought are declared in no instance"
        yield case.finding(kind, _WARNING, message + _rent(case, undeclared))
    if case.live is None:
        return
    if missing := [number.number for number in case.numbers if number.number not in case.live]:
        message = f"not in CCC: {_numbers(missing)} declared and paid{_rent(case, len(missing))}"
        yield case.finding(kind, _ERROR, message, missing)
    for (wanted, there), stray in _astray(case, case.live).items():
        where = f"in {there} instead" if there else "in no instance; `pulumi up` binds what is free"
        yield case.finding(kind, _ERROR, f"{_numbers(stray)} paid for {wanted}, {where}", stray)
    if idle := [row.number for row in _live(case) if row.instance is not None and row.in_service is False]:
        message = f"{_numbers(idle)} paid and in an instance, with no flow or agents to use them"
        yield case.finding(kind, _WARNING, message + _rent(case, len(idle)), idle)


def _prepaid(case: LedgerOrder, entry: Entry) -> Iterator[LedgerFinding]:
    """A package that runs while not one number of the order is in service."""
    order = case.order.on(case.today)
    if order.paid_ahead is None or not order.stage.reached(Stage.OPENED) or order.lapsed(case.today):
        return
    if case.counts.bound if case.counts is not None else case.numbers:
        return
    start = order.purchased or case.today
    spent = Tariff(order, entry).committed(start, case.today)
    so_far = f"; {yuan(spent)} of rent and prepaid have run out since {start}" if spent else ""
    message = f"{yuan(order.paid_ahead)} prepaid, with no number on it in service{so_far}"
    yield case.finding(LedgerKind.PREPAID_FOR_NOTHING, _WARNING, message)


def _prepaid_beyond_use(case: LedgerOrder, entry: Entry) -> Iterator[LedgerFinding]:
    """A package that is larger than the expected minutes need, or too small for them, where another one is sold."""
    order, prepaid = case.order.on(case.today), entry.price.prepaid
    paid = order.paid_ahead
    if paid is None or not order.expected_minutes or prepaid is None or prepaid.term is None:
        return
    tariff, months = Tariff(order, entry), prepaid.term.in_months()
    # Each package by what all of the order's numbers pay for it.
    enough = {
        total: each.order.prepaid
        for each in map(tariff.package_of, prepaid.packages)
        if (total := each.order.paid_ahead) is not None and each.usage * months <= total
    }
    least, need = min(enough, default=None), tariff.usage * months
    package = "" if least is None else f"the package of {plain(enough[least] or least)}"
    minutes = f"{order.expected_minutes:,} minutes a month"
    if least is not None and least < paid:
        message = f"{yuan(paid)} prepaid, but {minutes} need no more than {package} per {prepaid.period}"
        yield case.finding(LedgerKind.PREPAID_FOR_NOTHING, _WARNING, message)
    elif need > paid:
        larger = f"; {package} would do" if package else ""
        message = f"{yuan(paid)} prepaid per {prepaid.period}, but {minutes} come to {yuan(need)}{larger}"
        yield case.finding(LedgerKind.PREPAID_TOO_SMALL, _WARNING, message)


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
    return f": {yuan(rent * numbers)} of rent a month" if rent else ""


def _numbers(numbers: Sized) -> str:
    return plural(len(numbers), "number")
