"""`ccc-numbers vendors` and `ccc-numbers orders`, as a person types them; live against a real simulator."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from ccc_numbers.vendors.catalogue import built_in
from tests.support.simulator import Simulator, start_simulator
from tests.vendors.conftest import EXAMPLES, Run, change


def orders(run: Run, *words: str) -> tuple[int, dict[str, object], list[str]]:
    """Exit code, the stack's one order, kinds of findings."""
    code, out, err = run("orders", "acme", "--output", "json", "--today", "2026-11-23", *words)
    assert out, err
    data = json.loads(out)
    return code, data["orders"][0], [finding["kind"] for finding in data["findings"]]


def test_the_catalogue_is_printed_and_filtered(run: Run) -> None:
    code, out, _ = run("vendors")
    assert code == 0
    assert [line.split()[1] for line in out.splitlines() if line.strip()[:2] in {"A ", "B "}] == [
        *("landline-aftersales", "landline-invitation", "400", "mobile", "mobile-marketing"),
        *("sip-marketing", "virtual-number"),
    ]
    code, out, _ = run("vendors", "--business", "教育", "--direction", "outbound")
    assert "mobile-marketing ★" in out
    assert "400" not in out.split()
    code, out, _ = run("vendors", "优音", "400", "--output", "json")
    (entry,) = json.loads(out)
    assert (entry["product"], entry["price"]["prepaid"]["packages"][0]) == (
        "400",
        {"amount": "3000", "from": None, "to": None, "perMinute": "0.12"},
    )
    code, out, _ = run("vendors", "A", "mobile", "--output", "full")
    assert "月租：25/月，呼入外呼0.12，月低消2000元/账户" in out


