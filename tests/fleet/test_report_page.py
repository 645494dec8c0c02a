"""The report's pages as people use them, in a real browser: search, sort, filter, links, ten thousand numbers."""

from time import monotonic

from playwright.sync_api import expect

from tests.fleet.report_reader import Reader

# --- numbers


def test_search_finds_a_number_by_anything_about_it(open_report: Reader) -> None:
    page = open_report.open("numbers.html")
    for search, found in (
        ("1003", ["02180001003"]),
        ("夜间", ["02180001002"]),
        ("北京", ["01060001001", "01060001002"]),
        ("GLOBEX-400", ["4008001001"]),
        ("unmanaged", ["02180009999"]),
        ("上海 sales,", ["02180001004"]),
        ("０２１８０００１００１", ["02180001001"]),
        ("021-8000 1001", ["02180001001"]),
        ("+86 21 8000-1001", ["02180001001"]),
        ("4008 001 001", ["4008001001"]),
        ("021 8100 1001", ["No numbers match."]),
        ("夜间 021 8000", ["02180001002"]),
        ("no such thing", ["No numbers match."]),
    ):
        page.get_by_label("Search").fill(search)
        assert "among 11 numbers" in open_report.shown
        assert open_report.column("Number") == found


def test_filters_go_together_and_can_be_cleared(open_report: Reader) -> None:
    page = open_report.open("numbers.html")
    page.get_by_label("State").select_option("differs")
    assert open_report.shown == "3 found among 11 numbers"
    page.get_by_label("Finding").select_option("wrong-flow")
    assert open_report.column("Number") == ["02180001002"]
    page.get_by_role("button", name="Clear").click()
    assert open_report.shown == "11 numbers"
    expect(page.get_by_label("Search")).to_be_focused()


def test_a_view_can_be_linked_and_gone_back_to(open_report: Reader) -> None:
    page = open_report.open("index.html")
    page.get_by_role("link", name="1 dead").click()
    assert open_report.column("Number") == ["02180001003"]
    page.get_by_role("link", name="dead-inbound").click()
    assert page.url.endswith("findings.html#q=02180001003")
    expect(page.locator("[data-shown]")).to_have_text("1 of 15 findings")
    assert page.locator("[data-finding]:visible .command").inner_text() == "ccc-numbers heal acme --yes"
    page.go_back()
    assert open_report.column("Number") == ["02180001003"]
    expect(page.get_by_label("State")).to_have_value("dead")


def test_a_link_with_nonsense_shows_everything(open_report: Reader) -> None:
    open_report.open("numbers.html#state=nosuch&sort=-constructor&page=999&x=%")
    assert open_report.shown == "11 numbers"


def test_headings_sort_up_down_and_back(open_report: Reader) -> None:
    page = open_report.open("numbers.html")
    as_given = open_report.column("Number")
    heading = page.get_by_role("columnheader", name="¥ a month")
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert open_report.column("¥ a month")[-1] == "138.89"
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert open_report.column("¥ a month")[0] == "138.89"
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") is None
    assert open_report.column("Number") == as_given


def test_what_differs_shows_both_sides(open_report: Reader) -> None:
    page = open_report.open("numbers.html#q=02180001002")
    assert page.locator("td[data-label=Flow]").inner_text().split("\n") == ["夜间流程", "declared 主流程"]


def test_the_page_of_a_stack_has_its_own_numbers(open_report: Reader) -> None:
    page = open_report.open("index.html")
    page.get_by_role("link", name="globex", exact=True).click()
    assert open_report.column("Number") == ["4008001001"]
    page.get_by_role("link", name="globex-400").click()
    expect(page.locator("tr:target th")).to_contain_text("globex-400")


# --- ten thousand numbers


def test_ten_thousand_numbers_stay_usable(open_large: Reader) -> None:
    begun = monotonic()
    page = open_large.open("numbers.html")
    page.wait_for_selector("tbody tr")
    assert monotonic() - begun < 10
    assert page.locator("tbody tr").count() == 100
    measure = """(step) => {
        const begun = performance.now();
        if (step.type) {
            const search = document.querySelector("input[name=q]");
            search.value = step.type;
            search.dispatchEvent(new Event("input", { bubbles: true }));
        } else document.querySelector(step.click).click();
        document.body.getBoundingClientRect();
        return performance.now() - begun;
    }"""
    steps = [
        {"type": "上海"},
        {"type": "上海 customer-07"},
        {"type": "021000042"},
        {"type": " "},
        *(
            {"click": f"th[data-sort={name}] button"}
            for name in ("number", "instance", "flow", "order", "fen")
        ),
    ]
    # Once to warm up, then the better of two: this machine may be doing something else as well.
    for step in steps:
        times = [page.evaluate(measure, step) for _ in range(3)]
        assert min(times[1:]) < 1000, (step, times)  # 25 to 90 ms on an idle machine


def test_pages_are_turned_to_the_last(open_large: Reader) -> None:
    page = open_large.open("numbers.html#sort=number")
    pager = page.get_by_role("navigation", name="Pages of the table")
    assert open_large.shown == "1–100 of 10,000 numbers"
    assert pager.get_by_role("button", name="Back").is_disabled()
    pager.get_by_role("button", name="Last").click()
    assert open_large.shown == "9,901–10,000 of 10,000 numbers"
    assert open_large.column("Number")[-1] == "02100009999"
    pager.get_by_role("button", name="Back").click()
    assert "Page 99 of 100" in pager.inner_text()
    page.reload()
    assert open_large.shown == "9,801–9,900 of 10,000 numbers"


# --- findings and orders


def test_findings_are_filtered_by_kind_from_the_overview(open_report: Reader) -> None:
    page = open_report.open("index.html")
    page.get_by_role("link", name="wrong-groups").click()
    expect(page.locator("[data-finding]:visible")).to_have_count(1)
    page.get_by_label("Severity").select_option("warning")
    assert page.locator("[data-finding]:visible").count() == 0
    assert page.locator("main h2:visible").count() == 0
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-shown]")).to_have_text("15 findings")


def test_tables_in_the_page_sort_by_what_they_mean(open_report: Reader) -> None:
    page = open_report.open("orders.html")
    table = page.locator("table", has=page.locator("caption", has_text="Orders: stage"))
    ends = table.get_by_role("columnheader", name="Ends")
    ends.get_by_role("button").click()
    ends.get_by_role("button").click()
    assert ends.get_attribute("aria-sort") == "descending"
    assert table.locator("tbody tr th b").all_inner_texts() == [
        "globex-400",
        "mobile-next",
        "youyin-上海",
        "sip-ended",
    ]


def test_the_timeline_tells_each_order_when_pointed_at(open_report: Reader) -> None:
    page = open_report.open("orders.html")
    titles = page.locator("svg.timeline .bar > title").all_text_contents()
    assert (
        "youyin-上海, A landline-aftersales, 9 numbers, stack acme: bought 2025-10-28, term until 2026-10-28"
        in titles
    )
