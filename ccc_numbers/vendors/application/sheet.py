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
class LabelledValue:
    """A labelled value: the label in Chinese and English, the value as printed."""

    label: str
    english: str
    value: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the cover sheet shows. It names no day of printing: the same order makes the same sheet."""

    order: Order
    entry: Entry
    rows: tuple[LabelledValue, ...]
    limits: tuple[LabelledValue, ...]
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


def _rows(order: Order, entry: Entry, instances: tuple[str, ...]) -> tuple[LabelledValue, ...]:
    contact, tariff = order.contact, Tariff(order, entry)
    seller = order.vendor + (f"（{entry.company}）" if entry.company else "")
    who = "，".join(part for part in (contact.name, contact.phone, contact.email) if part)
    return (
        LabelledValue("申请公司", "Company", order.company or ""),
        LabelledValue("联系人", "Contact", who),
        LabelledValue("供应商", "Vendor", seller),
        LabelledValue("号码类型", "Product", entry.name),
        LabelledValue("呼叫方向", "Direction", _DIRECTIONS[entry.direction]),
        LabelledValue("申请数量", "Quantity", f"{order.quantity} 个"),
        LabelledValue("号码地区", "Regions", "、".join(order.regions)),
        LabelledValue("被叫地区", "Called regions", "、".join(order.called_regions)),
        LabelledValue("业务场景", "Scene", order.scene or ""),
        LabelledValue("云呼叫中心实例", "Instances", "、".join(instances)),
        LabelledValue("云市场订单号", "Marketplace order", order.order_id or ""),
        LabelledValue("购买日期", "Purchased", str(order.purchased or "")),
        LabelledValue("期限", "Term", _term(order)),
        LabelledValue(
            "预存话费", "Prepaid", f"{plain(order.prepaid)} 元" if order.prepaid is not None else ""
        ),
        LabelledValue(
            "套餐分钟数", "Package minutes", f"{tariff.package_minutes:,}" if tariff.package_minutes else ""
        ),
        LabelledValue("月租", "Rent", f"{plain(tariff.rent)} 元/个/月" if tariff.rent else ""),
        LabelledValue("呼入资费", "Inbound rate", _rate(tariff, inbound=True)),
        LabelledValue("呼出资费", "Outbound rate", _rate(tariff, inbound=False)),
        LabelledValue(
            "预计月通话",
            "Expected minutes",
            f"{order.expected_minutes:,} 分钟" if order.expected_minutes else "",
        ),
        LabelledValue("发票抬头", "Invoice title", order.invoice_title or ""),
    )


def _limits(entry: Entry) -> tuple[LabelledValue, ...]:
    calling = entry.calling
    forbidden = "；\n".join(group.words for group in entry.business.forbidden)
    return (
        LabelledValue("禁止业务", "Forbidden business", forbidden),
        LabelledValue("时间限制", "Hours", calling.hours.words if calling.hours else ""),
        LabelledValue("被叫号码限制", "Per callee", calling.per_callee.words if calling.per_callee else ""),
        LabelledValue("其他", "Also", "；".join(calling.also)),
        LabelledValue("地区限制", "Blind areas", entry.blind_areas.words),
        LabelledValue("并发", "Concurrency", entry.concurrency.words),
        LabelledValue("坐席", "Agents", entry.agents.words if entry.agents else ""),
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