def test_everything_about_a_product_is_shown_whole(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = run("vendors", "--output", "full")
    assert (code, "…" in out) == (0, False)
    lines = out.splitlines()
    for sold in built_in().entries:
        links = [need.template for need in sold.materials.required] + [sold.source.url]
        assert [link for link in links if link and not any(line.endswith(link) for line in lines)] == []
    assert "Vendor A is 优音" in out
    assert out.count("包含但不限于") >= 3


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--region", "上嗨"], 2, '--region "上嗨": no such province or city; did you mean "上海"'),
        (["C"], 2, 'no vendor "C"; the vendors are: A, B, 优音'),
        (["A", "mobil"], 2, 'vendor A sells no "mobil"; did you mean "mobile"?'),
        (["B", "--business", "保险"], 1, "No product of the catalogue fits."),
    ],
)
def test_a_question_without_an_answer(run: Run, words: list[str], code: int, said: str) -> None:
    found, out, err = run("vendors", *words)
    assert (found, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_stacks_own_prices_are_shown(run: Run, project: Path) -> None:
    (project / "stacks/prices.yaml").write_text(
        "vendor: A\nproduct: mobile\nasOf: 2026-10-01\nsource: {title: 报价单}\nprice: {rent: {perMonth: 19.90}}\n"
    )
    file = project / "stacks/acme.yaml"
    file.write_text(file.read_text("utf-8") + "catalogue: prices.yaml\n", "utf-8")
    code, out, _ = run("vendors", "A", "mobile", "--stack", "acme", "--output", "json")
    assert code == 0
    assert json.loads(out)[0]["price"]["rent"]["perMonth"] == "19.90"
    (project / "stacks/prices.yaml").write_text("vendor: A\nproduct: mobile\n")
    code, out, err = run("orders", "--offline")
    assert (code, out) == (2, "")
    assert "prices.yaml:1:1: asOf is missing" in err


def test_the_ledger_without_a_network(run: Run, project: Path) -> None:
    code, row, kinds = orders(run, "--offline")
    assert (code, kinds) == (0, [])
    assert (row["declared"], row["imported"], row["monthly"], row["daysLeft"]) == (2, None, "419.80", 251)
    code, out, _ = run("orders", "--offline", "--today", "2026-11-23")
    assert "¥419.80 a month, ¥5,037.60 in the first year; nothing to report (declarations alone" in out
    code, out, _ = run("orders", "--offline", "--output", "ics")
    assert out.startswith("BEGIN:VCALENDAR\r\n")
    code, out, _ = run("orders", "--offline", "--output", "csv")
    assert len(out.splitlines()) == 2


def test_numbers_without_an_order_are_counted(run: Run, project: Path) -> None:
    file = project / "stacks/acme.yaml"
    data = yaml.safe_load(file.read_text("utf-8"))
    key = data["instances"]["acme-support"]["defaults"].pop("order")
    numbers = {"02180001001": {"order": key}, "051080001002": {"order": key}, "02180001009": {}}
    data["instances"]["acme-support"]["numbers"] = numbers
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    code, out, err = run("orders", "--offline", "--today", "2026-11-23")
    assert (code, "declared on them, 1 on none" in out) == (0, True), err


def test_the_platform_fee_is_read_as_the_stacks_say(run: Run, project: Path) -> None:
    change(project, expectedMinutes=300_000)
    words = ("orders", "--offline", "--today", "2026-11-23")
    graduated, whole = "¥47,540.00 a month", "¥46,540.00 a month"
    assert graduated in run(*words)[1]
    settings = project / "stacks/Pulumi.acme.yaml"
    settings.write_text("config: {ccc-numbers:platformFee: wholeVolume}\n")
    assert whole in run(*words)[1]
    assert graduated in run(*words, "--platform-fee", "graduated")[1]
    (project / "stacks/Pulumi.other.yaml").write_text("config: {ccc-numbers:platformFee: graduated}\n")
    shutil.copy(EXAMPLES / "stacks/400.yaml", project / "stacks/other.yaml")
    code, out, err = run(*words)
    assert (code, "without what is not known" in out) == (2, True)
    assert "acme: its orders have no cost: stacks of one account" in err
    assert "in different ways (acme: wholeVolume, other: graduated)" in err
    settings.write_text("config: {ccc-numbers:platformFee: whole}\n")
    code, _, err = run("orders", "acme", "--offline")
    assert (code, 'did you mean "wholeVolume"?' in err) == (2, True)


def test_a_companys_own_tiers_price_its_minutes(run: Run, project: Path) -> None:
    """Two stacks of one account: whichever names the price list, both are priced by it."""
    change(project, expectedMinutes=300_000)
    words = ("orders", "acme", "--offline", "--today", "2026-11-23")
    (project / "stacks/Pulumi.acme.yaml").write_text("config: {ccc-numbers:platformFeeTiers: fee.yaml}\n")
    fee = project / "stacks/fee.yaml"
    head = "asOf: 2026-10-01\nsource: {title: 框架协议}\ntiers:\n"
    fee.write_text(head + "  - {upTo: 100000, perMinute: 0.04}\n  - {perMinute: 0.01}\n")
    # 2 × 35 rent, 300,000 × 0.11 calls, 100,000 × 0.04 + 200,000 × 0.01 platform
    assert "¥39,070.00 a month" in run(*words)[1]
    (project / "stacks/Pulumi.other.yaml").write_text("config: {ccc-numbers:platformFeeTiers: more.yaml}\n")
    shutil.copy(EXAMPLES / "stacks/400.yaml", project / "stacks/other.yaml")
    (project / "stacks/more.yaml").write_text(head + "  - {perMinute: 0.02}\n")
    code, _, err = run(*words)
    assert (code, "have different tiers of its platform fee" in err) == (2, True), err
    code, out, _ = run("check")
    assert (code, "config.ccc-numbers:platformFeeTiers: has other tiers than stack" in out) == (2, True), out
    fee.write_text(head + "  - {upTo: 100000, perMinute: 0.04}\n")
    code, _, err = run(*words)
    assert (code, 'fee.yaml:1:1: tiers rise by "upTo", and the last one has none' in err) == (2, True), err


def test_minutes_really_used_price_an_order(run: Run, project: Path) -> None:
    """Two months of two numbers, received and called apart; Excel's GBK and semicolons are as good."""
    used = "number;month;inbound;outbound\n02180001001;2026-09;500;6000\n02180001001;2026-10;;7000.5\n"
    more = "051080001002;2026-10;300;999\n02180009999;2026-10;1;1\n"
    (project / "usage.csv").write_text(used + more, "gbk")
    words = (
        "orders",
        "acme",
        "--offline",
        "--today",
        "2026-11-23",
        "--usage",
        "usage.csv",
        "--output",
        "json",
    )
    code, out, err = run(*words)
    row = json.loads(out)["orders"][0]
    # In: (500 + 300) / 2 = 400. Out: (6000 + 7000.5 + 999) / 2, the last minute whole: 7000.
    # 70 rent + 7000 × 0.11 + (400 + 7000) × 0.0499
    assert (code, row["minutes"], row["monthly"]) == (0, 7400, "1209.26")
    assert "acme/youyin-2026-08: 7,400 minutes a month used, 2,000 expected" in err
    assert "on no order here: 1, the first 02180009999" in err
    assert "prepaid-too-small" in [each["kind"] for each in json.loads(out)["findings"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number,minutes\n", "usage.csv:1: the columns are number,month,inbound,outbound"),
        ("number,month,inbound,outbound\n", "usage.csv: holds no minutes"),
        ("number,month,inbound,outbound\n2.18E+10,2026-10,1,1\n", 'usage.csv:2: "2.18E+10" is not a number'),
        ("number,month,inbound,outbound\n021,10/2026,1,1\n", 'usage.csv:2: "10/2026" is not a month'),
        (
            "number,month,inbound,outbound\n021,2026-10,-1,1\n",
            'usage.csv:2: inbound "-1" is not a count of minutes',
        ),
        (
            "number,month,inbound,outbound\n021,2026-10,1,1\n021,2026-10,1,1\n",
            "usage.csv:3: 021 stands there twice for 2026-10",
        ),
    ],
)
def test_minutes_that_cannot_be_read_price_nothing(run: Run, project: Path, text: str, said: str) -> None:
    (project / "usage.csv").write_text(text, "utf-8")
    code, out, err = run("orders", "--offline", "--usage", "usage.csv")
    assert (code, out, said in err) == (2, "", True), err


def test_exit_codes_follow_what_was_found(run: Run, project: Path) -> None:
    change(project, purchased="2025-08-01", since="2025-08-12")
    assert orders(run, "--offline")[0::2] == (1, ["bound-lapsed"])
    assert orders(run, "--offline", "--fail-on", "never")[0] == 0
    change(project, purchased="2025-12-01", since="2025-12-12")
    assert orders(run, "--offline")[0::2] == (0, ["lapsing"])
    assert orders(run, "--offline", "--fail-on", "warning")[0] == 1


def test_a_broken_file_is_told_line_by_line(run: Run, project: Path) -> None:
    change(project, prepaid="-3", stage="payed")
    code, out, err = run("orders", "--offline")
    assert (code, out) == (2, "")
    assert "is negative" in err
    assert 'did you mean "paid"?' in err
    assert "ccc-numbers check acme" in err


def test_ccc_that_cannot_be_reached_is_no_clean_ledger(run: Run, project: Path) -> None:
    with start_simulator() as simulator:
        url = simulator.url
    connect(project, url)
    code, row, _ = orders(run)
    assert (code, row["imported"]) == (2, None)


def connect(project: Path, url: str) -> None:
    (project / "stacks/Pulumi.acme.yaml").write_text(
        f"config:\n  ccc:region: cn-shanghai\n  ccc:endpoint: {url}\n"
        "  ccc:timeouts: {connect: 1, read: 2, operation: 2}\n"
    )


def seed() -> dict[str, object]:
    flows = [{"name": "主流程", "type": "MAIN_FLOW", "published": True}]
    groups = [{"name": "sales", "displayName": "销售组", "mediaType": "AUDIO"}]
    instance = {"status": "RUNNING", "contactFlows": flows, "skillGroups": groups, "numbers": []}
    return {"instances": {"acme-support": instance, "acme-other": instance}, "unassigned": []}


def bind(simulator: Simulator, number: str, instance: str = "acme-support") -> None:
    """What `pulumi up` does for a number that support imported."""
    (flow,) = simulator.api("ListContactFlows", InstanceId=instance, PageNumber=1, PageSize=10)["Data"][
        "List"
    ]
    simulator.api(
        "AddPhoneNumbers",
        InstanceId=instance,
        Usage="Bidirection",
        ContactFlowId=flow["ContactFlowId"],
        NumberList=[number],
    )


def test_the_life_of_an_order(run: Run, project: Path) -> None:
    """Intended, paid, submitted, opened, imported, bound, moved by hand, lapsed: the ledger sees each."""
    first, second = "02180001001", "051080001002"
    with start_simulator(seed()) as simulator:
        connect(project, simulator.url)
        change(project, stage="intended", purchased=None, since=None, orderId=None)
        code, row, kinds = orders(run)
        assert (code, kinds, row["pending"]) == (0, [], 2)
        assert str(row["next"]).startswith("agree on the purchase")

        change(project, stage="paid", purchased="2026-08-01", orderId="2206600000001")
        assert orders(run)[2] == ["late"]
        change(project, stage="submitted", since="2026-11-20")
        assert orders(run)[1]["nextBy"] == "vendor A (优音)"
        change(project, stage="opened", since="2026-11-20")
        assert orders(run)[1]["nextBy"] == "CCC support (DingTalk cccsupport2)"

        simulator.import_numbers(first, provider="A", province="上海", city="上海")
        assert orders(run)[1]["imported"] == 1
        simulator.import_numbers(second, provider="B", province="江苏", city="无锡")
        row = orders(run)[1]
        assert (row["imported"], row["bound"]) == (2, 0)
        assert row["next"] == "all numbers are in CCC: set stage: imported, then `pulumi up` binds them"

        bind(simulator, first)
        bind(simulator, second, "acme-other")
        change(project, stage="imported")
        code, row, kinds = orders(run)
        assert (code, row["imported"], row["bound"]) == (1, 2, 1)
        assert kinds == ["wrong-vendor", "paid-unbound"]  # B sold it, and it is in the wrong instance

        simulator.switch(instance_numbers="cut")
        assert orders(run)[1]["imported"] == 2

        code, _, kinds = orders(run, "--today", "2027-08-01")
        assert (code, kinds[0]) == (1, "bound-lapsed")
        assert set(simulator.calls()) <= {
            *("ListPhoneNumbers", "ListUnassignedNumbers", "ListSkillGroups", "ListInstances"),
            *("ListContactFlows", "AddPhoneNumbers"),  # the test's own
        }
