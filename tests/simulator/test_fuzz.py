"""Ten thousand requests nobody sane would send (a thousand in a quick run): refused in order, never a 500, and
afterwards everything is still there.

Over real HTTP: half of them are signed calls with odd values, the rest is damaged further down.
"""

import random
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode

from ccc_numbers.simulator.operations import OPERATIONS
from tests.simulator.script import SEED
from tests.support.effort import NIGHTLY
from tests.support.simulator import Simulator, signed_query, start_simulator

REQUESTS = 10_000 if NIGHTLY else 1_000
READS = [action for action, operation in OPERATIONS.items() if operation.reads]

ODD: list[str] = [
    *("", " ", "None", "null", "true", "False", "0", "-1", "1", "101", "1e3", "１２", "9" * 30, "9" * 5000),
    *("[]", "[[]]", '["1"]', '["02180001001"]', '["\\ud800"]', "['1']", "[" * 5000, "{}", '{"a":1}', "[1]"),
    *(
        "acme",
        "other",
        "closed",
        "coming",
        "sales@acme",
        "support@acme",
        "li@acme",
        "主流程",
        "😀",
        "\x00",
        "%",
    ),
    *(
        "'; DROP TABLE number; --",
        "a" * 70_000,
        "02180001001",
        "4008001001",
        "Inbound",
        "Bidirection",
        "CHAT",
    ),
    *("\u202e", "../..", "\r\nX: y", "&=?#", "NaN", "2020-07-01", "MAIN_FLOW", "default", "%%%", "_"),
]


def parameters(chance: random.Random, action: str) -> dict[str, str]:
    """Odd values for an action's parameters, some absent, one in excess; the instance mostly exists."""
    names = [parameter.name for parameter in OPERATIONS[action].parameters]
    given = {name: chance.choice(ODD) for name in names if chance.random() < 0.9}
    for name in ("PageNumber", "PageSize"):
        if name in given and chance.random() < 0.7:
            given[name] = str(chance.randint(1, 100))
    instance = "other" if action == "DeleteInstance" else chance.choice(["acme"] * 3 + [chance.choice(ODD)])
    return {"InstanceId": instance, **given, "Odd": "x"}


def signed(chance: random.Random) -> tuple[str, str, bytes, dict[str, str]]:
    action = chance.choice(list(OPERATIONS) if chance.random() < 0.5 else READS)
    query = signed_query("POST", action, parameters(chance, action), "simulator", "simulator")
    return "POST", f"/?{query}", b"", {}


def damaged(chance: random.Random) -> tuple[str, str, bytes, dict[str, str]]:
    """A signed call with bytes changed, moved to the body, or with headers that promise V3."""
    method, target, body, headers = signed(chance)
    query = target.removeprefix("/?")
    match chance.randrange(6):
        case 0:
            at = chance.randrange(len(query))
            query = query[:at] + quote(chance.choice(ODD)[:100]) + query[at + 1 :]
        case 1:
            body, query = query.encode(), ""
            headers = {"content-type": "application/x-www-form-urlencoded"}
        case 2:
            headers = {
                "authorization": f"ACS3-HMAC-SHA256 {quote(chance.choice(ODD)[:100])}=,SignedHeaders=a"
            }
        case 3:
            headers = {
                "authorization": "ACS3-HMAC-SHA256 Credential=simulator,SignedHeaders=host;x-acs-action;"
                "x-acs-version;x-acs-date;x-acs-signature-nonce,Signature=0",
                "x-acs-action": chance.choice(READS),
                "x-acs-version": "2020-07-01",
                "x-acs-date": chance.choice(["2026-01-01T00:00:00Z", "9999-99-99T99:99:99Z", "x"]),
                "x-acs-signature-nonce": "x",
            }
        case 4:
            body = chance.randbytes(200)
            headers = {"content-type": "application/x-www-form-urlencoded"}
        case _:
            method = chance.choice(["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
            query = urlencode({"Action": chance.choice(ODD)[:1000], "Version": chance.choice(ODD)[:1000]})
    return method, f"/?{query}", body, headers


def requests(chance: random.Random, count: int) -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    for _ in range(count):
        yield signed(chance) if chance.random() < 0.5 else damaged(chance)


def all_numbers(state: dict[str, Any]) -> set[str]:
    free = {row["number"] for row in state["unassigned"]}
    return free.union(*({row["number"] for row in one["numbers"]} for one in state["instances"].values()))


def statuses(simulator: Simulator, chance: random.Random) -> Counter[int]:
    """Send them all over one connection as long as it lasts; how often each status came."""
    seen: Counter[int] = Counter()
    connection = HTTPConnection(simulator.endpoint, timeout=30)
    for method, target, body, headers in requests(chance, REQUESTS):
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            text = response.read()
        except HTTPException:
            connection.close()
            seen[0] += 1
            continue
        seen[response.status] += 1
        assert response.status < 500, (method, target, body, headers, text)
    connection.close()
    return seen


def test_no_request_breaks_the_simulator() -> None:
    chance = random.Random(None if NIGHTLY else 4)
    with start_simulator(SEED) as simulator:
        before = all_numbers(simulator.state())
        seen = statuses(simulator, chance)
        assert before <= all_numbers(simulator.state())
        assert simulator.api("ListPhoneNumbers", InstanceId="acme", PageNumber=1, PageSize=1)["Code"] == "OK"
        simulator.put_state(simulator.state())  # what is left is still a valid state
        assert sum(seen.values()) == REQUESTS
        assert seen[200] > REQUESTS / 20  # they do not all fail at the door
        assert seen[0] == 0
        _no_bytes_break_it(simulator, chance)


def _no_bytes_break_it(simulator: Simulator, chance: random.Random) -> None:
    """What is not HTTP at all is refused by the server; the next caller is served."""
    host, port = simulator.endpoint.split(":")
    for _ in range(REQUESTS // 20):
        with socket.create_connection((host, int(port)), timeout=5) as raw, suppress(OSError):
            raw.sendall(chance.randbytes(100) + b"\r\n\r\n")
            raw.shutdown(socket.SHUT_WR)
            answer = raw.recv(100)
            assert not answer or answer.startswith(b"HTTP/1.1 400")
    assert simulator.api("GetInstance", InstanceId="acme")["Code"] == "OK"
