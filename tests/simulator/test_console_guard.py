"""What the console leaves alone, whom it refuses, and what comes of what is done on it. Without a browser."""

import json
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.simulator.console_world import ONE, SEED
from tests.support.simulator import ROOT, Simulator

# --- what it leaves alone


def test_the_api_at_the_root_is_as_ever(simulator: Simulator) -> None:
    assert simulator.api("ListInstances", PageNumber=1, PageSize=10)["Data"]["TotalCount"] == 2
    status, _, body = ask(simulator, "GET", "/", {"Accept": "application/json"})
    assert (status, json.loads(body)["Code"]) == (400, "MissingAction")


def test_the_console_is_not_loaded_before_somebody_looks() -> None:
    code = (
        "import sys; from ccc_numbers.simulator.server import create_app; from ccc_numbers.simulator.gateway import Gateway;"
        "from ccc_numbers.simulator.store import Store; g = Gateway(Store(None)); create_app(g);"
        "print(*sorted({'jinja2', 'pydantic', 'ccc_numbers.simulator.console.pages'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def ask(
    simulator: Simulator, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    connection = HTTPConnection(simulator.endpoint, timeout=30)
    try:
        body = urlencode(form) if form is not None else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        connection.request(method, path, body, {**kind, **headers})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "["},
        {"Host": "127.0.0.1:1"},
        {"Host": "localhost"},
    ],
)
def test_another_site_s_form_does_nothing(simulator: Simulator, headers: dict[str, str]) -> None:
    path, form = "/console/instances/acme-support/remove", {"number": ONE, "force": "true"}
    status, _, body = ask(simulator, "POST", path, headers, form)
    assert (status, "Not done" in body) == (403, True)
    assert ONE in simulator.numbers("acme-support")


def test_no_foreign_name_can_read_the_console(simulator: Simulator) -> None:
    status, _, body = ask(simulator, "GET", "/", {"Host": "evil.example", "Accept": "text/html"})
    assert (status, "acme-support" in body) == (403, False)


def test_a_form_of_its_own_is_taken_and_sent_on(simulator: Simulator) -> None:
    path, form = "/console/instances/acme-support/remove", {"number": ONE, "force": "true"}
    status, headers, _ = ask(simulator, "POST", path, {"Origin": simulator.url}, form)
    assert (status, headers["location"]) == (303, "/console/instances/acme-support")
    assert "script" not in headers["content-security-policy"]
    assert ONE in simulator.unassigned()


def test_names_cannot_become_markup(simulator: Simulator) -> None:
    bad = "<script>alert(1)</script>"
    instance = {**SEED["instances"]["acme-support"], "name": bad}
    simulator.put_state({"instances": {"acme-support": instance}})
    note = "ccc-simulator-note=" + "%5B%5Btrue%2C%22" + "%3Cscript%3E" + "%22%5D%5D"
    _, _, body = ask(simulator, "GET", "/", {"Accept": "text/html", "Cookie": note})
    assert "<script" not in body
    assert "&lt;script&gt;alert(1)" in body
    _, _, body = ask(simulator, "GET", f"/console/unassigned?{urlencode({'q': bad})}", {})
    assert "<script" not in body


@pytest.mark.parametrize("note", ["x", "%5B1%5D", "%7B%7D", "%5B%22ab%22%5D", "%5B" * 2000])
def test_a_cookie_of_somebody_else_does_no_harm(simulator: Simulator, note: str) -> None:
    status, _, _ = ask(simulator, "GET", "/console/unassigned", {"Cookie": f"ccc-simulator-note={note}"})
    assert status == 200


# --- what it is for


def test_what_is_done_by_hand_is_drift(simulator: Simulator, tmp_path: Path) -> None:
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    (stacks / "Pulumi.acme.yaml").write_text(f"config:\n  ccc:endpoint: {simulator.url}\n", "utf-8")
    (stacks / "acme.yaml").write_text(
        f'instances:\n  acme-support:\n    numbers:\n      "{ONE}": {{usage: bidirectional, flow: 主流程, skillGroups: [sales]}}\n',
        "utf-8",
    )
    group = {"usage": "Bidirection", "flow": "", "group": "sales@acme-support"}
    ask(simulator, "POST", f"/console/instances/acme-support/numbers/{ONE}", {"Origin": simulator.url}, group)
    words = ["drift", "--project", str(tmp_path), "-o", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "ccc_numbers", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    found = {(each["kind"], each["subject"]) for each in json.loads(done.stdout)["findings"]}
    assert ("dead-inbound", ONE) in found
