"""Pulumi in Chinese: errors are in it, and a change of the language changes nothing else."""

import json
import re

from tests.provider.conftest import Begin
from tests.support.languages import english_in
from tests.support.stack import Result
from tests.support.worlds import INSTANCE, OTHER, Json, bound, declaration, instance, number, numbers, seed

ORDER = {
    "vendor": "A",
    "product": "landline-aftersales",
    "stage": "imported",
    "quantity": 2,
    "regions": ["上海"],
    "purchased": "2026-08-01",
    "term": "1y",
    "prepaid": 3000,
}


def test_the_language_of_a_project_changes_its_errors_alone(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(3)))
    wanted = declaration({number(1): {"order": "youyin"}, number(2): {"order": "youyin"}}, changeBudget=1) | {
        "orders": {"youyin": ORDER}
    }
    stack.declare(wanted)
    assert stack.up().code == 0
    assert stack.up().code == 0  # the order has seen its numbers by now
    before = stack.state()

    project = stack.folder / "Pulumi.yaml"
    text = project.read_text("utf-8")
    project.unlink()
    project.write_text(f"{text}config:\n  ccc-numbers:lang: zh\n", "utf-8")
    again = stack.up(preview=True)
    assert (again.code, again.changes, again.warnings) == (0, {}, []), again.text
    after = stack.state()
    for name, resource in before.items():
        assert (after[name].get("inputs"), after[name].get("outputs")) == (
            resource.get("inputs"),
            resource.get("outputs"),
        ), name

    rebound = json.loads(json.dumps(wanted).replace("bidirectional", "inbound"))
    stack.declare(rebound)
    refused = stack.preview()
    assert refused.code != 0
    assert "本次更新会改绑 acme-support 的 2 条线路中的 2 条，超过单次改绑上限 1" in refused.text
    assert simulator.numbers("acme-support")[number(1)]["usage"] == "Bidirectional"


# The engine's own words around ours.
OF_THE_ENGINE = re.compile(r"^(?:Preview failed: |\S+ resource '\S+' has a problem: )|^preview failed$")


def said(result: Result) -> list[str]:
    """The errors, warnings and remarks of a run, without the engine's own; in none of them is an English sentence."""
    lines = [
        OF_THE_ENGINE.sub("", line) for kind in ("error", "warning", "info") for line in result.messages(kind)
    ]
    assert english_in(lines) == []
    return [line for line in lines if line and "没有写明订单" not in line]


def test_every_refusal_and_remark_of_a_run_is_in_chinese(begin: Begin) -> None:
    foreign = numbers(4, start=20)
    world = seed(numbers(5), billing=instance([bound(each) for each in foreign]))
    world["instances"]["acme-idle"] = instance(status="STOPPED")
    stack, simulator = begin(world)
    ordered: dict[str, Json] = {number(1): {"order": "youyin"}, number(2): {"order": "youyin"}}
    others: dict[str, Json] = {each: {} for each in numbers(3, start=3)}
    orders = {"orders": {"youyin": ORDER}}
    usual = declaration(ordered | others) | orders
    stack.declare(usual)
    assert stack.up().code == 0
    stack.environment["CCC_LANG"] = "zh"
    idle = declaration({}, instance="acme-idle")["instances"]
    refusals = [
        (
            declaration(ordered) | orders,
            f"从 {INSTANCE} 移出 5 个号码中的 3 个，超过单次移出上限 1：{number(3)}、",
        ),
        (
            declaration(ordered | others | {key: {} for key in foreign}) | orders,  # one cause, one line
            f"为 {INSTANCE} 声明的 4 个号码目前在 {OTHER} 中，",
        ),
        (
            declaration(ordered | others | {foreign[0]: {}}) | orders,
            f"{foreign[0]} 在实例 {OTHER} 中，绑定为 bidirectional、流程 主流程、技能组 sales，而声明要求",
        ),
        (usual | {"instances": usual["instances"] | idle}, "实例 acme-idle 的状态是 STOPPED，不是 RUNNING："),
        (
            usual | {"orders": {"youyin": ORDER | {"stage": "paid"}}},
            "订单 youyin 处于 imported，不能退回 paid：",
        ),
    ]
    before = simulator.state()
    for wrong, refusal in refusals:
        stack.declare(wrong)
        [line] = said(stack.preview())
        assert refusal in line, line
    assert simulator.state() == before

    numbered = ordered | {number(3): {"flow": "夜间流程"}, number(4): {}, number(90): {}}
    stack.declare(declaration(numbered, removalBudget=2) | orders)
    pending, line, removed = said(stack.up())
    assert pending.startswith(f"{number(90)} 尚未导入账号，为待导入号码。")
    assert line == (
        f"{INSTANCE}: removalBudget 默认值 → 2；1 个待改绑（流程 主流程 → 夜间流程）、1 个待导入、1 个待移出（{number(5)}）"
    )
    assert removed == f"已从 {INSTANCE} 移出：{number(5)}；现为未分配号码，与供应商的合同继续有效"
