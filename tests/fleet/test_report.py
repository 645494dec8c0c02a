"""What a report says, from the stack files and a simulated CCC to the folder of pages."""

from __future__ import annotations

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

from fleet.cli import main
from fleet.errors import FleetError
from fleet.report.build import build
from fleet.report.data import numbers_csv, numbers_json
from fleet.report.gather import Wanted, gather
from fleet.report.model import Binding, NumberRow, Site
from fleet.report.render import Page, pages, prose, zh
from fleet.report.states import Ending, State, Status
from fleet.report.write import publish
from tests.fleet.report_world import TODAY, World, large_site, world
from vendors.ledger import LAPSING_DAYS

NAMES = ("acme", "globex", "initech")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("fleet")) as made:
        yield made


def site_of(fleet: World, *names: str, **wanted: object) -> Site:
    return build(gather(fleet.root, names or NAMES, Wanted(**wanted), TODAY))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def site(fleet: World) -> Site:
    return site_of(fleet)


def by_number(site: Site) -> dict[str, NumberRow]:
    return {row.number: row for row in site.fleet.numbers}


def text_of(site: Site, path: str) -> str:
    return next(page.text for page in pages(site) if page.path == path)


# --- where numbers stand


@pytest.mark.parametrize(
    ("number", "state", "kinds"),
    [
        ("02180001001", State.AS_DECLARED, ()),
        ("02180001002", State.DIFFERS, ("wrong-flow",)),
        ("02180001003", State.DEAD, ("dead-inbound",)),
        ("02180001004", State.DIFFERS, ("wrong-groups",)),
        ("02180001005", State.MISSING, ("missing",)),
        ("02180001006", State.PENDING, ("pending-too-long",)),
        ("02180001007", State.DIFFERS, ("vendor-mismatch",)),
        ("02180009999", State.UNMANAGED, ("unmanaged",)),
        ("4008001001", State.AS_DECLARED, ()),
        ("01060001001", State.NOT_READ, ()),
    ],
)
def test_each_number_stands_where_ccc_has_it(
    site: Site, number: str, state: State, kinds: tuple[str, ...]
) -> None:
    row = by_number(site)[number]
    assert (row.state, row.kinds) == (state, kinds)


def test_a_number_shows_both_what_is_declared_and_what_is_there(site: Site) -> None:
    row = by_number(site)["02180001002"]
    assert row.declared == Binding("bidirectional", "主流程", "sales")
    assert row.live == Binding("bidirectional", "夜间流程", "sales")
    assert by_number(site)["02180009999"].declared is None
    assert by_number(site)["02180001005"].live is None


def test_a_number_is_from_where_ccc_says_or_its_area_code(site: Site) -> None:
    assert by_number(site)["02180001001"].place == "上海"
    assert by_number(site)["01060001001"].place == "北京"


def test_an_instance_that_could_not_be_read_is_incomplete_and_never_clean(site: Site) -> None:
    stacks = {stack.name: stack.part for stack in site.stacks}
    assert stacks["initech"].status is Status.INCOMPLETE
    assert stacks["initech"].unread == 1
    assert stacks["initech"].live is None
    assert stacks["globex"].status is Status.AS_DECLARED
    assert stacks["acme"].status is Status.DIFFERS
    assert site.fleet.status is Status.INCOMPLETE
    assert site.stacks[0].name == "initech"  # what is not known stands first
    page = text_of(site, "stacks/initech.html")
    assert "could not be looked at" in page
    assert "What was declared is what is there" not in page
    assert "not read" in page
    overview = text_of(site, "index.html").split('stacks/initech.html"')[1].split("</tr>")[0]
    assert "not known" in overview
    assert "none" not in overview


def test_a_stack_file_with_a_mistake_is_incomplete_with_its_line(fleet: World, tmp_path: Path) -> None:
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    (stacks / "Pulumi.bad.yaml").write_text("config: {ccc:endpoint: embedded}\n", "utf-8")
    text = 'instances:\n  a:\n    numbers:\n      "02180001001": {usage: in, flow: x}\n'
    (stacks / "bad.yaml").write_text(text, "utf-8")
    site = build(gather(tmp_path, ["bad"], Wanted(), TODAY))
    (blind,) = site.fleet.blind
    assert blind.where == "stacks/bad.yaml:4:30"
    assert "inbound" in blind.reason
    assert site.fleet.status is Status.INCOMPLETE
    assert "1 mistake in the stack files" in text_of(site, "index.html")


def test_offline_asks_nothing_and_claims_nothing(fleet: World) -> None:
    fleet.simulator.reset()
    site = site_of(fleet, offline=True)
    assert fleet.simulator.calls() == {}
    assert site.fleet.status is Status.NOT_ASKED
    assert {row.state for row in site.fleet.numbers} == {State.NOT_ASKED}
    assert site.fleet.money.monthly > 0
    page = text_of(site, "index.html")
    assert "Whether CCC holds it, nobody has looked" in page
    assert "pill as-declared" not in page


