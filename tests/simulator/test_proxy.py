"""The proxy: a client works through it as without it, nothing is written unasked, and what differs is named by field."""

import asyncio
import json
import re
import ssl
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.api.raw import ok, response, serving
from tests.support.certificate import certificate
from tests.support.simulator import Simulator, signed_query, start_simulator

NUMBERS = ["02180001001", "02180001002", "02180001003"]
DAY = 86_400_000
SEED: dict[str, Any] = {
    "instances": {
        "acme": {
            "contactFlows": [{"name": "主流程"}, {"name": "新流程", "published": False}],
            "skillGroups": [{"name": "sales", "displayName": "SALES", "users": 2}],
            "numbers": [
                {
                    "number": number,
                    "usage": "Outbound",
                    "skillGroups": ["sales"],
                    "created": (index + 1) * DAY,
                }
                for index, number in enumerate(NUMBERS)
            ],
        },
        "closed": {"status": "STOPPED"},
    },
    "unassigned": [{"number": "4008001001"}],
}
OTHERWISE = {
    "unset": "null",
    "search": "prefix",
    "list-order": "insertion",
    "page-past-end": "refused",
    "error-status": "ok",
    "instance-numbers": "cut",
}
PAGE = {"PageNumber": 1, "PageSize": 100}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    """The endpoint behind the proxy, which behaves otherwise than the model."""
    with start_simulator(SEED, switches=OTHERWISE) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def _as_at_the_beginning(account: Simulator) -> None:
    account.faults([])
    account.put_state({**SEED, "switches": OTHERWISE})
    account.reset()


def look_around(simulator: Simulator) -> list[Mapping[str, Any]]:
    """The answers to a client that reads all there is, without what differs in any two answers."""
    answers = [
        simulator.api("ListInstances", **PAGE),
        simulator.api("GetInstance", InstanceId="acme"),
        simulator.api("ListSkillGroups", InstanceId="acme", **PAGE),
        simulator.api("ListContactFlows", InstanceId="acme", **PAGE),
        simulator.api("ListUnassignedNumbers", **PAGE),
        simulator.api("ListPhoneNumbers", InstanceId="acme", **PAGE),
        simulator.api("ListPhoneNumbers", InstanceId="acme", PageNumber=2, PageSize=2),
        simulator.api("ListPhoneNumbers", InstanceId="acme", SearchPattern="80001002", **PAGE),
        simulator.api("ListPhoneNumbers", InstanceId="acme", PageNumber=9, PageSize=100),
        simulator.api("ListPhoneNumbers", InstanceId="nobodys", **PAGE),
        simulator.api("ListPhoneNumbers", InstanceId="closed", **PAGE),
    ]
    return [{name: value for name, value in each.items() if name != "RequestId"} for each in answers]


def differences(proxy: Simulator) -> set[tuple[str, str, str, str]]:
    found = proxy._control("GET", "differences")["differences"]
    return {(each["action"], each["field"], each["live"], each["model"]) for each in found}


def test_answers_pass_and_differences_are_named(account: Simulator) -> None:
    with start_simulator(proxy=account.url) as proxy:
        assert look_around(proxy) == look_around(account)
        proxy.api("GetInstance", InstanceId="acme")  # by now the model knows every number
        found = differences(proxy)
        assert found >= {
            ("ListPhoneNumbers", "Data.List[].ContactFlowId", "null", "absent"),
            ("ListPhoneNumbers", "Data.List", "another order", "its own order"),
            ("ListPhoneNumbers", "Data.List", "fewer rows", "its own rows"),  # the search
            ("ListPhoneNumbers", "Code", "Parameter.Maximum", "OK"),
            ("ListPhoneNumbers", "HTTP status", "200", "404"),
            ("GetInstance", "Data.NumberList", "fewer rows", "its own rows"),
        }
        assert {action for action, *_ in found} == {
            "GetInstance",
            "ListContactFlows",
            "ListPhoneNumbers",
            "ListUnassignedNumbers",
        }
        for secret in (*NUMBERS, "acme", "sales", "主流程"):
            assert secret not in str(found)


def test_an_account_that_behaves_as_the_profile_differs_in_nothing(
    account: Simulator, tmp_path: Path
) -> None:
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps({"switches": OTHERWISE}), "utf-8")
    with start_simulator(proxy=account.url, profile=profile) as proxy:
        look_around(proxy)
        look_around(proxy)  # now it knows every row
        assert differences(proxy) == set()
        assert proxy._control("GET", "differences")["compared"]["ListPhoneNumbers"] == 12


def test_what_changes_something_is_not_forwarded_unasked(account: Simulator) -> None:
    before = account.state()
    with start_simulator(proxy=account.url) as proxy:
        answer = remove(proxy)
        assert answer["Code"] == "SimulatorRefused"
        assert "--forward-writes" in answer["Message"]
    assert (account.state(), account.count()) == (before, 0)


