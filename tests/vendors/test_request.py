"""`ccc-numbers orders request`: what it writes, and that it writes nothing about an order that is wrong."""

from pathlib import Path

from ccc_numbers.vendors.application import intent
from ccc_numbers.vendors.orders import Stage
from tests.vendors.conftest import Run, change
from tests.vendors.papers import papers, word
from tests.vendors.support import entry, order

PAPERS = {
    "acceptanceForm": "materials/form.doc",
    "realNameCommitment": "materials/commitment.pdf",
    "script": "materials/script.docx",
    "contract": "materials/合同.png",
}


def test_an_application_is_made_twice_alike(run: Run, project: Path) -> None:
    papers(project / "stacks")
    change(project, materials=PAPERS)
    made = [
        run("orders", "request", "youyin-2026-08", "--stack", "acme", "--out", name) for name in ("a", "b")
    ]
    assert [code for code, _, _ in made] == [0, 0]
    assert made[0][1] == made[1][1]
    documented = Path(__file__).parents[2] / "docs/application.md"
    assert f"```text\n{made[0][1].strip()}\n```" in documented.read_text("utf-8")
    assert (project / "a/youyin-2026-08.zip").read_bytes() == (project / "b/youyin-2026-08.zip").read_bytes()
    assert "8 files, SHA-256 " in made[0][2]


def test_an_application_that_cannot_be_made_writes_nothing(run: Run, project: Path) -> None:
    papers(project / "stacks", word("加微信", "贷款"))
    change(project, materials={**PAPERS, "contract": "materials/none.pdf"})
    words = ("orders", "request", "youyin-2026-08", "-s", "acme", "--out", "out")
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        "orders.youyin-2026-08.materials.script",
        "orders.youyin-2026-08.materials.script",
        "orders.youyin-2026-08.materials.contract",
        "ccc-numbers",
    ]
    assert "3 things are wrong; nothing was written" in err
    assert not (project / "out").exists()
    assert "2 things are wrong" in run(*words, "--accept", "贷款")[2]


def test_an_application_that_breaks_a_rule_writes_nothing(run: Run, project: Path) -> None:
    papers(project / "stacks")
    change(project, materials=PAPERS, scene="小额贷款推广", calledRegions=["上嗨"], prepaid=3500)
    words = ("orders", "request", "youyin-2026-08", "-s", "acme", "--out", "out", "--today", "2026-11-23")
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert 'scene: "小额贷款推广" says "贷款"' in err
    assert "包含但不限于" in err
    assert 'calledRegions[0]: "上嗨" is not a province' in err
    assert 'prepaid: "3500' in err, "a warning, which stops nothing"
    assert "2 things are wrong; nothing was written" in err
    assert not (project / "out").exists()


def test_an_intended_order_is_asked_for_without_papers(run: Run, project: Path) -> None:
    change(project, stage="intended", since=None, purchased=None, orderId=None, materials=None, company=None)
    code, out, err = run("orders", "request", "youyin-2026-08", "-s", "acme", "--out", "out")
    assert (code, out.startswith("@cccsupport2 您好"), "请确认购买意向" in out) == (0, True, True), err
    assert "order youyin-2026-08 says no company" in err
    assert (project / "out/youyin-2026-08-intent.txt").read_text("utf-8") == out.removesuffix("\n")


def test_an_order_nobody_declared(run: Run, project: Path) -> None:
    code, _, err = run("orders", "request", "youyin", "--stack", "acme")
    assert (code, err) == (
        2,
        'ccc-numbers: stack acme declares no order "youyin"; did you mean "youyin-2026-08"?\n',
    )


def test_the_message_before_the_purchase_asks_for_it() -> None:
    one = order(stage=Stage.INTENDED, quantity=2, regions=("上海",), company="示例科技有限公司")
    asked = intent(one, entry("landline-aftersales"), ["acme-support"])
    assert (asked.archive, asked.data.decode()) == ("o-intent.txt", asked.message)
    assert asked.message.startswith(
        "@cccsupport2 您好，示例科技有限公司的云呼叫中心需要购买合作伙伴号码，请确认购买意向"
    )
    for line in ("供应商：A（优音）", "号码类型：售后（回访）类业务固话", "申请数量：2 个", "号码地区：上海"):
        assert f"\n{line}\n" in asked.message
    assert "在云市场付款" in asked.message