# --- findings and money


def test_findings_of_drift_and_of_the_ledger_are_told_once_each(site: Site) -> None:
    kinds = sorted(each.kind for each in site.fleet.findings if each.stack == "acme")
    assert "order-lapsed" in kinds
    assert "lapsed" not in kinds
    assert "paid-unbound" in kinds
    assert kinds.count("vendor-mismatch") == 1


def test_the_cost_is_the_ledger_s_and_adds_up(
    site: Site, fleet: World, capsys: pytest.CaptureFixture[str]
) -> None:
    day = TODAY.isoformat()
    main(["orders", "--project", str(fleet.root), "--today", day, "--offline", "-o", "json"])
    told = json.loads(capsys.readouterr().out)["total"]
    assert str(site.fleet.money.monthly) == told["monthly"]
    assert str(site.fleet.money.first_year) == told["firstYear"]
    of_stacks = sum((stack.part.money.monthly for stack in site.stacks), Decimal(0))
    assert of_stacks == site.fleet.money.monthly
    order = next(order for order in site.fleet.orders if order.key == "youyin-上海")
    on_it = [row for row in site.fleet.numbers if row.order == order.key]
    assert order.monthly is not None
    undeclared = order.monthly * 2 / 9
    assert abs(sum((row.cost or 0 for row in on_it), Decimal(0)) + undeclared - order.monthly) < Decimal(
        "0.05"
    )


def test_money_for_numbers_nobody_uses_is_money_for_nothing(site: Site) -> None:
    order = next(order for order in site.fleet.orders if order.key == "youyin-上海")
    # Two were never declared, one is dead, one missing, one not imported: five of nine.
    assert order.monthly is not None
    assert abs(order.idle - order.monthly * 5 / 9) < Decimal("0.05")
    on_its_way = next(order for order in site.fleet.orders if order.key == "mobile-next")
    assert on_its_way.idle == 0


def test_orders_stand_by_the_day_they_end(site: Site) -> None:
    assert [(order.key, order.ending) for order in site.fleet.orders] == [
        ("sip-ended", Ending.LAPSED),
        ("youyin-上海", Ending.LAPSING),
        ("mobile-next", Ending.RUNNING),
        ("globex-400", Ending.RUNNING),
    ]


def test_an_ignored_finding_leaves_its_number_accepted(fleet: World, tmp_path: Path) -> None:
    rules = tmp_path / "ignore.yaml"
    rules.write_text(
        "rules:\n  - {subject: '02180001002', kind: wrong-flow, reason: night test, owner: wang, until: 2030-01-01}\n",
        "utf-8",
    )
    site = site_of(fleet, ignore=rules)
    assert by_number(site)["02180001002"].state is State.ACCEPTED
    assert "night test" in text_of(site, "findings.html")


# --- masking


def test_masked_pages_hold_no_number_anybody_could_call(fleet: World) -> None:
    readable = [*by_number(site_of(fleet))]
    site = site_of(fleet, mask=True)
    for page in pages(site):
        for number in readable:
            assert number not in page.text, page.path
    assert "021****1001" in text_of(site, "numbers.csv")


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
    assert (read["number"], read["place"], read["flow"]) == ("02180001001", "上海", "'=1+1")


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
    site = build(gather(tmp_path, ["new"], Wanted(offline=True), TODAY))
    assert "No orders are declared" in text_of(site, "orders.html")
    assert "No numbers are declared" in text_of(site, "index.html")


@pytest.mark.parametrize(("mode", "fee"), [("graduated", "14470.00"), ("wholeVolume", "13470.00")])
def test_the_platform_fee_is_read_as_the_stacks_say(tmp_path: Path, mode: str, fee: str) -> None:
    (tmp_path / "stacks").mkdir()
    config = f"config: {{ccc:endpoint: embedded, ccc-numbers:platformFee: {mode}}}\n"
    (tmp_path / "stacks" / "Pulumi.new.yaml").write_text(config, "utf-8")
    order = "{vendor: B, product: virtual-number, stage: intended, quantity: 10, expectedMinutes: 300000}"
    (tmp_path / "stacks" / "new.yaml").write_text(f"orders: {{o: {order}}}\n", "utf-8")
    (row,) = build(gather(tmp_path, ["new"], Wanted(offline=True), TODAY)).fleet.orders
    assert row.platform == Decimal(fee)


def test_ten_thousand_numbers_are_a_small_page() -> None:
    site = large_site()
    page = text_of(site, "numbers.html")
    assert len(page.encode()) < 1_500_000
    data = json.loads(page.split("data-rows>")[1].split("</script>")[0])
    assert data["count"] == len(data["number"]) == 10_000


def test_the_defaults_are_the_ledger_s() -> None:
    assert Wanted().lapsing_days == LAPSING_DAYS
    assert date(2026, 10, 15) == TODAY
