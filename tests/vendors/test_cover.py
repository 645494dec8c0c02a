"""The cover sheet of an application: what it says, in Word and in Markdown."""

import hashlib
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from ccc_numbers.vendors.application.sheet import sheet
from ccc_numbers.vendors.orders import Contact, Quoted
from tests.vendors.papers import OLE, made
from tests.vendors.support import entry, order


def test_the_cover_sheet_says_what_was_ordered(tmp_path: Path) -> None:
    application = made(tmp_path, contact=Contact("王小明", "13800138000", dingtalk="acme-wang"))
    with zipfile.ZipFile(io.BytesIO(application.data)) as packed:
        markdown = packed.read("o/cover.md").decode()
        document = docx.Document(io.BytesIO(packed.read("o/cover.docx")))
    cells = {row.cells[0].text: row.cells[1].text for table in document.tables for row in table.rows}
    assert cells["申请公司 Company"] == "示例科技有限公司"
    assert cells["联系人 Contact"] == "王小明，13800138000，钉钉 acme-wang"
    assert cells["禁止业务 Forbidden business"].startswith("包含但不限于\n金融类 贷款、高利贷")
    assert cells["呼叫策略限制 Calling rules"].split("\n") == [
        "包含但不限于",
        "时间限制 早8点-晚22点（原则上休息时间不允许呼叫，不同的线路商可能会有不同）",
        "被叫号码限制 禁止呼叫历史产生投诉的用户，单被叫号码每天允许外呼五次（振铃或者接听算1次）",
    ]
    assert cells["支付方式 Payment"] == "云市场购买，发票在云市场开具"
    assert cells["供应商 Vendor"] == "A（优音）"
    assert cells["申请数量 Quantity"] == "2 个"
    assert cells["期限 Term"] == "1 年（至 2027-08-01）"
    assert cells["预存话费 Prepaid"] == "3000 元"
    assert cells["呼入资费 Inbound rate"] == "免费"
    assert "materials/1-业务受理单.doc" in cells["业务受理单"]
    assert hashlib.sha256(OLE).hexdigest() in cells["业务受理单"]
    assert "| 申请数量 | Quantity | 2 个 |" in markdown
    assert "（A，售后（回访）类业务固话），2026-11-23，价格（具体价格以实际咨询为准）" in markdown
    assert "{{" not in markdown
    properties = document.core_properties
    assert properties.created is not None
    assert properties.created.date() == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("product", "rates", "said"),
    [
        ("mobile", Quoted(), "2000 元/月/账户"),
        ("sip-marketing", Quoted(), "20 元/月"),
        ("sip-marketing", Quoted(minimum_spend=Decimal("12.5")), "12.50 元/月"),
        ("400", Quoted(), None),
    ],
)
def test_the_cover_sheet_says_the_minimum_spend(product: str, rates: Quoted, said: str | None) -> None:
    """The source has it beside the rent (低消20元/月); an order's own quote wins."""
    rows = {
        row.label: row.value for row in sheet(order(product, rates=rates), entry(product), (), (), ()).rows
    }
    assert rows.get("低消") == said
