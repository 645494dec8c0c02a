"""The course of an order: what is due next, the stage that is written, and who is notified of it."""

import hmac
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.orders.advance import advance as write_stage
from ccc_numbers.fleet.orders.notify import SECRET
from ccc_numbers.vendors.orders import Stage
from tests.gitops.stand_in import Query, serving
from tests.vendors.conftest import Run, change

TODAY = ("--today", "2026-11-23")
WRITTEN = """\
# 客户 acme
instances:
  acme-support:
    defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales]}
    numbers:
      "02180001001": {order: one}
      "02180001002": {order: two}   # 待导入
orders:
  # 上海两条线
  one:
    vendor: A
    product: landline-aftersales
    stage: intended   # 等付款
    quantity: 1
    regions: [上海]
  two: {vendor: A, product: landline-aftersales, stage: paid, quantity: 1, regions: [上海],
        purchased: 2026-10-09, since: 2026-10-09, term: 1y, prepaid: 3000}   # 优音
"""


@pytest.fixture
def written(project: Path) -> Path:
    file = project / "stacks/acme.yaml"
    file.write_text(WRITTEN, "utf-8")
    return file


def advance(run: Run, key: str, to: str, *words: str) -> tuple[int, str, str]:
    return run("orders", "advance", key, "--to", to, "-s", "acme", *TODAY, *words)


def test_a_stage_is_written_and_nothing_else_changes(run: Run, written: Path) -> None:
    paid = ("--purchased", "2026-11-20", "--term", "1y", "--prepaid", "3000", "--order-id", "220660")
    code, out, err = advance(run, "one", "paid", *paid)
    assert code == 0, err
    more = '    purchased: 2026-11-20\n    term: 1y\n    prepaid: 3000\n    orderId: "220660"\n'
    first = WRITTEN.replace("stage: intended ", "stage: paid ").replace(
        "    regions: [上海]\n  two", f"    regions: [上海]\n    since: 2026-11-23\n{more}  two"
    )
    assert written.read_text("utf-8") == first
    assert "+    stage: paid   # 等付款" in out
    assert advance(run, "two", "opened", "--since", "2026-11-22")[0] == 0
    second = first.replace("stage: paid, ", "stage: opened, ").replace(
        "since: 2026-10-09", "since: 2026-11-22"
    )
    assert written.read_text("utf-8") == second


def test_a_stage_asks_for_what_it_needs(run: Run, written: Path) -> None:
    code, _, err = advance(run, "one", "submitted", "--term", "1y")
    assert (code, "order one is not submitted without these: --purchased, --prepaid" in err) == (2, True), err
    assert written.read_text("utf-8") == WRITTEN


def test_a_stage_goes_back_only_when_it_is_said(run: Run, written: Path) -> None:
    code, _, err = advance(run, "two", "intended")
    assert (code, "stages go forward (intended → paid" in err) == (2, True), err
    assert "order two is paid already" in advance(run, "two", "paid")[2]
    assert "leave --back out" in advance(run, "two", "opened", "--back")[2]
    assert written.read_text("utf-8") == WRITTEN
    assert advance(run, "two", "intended", "--back")[0] == 0
    order = yaml.safe_load(written.read_text("utf-8"))["orders"]["two"]
    assert (order["stage"], order["reopen"]) == ("intended", True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "2026-10-01"), "lies before the purchase on 2026-10-09"),
        (("--since", "2026-12-24"), "lies in the future"),
        (("--term", "year"), "is not a term"),
        (("--prepaid", "-3"), "is negative"),
    ],
)
def test_what_check_would_refuse_is_not_written(
    words: tuple[str, str], said: str, run: Run, written: Path
) -> None:
    code, out, err = advance(run, "two", "opened", *words)
    assert (code, out, said in err, "nothing was written" in err) == (2, "", True, True), err
    assert written.read_text("utf-8") == WRITTEN


