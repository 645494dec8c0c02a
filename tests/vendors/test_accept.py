"""`accept` on an order: a person stands for words of the scene that forbid it, and everybody sees who."""

import zipfile
from pathlib import Path

import pytest

from tests.vendors.conftest import Run, change
from tests.vendors.papers import papers
from tests.vendors.test_request import PAPERS

CHECK = ("check", "acme", "--today", "2026-11-23")
REQUEST = ("orders", "request", "youyin-2026-08", "-s", "acme", "--out", "out", "--today", "2026-11-23")
DOUBTFUL = "给门店备用金的提醒"
SURE = "回访买了贷款计算器的客户"


def cover(project: Path) -> str:
    with zipfile.ZipFile(project / "out/youyin-2026-08.zip") as packed:
        return packed.read("youyin-2026-08/cover.md").decode()


@pytest.fixture(autouse=True)
def _with_papers(project: Path) -> None:
    papers(project / "stacks")
    change(project, materials=PAPERS)


def test_a_doubtful_scene_is_silent_once_accepted(run: Run, project: Path) -> None:
    change(project, scene=DOUBTFUL)
    code, out, err = run(*CHECK)
    assert (code, 'says "备用金" in "给门店备用金的提醒", which may be 贷款' in out + err) == (0, True), (
        out + err
    )
    change(project, accept=[{"word": "贷款", "by": "王芳"}])
    code, out, err = run(*CHECK)
    assert (code, "备用金" in out + err) == (0, False), out + err
    assert run(*REQUEST)[0] == 0
    assert "read and allowed by hand: 贷款（王芳）" in cover(project)


def test_a_forbidden_scene_needs_a_name_and_a_reason(run: Run, project: Path) -> None:
    change(project, scene=SURE, accept=[{"word": "贷款", "by": "王芳"}])
    code, out, err = run(*CHECK)
    assert (code, "accept: [{word: 贷款, by: NAME, reason: WHY}]" in out + err) == (2, True), out + err
    assert run(*REQUEST)[0] == 2
    change(project, accept=[{"word": "贷款", "by": "王芳", "reason": "卖的是计算器"}])
    code, out, err = run(*CHECK)
    assert (code, "王芳 stands for it: 卖的是计算器" in out + err) == (0, True), out + err
    code, out, err = run("orders", "acme", "--offline", "--today", "2026-11-23")
    assert (code, "王芳 stands for it: 卖的是计算器" in " ".join(out.split())) == (0, True), out
    assert run(*REQUEST)[0] == 0
    assert "read and allowed by hand: 贷款（王芳：卖的是计算器）" in cover(project)