def test_a_second_action_beside_the_first_is_not_forwarded(account: Simulator) -> None:
    """An endpoint that looks elsewhere than the proxy would do what the proxy never saw."""
    read = signed_query("POST", "ListInstances", PAGE, "simulator", "simulator")
    write = signed_query("POST", "RemovePhoneNumbers", REMOVAL, "simulator", "simulator")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with start_simulator(proxy=account.url) as proxy:
        assert asked(proxy, write, read, form)["Code"] == "SimulatorRefused"
        assert asked(proxy, read, write, {})["Code"] == "SimulatorRefused"
        assert asked(proxy, f"{read}&action=RemovePhoneNumbers", "", {})["Code"] == "SimulatorRefused"
        header = {"x-acs-action": "RemovePhoneNumbers"}
        assert asked(proxy, read, "", header)["Code"] == "SimulatorRefused"
        assert account.count() == 0
        assert asked(proxy, read, "", {"x-acs-action": "ListInstances"})["Code"] == "OK"


def test_a_forwarded_write_is_done_there_and_by_the_model(account: Simulator) -> None:
    with start_simulator(proxy=account.url, forward_writes=True) as proxy:
        look_around(proxy)
        assert remove(proxy)["Data"] == []
        assert NUMBERS[0] not in account.numbers("acme")
        assert NUMBERS[0] not in proxy.numbers("acme")
        assert not any(action == "RemovePhoneNumbers" for action, *_ in differences(proxy))


def test_the_recording_holds_nobodys_data(account: Simulator, tmp_path: Path) -> None:
    record = tmp_path / "calls.json"
    with start_simulator(proxy=account.url, record=record) as proxy:
        look_around(proxy)
        text = record.read_text("utf-8")  # whole while it grows
        assert proxy.process.stdin
        assert proxy.process.stdout
        proxy.process.stdin.close()
        summary = proxy.process.stdout.read()
        assert "ListPhoneNumbers Data.List[].UserId: null live, absent in the model\n" in summary
    for secret in (*NUMBERS, "acme", "sales", "SALES", "主流程", "Signature", "Nonce", "AccessKey"):
        assert secret not in text + summary
    assert not re.search(r"\d{7}", text)
    calls = json.loads(text)
    assert len(calls) == 11
    assert calls[6]["sent"] == {"InstanceId": calls[5]["sent"]["InstanceId"], "PageNumber": 2, "PageSize": 2}
    assert ["Data.List[].UserId", "null", "absent"] in calls[5]["differences"]


def test_a_lost_answer_is_lost_to_the_client_too(account: Simulator) -> None:
    account.faults([{"action": "ListInstances", "fault": "lostResponse"}])
    with start_simulator(proxy=account.url) as proxy, pytest.raises(HTTPException):
        proxy.api("ListInstances", **PAGE)


async def test_an_answer_no_state_can_hold_still_arrives() -> None:
    rows: list[dict[str, object]] = [{"Number": "\ud800", "CreateTime": 10**30, "Province": []}]
    text = json.dumps({"Code": "OK", "Data": {"List": rows, "TotalCount": 1}}).encode()
    async with serving(lambda query: response(text)) as server:
        with start_simulator(proxy=server.url) as proxy:
            answer = await asyncio.to_thread(proxy.api, "ListPhoneNumbers", InstanceId="acme", **PAGE)
    assert answer["Data"]["List"] == rows


async def test_tls_is_spoken_and_its_certificate_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    async with serving(lambda query: ok(), tls=context) as server:
        target = f"https://{server.url.partition('://')[2]}"
        with start_simulator(proxy=target) as proxy:
            answer = await asyncio.to_thread(proxy.api, "ListInstances", **PAGE)
            assert answer["Code"] == "SimulatorRefused"
            assert "certificate" in answer["Message"].lower()
        assert server.calls == []
        monkeypatch.setenv("ALIBABA_CLOUD_CA_BUNDLE", str(file))
        with start_simulator(proxy=target) as proxy:
            assert (await asyncio.to_thread(proxy.api, "ListInstances", **PAGE))["Code"] == "OK"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"proxy": "http://ccc.aliyuncs.com"}, "plain HTTP would show the network what is signed"),
        ({"proxy": "https://ccc.aliyuncs.com.evil.example"}, "is neither CCC"),
        ({"proxy": "https://ccc.oss-cn-hangzhou.aliyuncs.com"}, "is neither CCC"),
        ({"proxy": "https://ccc.aliyuncs.com@127.0.0.2"}, "without user, path or query"),
        ({"proxy": "http://127.0.0.1:8080", "rate": 5}, "--proxy answers as its endpoint does"),
        ({"record": "calls.json"}, "--record needs --proxy"),
    ],
)
def test_what_a_proxy_cannot_start_with_is_one_line(flags: dict[str, Any], message: str) -> None:
    with pytest.raises(RuntimeError, match=re.escape(message)), start_simulator(None, **flags):
        pass


REMOVAL = {"InstanceId": "acme", "NumberList": [NUMBERS[0]], "Force": "true"}


def remove(simulator: Simulator) -> dict[str, Any]:
    return simulator.api("RemovePhoneNumbers", **REMOVAL)


def asked(simulator: Simulator, query: str, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    connection = HTTPConnection(simulator.endpoint, timeout=30)
    try:
        connection.request("POST", f"/?{query}", body, dict(headers))
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()