def test_an_order_that_others_lean_on_is_not_changed(run: Run, written: Path) -> None:
    """By an alias, the stage of one order is the stage of another: it would move too."""
    shared = WRITTEN.replace("stage: intended", "stage: &stage paid").replace("stage: paid", "stage: *stage")
    paid = shared.replace(
        "quantity: 1\n", "quantity: 1\n    purchased: 2026-10-09\n    term: 1y\n    prepaid: 3000\n"
    )
    written.write_text(paid, "utf-8")
    for key in ("one", "two"):
        code, _, err = advance(run, key, "opened")
        assert (code, f"orders.{key}.stage is shared by an anchor" in err, err.count("\n")) == (2, True, 1), (
            err
        )
    assert written.read_text("utf-8") == paid

    merged = paid.partition("  two:")[0].replace("  one:\n", "  one: &one\n").replace("&stage ", "")
    merged += "  two: {<<: *one, notes: 同一批}\n"
    written.write_text(merged, "utf-8")
    code, _, err = advance(run, "one", "opened")
    assert (code, "order one shares what it says with others" in err) == (2, True), err
    assert written.read_text("utf-8") == merged


def test_an_order_that_is_not_there_is_not_advanced(run: Run, written: Path) -> None:
    code, out, err = advance(run, "tow", "opened")
    assert (code, out, err) == (
        2,
        "",
        'ccc-numbers: stack acme declares no order "tow"; did you mean "two"?\n',
    )
    assert written.read_text("utf-8") == WRITTEN


def test_a_stack_file_edited_meanwhile_is_left_alone(written: Path) -> None:
    """A colleague saves while the terminal asks what was paid."""
    edited = WRITTEN.replace("# 等付款", "# 已付款，见合同")
    given = {"purchased": "2026-11-20", "term": "1y", "prepaid": "3000"}

    def ask(name: str) -> str:
        written.write_text(edited, "utf-8")
        return given[name]

    day = date(2026, 11, 23)
    with pytest.raises(FleetError, match="changed meanwhile; nothing was written"):
        write_stage(Path(), "acme", "one", Stage.PAID, {}, day, False, ask, day)
    assert written.read_text("utf-8") == edited


def test_what_is_due_is_listed_by_its_day(run: Run, written: Path) -> None:
    code, out, err = run("orders", "next", "--offline", "--output", "json", *TODAY)
    assert code == 0, err
    steps = json.loads(out)["steps"]
    assert [(each["order"], each["who"], each["due"], each["amount"]) for each in steps] == [
        ("two", "you", "2026-11-20", None),  # 30 working days from 9 October
        ("one", "you", None, "420.00"),  # a year's rent
    ]
    assert steps[0]["daysLeft"] == -3
    code, out, _ = run("orders", "next", "--offline", *TODAY)
    assert "2026-11-20, 3 days late" in out
    assert "2 steps, 1 of them late" in out


def test_an_invoice_that_has_not_come_is_asked_for(run: Run, project: Path) -> None:
    change(project, invoice=None)
    (step,) = json.loads(run("orders", "next", "--offline", "--output", "json", *TODAY)[1])["steps"]
    assert (step["what"], step["due"]) == ("get the VAT invoice of 示例科技有限公司", "2026-08-31")
    assert "you (客服运营组)" in run("orders", "next", "--offline", *TODAY)[1]


