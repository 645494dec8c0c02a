"""How a forge is spoken to: to whom the token goes, what is tried again, and what a person reads when it fails."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.http import Api
from tests.gitops.github import REPOSITORY, GitHubStandIn, github
from tests.gitops.stand_in import listening
from tests.support.certificate import certificate

TOKEN = "token-of-the-forge"
DROPPED = 0
"""In place of a status: the connection ends without an answer."""


@dataclass
class Server:
    """`calls` are the request lines that came with their token; `answers` what the next are answered with."""

    port: int = 0
    calls: list[tuple[str, str | None]] = field(default_factory=list)
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)

    def api(self, scheme: str = "http", host: str = "127.0.0.1") -> Api:
        return Api("GitHub", f"{scheme}://{host}:{self.port}", {"Authorization": TOKEN})


@contextmanager
def serving(*answers: tuple[int, Mapping[str, str]], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.calls.append((f"{self.command} {self.path}", self.headers.get("Authorization")))
            status, headers = server.answers.pop(0) if server.answers else (200, {})
            if status != DROPPED:
                self.send_response(status)
                for name, value in {"Content-Length": "2", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"{}")

        do_GET = do_POST = _do

        def log_message(self, format: str, *args: object) -> None: ...

    with listening(Handler, tls) as server.port:
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between two tries, in place of waiting."""
    found: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", found.append)
    return found


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_the_token_nowhere(status: int) -> None:
    with (
        serving() as other,
        serving((status, {"Location": f"http://127.0.0.1:{other.port}/x"})) as server,
        pytest.raises(FleetError) as refused,
    ):
        server.api().call("GET", "/x")
    assert f"refused GET /x: {status}" in str(refused.value)
    assert "another address, which is not followed" in str(refused.value)
    assert len(server.calls) == 1
    assert other.calls == []


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("86400", 60.0), ("soon", 1.0)])
def test_the_forge_says_when_to_ask_again(waits: list[float], asked: str, waited: float) -> None:
    for status in (429, 403):
        with serving((status, {"Retry-After": asked})) as server:
            assert server.api().call("POST", "/x", {"body": "text"}) == {}
        assert len(server.calls) == 2
    assert waits == [waited, waited]


def test_each_pause_is_a_little_longer(waits: list[float]) -> None:
    with serving(*[(502, {})] * 3) as server, pytest.raises(FleetError, match="refused GET /x: 502"):
        server.api().call("GET", "/x")
    assert waits == [1.0, 2.0]


def test_a_lost_connection_is_tried_again_for_a_read_alone(waits: list[float]) -> None:
    with serving((DROPPED, {}), (DROPPED, {})) as server:
        assert server.api().call("GET", "/x") == {}
    assert len(server.calls) == 3
    with serving((DROPPED, {})) as server, pytest.raises(FleetError, match="GitHub cannot be reached"):
        server.api().call("POST", "/x", {"body": "text"})
    assert len(server.calls) == 1


def test_a_listing_too_long_to_be_read_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccc_numbers.fleet.gitops.http._MOST_PAGES", 2)
    with github() as forge:
        forge.comments[7] = [{"id": index, "body": ""} for index in range(201)]
        api = Api("GitHub", forge.url, {"Authorization": "Bearer token pull-requests"})
        path = f"/repos/{REPOSITORY}/issues/7/comments"
        with pytest.raises(FleetError, match="more than 200 rows"):
            list(api.pages(path))
        forge.comments[7] = forge.comments[7][:199]
        assert len(list(api.pages(path))) == 199


@pytest.mark.parametrize(
    "token", ["secret-1\n", "secret-1\r\nX: y", "secret-1 ", "secret-1\u2026", "secret-1\x00"]
)
def test_a_token_that_was_copied_badly_is_not_repeated(
    forge: GitHubStandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    token: str,
) -> None:
    if "\0" in token:
        with pytest.raises(FleetError, match="the token for GitHub") as refused:
            Api("GitHub", forge.url, {"Authorization": token}).call("GET", "/x")
        said = str(refused.value)
    else:
        monkeypatch.setenv("GITHUB_TOKEN", token)
        assert main(["comment", str(tmp_path), "--request", "7", "--post"]) == 2
        said = capsys.readouterr().err
    assert "the token for GitHub holds a line break" in said
    assert "secret-1" not in said
    assert forge.calls == []


@pytest.mark.parametrize(
    "base",
    ["", "api.github.com", "ftp://forge.example", "https://", "http://x\n", "https://forge:x"],
)
def test_what_is_not_an_address_is_one_line(base: str) -> None:
    with pytest.raises(FleetError, match="is not an address of GitHub"):
        Api("GitHub", base, {}).call("GET", "/x")


def test_the_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as proxy, serving() as server:
        # As urllib: without a scheme it is HTTP, and ALL_PROXY is not for us.
        monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
        monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
        server.api().call("GET", "/x")
        monkeypatch.setenv("no_proxy", f"elsewhere.example,127.0.0.1:{server.port}")
        server.api().call("GET", "/y")
    assert [line for line, _ in proxy.calls] == [f"GET http://127.0.0.1:{server.port}/x"]
    assert [line for line, _ in server.calls] == ["GET /y"]


@pytest.mark.parametrize("proxy", ["socks5://user:hidden@127.0.0.1:9", "http://h:hidden"])
def test_a_proxy_that_cannot_be_used_is_one_line(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(FleetError, match="the proxy in HTTPS_PROXY cannot be used") as refused:
        Api("GitHub", "https://forge.example", {}).call("GET", "/x")
    assert "hidden" not in str(refused.value)


def test_a_certificate_is_checked_with_the_authorities_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    file = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    with serving(tls=context) as server:
        with pytest.raises(FleetError, match=r"GitHub cannot be reached .*CERTIFICATE_VERIFY_FAILED"):
            server.api("https").call("GET", "/x")
        assert server.calls == []
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        server.api("https").call("GET", "/x")
    assert [line for line, _ in server.calls] == ["GET /x"]
