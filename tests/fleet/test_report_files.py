"""The report as a folder of files: links that lead somewhere, nothing from elsewhere, nothing of others touched."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.report.build import ReportOptions, build
from ccc_numbers.fleet.report.model import Site
from ccc_numbers.fleet.report.number_rows import Binding, NumberRow, State
from ccc_numbers.fleet.report.render import Page, numbers_csv, numbers_json, pages
from ccc_numbers.fleet.report.write import publish
from ccc_numbers.messages.html import prose, zh
from ccc_numbers.vendors.ledger import LAPSING_DAYS
from tests.fleet.report_world import TODAY, World, large_site, site_of, text_of, world


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("fleet")) as made:
        yield made


@pytest.fixture(scope="module")
def site(fleet: World) -> Site:
    return site_of(fleet)


# --- the pages as files


class Links(HTMLParser):
    """Every place a page points to, and every place in it."""

    def __init__(self) -> None:
        super().__init__()
        self.to: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.to.append(value)
            if name == "id" and value:
                self.ids.add(value)


def parsed(page: Page) -> Links:
    links = Links()
    links.feed(page.text)
    return links


def test_every_link_leads_to_a_place_in_the_folder(site: Site) -> None:
    every = {page.path: page for page in pages(site)}
    known = {path: parsed(page) for path, page in every.items() if path.endswith(".html")}
    for path, links in known.items():
        for link in links.to:
            if link.startswith("data:"):
                continue
            url = urlsplit(link)
            assert not url.scheme, f"{path} needs {link}"
            target = str((Path(path).parent / unquote(url.path)) if url.path else path)
            target = str(Path(target).resolve().relative_to(Path.cwd()))
            assert target in every, f"{path}: {link}"
            if url.fragment and "=" not in url.fragment:
                assert unquote(url.fragment) in known[target].ids, f"{path}: {link}"


def test_nothing_in_the_pages_comes_from_elsewhere(site: Site) -> None:
    for page in pages(site):
        assert not re.search(r"(?:src|href|url|import|fetch)\W{0,3}(?:https?:)?//", page.text), page.path


def test_the_same_fleet_gives_the_same_pages(site: Site) -> None:
    assert list(pages(site)) == list(pages(site))


def test_a_name_cannot_become_markup_or_end_the_data() -> None:
    bad = "</script><script>alert(1)</script><!--"
    row = NumberRow("02180001001", "a", bad, State.DIFFERS, Binding(flow=bad), Binding(flow=bad), order=bad)
    text = numbers_json([row])
    assert "<" not in text
    assert json.loads(text)["instance"]["names"] == [bad]
    assert "<script" not in zh(bad)
    assert "<script" not in prose(f"`{bad}` {bad}")


def test_the_table_for_spreadsheets_is_utf_8_and_no_formula() -> None:
    row = NumberRow("02180001001", "acme", "a", State.AS_DECLARED, Binding("inbound", "=1+1"), None, "上海")
    text = numbers_csv([row])
    assert text.startswith("\ufeffnumber,")
    (read,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (read["number"], read["place"], read["flow"]) == ('="02180001001"', "上海", "'=1+1")


def test_chinese_words_carry_their_language() -> None:
    assert zh("flow 主流程 <b>") == 'flow <span lang="zh-Hans">主流程</span> &lt;b&gt;'
    assert prose("run `pulumi up` now") == "run <code>pulumi up</code> now"


# --- writing the folder


def test_a_second_report_takes_out_the_pages_of_stacks_that_are_gone(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    publish(pages(site), folder)
    (folder / "notes.txt").write_text("mine", "utf-8")
    assert (folder / "stacks" / "initech.html").exists()
    publish((page for page in pages(site) if page.path != "stacks/initech.html"), folder)
    assert not (folder / "stacks" / "initech.html").exists()
    assert (folder / "stacks" / "acme.html").exists()
    assert (folder / "notes.txt").read_text("utf-8") == "mine"


def test_a_folder_with_other_things_in_it_is_refused(site: Site, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine", "utf-8")
    with pytest.raises(FleetError, match="is not empty and holds no report"):
        publish(pages(site), tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.doc"]
    with pytest.raises(FleetError, match="is a file"):
        publish(pages(site), tmp_path / "thesis.doc")


def test_a_folder_that_cannot_be_made_is_one_line(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(FleetError, match="cannot be written"):
        publish(pages(site), tmp_path / "file" / "public")


def test_the_verb_writes_the_pages_and_says_when_they_are_not_complete(
    fleet: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["report", "--project", str(fleet.root), "--today", TODAY.isoformat()]
    code = main([*common, "--out", str(tmp_path / "all")])
    said = capsys.readouterr()
    assert code == 2
    assert said.out == f"{tmp_path}/all/index.html\n"
    assert said.err.startswith("Incomplete: 1 place could not be looked at.")
    assert main([*common, "--out", str(tmp_path / "one"), "globex"]) == 0
    assert sorted(page.name for page in (tmp_path / "one" / "stacks").iterdir()) == ["globex.html"]
    assert main([*common, "--out", str(tmp_path / "none"), "glubex"]) == 2
    assert 'did you mean "globex"' in capsys.readouterr().err


def test_no_place_of_the_machine_is_in_the_pages(fleet: World) -> None:
    for page in pages(site_of(fleet)):
        assert str(fleet.root) not in page.text, page.path


def test_a_fleet_without_orders_or_numbers_is_a_report_too(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.new.yaml").write_text("config: {ccc:endpoint: embedded}\n", "utf-8")
    (tmp_path / "stacks" / "new.yaml").write_text("instances: {}\n", "utf-8")
    site = build(tmp_path, ["new"], ReportOptions(offline=True), TODAY)
    assert "No orders are declared" in text_of(site, "orders.html")
    assert "No numbers are declared" in text_of(site, "index.html")


@pytest.mark.parametrize(("mode", "fee"), [("graduated", "14470.00"), ("wholeVolume", "13470.00")])
def test_the_platform_fee_is_read_as_the_stacks_say(tmp_path: Path, mode: str, fee: str) -> None:
    (tmp_path / "stacks").mkdir()
    config = f"config: {{ccc:endpoint: embedded, ccc-numbers:platformFee: {mode}}}\n"
    (tmp_path / "stacks" / "Pulumi.new.yaml").write_text(config, "utf-8")
    order = "{vendor: B, product: virtual-number, stage: intended, quantity: 10, expectedMinutes: 300000}"
    (tmp_path / "stacks" / "new.yaml").write_text(f"orders: {{o: {order}}}\n", "utf-8")
    (row,) = build(tmp_path, ["new"], ReportOptions(offline=True), TODAY).fleet.orders
    assert row.cost is not None
    assert row.cost.platform.monthly == Decimal(fee)


def test_ten_thousand_numbers_are_a_small_page() -> None:
    site = large_site()
    page = text_of(site, "numbers.html")
    assert len(page.encode()) < 1_500_000
    data = json.loads(page.split("data-rows>")[1].split("</script>")[0])
    assert data["count"] == len(data["number"]) == 10_000


def test_the_defaults_are_the_ledger_s() -> None:
    assert ReportOptions().lapsing_days == LAPSING_DAYS
    assert date(2026, 10, 15) == TODAY
