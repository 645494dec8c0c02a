"""Figures of a company's own in the ledger: tiers of the platform fee, and the minutes really used."""

import json
import shutil
from pathlib import Path

import pytest

from tests.vendors.conftest import EXAMPLES, Run, change


def test_a_companys_own_tiers_price_its_minutes(run: Run, project: Path) -> None:
    """Two stacks of one account: whichever names the price list, both are priced by it."""
    change(project, expectedMinutes=300_000)
    words = ("orders", "acme", "--offline", "--today", "2026-11-23")
    (project / "stacks/Pulumi.acme.yaml").write_text("config: {ccc-numbers:platformFeeTiers: fee.yaml}\n")
    fee = project / "stacks/fee.yaml"
    head = "asOf: 2026-10-01\nsource: {title: 框架协议}\ntiers:\n"
    fee.write_text(head + "  - {upTo: 100000, perMinute: 0.04}\n  - {perMinute: 0.01}\n")
    # 2 × 35 rent, 300,000 × 0.11 calls, 100,000 × 0.04 + 200,000 × 0.01 platform
    assert "¥39,070.00 a month" in run(*words)[1]
    (project / "stacks/Pulumi.other.yaml").write_text("config: {ccc-numbers:platformFeeTiers: more.yaml}\n")
    shutil.copy(EXAMPLES / "stacks/400.yaml", project / "stacks/other.yaml")
    (project / "stacks/more.yaml").write_text(head + "  - {perMinute: 0.02}\n")
    code, _, err = run(*words)
    assert (code, "have different tiers of its platform fee" in err) == (2, True), err
    code, out, _ = run("check")
    assert (code, "config.ccc-numbers:platformFeeTiers: has other tiers than stack" in out) == (2, True), out
    fee.write_text(head + "  - {upTo: 100000, perMinute: 0.04}\n")
    code, _, err = run(*words)
    assert (code, 'fee.yaml:1:1: tiers rise by "upTo", and the last one has none' in err) == (2, True), err


def test_minutes_really_used_price_an_order(run: Run, project: Path) -> None:
    """Two months of two numbers, received and called apart; Excel's GBK and semicolons are as good."""
    used = "number;month;inbound;outbound\n02180001001;2026-09;500;6000\n02180001001;2026-10;;7000.5\n"
    more = "051080001002;2026-10;300;999\n02180009999;2026-10;1;1\n"
    (project / "usage.csv").write_text(used + more, "gbk")
    words = (
        "orders",
        "acme",
        "--offline",
        "--today",
        "2026-11-23",
        "--usage",
        "usage.csv",
        "--output",
        "json",
    )
    code, out, err = run(*words)
    row = json.loads(out)["orders"][0]
    # In: (500 + 300) / 2 = 400. Out: (6000 + 7000.5 + 999) / 2, the last minute whole: 7000.
    # 70 rent + 7000 × 0.11 + (400 + 7000) × 0.0499
    assert (code, row["minutes"], row["monthly"]) == (0, 7400, "1209.26")
    assert "acme/youyin-2026-08: 7,400 minutes a month used, 2,000 expected" in err
    assert "on no order here: 1, the first 02180009999" in err
    assert "prepaid-too-small" in [each["kind"] for each in json.loads(out)["findings"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number,minutes\n", "usage.csv:1: the columns are number,month,inbound,outbound"),
        ("number,month,inbound,outbound\n", "usage.csv: holds no minutes"),
        ("number,month,inbound,outbound\n2.18E+10,2026-10,1,1\n", 'usage.csv:2: "2.18E+10" is not a number'),
        ("number,month,inbound,outbound\n021,10/2026,1,1\n", 'usage.csv:2: "10/2026" is not a month'),
        (
            "number,month,inbound,outbound\n021,2026-10,-1,1\n",
            'usage.csv:2: inbound "-1" is not a count of minutes',
        ),
        (
            "number,month,inbound,outbound\n021,2026-10,1,1\n021,2026-10,1,1\n",
            "usage.csv:3: 021 stands there twice for 2026-10",
        ),
    ],
)
def test_minutes_that_cannot_be_read_price_nothing(run: Run, project: Path, text: str, said: str) -> None:
    (project / "usage.csv").write_text(text, "utf-8")
    code, out, err = run("orders", "--offline", "--usage", "usage.csv")
    assert (code, out, said in err) == (2, "", True), err
