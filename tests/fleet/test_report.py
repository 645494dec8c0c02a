"""What a report says, from the stack files and a simulated CCC to the folder of pages."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.report.build import ReportOptions, build
from ccc_numbers.fleet.report.due_rows import forecast
from ccc_numbers.fleet.report.model import Site, Status
from ccc_numbers.fleet.report.number_rows import Binding, NumberRow, State
from ccc_numbers.fleet.report.render import pages
from ccc_numbers.vendors.orders import Ending
from tests.fleet.report_world import TODAY, World, site_of, text_of, world


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("fleet")) as made:
        yield made


@pytest.fixture(scope="module")
def site(fleet: World) -> Site:
    return site_of(fleet)


def by_number(site: Site) -> dict[str, NumberRow]:
    return {row.number: row for row in site.fleet.numbers}


# --- where numbers stand


@pytest.mark.parametrize(
    ("number", "state", "kinds"),
    [
        ("02180001001", State.AS_DECLARED, ()),
        ("02180001002", State.DIFFERS, ("wrong-flow",)),
        ("02180001003", State.DEAD, ("dead-inbound",)),
        ("02180001004", State.DIFFERS, ("wrong-groups",)),
        ("02180001005", State.MISSING, ("missing",)),
        ("02180001006", State.NOT_IN_ACCOUNT, ("not-in-account",)),
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
    assert "CCC is as declared" not in page
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
    site = build(tmp_path, ["bad"], ReportOptions(), TODAY)
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
    assert "Nobody has looked whether CCC holds it" in page
    assert "pill as-declared" not in page


# --- findings and money


def test_findings_of_drift_and_of_the_ledger_are_reported_once_each(site: Site) -> None:
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
    told = json.loads(capsys.readouterr().out)["simulatedTotal"]
    assert str(site.fleet.money.monthly) == told["monthly"]
    assert str(site.fleet.money.first_year) == told["firstYear"]
    of_stacks = sum((stack.part.money.monthly for stack in site.stacks), Decimal(0))
    assert of_stacks == site.fleet.money.monthly
    order = next(order for order in site.fleet.orders if order.order.key == "youyin-上海")
    on_it = [row for row in site.fleet.numbers if row.order == order.order.key]
    assert order.monthly is not None
    undeclared = order.monthly * 2 / 9
    assert abs(sum((row.cost or 0 for row in on_it), Decimal(0)) + undeclared - order.monthly) < Decimal(
        "0.05"
    )


def test_what_is_due_stands_in_its_month(
    site: Site, fleet: World, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = forecast(site.fleet.orders)
    assert [(month.label, str(month.total)) for month in shown.months] == [
        ("2026-10", "6780.00"),  # youyin-上海 ends on the 28th: 9 × 420 + 3000
    ]
    main(["orders", "--project", str(fleet.root), "--today", TODAY.isoformat(), "--offline", "-o", "json"])
    assert shown.total == sum(Decimal(due["amount"]) for due in json.loads(capsys.readouterr().out)["dues"])
    for page in ("orders.html", "stacks/acme.html"):
        text = text_of(site, page)
        assert "<td>2026-10-28 <b>youyin-" in text
        assert "¥6,780.00 within twelve months (simulated), with 1 renewal" in text
    assert "Nothing is due in one sum" in text_of(site, "stacks/globex.html")


def test_money_for_numbers_nobody_uses_is_money_for_nothing(site: Site) -> None:
    order = next(order for order in site.fleet.orders if order.order.key == "youyin-上海")
    # Two were never declared, one is dead, one missing, one not imported: five of nine.
    assert order.monthly is not None
    assert abs(order.idle - order.monthly * 5 / 9) < Decimal("0.05")
    on_its_way = next(order for order in site.fleet.orders if order.order.key == "mobile-next")
    assert on_its_way.idle == 0


def test_orders_stand_by_the_day_they_end(site: Site) -> None:
    assert [(order.order.key, order.ending) for order in site.fleet.orders] == [
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


def test_what_check_says_of_a_scene_is_shown(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks/Pulumi.acme.yaml").write_text("config: {ccc:endpoint: embedded}\n", "utf-8")
    order = "{vendor: A, product: landline-aftersales, stage: intended, quantity: 1, scene: "
    (tmp_path / "stacks/acme.yaml").write_text(
        f"orders:\n  no: {order}贷款推广 13800138000}}\n  maybe: {order}交房后开工提醒}}\n"
        f"  read: {order}交房后开工提醒, accept: [{{word: 装修, by: 王芳, reason: 只提醒交房}}]}}\n",
        "utf-8",
    )
    site = build(tmp_path, ["acme"], ReportOptions(offline=True, mask=True), TODAY)
    assert [(each.kind, each.severity, each.subjects, each.place) for each in site.fleet.findings] == [
        ("forbidden-business", "error", ("no",), "stacks/acme.yaml:2"),
        ("doubtful-business", "warning", ("maybe",), "stacks/acme.yaml:3"),
    ]
    for path in ("orders.html", "stacks/acme.html"):
        (table,) = re.findall("What check says.*?</table>", text_of(site, path), re.DOTALL)
        doubtful, refused, accepted = table.split("<tr>")[1:]
        for row, said in ((refused, "forbidden-business"), (doubtful, "doubtful-business")):
            assert said in row
        assert ("138****8000" in refused, "13800138000" in refused) == (True, False)
        assert "accepted: 装修（王芳：只提醒交房）" in unescape(re.sub("<.*?>", "", accepted))
        assert "business" not in accepted


# --- masking


def test_masked_pages_hold_no_number_anybody_could_call(fleet: World) -> None:
    readable = [*by_number(site_of(fleet))]
    site = site_of(fleet, mask=True)
    for page in pages(site):
        for number in readable:
            assert number not in page.text, page.path
    assert "021****1001" in text_of(site, "numbers.csv")
