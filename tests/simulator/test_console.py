"""The simulator's console as an operator uses it, in a real browser without scripts, and what it refuses."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.simulator.console_world import HOTLINE, ONE, SEED
from tests.support.browser import faults
from tests.support.simulator import Simulator


@dataclass(frozen=True)
class Operator:
    """A person at the console."""

    page: Page
    simulator: Simulator

    def open(self, path: str = "/") -> Page:
        self.page.goto(self.simulator.url + path)
        return self.page

    def number(self, number: str) -> Page:
        return self.open(f"/console/instances/acme-support/numbers/{number}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    @property
    def note(self) -> str:
        return self.page.locator(".note").inner_text()


@pytest.fixture
def operator(browser: Browser, simulator: Simulator) -> Iterator[Operator]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1150, "height": 800})
    yield Operator(context.new_page(), simulator)
    context.close()


# --- what is done


def test_the_front_page_shows_the_instances(operator: Operator) -> None:
    page = operator.open("/")
    rows = page.locator("tbody tr").all_inner_texts()
    assert [" ".join(row.split()) for row in rows] == [
        "acme-closed stopped 0 0 0 0 1570000000000001",
        "acme-support 客服中心 running 4 1 3 3 1570000000000001",
    ]
    page.get_by_role("link", name="acme-support").click()
    assert "none: callers reach nothing" in page.locator("tr", has_text="02180001002").inner_text()
    assert "agent wang@acme-support" in page.locator("tr", has_text="13900001001").inner_text()


def test_unassigned_numbers_are_added_with_their_bindings(operator: Operator) -> None:
    page = operator.open("/console/instances/acme-support")
    page.get_by_role("link", name="Add numbers").click()
    for number in ("02180002003", "02180002007"):
        page.get_by_label(number).check()
    page.get_by_label("Contact flow").select_option(label="夜间流程")
    page.get_by_label("sales").check()
    operator.press("Add to acme-support")
    assert operator.note == "Added to acme-support: 02180002003, 02180002007."
    numbers = operator.simulator.numbers("acme-support")
    for number in ("02180002003", "02180002007"):
        assert numbers[number]["usage"] == "Bidirectional"
        assert numbers[number]["contactFlow"] == "夜间流程"
        assert numbers[number]["skillGroups"] == ["sales"]
    page.reload()
    assert page.locator(".note").count() == 0  # shown once, done once


def test_flow_and_groups_are_bound_and_unbound(operator: Operator) -> None:
    page = operator.number(ONE)
    page.get_by_label("Contact flow").select_option(label="夜间流程")
    page.get_by_label("vip").check()
    page.get_by_label("sales").uncheck()
    operator.press("Save")
    row = operator.simulator.numbers("acme-support")[ONE]
    assert (row["contactFlow"], row["skillGroups"]) == ("夜间流程", ["vip"])
    operator.number(ONE)
    page.get_by_label("Contact flow").select_option("")
    page.get_by_label("vip").uncheck()
    operator.press("Save")
    row = operator.simulator.numbers("acme-support")[ONE]
    assert ("contactFlow" in row, row["skillGroups"]) == (False, [])
    operator.number(ONE)
    page.get_by_label("outbound").check()
    operator.press("Save")
    assert operator.simulator.numbers("acme-support")[ONE]["usage"] == "Outbound"
    operator.number(ONE)
    operator.press("Save")
    assert operator.note == f"{ONE} needed no change."


def test_a_bound_number_is_removed_only_by_force(operator: Operator) -> None:
    page = operator.open("/console/instances/acme-support")
    page.get_by_label(f"Choose {ONE}").check()
    operator.press("Remove selected")
    assert f"CCC did not remove: {ONE}." in operator.note
    page.get_by_label(f"Choose {ONE}").check()
    page.get_by_label("even if bound").check()
    operator.press("Remove selected")
    assert operator.note == f"Removed from acme-support, unassigned again: {ONE}."
    assert ONE in operator.simulator.unassigned()


def test_support_imports_numbers(operator: Operator) -> None:
    page = operator.open("/console/unassigned")
    page.get_by_label("Numbers, or ranges").fill("02066001001，02180002000\n075566001001 – 075566001003")
    page.get_by_label("City").fill("广州")
    operator.press("Import")
    assert operator.note == "4 numbers imported. 1 was there already."
    state = {row["number"]: row for row in operator.simulator.state()["unassigned"]}
    assert state["02066001001"]["city"] == "广州"
    assert state["02180002000"]["city"] == "上海"
    assert "075566001003" in state


# --- what is refused, as CCC refuses it


def test_a_refusal_by_ccc_is_shown_and_the_form_kept(operator: Operator) -> None:
    page = operator.number(HOTLINE)
    page.get_by_label("bidirectional").check()
    page.get_by_label("sales").check()
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        operator.press("Save")
    assert posted.value.status == 400
    assert "CCC refused it: 400 Parameter.Invalid" in operator.note
    assert "the 400 number 4008001001 can only be Inbound" in operator.note
    expect(page.get_by_label("bidirectional")).to_be_checked()
    assert operator.simulator.numbers("acme-support")[HOTLINE]["usage"] == "Inbound"


def test_an_instance_that_does_not_run_refuses(operator: Operator) -> None:
    page = operator.open("/console/instances/acme-closed/add")
    page.get_by_label("02180002000").check()
    operator.press("Add to acme-closed")
    assert "CCC refused it: 403 AbnormalService.Ceased" in operator.note


def test_the_switches_hold_here_too(operator: Operator) -> None:
    operator.simulator.switch(remove_bound="refused")
    page = operator.open("/console/instances/acme-support")
    page.get_by_label(f"Choose {ONE}").check()
    operator.press("Remove selected")
    assert "CCC refused it: 400 InUse.Number" in operator.note
    operator.simulator.switch(remove_bound="failed")


def test_a_form_without_numbers_is_refused(operator: Operator) -> None:
    page = operator.open("/console/instances/acme-support")
    operator.press("Remove selected")
    assert operator.note == "Choose at least one number."
    page.get_by_role("link", name="Add numbers").click()
    operator.press("Add to acme-support")
    assert operator.note == "Choose at least one number."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("02180x", "“02180x” is neither a number (3 to 20 digits) nor a range of them"),
        ("02180002999-02180002000", "the range 02180002999 to 02180002000 does not run upwards"),
        ("02180002000-02990002000", "a range holds at most 1000000 numbers"),
        ("02066001000-02066001005", "02066001001 stands twice"),
    ],
)
def test_a_mistake_in_an_import_is_one_line_and_nothing_is_imported(
    operator: Operator, typed: str, said: str
) -> None:
    before = operator.simulator.unassigned()
    page = operator.open("/console/unassigned")
    page.get_by_label("Numbers, or ranges").fill(f"02066001001 {typed}")
    operator.press("Import")
    assert operator.note == said
    assert page.get_by_label("Numbers, or ranges").input_value() == f"02066001001 {typed}"
    assert operator.simulator.unassigned() == before


def test_a_missing_number_or_page_is_a_404_page(operator: Operator) -> None:
    for path, said in (
        ("/console/instances/nosuch", "There is no instance nosuch."),
        ("/console/instances/acme-support/numbers/02180002000", "is not in acme-support"),
        ("/console/nowhere", "no such page"),
    ):
        answer = operator.page.goto(operator.simulator.url + path)
        assert answer
        assert answer.status == 404
        assert said in operator.page.inner_text("main")


# --- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everybody(browser: Browser, simulator: Simulator, scheme: str) -> None:
    found = []
    for width in (1150, 360):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
        page = context.new_page()
        for path in (
            "/",
            "/console/unassigned",
            "/console/instances/acme-support",
            "/console/instances/acme-support/add",
            f"/console/instances/acme-support/numbers/{ONE}",
            "/console/instances/nosuch",
        ):
            page.goto(simulator.url + path)
            found += [f"{width} {path}: {fault}" for fault in faults(page)]
        page.goto(f"{simulator.url}/console/instances/acme-support/numbers/{HOTLINE}")
        page.get_by_label("bidirectional").check()
        with page.expect_navigation():
            page.get_by_role("button", name="Save").click()
        found += [f"{width} refused: {fault}" for fault in faults(page)]
        context.close()
    assert found == []


def test_the_keyboard_is_enough(operator: Operator, browser: Browser) -> None:
    """From the front page to a number without its flow, with Tab, space, arrows and Enter alone."""
    context = browser.new_context()  # scripts allowed: only to ask where the focus is
    page = context.new_page()
    page.goto(operator.simulator.url)

    def go_to(what: str) -> None:
        focused = "document.activeElement.getAttribute('aria-label') || document.activeElement.id || document.activeElement.textContent.trim()"
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(focused) == what:
                return
        raise AssertionError(f"Tab never reaches {what}")

    go_to("acme-support")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acme-support")
    go_to(f"Change {ONE}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{ONE}")
    go_to("flow")
    page.keyboard.press("Home")
    go_to("Save")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acme-support")
    context.close()
    assert "contactFlow" not in operator.simulator.numbers("acme-support")[ONE]


def test_long_lists_come_in_pages(operator: Operator) -> None:
    many = [{"range": ["02190000000", "02190049999"]}]
    operator.simulator.put_state({**SEED, "unassigned": many})
    begun = monotonic()
    page = operator.open("/console/unassigned?page=1000")
    assert monotonic() - begun < 3
    assert "Page 1,000 of 1,000, 50,000 in all" in page.inner_text(".pager")
    assert page.locator("tbody tr").last.inner_text().startswith("02190049999")
    page.get_by_label("Number contains").fill("4321")
    operator.press("Search")
    assert "Page 1 of" not in page.inner_text("main")
    assert page.locator("tbody tr").count() == 15
    page.get_by_role("link", name="show all").click()
    page.get_by_role("link", name="Next").click()
    assert "Page 2 of 1,000" in page.inner_text(".pager")


def test_the_api_counts_only_its_own_calls(operator: Operator) -> None:
    operator.simulator.faults([{"fault": "throttle"}])
    page = operator.number(ONE)
    page.get_by_label("vip").check()
    operator.press("Save")
    assert operator.note == f"{ONE} updated."
    assert operator.simulator.calls() == {}
    operator.simulator.faults([])
