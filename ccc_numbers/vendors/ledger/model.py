"""The ledger: its input, one order in it, its findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ccc_numbers.messages.language import tr
from ccc_numbers.vendors.catalogue import Catalogue, Entry
from ccc_numbers.vendors.cost import Cost, Costs, OrderCost, planned, total
from ccc_numbers.vendors.dues import Due, dues
from ccc_numbers.vendors.findings import Severity
from ccc_numbers.vendors.money import ZERO, rounded
from ccc_numbers.vendors.orders import NumberOnOrder, Order
from ccc_numbers.vendors.progress import Counts, Live, NextStep, next_step
from ccc_numbers.vendors.terms import month_end, plus_months


class LedgerKind(StrEnum):
    """The kinds of ledger findings; the names never change."""

    UNKNOWN_PRODUCT = "unknown-product"
    OVER_QUANTITY = "over-quantity"
    WRONG_VENDOR = "wrong-vendor"
    VENDOR_NAME = "vendor-name"
    SHARED_NUMBER = "shared-number"
    NO_NUMBERS = "no-numbers"
    PAID_UNBOUND = "paid-unbound"
    PREPAID_FOR_NOTHING = "prepaid-for-nothing"
    PREPAID_TOO_SMALL = "prepaid-too-small"
    BOUND_LAPSED = "bound-lapsed"
    LAPSED = "lapsed"
    LAPSING = "lapsing"
    LATE = "late"
    NO_END = "no-end"
    ACCEPTED_BUSINESS = "accepted-business"


@dataclass(frozen=True, slots=True)
class LedgerOrder:
    """One order and where it stands.

    `live` and `counts` are None when nobody looked into CCC for it, `cost` when it has lapsed, its product is unknown, or
    the ledger's `unknown` says why. `account` is a name that is its alone.
    """

    stack: str
    order: Order
    catalogue: Catalogue
    numbers: tuple[NumberOnOrder, ...]
    live: Live | None
    counts: Counts | None
    today: date
    lapsing_days: int
    patience: int
    cost: OrderCost | None = None
    simulated: bool = False
    account: str = ""

    @property
    def entry(self) -> Entry | None:
        """What the catalogue says about the product."""
        return self.catalogue.find(self.order.vendor, self.order.product)

    @property
    def declared(self) -> int:
        return len(self.numbers)

    @property
    def days_in_stage(self) -> int | None:
        since = self.order.stage_since
        return None if since is None else (self.today - since).days

    @property
    def days_left(self) -> int | None:
        return self.order.days_left(self.today)

    @property
    def dues(self) -> tuple[Due, ...]:
        """What is due for it within twelve months."""
        until = plus_months(self.today, 12)
        return () if self.entry is None else dues(self.order, self.entry, self.today, until)

    @property
    def step(self) -> NextStep:
        """What is to be done next, in the reader's language."""
        return next_step(
            self.order, self.entry, self.today, self.counts, self.patience, self.declared, say=tr
        )

    def finding(
        self, kind: LedgerKind, severity: Severity, message: str, numbers: Iterable[str] = ()
    ) -> LedgerFinding:
        return LedgerFinding(kind, severity, self.stack, self.order.key, message, tuple(sorted(numbers)))


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """One thing that is wrong with an order. `numbers` are those concerned, if any."""

    kind: LedgerKind
    severity: Severity
    stack: str
    order: str
    message: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """All orders as of `today`; `looked` are the stacks whose numbers were read from CCC.

    `priced` has the orders' and numbers' costs by `stack/key`; `unknown` says for a stack why its orders have no cost.
    `without_order` counts the declared numbers that name no order.
    """

    today: date
    looked: frozenset[str]
    rows: tuple[LedgerOrder, ...]
    findings: tuple[LedgerFinding, ...]
    priced: Costs
    unknown: Mapping[str, str]
    without_order: int = 0

    @property
    def total(self) -> Cost:
        """The cost of all orders that were bought, without those of simulated stacks."""
        return total(row.cost for row in self.rows if row.cost and not row.simulated)

    @property
    def planned(self) -> Cost:
        """The cost that the intended orders would have, without those of simulated stacks."""
        return planned(row.cost for row in self.rows if row.cost and not row.simulated)

    @property
    def due_sums(self) -> dict[str, Decimal]:
        """What is due today, by the end of this month, within twelve months; without simulated stacks."""
        return self._due(row for row in self.rows if not row.simulated)

    @property
    def due_of(self) -> dict[tuple[str, str, str], dict[str, Decimal]]:
        """The same of each account, vendor and product that has something due."""
        groups: dict[tuple[str, str, str], list[LedgerOrder]] = defaultdict(list)
        for row in self.rows:
            if row.dues and not row.simulated:
                groups[row.account, row.order.vendor, row.order.product].append(row)
        return {key: self._due(groups[key]) for key in sorted(groups)}

    def _due(self, rows: Iterable[LedgerOrder]) -> dict[str, Decimal]:
        ends = {
            "now": self.today,
            "thisMonth": month_end(self.today),
            "twelveMonths": plus_months(self.today, 12),
        }
        found = [due for row in rows for due in row.dues]
        return {
            name: sum((due.amount for due in found if due.day <= until), rounded(ZERO))
            for name, until in ends.items()
        }

    @property
    def simulated_total(self) -> Cost | None:
        """The cost of the simulated stacks' orders; None when there are none."""
        rows = [row for row in self.rows if row.simulated]
        return total(row.cost for row in rows if row.cost) if rows else None
