"""`ccc:index:VendorOrder`: one purchase of numbers, with everything known about it as properties.

CCC knows nothing of orders: what a refresh finds are the order's numbers. The id is `VENDOR/KEY`.
"""

import asyncio
from collections.abc import Sequence

from ccc_numbers.api.errors import CccError
from ccc_numbers.declaration import clock
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.plan_number import Bound, Elsewhere, NotImported
from ccc_numbers.provider.model.vendor_order import MODEL, Seen
from ccc_numbers.provider.properties import text, texts
from ccc_numbers.provider.resource import Diff, Live
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.vendor_order_inputs import catalogue_of, numbers_of, order_of, order_problems
from ccc_numbers.provider.wire import Bag, has_unknown
from ccc_numbers.vendors.catalogue import Catalogue, built_in
from ccc_numbers.vendors.errors import VendorError
from ccc_numbers.vendors.ledger import LAPSING_DAYS, LedgerKind
from ccc_numbers.vendors.ledger.findings import findings
from ccc_numbers.vendors.ledger.model import LedgerOrder
from ccc_numbers.vendors.orders import NumberOnOrder, Order, Stage, refuse_delete, refuse_move
from ccc_numbers.vendors.progress import PATIENCE, LiveNumber, count

# The findings of the ledger that every refresh reports too.
_REPORTED = (LedgerKind.LATE, LedgerKind.LAPSED, LedgerKind.BOUND_LAPSED, LedgerKind.WRONG_VENDOR)


class VendorOrder:
    """See the module. Calls, to see its numbers: ListPhoneNumbers, ListUnassignedNumbers, ListInstances."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        key = text(new, "key")
        problems = list(MODEL.problems(new, tr("order {key}", key=key) if key else tr("an order")))
        known = {name: value for name, value in new.items() if not has_unknown(value)}
        if problems or any(name not in known for name in MODEL.required):
            return problems
        problems = list(order_problems(known, clock.today(environment=run.environment)))
        if problems or not old:
            return problems
        vendor = text(old, "vendor")
        if vendor != text(known, "vendor"):
            return [
                tr(
                    "order {key} is vendor {vendor}'s; another vendor's is another order: give it its own key",
                    key=key,
                    vendor=vendor,
                )
            ]
        before, after = Stage(text(old, "stage")), order_of(known)
        backwards = refuse_move(key, before, after.stage, after.reopen)
        return [backwards] if backwards else []

    def diff(self, old: Bag, new: Bag) -> Diff:
        return Diff(MODEL.changes(old, new))

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        order = _order(inputs)
        made = f"{order.vendor}/{order.key}"
        return made, inputs if preview else await _seen(run, order, inputs, _catalogue(inputs), urn)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        if not inputs:
            raise CccError(
                tr("CCC knows no orders, so there is nothing to import: declare it and run `pulumi up`")
            )
        try:
            catalogue = _catalogue(inputs)
        except CccError as error:
            # State may name a file that has been renamed since, and that must not keep anybody from `up`.
            await run.warn(tr("{problem}; the built-in catalogue stands in for it", problem=error), urn)
            catalogue = built_in()
        return Live(resource_id, inputs, await _seen(run, _order(inputs), inputs, catalogue, urn))

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        # The refresh before this reported what is wrong.
        return new if preview else await _seen(run, _order(new), new, _catalogue(new))

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        key = text(outputs, "key")
        if key in run.orders_in_use:
            raise CccError(
                refuse_delete(key, texts(outputs, "numbers")) or tr("order {key} is still in use", key=key)
            )


async def _seen(run: Run, order: Order, inputs: Bag, catalogue: Catalogue, urn: str = "") -> Bag:
    """The order's properties, with what CCC shows of its numbers; mistakes are reported under `urn`, if given."""
    numbers = numbers_of(order, inputs)
    found = await asyncio.gather(*(_look_at(run, number) for number in numbers))
    live = {row.number: row for row in found if row is not None}
    counts, today = count(numbers, live), clock.today(environment=run.environment)
    entry = catalogue.find(order.vendor, order.product)
    if urn:
        case = LedgerOrder("", order, catalogue, numbers, live, counts, today, LAPSING_DAYS, PATIENCE)
        for finding in findings(case):
            if finding.kind in _REPORTED:
                said = tr("order {key}: {what}", key=order.key, what=finding.message)
                await run.warn(said, urn)
    return inputs | MODEL.live_outputs(Seen(order, entry, counts, today))


async def _look_at(run: Run, number: NumberOnOrder) -> LiveNumber | None:
    standing = await run.inventory.look(number.number, number.instance)
    match standing:
        case Bound(row) | Elsewhere(row):
            return LiveNumber(number.number, row.instance_id, row.provider)
        case NotImported():
            return None
    return LiveNumber(number.number)


def _catalogue(inputs: Bag) -> Catalogue:
    try:
        return catalogue_of(inputs)
    except VendorError as error:
        raise CccError(str(error)) from error


def _order(inputs: Bag) -> Order:
    try:
        return order_of(inputs)
    except VendorError as error:
        raise CccError(tr("order {key}: {what}", key=text(inputs, "key"), what=error)) from error
