"""The text of the cover sheet and the message, as labelled values; how it looks is elsewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ccc_numbers.vendors.application.materials import Material
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.catalogue.model import Calling
from ccc_numbers.vendors.catalogue.price import Scope
from ccc_numbers.vendors.money import plain
from ccc_numbers.vendors.orders import Order, PrepaidPer
from ccc_numbers.vendors.tariff import Tariff

# not translated: the vendor reads it, in Chinese and English

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
        return _seller(self.order, self.entry)

    @property
    def source(self) -> str:
        """Where the figures are from, as of when, and what the source says of them."""
        source = self.entry.source
        row = f"（{source.row}）" if source.row else ""
        return "，".join(filter(None, (f"{source.title}{row}", str(self.entry.as_of), source.note)))


def sheet(
    order: Order,
    entry: Entry,
    materials: Iterable[Material],
    instances: Iterable[str],
    accepted: Iterable[str],
) -> Sheet:
    """The cover sheet of an order; rows whose value nobody gave are left out."""
    rows = _rows(order, entry, tuple(instances))
    return Sheet(
        order,
        entry,
        _given(rows),
        _given(_limits(entry)),
        tuple(materials),
        tuple(sorted({*accepted, *map(str, order.accept)})),
    )


def _given(rows: Iterable[tuple[str, str, str | None]]) -> tuple[LabelledValue, ...]:
    return tuple(LabelledValue(label, english, value) for label, english, value in rows if value)


def _rows(order: Order, entry: Entry, instances: tuple[str, ...]) -> Iterable[tuple[str, str, str | None]]:
    contact, tariff = order.contact, Tariff(order, entry)
    dingtalk = f"钉钉 {contact.dingtalk}" if contact.dingtalk else None
    who = "，".join(part for part in (contact.name, contact.phone, contact.email, dingtalk) if part)
    minutes = tariff.package_minutes
    return (
        ("申请公司", "Company", order.company),
        ("联系人", "Contact", who),
        ("供应商", "Vendor", _seller(order, entry)),
        ("号码类型", "Product", entry.name),
        ("呼叫方向", "Direction", _DIRECTIONS[entry.direction]),
        ("申请数量", "Quantity", f"{order.quantity} 个"),
        ("号码地区", "Regions", "、".join(order.regions)),
        ("被叫地区", "Called regions", "、".join(order.called_regions)),
        ("业务场景", "Scene", order.scene),
        ("云呼叫中心实例", "Instances", "、".join(instances)),
        ("云市场订单号", "Marketplace order", order.order_id),
        ("购买日期", "Purchased", str(order.purchased or "")),
        ("期限", "Term", _term(order)),
        ("预存话费", "Prepaid", _prepaid(order)),
        ("套餐分钟数", "Package minutes", f"{minutes:,}" if minutes else ""),
        ("月租", "Rent", f"{plain(tariff.rent)} 元/个/月" if tariff.rent else ""),
        ("低消", "Minimum spend", _least(order, entry)),
        ("呼入资费", "Inbound rate", _rate(tariff.inbound)),
        ("呼出资费", "Outbound rate", _rate(tariff.outbound)),
        ("预计月通话", "Expected minutes", _minutes(order)),
        ("支付方式", "Payment", entry.payment.words),
        ("发票抬头", "Invoice title", order.invoice_title),
    )


def _limits(entry: Entry) -> Iterable[tuple[str, str, str | None]]:
    business = entry.business
    forbidden = "；\n".join(group.words for group in business.forbidden)
    return (
        ("禁止业务", "Forbidden business", f"{business.words}\n{forbidden}".strip()),
        ("呼叫策略限制", "Calling rules", "\n".join(_calling(entry.calling))),
        ("地区限制", "Blind areas", entry.blind_areas.words),
        ("并发", "Concurrency", entry.concurrency.words),
        ("坐席", "Agents", entry.agents.words if entry.agents else ""),
    )


def _calling(calling: Calling) -> Iterator[str]:
    if calling.words:
        yield calling.words
    if calling.hours:
        yield f"时间限制 {calling.hours.words}"
    callee = [*calling.also, *([calling.per_callee.words] if calling.per_callee else [])]
    if callee:
        yield f"被叫号码限制 {'，'.join(callee)}"


def _least(order: Order, entry: Entry) -> str:
    """The minimum spend; one quoted for the order wins."""
    least, quoted = entry.price.minimum_spend, order.rates.minimum_spend
    if least is None:
        return ""
    whose = "/账户" if least.scope is Scope.ACCOUNT else ""
    return f"{plain(least.amount if quoted is None else quoted)} 元/月{whose}"


def _seller(order: Order, entry: Entry) -> str:
    return order.vendor + (f"（{entry.company}）" if entry.company else "")


def _term(order: Order) -> str:
    if order.term is None:
        return ""
    text = str(order.term)
    until = f"（至 {order.expires}）" if order.expires else ""
    return f"{text[:-1]} {_UNITS[text[-1]]}{until}"


def _prepaid(order: Order) -> str | None:
    if order.prepaid is None or order.paid_ahead is None:
        return None
    each = order.prepaid_per is PrepaidPer.NUMBER
    per = f"{plain(order.prepaid)} 元/个，共 " if each else ""
    return f"{per}{plain(order.paid_ahead)} 元"


def _minutes(order: Order) -> str:
    if by_way := order.minutes_by_way:
        return f"呼入 {by_way.inbound:,} 分钟，呼出 {by_way.outbound:,} 分钟"
    return f"{order.expected_minutes:,} 分钟" if order.expected_minutes else ""


def _rate(rate: Decimal | None) -> str | None:
    return rate if rate is None else f"{plain(rate)} 元/分钟" if rate else "免费"
