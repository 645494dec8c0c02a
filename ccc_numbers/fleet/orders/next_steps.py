"""What is due for the orders of a fleet: the next step of each, by whom, and the payments of later years."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.table import Table

from ccc_numbers.fleet.answers import DueStep, NextAnswer
from ccc_numbers.messages.language import mark, tr, trn
from ccc_numbers.messages.markdown import inline
from ccc_numbers.messages.terminal import Text
from ccc_numbers.vendors.dues import DueKind
from ccc_numbers.vendors.ledger import Ledger, LedgerOrder
from ccc_numbers.vendors.money import yuan
from ccc_numbers.vendors.orders import Ending, Stage

_INVOICE_DAYS = 30
_RENEW = mark("renew it")
_PAY = {
    DueKind.RENT: mark("pay the rent of the next year"),
    DueKind.PACKAGE: mark("pay the package of the next term"),
}


def next_steps(book: Ledger, within: int, unread: dict[str, str]) -> NextAnswer:
    """Every step that is open, and every payment and renewal due within so many days; what is late comes first."""
    steps = sorted(
        _steps(book, within), key=lambda each: (each.due is None, each.due or "", each.stack, each.order)
    )
    return NextAnswer(today=str(book.today), steps=tuple(steps), unread=unread)


def _steps(book: Ledger, within: int) -> Iterator[DueStep]:
    until = book.today + timedelta(days=within)
    for row in book.rows:
        step, dues, ends = row.step, row.dues, row.order.expires
        owed = {due.kind: due.amount for due in reversed(dues)}
        if not step.at_rest:
            day = ends if row.order.lapsed(book.today) else step.due
            yield _step(row, step.who, step.what, day, owed.get(DueKind.PURCHASE))
        if row.order.ending(book.today, within) is Ending.LAPSING:
            yield _step(row, tr("you"), tr(_RENEW), ends, owed.get(DueKind.RENEWAL))
        if (asked := _invoice_asked(row)) is not None and asked <= until:
            yield _step(
                row,
                tr("you"),
                tr("get the VAT invoice of {title}", title=row.order.invoice_title),
                asked,
                None,
            )
        for due in dues:
            if due.kind in _PAY and due.day <= until:
                yield _step(row, tr("you"), tr(_PAY[due.kind]), due.day, due.amount)


def _invoice_asked(row: LedgerOrder) -> date | None:
    """The day by which the invoice of an order that wants one should have come; None once it has."""
    order = row.order
    if order.invoice_title is None or order.invoice.received is not None or order.purchased is None:
        return None
    return order.purchased + timedelta(days=_INVOICE_DAYS) if order.bought else None


def _step(row: LedgerOrder, who: str, what: str, due: date | None, amount: Decimal | None) -> DueStep:
    return DueStep(
        stack=row.stack,
        order=row.order.key,
        vendor=row.order.vendor,
        product=row.order.product,
        stage=row.order.stage,
        who=who,
        owner=row.order.owner,
        what=what,
        due=None if due is None else str(due),
        days_left=None if due is None else (due - row.today).days,
        amount=None if amount is None else str(amount),
        simulated=row.simulated,
    )


def print_steps(console: Console, answer: NextAnswer) -> None:
    """A line for each, with who has to act."""
    if not answer.steps:
        console.print(tr("Nothing is due."))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in (tr("due"), tr("who"), tr("order"), tr("stage"), tr("next")):
        table.add_column(heading, overflow="fold")
    for step in answer.steps:
        late = step.days_left is not None and step.days_left < 0
        table.add_row(
            Text(_day(step), style="red" if late else ""),
            Text(_who(step)),
            Text(f"{step.stack}/{step.order}" + (tr(" (simulated)") if step.simulated else "")),
            Text(str(Stage(step.stage))),
            Text(step.what + _amount(step)),
        )
    console.print(table)
    console.print(heading_of(answer))


def heading_of(answer: NextAnswer) -> str:
    """How many steps, and how many of them are late."""
    late = sum(step.days_left is not None and step.days_left < 0 for step in answer.steps)
    steps = trn("{count} step", "{count} steps", len(answer.steps))
    return tr("{steps}, {late} of them late", steps=steps, late=late) if late else steps


def markdown_of(answer: NextAnswer) -> str:
    """The same as a list in Markdown, for a chat."""
    lines = [
        f"- **{inline(_day(step))}** {inline(_who(step))}: `{inline(step.stack)}/{inline(step.order)}` "
        f"{inline(step.what + _amount(step))}"
        for step in answer.steps
    ]
    lines += [
        "- " + inline(tr("{stack}: CCC was not read: {why}", stack=stack, why=why))
        for stack, why in answer.unread.items()
    ]
    return "\n".join(lines)


def _who(step: DueStep) -> str:
    return f"{step.who} ({step.owner})" if step.owner else step.who


def _day(step: DueStep) -> str:
    if step.due is None or step.days_left is None:
        return tr("open")
    if step.days_left < 0:
        return trn("{due}, {count} day late", "{due}, {count} days late", -step.days_left, due=step.due)
    return step.due


def _amount(step: DueStep) -> str:
    return "" if step.amount is None else f" ({yuan(Decimal(step.amount))})"
