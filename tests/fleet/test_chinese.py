"""Mistakes and helps in Chinese, each by the command in a process of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccc_numbers.fleet.engine.changes import Change, Effect, Field
from ccc_numbers.fleet.plan.form import as_json
from ccc_numbers.fleet.plan.result import Outcome, Result
from ccc_numbers.fleet.plan.terminal import result_lines
from ccc_numbers.fleet.report.render import pages
from ccc_numbers.fleet.report.write import publish
from ccc_numbers.messages import language
from tests.fleet.drift_world import INSTANCE, NUMBER, World
from tests.fleet.report_world import site_of
from tests.fleet.report_world import world as fleet_world
from tests.support.browser import chromium, faults

MISTAKES = """\
instances:
  acme:
    removalBudget: some
    defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales]}
    numbers:
      "2180001001": {}
      "021-8000 1002": {}
      "4008001001": {usage: outbound}
      "02180001003": {usage: in}
      "02180001004": {flow: ~}
      "02180001005": {skillGroups: sales}
      "02180001006": {order: youyin}
      "02180001007": {colour: red}
    numbersFile: missing.csv
"""
SAID = """\
stacks/acme.yaml:3:20: instances.acme.removalBudget: "some" 既不是号码数量（如 1），也不是比例（如 "10%"）
stacks/acme.yaml:6:7: instances.acme.numbers.2180001001: 缺少开头的 0；请写成 02180001001
stacks/acme.yaml:7:7: instances.acme.numbers.021-8000 1002: 与云呼叫中心显示的写法不同；请写成 02180001002
stacks/acme.yaml:8:29: instances.acme.numbers.4008001001.usage: "outbound" 不能作为 400 号码的用途，400 号码只能呼入；请写 inbound
stacks/acme.yaml:9:30: instances.acme.numbers.02180001003.usage: "in" 不是用途；是不是 "inbound"？
stacks/acme.yaml:10:29: instances.acme.numbers.02180001004.flow: 缺失；双向号码没有流程就打不通
stacks/acme.yaml:11:36: instances.acme.numbers.02180001005.skillGroups: "sales" 是文本；这里需要列表，请写成 [sales]
stacks/acme.yaml:12:30: instances.acme.numbers.02180001006.order: "youyin" 不是本文件中的订单；其中没有订单
stacks/acme.yaml:13:23: instances.acme.numbers.02180001007.colour: 未知的键；这里可用的键有：usage、flow、skillGroups、order、ignoreChanges、agent、adopt、keepOnRemoval
stacks/acme.yaml:14:18: instances.acme.numbersFile: "missing.csv" 不存在
""".splitlines()


def chinese(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`ccc-numbers` in Chinese, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "ccc_numbers", *words],
        cwd=folder,
        env={"PATH": "", "HOME": "", "CCC_LANG": "zh", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_ten_mistakes_are_explained_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: numbers\n")
    (tmp_path / "stacks" / "Pulumi.acme.yaml").write_text("config:\n  ccc:region: cn-shanghai\n")
    (tmp_path / "stacks" / "acme.yaml").write_text(MISTAKES)
    found = chinese(tmp_path, "check")
    assert found.returncode == 2
    assert [line for line in found.stdout.splitlines() if line.startswith("stacks/")] == SAID
    form = json.loads(chinese(tmp_path, "check", "--output", "json").stdout)
    # Keys and rules are for programs: the same in every language.
    assert {"path", "rule", "message"} <= form["problems"][0].keys()
    assert {each["rule"] for each in form["problems"]} >= {"number", "usage", "flow", "unknown-key", "file"}


def test_a_mistyped_command_line_is_explained_in_chinese(tmp_path: Path) -> None:
    for words, said in (
        ("plan --sav out", '没有选项 "--sav"；是不是 "--save"？'),
        ("check --output xml", '没有取值 "xml"；应为以下之一：table'),
        ("drift --output", "--output 后面缺少值"),
        ("schema check drift", "多余的词：drift"),
    ):
        assert said in chinese(tmp_path, *words.split()).stderr


def test_a_baseline_of_english_holds_in_chinese(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = {NUMBER: {"usage": "bidirectional", "flow": "无此流程", "skillGroups": ["salez"]}}
    world.stack("acme", {"instances": {INSTANCE: {"numbers": numbers}}})
    monkeypatch.setenv("CCC_LANG", "en")
    language.choose()
    before = world.drift().report["findings"]
    assert world.run("drift", "--accept").code == 0
    monkeypatch.setenv("CCC_LANG", "zh")
    language.choose()
    answer = world.run("drift")
    assert answer.code == 0, answer.out
    assert "由 baseline 接受" in answer.out
    Path("drift-baseline.yaml").unlink()
    after = world.drift().report["findings"]
    kept = ("kind", "subject", "expected", "actual")
    assert [[each[key] for key in kept] for each in after] == [[each[key] for key in kept] for each in before]
    assert {each["kind"] for each in after} >= {"flow-gone", "group-gone"}
    english = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}")
    shown = re.sub(r"ccc-numbers (heal|drift|adopt) .*", "", world.run("drift").out)
    assert english.findall(shown) == []


def test_a_plan_is_said_in_chinese_though_it_keeps_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCC_LANG", "zh")
    language.choose()
    kept = Field("", None, "usage inbound → bidirectional, flow 主流程 → none")
    changes = (
        Change(NUMBER, "PhoneNumber", "create", (kept,), Effect.CHANGE, instance=INSTANCE),
        Change("02180001004", "PhoneNumber", "delete", (), Effect.REMOVE, INSTANCE, INSTANCE),
    )
    planned = Result("acme", "plan", Outcome.DONE, changes)
    assert [line.plain.strip() for line in result_lines(planned)] == [
        "acme：改绑 1 个（用途 inbound → bidirectional、流程 主流程 → 无）、从 acme-support 移出 1 个  0.0 秒",
        "acme-support",
        f"~ 改绑 1 个：{NUMBER}",
        "用途 inbound → bidirectional、流程 主流程 → 无",
        "- 移出 1 个：02180001004",
    ]
    assert "usage inbound → bidirectional" in as_json([planned])


@pytest.fixture(autouse=True)
def _the_language_of_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    language.choose()


def test_no_page_of_the_report_says_a_sentence_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCC_LANG", "zh")
    language.choose()
    with fleet_world(tmp_path) as fleet:
        made = list(pages(site_of(fleet)))
    publish(made, tmp_path / "report")
    found: dict[str, str] = {}
    with chromium() as browser:
        page = browser.new_page()
        for each in made:
            if each.path.endswith(".html"):
                page.goto((tmp_path / "report" / each.path).as_uri())
                assert page.get_attribute("html", "lang") == "zh-Hans"
                assert faults(page) == []
                found |= {text: each.path for text in page.evaluate(_TEXTS) if _SENTENCE.search(text)}
    # CCC's own words stay as CCC says them.
    assert [text for text in found if "AbnormalService" not in text] == []


_SENTENCE = re.compile(r"[A-Za-z]{2,}(?:[ ,;:]+[A-Za-z]{2,}){2,}")
_TEXTS = """() => {
  const found = [], walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest("script, style, code")) found.push(walk.currentNode.data);
  for (const name of ["aria-label", "title", "placeholder"])
    for (const each of document.querySelectorAll(`[${name}]`)) found.push(each.getAttribute(name));
  return found;
}"""
