"""What the cover sheet and the message say, as labelled values; how it looks is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ccc_numbers.vendors.application.materials import Material
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.money import plain
from ccc_numbers.vendors.orders import Order
from ccc_numbers.vendors.tariff import Tariff

_DIRECTIONS = {"inbound": "仅呼入", "outbound": "仅呼出", "bidirectional": "呼入和呼出"}
_UNITS = {"y": "年", "m": "个月", "d": "天"}


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled value: the label in Chinese and English, the value as printed."""

    label: str
    english: str
    value: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the cover sheet shows. It names no day of printing: the same order makes the same sheet."""

    order: Order
    entry: Entry
    rows: tuple[Row, ...]
    limits: tuple[Row, ...]
    materials: tuple[Material, ...]
    accepted: tuple[str, ...]

    @property
    def seller(self) -> str:
        return self.order.vendor + (f"（{self.entry.company}）" if self.entry.company else "")


def sheet(
    order: Order,
    entry: Entry,
    materials: Iterable[Material],
    instances: Iterable[str],
    accepted: Iterable[str],
) -> Sheet:
    """The cover sheet of an order; rows whose value nobody gave are left out."""
    rows = tuple(row for row in _rows(order, entry, tuple(instances)) if row.value)
    limits = tuple(row for row in _limits(entry) if row.value)
    return Sheet(order, entry, rows, limits, tuple(materials), tuple(sorted(accepted)))


def _rows(order: Order, entry: Entry, instances: tuple[str, ...]) -> tuple[Row, ...]:
    contact, tariff = order.contact, Tariff(order, entry)
    seller = order.vendor + (f"（{entry.company}）" if entry.company else "")
    who = "，".join(part for part in (contact.name, contact.phone, contact.email) if part)
    return (
        Row("申请公司", "Company", order.company or ""),
        Row("联系人", "Contact", who),
        Row("供应商", "Vendor", seller),
        Row("号码类型", "Product", entry.name),
        Row("呼叫方向", "Direction", _DIRECTIONS[entry.direction]),
        Row("申请数量", "Quantity", f"{order.quantity} 个"),
        Row("号码地区", "Regions", "、".join(order.regions)),
        Row("被叫地区", "Called regions", "、".join(order.called_regions)),
        Row("业务场景", "Scene", order.scene or ""),
        Row("云呼叫中心实例", "Instances", "、".join(instances)),
        Row("云市场订单号", "Marketplace order", order.order_id or ""),
        Row("购买日期", "Purchased", str(order.purchased or "")),
        Row("期限", "Term", _term(order)),
        Row("预存话费", "Prepaid", f"{plain(order.prepaid)} 元" if order.prepaid is not None else ""),
        Row("套餐分钟数", "Package minutes", f"{tariff.package_minutes:,}" if tariff.package_minutes else ""),
        Row("月租", "Rent", f"{plain(tariff.rent)} 元/个/月" if tariff.rent else ""),
        Row("呼入资费", "Inbound rate", _rate(tariff, inbound=True)),
        Row("呼出资费", "Outbound rate", _rate(tariff, inbound=False)),
        Row(
            "预计月通话",
            "Expected minutes",
            f"{order.expected_minutes:,} 分钟" if order.expected_minutes else "",
        ),
        Row("发票抬头", "Invoice title", order.invoice_title or ""),
    )


def _limits(entry: Entry) -> tuple[Row, ...]:
    calling = entry.calling
    forbidden = "；\n".join(group.words for group in entry.business.forbidden)
    return (
        Row("禁止业务", "Forbidden business", forbidden),
        Row("时间限制", "Hours", calling.hours.words if calling.hours else ""),
        Row("被叫号码限制", "Per callee", calling.per_callee.words if calling.per_callee else ""),
        Row("其他", "Also", "；".join(calling.also)),
        Row("地区限制", "Blind areas", entry.blind_areas.words),
        Row("并发", "Concurrency", entry.concurrency.words),
        Row("坐席", "Agents", entry.agents.words if entry.agents else ""),
    )


def _term(order: Order) -> str:
    if order.term is None:
        return ""
    text = str(order.term)
    until = f"（至 {order.expires}）" if order.expires else ""
    return f"{text[:-1]} {_UNITS[text[-1]]}{until}"


def _rate(tariff: Tariff, *, inbound: bool) -> str:
    rate = tariff.inbound if inbound else tariff.outbound
    if rate is None:
        return ""
    return f"{plain(rate)} 元/分钟" if rate else "免费"
