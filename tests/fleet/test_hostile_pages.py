"""Hostile names on pages in a real browser: no script of theirs runs, nothing is fetched, they read as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from ccc_numbers.fleet.cli import main
from ccc_numbers.messages.visible import visible
from tests.messages.hostile import NAMES
from tests.messages.rules import invisible
from tests.support.browser import chromium
from tests.support.simulator import Simulator, start_simulator

INSTANCE = "acme-support"
USED = tuple(name for name in NAMES if name.strip() and len(name) < 120)


def _number(index: int) -> str:
    return f"0218{index:07d}"


def _seed() -> dict[str, object]:
    rows = [
        {
            "number": _number(index),
            "usage": "Bidirectional",
            "contactFlow": name,
            "skillGroups": [f"g{index}"],
            "provider": name,
            "province": name,
            "city": name,
        }
        for index, name in enumerate(USED)
    ]
    instance = {
        "name": USED[90],
        "description": USED[91],
        "status": "RUNNING",
        "numbers": rows,
        "contactFlows": [{"name": name, "type": "MAIN_FLOW", "published": True} for name in USED],
        "skillGroups": [
            {"name": f"g{index}", "displayName": name, "description": name} for index, name in enumerate(USED)
        ],
    }
    return {
        "instances": {INSTANCE: instance},
        "unassigned": [
            {"number": _number(5000 + index), "province": name, "city": name, "provider": name}
            for index, name in enumerate(USED)
        ],
    }


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with start_simulator(_seed()) as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Path:
    """A report and a drift page, written before a browser starts."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "stacks").mkdir()
    (root / "Pulumi.yaml").write_text("name: ccc-numbers\nruntime: python\n")
    (root / "stacks" / "Pulumi.acme.yaml").write_text(
        f"config:\n  ccc:region: cn-shanghai\n  ccc:endpoint: {simulator.url}\n"
    )
    rows = "".join(
        f'      "{_number(index)}": {{usage: bidirectional, flow: main, skillGroups: [sales]}}\n'
        for index in range(100)
    )
    (root / "stacks" / "acme.yaml").write_text(f"instances:\n  {INSTANCE}:\n    numbers:\n{rows}")
    assert main(["report", "--project", str(root), "--out", str(root / "out")]) == 0
    assert main(["drift", "--project", str(root), "-o", f"html={root / 'out' / 'drift.html'}"]) == 1
    return root / "out"


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    with chromium() as running:
        yield running


@dataclass
class Watch:
    """A page, and every error, dialog and request of it."""

    page: Page
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, context: BrowserContext) -> Watch:
        """A new one."""
        watch = cls(context.new_page())
        watch.page.on("pageerror", lambda error: watch.said.append(str(error)))
        watch.page.on("console", lambda said: watch.said.append(said.text) if said.type == "error" else None)
        watch.page.on("dialog", lambda dialog: watch.said.append(dialog.message))
        watch.page.on("request", lambda request: watch.requests.append(request.url))
        return watch

    def strangers(self, *ours: str) -> list[str]:
        """The requests that did not go to one of these hosts (a file's is "")."""
        return [
            url for url in self.requests if not url.startswith("data:") and urlsplit(url).netloc not in ours
        ]


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watch]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Watch.on(context)
    context.close()


@pytest.mark.parametrize(
    "path", ["index.html", "numbers.html", "findings.html", "stacks/acme.html", "drift.html"]
)
def test_a_report_of_hostile_names_runs_and_fetches_nothing(folder: Path, watch: Watch, path: str) -> None:
    page = watch.page
    page.goto(f"{folder.as_uri()}/{path}")
    for element in page.locator("summary").all()[:20]:
        element.click()
    assert page.evaluate("window.hit") is None
    assert watch.said == []
    assert watch.strangers("") == []
    text = page.evaluate("document.documentElement.textContent")
    assert invisible(text, "\n\t") == []
    assert (
        page.evaluate(
            "[...document.querySelectorAll('a')].filter(a => /^(javascript|data|https?):/.test(a.href)).length"
        )
        == 0
    )


def test_the_table_of_numbers_shows_each_name_as_it_is(folder: Path, watch: Watch) -> None:
    page = watch.page
    page.goto(f"{folder.as_uri()}/numbers.html")
    seen: set[str] = set()
    while True:
        seen |= set(
            page.locator("table.numbers tbody td").evaluate_all(
                "cells => cells.map(cell => cell.textContent)"
            )
        )
        if page.get_by_role("button", name="Next").is_disabled():
            break
        page.get_by_role("button", name="Next").click()
    whole = "\n".join(seen)
    assert [name for name in USED if visible(name) not in whole] == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/console/instances/{INSTANCE}",
        "/console/unassigned",
        f"/console/instances/{INSTANCE}/numbers/{_number(70)}",
    ],
)
def test_the_simulators_console_shows_hostile_names_as_text(
    simulator: Simulator, watch: Watch, path: str
) -> None:
    page = watch.page
    answer = page.goto(simulator.url + path)
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate("window.hit") is None
    assert watch.strangers(simulator.endpoint) == []
    assert [line for line in watch.said if "favicon" not in line] == []
    assert invisible(page.evaluate("document.documentElement.textContent")) == []
