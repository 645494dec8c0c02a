"""The report's pages for everybody, in a real browser: names, contrast, Chinese, dark, paper, keyboard, no script."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.fleet.report_reader import Folders, Reader
from tests.support.browser import faults

PAGES = (
    "index.html",
    "numbers.html",
    "findings.html",
    "orders.html",
    "stacks/acme.html",
    "stacks/globex.html",
    "stacks/initech.html",
)


# --- for everybody


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_every_page_can_be_read_by_everybody(
    browser: Browser, folders: Folders, scheme: str, width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    page = context.new_page()
    found = []
    for path in PAGES:
        page.goto(f"{folders.small.as_uri()}/{path}")
        found += [f"{path}: {fault}" for fault in faults(page)]
    page.goto(f"{folders.large.as_uri()}/numbers.html")
    found += [f"large: {fault}" for fault in faults(page)]
    context.close()
    assert found == []


def test_the_checks_find_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<main><h1>a</h1><h3>b</h3><input><p style='color:#999'>grey</p><p>主流程</p>"
        "<div style='width:5000px'>wide</div><table><tr><td>x</td></tr></table></main>"
    )
    found = "\n".join(faults(page))
    page.close()
    for expected in (
        "no accessible name: <input",
        "contrast 2.85",
        "without its language: 主流程",
        "scrolls sideways",
        "skips from level 1",
        "no caption",
        "has no language",
    ):
        assert expected in found


def test_chinese_is_drawn_with_chinese_glyphs(open_report: Reader) -> None:
    page = open_report.open("numbers.html")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    flow = session.send("DOM.querySelector", {"nodeId": root, "selector": "td[data-label=Flow][lang]"})
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": flow["nodeId"]})["fonts"]
    names = [font["familyName"] for font in fonts]
    if not any("CJK" in name or "Han" in name for name in names):
        pytest.skip(f"this machine has no Chinese font that tells its region, only {names}")
    assert any("SC" in name for name in names)


# --- light, dark, paper, keyboard, no script


def test_the_theme_follows_the_system_until_somebody_chooses(open_report: Reader) -> None:
    page = open_report.open("index.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(paper)
    assert light != dark
    button = page.get_by_role("button", name="Switch between light and dark")
    expect(button).to_contain_text("Light")
    button.click()
    assert page.evaluate(paper) == light
    open_report.open("orders.html")
    assert page.evaluate(paper) == light


def test_paper_is_white_and_holds_all_that_was_chosen(open_large: Reader) -> None:
    page = open_large.open("numbers.html#state=dead")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("tbody tr").count() == 104
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for gone in (page.get_by_label("Search"), page.get_by_role("navigation", name="Pages", exact=True)):
        expect(gone).not_to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("tbody tr").count() == 100


def test_paper_says_when_it_does_not_hold_everything(open_large: Reader) -> None:
    page = open_large.open("numbers.html")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("tbody tr").count() == 2000
    assert open_large.shown == "The first 2,000 of 10,000 numbers; all of them are in numbers.csv."


def test_a_report_prints(open_report: Reader) -> None:
    open_report.open("orders.html")
    assert open_report.page.pdf(format="A4").startswith(b"%PDF")


def test_two_hundred_and_fifty_numbers_are_a_few_sheets(open_large: Reader) -> None:
    page = open_large.open("numbers.html#stack=customer-01")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("tbody tr").count() == 250
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert sheets <= 5


def test_the_keyboard_is_enough(open_report: Reader) -> None:
    page = open_report.open("numbers.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # numbers.csv
    while page.evaluate("document.activeElement.name") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("1007")
    assert open_report.column("Number") == ["02180001007"]
    while page.evaluate("document.activeElement.textContent") != "Number":
        page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    assert page.get_by_role("columnheader", name="Number").get_attribute("aria-sort") == "ascending"


def test_without_scripts_the_pages_still_tell_everything_but_the_table(
    browser: Browser, folders: Folders
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{folders.small.as_uri()}/stacks/acme.html")
    assert page.locator("[data-finding]:visible").count() == 15
    expect(page.get_by_text("Searching this table needs JavaScript")).to_be_visible()
    context.close()
