"""A real headless Chromium for tests that look at pages, and what every page of ours must keep.

    with chromium() as browser:
        page = browser.new_page()
        page.goto(url)
        assert faults(page) == []          # accessible names, contrast, headings, tables, no sideways scrolling

Playwright's synchronous side keeps an event loop in its thread: do nothing asynchronous inside the block.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_CHECKS = Path(__file__).with_name("page_faults.js")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Without one the test is left out, or fails in CI, where that would go unseen."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        why = f"no Chromium on PATH (looked for {', '.join(NAMES)}); `make test-deps` installs it"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def faults(page: Page) -> list[str]:
    """What is wrong with a page for people who do not see it as its maker does; one line each."""
    found: list[str] = page.evaluate(_CHECKS.read_text("utf-8"))
    return found
