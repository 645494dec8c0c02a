"""What each policy says of a number, from the properties that Pulumi shows a policy. Pure: no Pulumi, no CCC."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Number:
    """A `ccc:index:PhoneNumber`."""

    number: str
    usage: str
    groups: tuple[str, ...]
    agent: str
    order: str

    @classmethod
    def of(cls, properties: Properties) -> "Number":
        return cls(
            str(properties.get("number", "")),
            str(properties.get("usage", "")),
            tuple(properties.get("skillGroups") or ()),
            str(properties.get("agent") or ""),
            str(properties.get("order") or ""),
        )

    @property
    def is_400(self) -> bool:
        return self.number.startswith("400")


@dataclass(frozen=True, slots=True)
class Order:
    """A `ccc:index:VendorOrder`. `expires` is None where nobody said when it ends."""

    key: str
    product: str
    expires: date | None

    @classmethod
    def of(cls, properties: Properties) -> "Order":
        purchased, term = properties.get("purchased"), properties.get("term")
        ends = term_end(date.fromisoformat(purchased), term) if purchased and term else None
        return cls(str(properties.get("key", "")), str(properties.get("product", "")), ends)


def term_end(purchased: date, term: str) -> date:
    """When a term such as `1y`, `6m` or `30d` is over. A preview does not know the order's own `expires` yet."""
    count, unit = int(term[:-1]), term[-1]
    if unit == "d":
        return purchased + timedelta(days=count)
    months = purchased.year * 12 + purchased.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(purchased.day, monthrange(year, month + 1)[1]))


def order_outlives(number: Number, orders: Mapping[str, Order], until: date) -> Iterator[str]:
    """A number that takes calls has an order that runs until `until`."""
    if number.usage == "outbound":
        return
    order = orders.get(number.order)
    if not number.order:
        yield f"{number.number} takes calls and names no order: nobody knows when its contract ends"
    elif order is None:
        yield f"{number.number} names the order {number.order}, which this stack does not declare"
    elif order.expires is None:
        yield f"{number.number}: its order {order.key} has no end: set purchased and term"
    elif order.expires < until:
        yield f"{number.number}: its order {order.key} ends on {order.expires}, before {until}: renew it"


def four_hundred(number: Number, orders: Mapping[str, Order]) -> Iterator[str]:
    """A 400 number takes calls only, and was bought as one."""
    if number.is_400 and number.usage != "inbound":
        yield f"{number.number} is a 400 number and can only be inbound, not {number.usage}"
    order = orders.get(number.order)
    if number.is_400 and order is not None and order.product != "400":
        yield f"{number.number} is a 400 number, and its order {order.key} is for {order.product}"


def with_group(number: Number) -> Iterator[str]:
    """Somebody belongs to the number. A 400 number may be the flow's alone."""
    if not number.groups and not number.agent and not number.is_400:
        yield f"{number.number} has no skill group and no agent"


def instance_protected(roster: Properties) -> Iterator[str]:
    """`roster` has the properties of a `ccc:index:InstanceRoster`."""
    if not roster.get("protected"):
        yield f"{roster.get('instanceId', 'the instance')} is not protected: `destroy` would take its numbers out"
