"""Every figure of the source's table and of the platform's price list, typed here from the source."""

from datetime import time
from decimal import Decimal

import pytest

from ccc_numbers.vendors.catalogue import Direction, built_in
from ccc_numbers.vendors.platform_fee import tiers
from tests.vendors.support import entry

LANDLINE_PACKAGES = ["3000", "5000", "7000", "10000", "12000", "15000", "20000"]
STOCK = {
    "直辖市": ("北京", "天津", "重庆", "上海"),
    "江苏": ("无锡", "南京", "南通", "连云港"),
    "广东": ("佛山", "惠州", "广州", "深圳"),
    "浙江": ("宁波", "金华"),
    "山东": ("济南", "青岛"),
    "山西": ("太原",),
    "内蒙古": ("呼和浩特",),
    "黑龙江": ("哈尔滨",),
    "福建": ("福州",),
    "江西": ("南昌",),
    "安徽": ("合肥",),
}
LANDLINE_FORBIDDEN = {
    "金融类": ["贷款", "高利贷", "催收催缴", "贵金属交易（纸黄金等）", "股票软件或股票推荐", "期货", "金融保险", "互联网金融"],
    "医疗器械、医药、医美类营销外呼": ["医药销售", "零售推销", "医美", "医疗器械", "卖奶粉等婴幼儿用品"],
    "呼叫中心类": ["坐席盲呼业务", "机器人外呼"],
    "房地产": ["新房营销", "装修", "房产中介"],
    "其他业务类": ["代开发票", "代做账", "个人电话业务", "知识产权代理", "运营商增值业务", "POS机销售", "扫码挪车", "烟", "酒", "茶叶", "游戏"],
    "其他限制": ["培训（创业）业务"],
    "监管限制": ["盲呼"],
}  # fmt: skip


def test_the_catalogue_has_the_seven_rows_in_the_sources_order() -> None:
    assert [(each.vendor, each.product, each.name) for each in built_in().entries] == [
        ("A", "landline-aftersales", "售后（回访）类业务固话"),
        ("A", "landline-invitation", "邀约类业务固话"),
        ("A", "400", "400"),
        ("A", "mobile", "手机号码"),
        ("A", "mobile-marketing", "营销手机号码"),
        ("B", "sip-marketing", "SIP营销小号"),
        ("B", "virtual-number", "虚拟号码"),
    ]


@pytest.mark.parametrize(
    ("product", "direction", "shape", "calls_at_once", "agents"),
    [
        ("landline-aftersales", "bidirectional", "landline", 30, None),
        ("landline-invitation", "bidirectional", "landline", None, None),
        ("400", "inbound", "400", None, None),
        ("mobile", "bidirectional", "mobile", 1, 1),
        ("mobile-marketing", "outbound", "mobile", None, None),
        ("sip-marketing", "outbound", "mobile", None, None),
        ("virtual-number", "bidirectional", "mobile", None, None),
    ],
)
def test_what_a_number_can_do(
    product: str, direction: str, shape: str, calls_at_once: int | None, agents: int | None
) -> None:
    sold = entry(product)
    assert (sold.direction, sold.shape, sold.concurrency.calls) == (direction, shape, calls_at_once)
    assert (sold.agents.per_number if sold.agents else None) == agents


@pytest.mark.parametrize(
    ("product", "rent", "billed", "inbound", "outbound", "least", "scope"),
    [
        ("landline-aftersales", "35", "yearly", "0", "0.11", None, None),
        ("landline-invitation", "35", "yearly", "0", "0.11", None, None),
        ("400", None, None, None, None, None, None),
        ("mobile", "25", "monthly", "0.12", "0.12", "2000", "account"),
        ("mobile-marketing", "0", "monthly", None, "0.15", "1000", "account"),
        ("sip-marketing", "35", "monthly", None, "0.13", "20", "number"),
        ("virtual-number", "35", "monthly", "0.08", "0.08", "20", "number"),
    ],
)
def test_rent_rates_and_minimum_spend(
    product: str,
    rent: str | None,
    billed: str | None,
    inbound: str | None,
    outbound: str | None,
    least: str | None,
    scope: str | None,
) -> None:
    price = entry(product).price
    exact = [None if text is None else Decimal(text) for text in (rent, inbound, outbound, least)]
    spend = price.minimum_spend
    assert [
        price.rent.per_month if price.rent else None,
        price.rates.inbound,
        price.rates.outbound,
        spend.amount if spend else None,
    ] == exact
    assert (price.rent.billed if price.rent else None, spend.scope if spend else None) == (billed, scope)


@pytest.mark.parametrize("product", ["landline-aftersales", "landline-invitation"])
def test_a_landline_costs_420_a_year_and_a_package_a_year(product: str) -> None:
    price = entry(product).price
    assert price.rent is not None
    assert price.rent.per_year == Decimal(420)
    assert price.prepaid is not None
    assert price.prepaid.period == "1y"
    assert [package.amount for package in price.prepaid.packages] == list(map(Decimal, LANDLINE_PACKAGES))
    assert all(package.per_minute is None for package in price.prepaid.packages)


def test_the_400_packages_last_three_years_and_set_the_rate() -> None:
    prepaid = entry("400").price.prepaid
    assert prepaid is not None
    assert prepaid.period == "3y"
    assert [(str(package), package.per_minute) for package in prepaid.packages] == [
        ("3000", Decimal("0.12")),
        ("5000", Decimal("0.1")),
        ("7000", Decimal("0.08")),
        ("10000", Decimal("0.08")),
        ("15000–50000", Decimal("0.08")),
    ]


