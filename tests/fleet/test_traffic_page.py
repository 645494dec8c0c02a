"""Calls as a page of the report, and in drift's own page."""

import csv
import re
from pathlib import Path

from tests.fleet.drift_world import World
from tests.fleet.traffic_world import BUSY, NOW, UNANSWERED, begin
from tests.support.browser import chromium, faults


def written(world: World, *words: str) -> Path:
    folder = world.root / "public"
    assert world.run("report", "--out", str(folder), "--today", NOW, *words).code == 0
    return folder


def test_the_report_shows_calls_by_instance_and_number(world: World) -> None:
    begin(world)
    folder = written(world, "--traffic", "30d")
    page = (folder / "calls.html").read_text("utf-8")
    bars = re.findall(r"<g class=\"callbar\">\s*<title>(.*?)</title>", page)
    assert bars[0].startswith("acme-support: in, an agent answered: 13, in, no agent answered: 14, out: 20")
    assert [bar.partition(":")[0] for bar in bars[1:3]] == [BUSY, "02180001002"]
    assert "2025-02-08 00:00" in page
    rows = (folder / "calls.csv").read_text("utf-8").splitlines()
    assert rows[1] == f'"=""{BUSY}""",acme,acme-support,14,4,10,0'
    assert len(rows) == 7
    for each in ("index.html", "stacks/acme.html"):
        assert "calls.html" in (folder / each).read_text("utf-8")
    assert "unused-but-paid" in (folder / "findings.html").read_text("utf-8")
    states = {
        row[0][2:-1]: row for row in csv.reader((folder / "numbers.csv").read_text("utf-8-sig").splitlines())
    }
    assert "as declared" in states[BUSY]
    assert "to look at" in states[UNANSWERED]
    hidden = written(world, "--traffic", "30d", "--mask")
    assert all(BUSY not in each.read_text("utf-8") for each in hidden.glob("calls.*"))
    plain = written(world)
    assert not (plain / "calls.html").exists()
    assert "calls.html" not in (plain / "index.html").read_text("utf-8")


def test_drift_shows_calls_in_its_own_page(world: World) -> None:
    begin(world)
    page = world.root / "drift.html"
    world.run("drift", "--traffic", "30d", "--today", NOW, "--output", f"html={page}")
    text = page.read_text("utf-8")
    assert f"<title>{UNANSWERED}: in, no agent answered: 10</title>" in text
    world.run("drift", "--today", NOW, "--output", f"html={page}")
    assert 'callbar"' not in page.read_text("utf-8")


def test_the_page_of_calls_can_be_read_by_everybody(world: World) -> None:
    begin(world)
    folder = written(world, "--traffic", "30d")
    found = []
    # Begun here, after the report: Playwright keeps this thread's event loop.
    with chromium() as browser:
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 360)):
            context = browser.new_context(
                color_scheme=scheme,  # type: ignore[arg-type]
                viewport={"width": width, "height": 800},
            )
            page = context.new_page()
            page.goto(f"{folder.as_uri()}/calls.html")
            found += [f"{scheme} {width}: {fault}" for fault in faults(page)]
            context.close()
    assert found == []
