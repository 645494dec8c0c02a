"""The language of texts: how it is chosen, and that no text is without it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccc_numbers.api.rows import Usage
from ccc_numbers.messages import catalogue, extraction, language
from ccc_numbers.messages.language import known_language, tr, trn
from ccc_numbers.messages.names import some, suggestion
from ccc_numbers.numbers.guards import Outlook, change
from ccc_numbers.numbers.plan_number import Binding
from ccc_numbers.vendors.readings import readings


@pytest.fixture(autouse=True)
def _a_language_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("CCC_LANG", "")
    monkeypatch.chdir(tmp_path)
    language.choose()
    yield
    monkeypatch.undo()
    language.choose()


def said(lang: str = "", *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`ccc-numbers --help` in a process of its own."""
    env = {"PATH": "", "HOME": "", "COLUMNS": "80", "CCC_LANG": lang, **environment}
    command = [sys.executable, "-m", "ccc_numbers", *(words or ("--help",))]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=env)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("zh", "zh_CN"),
        ("zh-CN", "zh_CN"),
        ("zh_CN.UTF-8", "zh_CN"),
        ("zh-Hans", "zh_CN"),
        ("zh_TW", None),
        ("en_GB.UTF-8", "en"),
        ("C", "en"),
        ("C.UTF-8", "en"),
        ("fr", None),
        ("zhx", None),
        ("", None),
    ],
)
def test_a_language_is_known_by_the_names_of_its_locales(name: str, meant: str | None) -> None:
    assert known_language(name) == meant


def test_the_option_wins_over_the_variable_over_the_project(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: numbers\nconfig:\n  ccc-numbers:lang: {value: zh}\n")
    below = tmp_path / "stacks"
    below.mkdir()
    os.environ.pop("CCC_LANG")
    language.choose(project=below)
    assert tr("none") == "无"
    assert os.environ["CCC_LANG"] == "zh"  # and so for what this process starts
    os.environ["CCC_LANG"] = "en"
    language.choose(project=below)
    assert tr("none") == "none"
    language.choose("zh")
    assert tr("none") == "无"


def test_a_wrong_language_is_one_line_wherever_it_stands(tmp_path: Path) -> None:
    wrong = 'ccc-numbers: CCC_LANG: "fr" is not a language; write en or zh\n'
    found = said("fr")
    assert (found.returncode, found.stdout, found.stderr) == (2, "", wrong)
    assert said("zh", "check", "--lang", "zz\x1b").stderr.startswith(
        'ccc-numbers: --lang: "zz\\u001b" is not'
    )
    (tmp_path / "Pulumi.yaml").write_text("name: numbers\nconfig:\n  ccc-numbers:lang: deutsch\n")
    assert "Pulumi.yaml: ccc-numbers:lang" in said().stderr


def test_the_locale_chooses_where_nothing_else_does() -> None:
    assert "一次找出" in said(LANG="zh_CN.UTF-8").stdout
    assert "一次找出" in said(LANG="en_US.UTF-8", LC_ALL="zh_CN.UTF-8").stdout
    assert "Find everything wrong" in said(LANG="zh_CN.UTF-8", LC_ALL="C.UTF-8").stdout
    assert "Find everything wrong" in said("en", LANG="zh_CN.UTF-8").stdout


def test_the_help_in_chinese_loses_nothing() -> None:
    text = said("zh").stdout
    assert "一次找出 stack 文件中的全部问题，不访问网络。" in text
    drift = said("zh_CN.UTF-8", "drift", "-h").stdout
    for each in (text, drift):
        # On its own rich cuts Chinese in the cells of a table.
        assert "…" not in each
        assert "Show this" not in each
    assert "退出码：0 全部与声明一致" in drift
    assert "检查订单及其申请材料" in said("zh", "orders", "request", "--help").stdout


def test_lists_and_counts_are_joined_as_each_language_does() -> None:
    assert some(["a", "b", "c"], 2) == "a, b and 1 more"
    assert trn("{count:,} number stays", "{count:,} numbers stay", 1_000) == "1,000 numbers stay"
    language.choose("zh")
    assert some(["a", "b", "c"], 2) == "a、b，另有 1 个"
    assert suggestion("xyz", ["夜间", "主流程"], "there are") == "现有的有：夜间、主流程"


def test_what_plans_and_baselines_keep_is_english_in_every_language() -> None:
    before = Binding(Usage.INBOUND, "主流程", frozenset({"sales", "vip"}))
    after = Binding(Usage.BIDIRECTIONAL, None, frozenset())
    kept = "usage inbound → bidirectional, flow 主流程 → none, skill groups sales, vip → none"
    language.choose("zh")
    assert change(before, after) == kept
    assert str(before) == "inbound, flow 主流程, skill groups sales, vip"
    seen = Outlook(rebind={"02180001001": kept}, bindings={"02180001001": (before, after)})
    assert str(seen) == "1 个待改绑（用途 inbound → bidirectional、流程 主流程 → 无、技能组 sales、vip → 无）"


def test_english_reads_no_catalogue() -> None:
    script = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, about: event == 'open' and opened.append(str(about[0])))\n"
        "import ccc_numbers.provider.__main__\n"
        "from ccc_numbers.messages.language import tr\n"
        "tr('none')\n"
        "sys.exit([each for each in opened if each.endswith('.mo')] or 'babel' in sys.modules)"
    )
    env = {key: value for key, value in os.environ.items() if key != "CCC_LANG"}
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, env=env)


def test_the_catalogues_are_complete_and_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue.main(["--check"]) == 0, capsys.readouterr().err


def test_texts_in_data_are_in_the_catalogue() -> None:
    language.choose("zh")
    texts = [text for each in readings() for text in (each.read, each.why, each.otherwise)]
    assert [text for text in texts if tr(text) == text] == []


def test_words_outside_the_catalogue_are_found(tmp_path: Path) -> None:
    source = tmp_path / "room.py"
    source.write_text(
        '"""A docstring is not shown."""\n'
        "raise ValueError(f'is {kind}')\n"
        "message = 'two words' if bad else tr('three whole words')\n"
        "key = f'ccc:{name}'\n"
        "wire = 'for the wire'  # not translated: CCC reads it\n"
    )
    assert list(extraction.untranslated(source)) == [(2, "is {}"), (3, "two words")]
    assert [each.one for each in extraction.messages(source)] == ["three whole words"]
