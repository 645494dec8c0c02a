"""The case a rule examines: an order, its catalogue entry, its numbers, and the day."""

from dataclasses import dataclass
from datetime import date

from ccc_numbers.messages.language import tr
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.orders import NumberOnOrder, Order
from ccc_numbers.vendors.places import places_hint


@dataclass(frozen=True, slots=True)
class ExaminedOrder:
    """One order under examination."""

    order: Order
    entry: Entry
    numbers: tuple[NumberOnOrder, ...]
    today: date

    def finding(
        self, rule: str, key: str, value: object, message: str, severity: Severity = Severity.ERROR
    ) -> Finding:
        """A finding at one key of the order."""
        return order_finding(self.order, rule, key, value, message, severity)

    def unknown_region(self, key: str, name: str) -> Finding:
        """The finding about a region that does not exist."""
        hint = places_hint(name)
        why = (
            tr("is not a province or city with an area code; {hint}", hint=hint)
            if hint
            else tr("is not a province or city with an area code")
        )
        return self.finding("unknown-region", key, name, why)


def order_finding(
    order: Order, rule: str, key: str, value: object, message: str, severity: Severity = Severity.ERROR
) -> Finding:
    """A finding at one key of an order; no value when nothing is written there."""
    path = ("orders", order.key, key) if key else ("orders", order.key)
    return Finding(rule, path, None if value is None else str(value), message, severity)


def number_finding(number: NumberOnOrder, rule: str, key: str, value: object, message: str) -> Finding:
    """A finding at one number, or at one key of it."""
    path = ("instances", number.instance, "numbers", number.number, *([key] if key else []))
    return Finding(rule, path, None if value is None else str(value), message)


def quote(words: str) -> str:
    """The catalogue's words for the end of a sentence, nothing when it has none."""
    return tr(" (catalogue: {words})", words=words) if words else ""