def test_marketing_mobile_begins_with_10000_and_no_period() -> None:
    prepaid = entry("mobile-marketing").price.prepaid
    assert prepaid is not None
    assert (prepaid.period, [str(package) for package in prepaid.packages]) == (None, ["10000 or more"])


@pytest.mark.parametrize("product", ["mobile", "sip-marketing", "virtual-number"])
def test_the_others_have_no_packages(product: str) -> None:
    assert entry(product).price.prepaid is None


@pytest.mark.parametrize(
    ("product", "supply", "least", "days", "blind"),
    [
        ("landline-aftersales", "stock", None, None, ()),
        ("landline-invitation", "on-application", None, (7, 30), ("新疆", "西藏")),
        ("400", "nationwide", None, None, ()),
        ("mobile", "nationwide", 10, None, ()),
        ("mobile-marketing", "nationwide", None, None, ("北京", "新疆", "西藏")),
        ("sip-marketing", "nationwide", 10, None, ()),
        ("virtual-number", "nationwide", 10, None, ()),
    ],
)
def test_where_and_when(
    product: str, supply: str, least: int | None, days: tuple[int, int] | None, blind: tuple[str, ...]
) -> None:
    sold = entry(product)
    delivery = sold.delivery.working_days if sold.delivery else None
    assert (sold.regions.supply, sold.regions.minimum_per_region) == (supply, least)
    assert ((delivery.from_, delivery.to) if delivery else None) == days
    assert sold.blind_areas.areas == blind


def test_the_stock_cities() -> None:
    regions = entry("landline-aftersales").regions
    assert regions.stock == STOCK
    assert regions.scarce == ("北京", "上海", "广州", "深圳")
    assert len(regions.stock_cities) == 22


@pytest.mark.parametrize(
    ("product", "hours", "calls", "counts"),
    [
        ("landline-aftersales", (8, 22), 5, "ring-or-answer"),
        ("landline-invitation", (8, 22), 5, "ring-or-answer"),
        ("mobile", (8, 22), 5, "ring-or-answer"),
        ("mobile-marketing", (8, 20), 1, "answer"),
    ],
)
def test_when_and_how_often_to_call(product: str, hours: tuple[int, int], calls: int, counts: str) -> None:
    calling = entry(product).calling
    assert calling.hours is not None
    assert calling.per_callee is not None
    assert (calling.hours.from_, calling.hours.to) == (time(hours[0]), time(hours[1]))
    assert (calling.per_callee.calls, calling.per_callee.per, calling.per_callee.counts) == (
        calls,
        "day",
        counts,
    )


@pytest.mark.parametrize("product", ["400", "sip-marketing", "virtual-number"])
def test_the_source_names_no_hours_for_these(product: str) -> None:
    assert (entry(product).calling.hours, entry(product).calling.per_callee) == (None, None)


@pytest.mark.parametrize("product", ["landline-aftersales", "landline-invitation"])
def test_what_landlines_are_not_for(product: str) -> None:
    business = entry(product).business
    assert {
        group.group: [term.word for term in group.terms] for group in business.forbidden
    } == LANDLINE_FORBIDDEN
    assert [word.word for word in business.script] == ["加微信", "加QQ", "抖音"]
    assert entry(product).calling.also == ("禁止呼叫历史产生投诉的用户",)


@pytest.mark.parametrize(
    ("product", "words"),
    [
        ("400", []),
        ("mobile", ["金融保险业", "教育", "医疗美容", "房产营销", "盲呼"]),
        ("mobile-marketing", []),
        ("sip-marketing", ["金融保险业", "盲呼"]),
        ("virtual-number", ["金融保险业", "盲呼"]),
    ],
)
def test_what_the_others_are_not_for(product: str, words: list[str]) -> None:
    assert [term.word for group in entry(product).business.forbidden for term in group.terms] == words


def test_what_marketing_mobile_is_for() -> None:
    promoted = entry("mobile-marketing").business.promoted
    assert promoted is not None
    assert promoted.businesses == ("房产", "教育", "婚恋", "企业服务")


def test_payment_company_and_papers() -> None:
    for sold in built_in().entries:
        assert sold.payment.channel == (None if sold.product == "mobile-marketing" else "云市场")
        assert sold.company == ("优音" if sold.vendor == "A" else None)
        names = [need.name for need in sold.materials.required]
        papers = ["业务受理单", "真实落地号码（目的码）实名制承诺书", "完整话术", "优音语音服务合同"]
        if sold.direction is Direction.INBOUND:
            papers.remove("完整话术")  # it calls nobody
        assert names == (papers if sold.vendor == "A" else [])
        more = "包含但不限于" if sold.product.startswith("landline") else ""
        assert sold.business.words == more
        assert sold.source.title == "申请合作伙伴号码"


def test_the_platform_fee_of_the_2021_list() -> None:
    assert [(tier.up_to, tier.per_minute) for tier in tiers()] == [
        (200_000, Decimal("0.0499")),
        (500_000, Decimal("0.0449")),
        (1_000_000, Decimal("0.0405")),
        (2_000_000, Decimal("0.0365")),
        (4_000_000, Decimal("0.0327")),
        (10_000_000, Decimal("0.0295")),
        (None, Decimal("0.0267")),
    ]
