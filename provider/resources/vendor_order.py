"""`ccc:index:VendorOrder`: one purchase of numbers, with everything known about it as properties.

CCC knows nothing of orders: what a refresh finds are the order's numbers. The id is `VENDOR/KEY`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from ccc.errors import CccError
from ccc.reconcile import Bound, Elsewhere, NotImported
from vendors.catalogue import Catalogue, built_in, with_overrides
from vendors.errors import VendorError
from vendors.orders import Contact, NumberOnOrder, Order, Stage, refuse_delete, refuse_move
from vendors.progress import LiveNumber, by_number, count, next_step, observed_stage
from vendors.terms import Term

from ..properties import field_changes, flag, shape_problems, text, texts
from ..resource import Diff, Live
from ..run import Run
from ..wire import Bag, has_unknown

_KINDS = {
    "key": str,
    "vendor": str,
    "product": str,
    "stage": str,
    "quantity": float,
    "regions": list,
    "calledRegions": list,
    "purchased": str,
    "since": str,
    "term": str,
    "prepaid": str,
    "rates": dict,
    "expectedMinutes": float,
    "orderId": str,
    "scene": str,
    "company": str,
    "contact": dict,
    "invoiceTitle": str,
    "materials": dict,
    "notes": str,
    "reopen": bool,
    "numbers": list,
    "catalogue": str,
    "monthlyCost": str,
    "firstYearCost": str,
}
_REQUIRED = ("key", "vendor", "product", "stage", "quantity")
_LISTS = ("regions", "calledRegions", "numbers")


class VendorOrder:
    """See the module. Calls, to see its numbers: ListPhoneNumbers, ListUnassignedNumbers, ListInstances."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        key = text(new, "key")
        problems = list(shape_problems(new, _KINDS, _REQUIRED, f"order {key}" if key else "an order"))
        if problems or has_unknown(new):
            return problems
        try:
            order = _order(new)
        except (VendorError, ValueError) as error:
            return [f"order {key}: {error}"]
        if not old:
            return []
        if text(old, "vendor") != order.vendor:
            return [
                f"order {key} is vendor {text(old, 'vendor')}'s; another vendor's is another order: give it its own key"
            ]
        backwards = refuse_move(key, Stage(text(old, "stage")), order.stage, order.reopen)
        return [backwards] if backwards else []

    def diff(self, old: Bag, new: Bag) -> Diff:
        return Diff(field_changes(old, new, _KINDS, sets=_LISTS))

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        order = _order(inputs)
        return f"{order.vendor}/{order.key}", inputs if preview else await _seen(run, order, inputs)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        if not inputs:
            raise CccError(
                "CCC knows no orders, so there is nothing to import: declare it and run `pulumi up`"
            )
        return Live(resource_id, inputs, await _seen(run, _order(inputs), inputs))

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        return new if preview else await _seen(run, _order(new), new)

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        key = text(outputs, "key")
        if key in run.orders_in_use:
            raise CccError(refuse_delete(key, texts(outputs, "numbers")) or f"order {key} is still in use")


async def _seen(run: Run, order: Order, inputs: Bag) -> Bag:
    """The order's properties, with what CCC shows of its numbers."""
    numbers = [_number(order, each) for each in texts(inputs, "numbers")]
    live = by_number([row for number in numbers if (row := await _look(run, number))])
    counts = count(numbers, live)
    entry = _catalogue(inputs).find(order.vendor, order.product)
    seen: dict[str, str | float] = {
        "declaredCount": counts.declared,
        "pendingCount": counts.pending,
        "importedCount": counts.imported,
        "boundCount": counts.bound,
        "observedStage": str(observed_stage(order, counts)),
        "expires": str(order.expires or ""),
        "nextStep": str(next_step(order, entry, date.today(), counts)),
    }
    return {**inputs, **seen}


async def _look(run: Run, number: NumberOnOrder) -> LiveNumber | None:
    standing = await run.inventory.look(number.number, number.instance)
    match standing:
        case Bound(row) | Elsewhere(row):
            return LiveNumber(number.number, row.instance_id, row.provider)
        case NotImported():
            return None
    return LiveNumber(number.number)


def _number(order: Order, place: str) -> NumberOnOrder:
    instance, _, number = place.rpartition("/")
    return NumberOnOrder(instance=instance, number=number, order=order.key, usage="")


def _catalogue(inputs: Bag) -> Catalogue:

    path = text(inputs, "catalogue")
    return with_overrides(Path(path)) if path else built_in()


def _order(inputs: Bag) -> Order:
    """The order as the vendors' rules know it. ValueError or VendorError says what is malformed."""
    contact = _map(inputs, "contact")
    return Order(
        key=text(inputs, "key"),
        vendor=text(inputs, "vendor"),
        product=text(inputs, "product"),
        stage=Stage(text(inputs, "stage")),
        quantity=int(_amount(inputs, "quantity") or 0),
        regions=texts(inputs, "regions"),
        called_regions=texts(inputs, "calledRegions"),
        purchased=_day(inputs, "purchased"),
        since=_day(inputs, "since"),
        term=Term.parse(text(inputs, "term")) if text(inputs, "term") else None,
        prepaid=Decimal(text(inputs, "prepaid")) if text(inputs, "prepaid") else None,
        contact=Contact(
            **{key: contact[key] for key in ("name", "phone", "email", "dingtalk") if key in contact}
        ),
        reopen=flag(inputs, "reopen"),
    )


def _day(inputs: Bag, key: str) -> date | None:
    written = text(inputs, key)
    return date.fromisoformat(written) if written else None


def _amount(inputs: Bag, key: str) -> float | None:
    value = inputs.get(key)
    return value if isinstance(value, float) else None


def _map(inputs: Bag, key: str) -> Mapping[str, str]:
    value = inputs.get(key)
    return {k: str(v) for k, v in value.items()} if isinstance(value, dict) else {}
