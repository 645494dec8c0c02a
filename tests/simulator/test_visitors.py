"""Another site's page in this machine's browser neither commands the simulator nor calls its API nor reads either."""

import json
import socket
import subprocess
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.simulator.console_world import ONE
from tests.support.simulator import Simulator, signed_query


def ask(
    simulator: Simulator, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> tuple[int, str]:
    """(status, body); `{port}` in a header is the simulator's own."""
    port = simulator.endpoint.rpartition(":")[2]
    with closing(HTTPConnection(simulator.endpoint, timeout=30)) as connection:
        sent = {name: value.format(port=port) for name, value in headers.items()}
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        return response.status, response.read().decode()


STRANGERS = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Host": "evil.example"},
    {"Host": "evil.example:{port}"},
    {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}", "Sec-Fetch-Site": "same-origin"},
    {"Host": "127.0.0.1.evil.example:{port}"},
    {"Host": "127.0.0.1:{port}@evil.example"},
    {"Host": "["},
    {"Host": ""},
]
# Of no use to an attacker, who does not choose the port; but nobody comes under it by accident either.
WRONG_PORTS = [{"Host": "127.0.0.1:1"}, {"Host": "localhost"}, {"Host": "x.aliyuncs.com:{port}"}]
COMMANDS = [
    ("GET", "state", None),
    ("PUT", "state", "{}"),
    ("POST", "reset", None),
    ("PUT", "faults", '{"faults": [{"action": "AddPhoneNumbers", "fault": "throttle"}]}'),
    ("PUT", "switches", '{"unset": "null"}'),
    ("PUT", "instances/acme-support/status", '{"status": "STOPPED"}'),
    ("POST", "support/import", '{"unassigned": [{"number": "02180009999"}]}'),
]


@pytest.mark.parametrize("headers", [*STRANGERS, *WRONG_PORTS])
@pytest.mark.parametrize(("method", "path", "body"), COMMANDS)
def test_a_stranger_neither_reads_nor_changes_anything(
    simulator: Simulator, headers: dict[str, str], method: str, path: str, body: str | None
) -> None:
    before = simulator.state()
    form = {"Content-Type": "text/plain"} if body else {}
    status, said = ask(simulator, method, f"/_simulator/{path}", headers | form, body)
    assert status == 403
    assert list(json.loads(said)) == ["problems"]
    assert simulator.state() == before
    assert json.loads(ask(simulator, "GET", "/_simulator/faults", {})[1]) == {"faults": []}


@pytest.mark.parametrize("headers", STRANGERS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_calls_no_operation_though_everybody_knows_the_key(
    simulator: Simulator, headers: dict[str, str], method: str
) -> None:
    parameters = {"InstanceId": "acme-support", "NumberList": [ONE]}
    query = signed_query(method, "RemovePhoneNumbers", parameters, "simulator", "simulator")
    status, said = ask(simulator, method, f"/?{query}", headers)
    assert (status, json.loads(said)["Code"]) == (403, "SimulatorRefused")
    assert ONE in simulator.numbers("acme-support")
    assert simulator.calls() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost:{port}"},
        {"Host": "LOCALHOST:{port}"},
        {"Host": "[::1]:{port}"},
        {"Origin": "http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_programs_of_this_machine_and_its_own_pages_are_answered(
    simulator: Simulator, headers: dict[str, str]
) -> None:
    assert ask(simulator, "GET", "/_simulator/calls", headers) == (200, "{}")
    assert ask(simulator, "POST", "/_simulator/reset", headers)[0] == 204
    query = signed_query("GET", "ListInstances", {"PageNumber": 1, "PageSize": 10}, "simulator", "simulator")
    assert ask(simulator, "GET", f"/?{query}", headers)[0] == 200


def test_the_api_answers_behind_a_proxy_under_cccs_own_name(simulator: Simulator) -> None:
    query = signed_query("GET", "ListInstances", {"PageNumber": 1, "PageSize": 10}, "simulator", "simulator")
    assert ask(simulator, "GET", f"/?{query}", {"Host": "ccc.cn-shanghai.aliyuncs.com"})[0] == 200


def test_curl_needs_nothing_special(simulator: Simulator) -> None:
    for address in (simulator.url, simulator.url.replace("127.0.0.1", "localhost")):
        words = ["curl", "--silent", "--noproxy", "*", "--ipv4", f"{address}/_simulator/state"]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        assert "acme-support" in json.loads(done.stdout)["instances"]


def test_it_listens_on_loopback_alone(simulator: Simulator) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            pytest.skip("this machine has no other address than loopback")
        own = probe.getsockname()[0]
    with (
        pytest.raises(ConnectionRefusedError),
        socket.create_connection((own, int(simulator.endpoint.rpartition(":")[2])), timeout=5),
    ):
        pass
