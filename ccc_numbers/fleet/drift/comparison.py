"""One instance of one stack, declared and live side by side: the input of the comparing functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Unpack

from ccc_numbers.declaration.model import InstanceDeclaration, NumberDeclaration, OrderDeclaration
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.findings import Details, Finding, Next
from ccc_numbers.fleet.drift.gather import InstanceView, Snapshot
from ccc_numbers.fleet.stacks import FileClaims, Fleet, Stack
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.plan_number import Bound, NotImported, Plan, Refused, Standing, plan
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.progress import support_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """One instance as a stack declares it (`instance`) and as it is (`view`).

    `twice` has the instances of each number that several list, by account and number.
    """

    fleet: Fleet
    snapshot: Snapshot
    stack: Stack
    instance: InstanceDeclaration
    view: InstanceView
    twice: Mapping[tuple[str, str], Sequence[str]]
    today: date

    def standing(self, number: str) -> Standing:
        """Where a declared number is."""
        row = self.view.numbers.get(number)
        if row is not None:
            return Bound(row)
        return self.snapshot.where.get((self.view.place.account, number), NotImported())

    def plan(self, number: NumberDeclaration) -> Plan | None:
        """The steps of `up` for a declared number; None when it stops at it.

        The files do not say which stack has a number in its state: this one, as long as no other declares it.
        """
        claims = FileClaims(self.fleet, self.stack)
        in_state = claims.owner(number.number) is None
        try:
            return plan(number.declared_in(self.instance.id), self.standing(number.number), in_state, claims)
        except Refused:
            return None

    def order(self, key: str | None) -> OrderDeclaration | None:
        """A vendor order of this stack."""
        return None if key is None else self.stack.declaration.orders.get(key)

    def entry(self, order: OrderDeclaration) -> Entry | None:
        """What the catalogue says about an order's product."""
        return self.stack.catalogue.find(order.vendor, order.product)

    def support(self, order: OrderDeclaration | None = None) -> str:
        """The people to write to about a number."""
        return support_of(self.entry(order) if order else None, tr)

    def lapsed(self, order: OrderDeclaration | None) -> str | None:
        """Why a number may be dead: the term of its order is over."""
        if order is None or not order.lapsed(self.today):
            return None
        return tr("its order {order} ended on {day}", order=order.key, day=order.expires)

    def finding(self, kind: FindingKind, subject: str, next: Next, **details: Unpack[Details]) -> Finding:
        """A finding about this instance; see `Finding.of`."""
        return Finding.of(kind, self.stack.name, subject, next, instance=self.instance.id, **details)

    def about(
        self, number: NumberDeclaration, kind: FindingKind, next: Next, **details: Unpack[Details]
    ) -> Finding:
        """A finding about one of its declared numbers."""
        details["source"] = number.source
        return self.finding(kind, number.number, next, **details)

    def heal(self, do: str | None = None) -> Next:
        """Let `pulumi up` put it right."""
        return Next(f"ccc-numbers heal {self.stack.name} --yes", do)  # not translated: a command

    def look(self, do: str | None = None, *options: str) -> Next:
        """Look again, after somebody did something; `options`: without them drift would not look at it."""
        command = f"ccc-numbers drift {self.stack.name}"  # not translated: a command
        return Next(" ".join((command, *options)), do)

    def adopt(self, do: str | None = None) -> Next:
        """Declare the numbers that are there."""
        # not translated: a command
        return Next(f"ccc-numbers adopt {self.instance.id} --stack {self.stack.name}", do)


def listed(names: Iterable[str]) -> str:
    """Names for `expected` and `actual`."""
    return ", ".join(sorted(names)) or texts.NONE
