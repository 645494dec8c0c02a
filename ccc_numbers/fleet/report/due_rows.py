"""What has to be paid in the coming months, one by one: purchases, rents and packages of later years, renewals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from ccc_numbers.fleet.report.order_rows import OrderRow
from ccc_numbers.vendors.dues import Due, DueKind
from ccc_numbers.vendors.money import ZERO


@dataclass(frozen=True, slots=True)
class DueRow:
    """One sum that is due for an order."""

    order: OrderRow
    due: Due


@dataclass(frozen=True, slots=True)
class DueMonth:
    """Everything due in a month; `first` is its first day."""

    first: date
    rows: tuple[DueRow, ...]

    @property
    def label(self) -> str:
        """`2026-11`, which sorts."""
        return f"{self.first:%Y-%m}"

    @property
    def total(self) -> Decimal:
        """All of it together."""
        return sum((each.due.amount for each in self.rows), ZERO)

    def of(self, kind: DueKind) -> Decimal:
        """The part that is due for one reason."""
        return sum((each.due.amount for each in self.rows if each.due.kind is kind), ZERO)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Twelve months of payments. `simulated`: there are none but those of simulated stacks, which nobody pays."""

    months: tuple[DueMonth, ...]
    simulated: bool

    @property
    def total(self) -> Decimal:
        """All months together."""
        return sum((each.total for each in self.months), ZERO)

    @property
    def renewals(self) -> tuple[DueRow, ...]:
        """The renewals in them, the first one first."""
        return tuple(each for month in self.months for each in month.rows if each.due.kind is DueKind.RENEWAL)


def forecast(orders: Sequence[OrderRow]) -> Forecast:
    """The payments of these orders by month; those of simulated stacks only where there are no others."""
    real = [each for each in orders if not each.simulated]
    rows = sorted(
        (DueRow(order, due) for order in real or orders for due in order.dues),
        key=lambda row: (row.due.day, row.order.stack, row.order.order.key, row.due.kind),
    )
    months = groupby(rows, key=lambda row: row.due.day.replace(day=1))
    return Forecast(tuple(DueMonth(first, tuple(each)) for first, each in months), not real)