def test_a_renewal_is_due_once_it_is_near(run: Run, project: Path) -> None:
    words = ("orders", "next", "--offline", "--output", "json")
    assert json.loads(run(*words, "--today", "2027-06-30")[1])["steps"] == []
    (step,) = json.loads(run(*words, "--today", "2027-06-30", "--within", "32")[1])["steps"]
    assert (step["what"], step["due"], step["amount"]) == ("renew it", "2027-08-01", "3840.00")
    change(project, quantity=3)
    found = json.loads(run(*words, "--today", "2027-07-20")[1])["steps"]
    assert [(each["what"].split()[0], each["due"], each["amount"]) for each in found] == [
        ("renew", "2027-08-01", "4260.00"),  # 3 × 420 + 3000, though a number is not declared yet
        ("declare", None, None),
    ]
    (late,) = json.loads(run(*words, "--today", "2027-08-03")[1])["steps"]
    assert (late["due"], late["daysLeft"]) == ("2027-08-01", -2), "a term that has ended is late"
    change(project, term="3y", quantity=2)
    found = json.loads(run(*words, "--today", "2027-07-31")[1])["steps"]
    assert [(each["what"].split()[2], each["due"], each["amount"]) for each in found] == [
        ("package", "2027-08-01", "3000.00"),
        ("rent", "2027-08-01", "840.00"),
    ]


class Hook:
    """A webhook on this machine, and what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], Any]] = []
        self.answer: tuple[int, Any] = (200, {"errcode": 0, "errmsg": "ok"})
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator["Hook"]:
        def answer(_: str, __: str, query: Query, body: Any, ___: Mapping[str, str]) -> tuple[int, Any]:
            self.got.append(({name: value for name, (value,) in query.items()}, body))
            return self.answer

        with serving(answer) as self.url:
            yield self


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook().serving() as hook:
        yield hook


def test_a_dingtalk_group_is_told_with_a_signature(
    run: Run, written: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "SECsecret")
    robot = f"{hook.url}/robot/send?access_token=T0KEN"
    code, out, err = run("orders", "next", "--offline", *TODAY, "--notify", robot)
    assert (code, err) == (0, "")
    ((query, body),) = hook.got
    signed = hmac.digest(b"SECsecret", f"{query['timestamp']}\nSECsecret".encode(), sha256)
    assert (query["access_token"], query["sign"]) == ("T0KEN", b64encode(signed).decode())
    assert (body["msgtype"], body["markdown"]["title"]) == ("markdown", "2 steps, 1 of them late")
    assert "`acme/two`" in body["markdown"]["text"]
    hook.answer = (200, {"errcode": 310000, "errmsg": "sign not match"})
    code, out, err = run("orders", "next", "--offline", *TODAY, "--notify", robot)
    assert (code, "sign not match; is CCC_DINGTALK_SECRET the robot's secret?" in err) == (2, True)
    assert (err.count("\n"), "T0KEN" in out + err, "SECsecret" in out + err) == (1, False, False)


def test_another_webhook_gets_the_answer(run: Run, written: Path, hook: Hook) -> None:
    url = f"{hook.url}/hooks/s3cret"
    assert run("orders", "next", "--offline", *TODAY, "--notify", url)[0] == 0
    assert [step["order"] for step in hook.got[0][1]["steps"]] == ["two", "one"]
    assert advance(run, "two", "submitted", "--notify", url)[0] == 0
    said = {"stack": "acme", "order": "two", "before": "paid", "stage": "submitted", "since": "2026-11-23"}
    assert hook.got[1][1] == said
    hook.answer = (503, {})
    code, _, err = run("orders", "next", "--offline", *TODAY, "--notify", url)
    assert (code, "127.0.0.1 was not notified: it answered 503" in err, "s3cret" in err) == (2, True, False)


def test_nobody_is_told_of_nothing(run: Run, project: Path, hook: Hook) -> None:
    assert run("orders", "next", "--offline", "--today", "2027-06-30", "--notify", hook.url)[0] == 0
    assert hook.got == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.com/s3cret", "hooks.example.com needs https"),
        ("s3cret", "is not an address"),
        ("http://127.0.0.1:9/s3cret", "127.0.0.1 was not notified: "),
    ],
)
def test_a_webhook_that_fails_is_one_line(url: str, said: str, run: Run, written: Path) -> None:
    code, _, err = run("orders", "next", "--offline", *TODAY, "--notify", url)
    assert (code, said in err, "s3cret" in err, err.count("\n")) == (2, True, False, 1), err
