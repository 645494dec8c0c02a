"""Signed requests reach CCC and this machine, and nobody else, whatever a stack file, a resolver or a server says."""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from ccc_numbers.api.client import Client
from ccc_numbers.api.credentials import FixedKeys
from ccc_numbers.api.errors import CccError, ConfigError, Unavailable
from ccc_numbers.api.rows import Usage
from ccc_numbers.api.settings import Settings
from tests.api.clients import KEYS, SECRETS, client_of
from tests.api.raw import ok, response, serving
from tests.support.listener import listening

pytestmark = pytest.mark.usefixtures("short_waits")

LOOK_ALIKES = [
    "evil.example",
    "evil.example:443",
    "https://evil.example",
    "ccc.evil.aliyuncs.com.evil.net",
    "ccc.cn-shanghai.aliyuncs.com.evil.net",
    "evil.aliyuncs.com",
    "oss-cn-shanghai.aliyuncs.com",
    "ccc.cn-nowhere.aliyuncs.com",
    "ccc-vpc.cn-shanghai.aliyuncs.com",
    "xccc.aliyuncs.com",
    "ccc.aliyuncs.com.",
    "ccc..aliyuncs.com",
    "ccc.aliyuncs.com:8443",
    "ccc.aliyuncs.com:80",
    "ccc.aliyuncs.com@evil.example",
    "https://ccc.aliyuncs.com:443@evil.example",
    "https://evil.example#ccc.aliyuncs.com",
    "https://evil.example?.ccc.aliyuncs.com",
    "https://evil.example\\.ccc.aliyuncs.com",
    "https://evil.example%2f.ccc.aliyuncs.com",
    "ccc.аliyuncs.com",  # a Cyrillic а
    "ccc.aliyuncs。com",
    "ccc.ａliyuncs.com",
    "xn--ccc-zzz.aliyuncs.com",
    "localhost.evil.example",
    "https://localhost.",
    "https://127.0.0.1.evil.example",
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://0.0.0.0",
    "https://[::]",
    "https://[::1%25eth0]",
    "https://[fe80::1]",
    "https://169.254.169.254",
    "https://10.0.0.5:8080",
]


@pytest.mark.parametrize("endpoint", LOOK_ALIKES)
def test_a_stack_file_cannot_name_another_host(endpoint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.parse({"endpoint": endpoint}, environ={})
    assert "ccc:endpoint" in str(refused.value)
    with pytest.raises(ConfigError):
        Client(replace(Settings(), endpoint=endpoint), credentials=FixedKeys(KEYS))


@pytest.mark.parametrize("endpoint", ["evil.example", "ccc.aliyuncs.com.evil.net:8443"])
def test_the_refusal_says_what_to_do(endpoint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.parse({"endpoint": endpoint}, environ={})
    assert str(refused.value) == (
        f'ccc:endpoint: "{endpoint}" is not a host of CCC, and signed requests go to CCC and to this machine alone; '
        "remove it for the region's own endpoint, or, if the host is yours, name it in the environment: "
        f"CCC_ALLOWED_HOSTS={endpoint}"
    )


def test_what_a_refusal_repeats_cannot_steer_a_terminal() -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.parse({"endpoint": "evil\x1b[2J\u202e.example"}, environ={})
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("environ", "endpoint"),
    [
        ({"CCC_ALLOWED_HOSTS": "proxy.example"}, "proxy.example"),
        ({"CCC_ALLOWED_HOSTS": "proxy.example"}, "https://PROXY.example:443/"),
        ({"CCC_ALLOWED_HOSTS": " other.example , proxy.example:8443,"}, "proxy.example:8443"),
        (
            {"CCC_ALLOWED_HOSTS": "ccc-vpc.cn-shanghai.aliyuncs.com"},
            "https://ccc-vpc.cn-shanghai.aliyuncs.com",
        ),
        ({"CCC_ALLOWED_HOSTS": "[2001:db8::5]:8443"}, "https://[2001:db8::5]:8443"),
        ({"CCC_ENDPOINT": "proxy.example:8443"}, "proxy.example:8443"),
        ({"CCC_ENDPOINT": "https://proxy.example"}, ""),
    ],
)
def test_the_environment_may_name_further_hosts(environ: Mapping[str, str], endpoint: str) -> None:
    target = Settings.parse({"endpoint": endpoint}, environ=environ).target
    assert (target.https, target.loopback) == (True, False)


@pytest.mark.parametrize(
    ("allowed", "endpoint"),
    [
        ("proxy.example", "proxy.example:8443"),
        ("proxy.example:8443", "proxy.example"),
        ("proxy.example", "sub.proxy.example"),
        ("proxy.example", "http://proxy.example"),
        ("*.example", "proxy.example"),
        ("https://proxy.example", "proxy.example"),
        ("user@proxy.example", "proxy.example"),
    ],
)
def test_an_allowed_host_is_one_host_and_port(allowed: str, endpoint: str) -> None:
    with pytest.raises(ConfigError):
        Settings.parse({"endpoint": endpoint}, environ={"CCC_ALLOWED_HOSTS": allowed})


def test_a_wrong_entry_of_the_environment_is_named() -> None:
    with pytest.raises(ConfigError, match="CCC_ALLOWED_HOSTS"):
        Settings.parse({}, environ={"CCC_ALLOWED_HOSTS": "proxy.example,*.example"})


# --- connections


async def test_a_refused_host_is_not_even_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the run would connect to on its way there, by name or through a proxy, is this listener."""
    with listening() as listener:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.port}")
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", KEYS.id)
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", KEYS.secret)
        with pytest.raises(CccError):
            async with Client(Settings.parse({"endpoint": "evil.example"})) as client:
                await client.list_phone_numbers("i")
    assert listener.heads == []


async def test_a_proxy_learns_the_name_of_ccc_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with listening() as listener:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.port}")
        settings = Settings.parse({"timeouts": {"operation": 1, "connect": 1, "read": 1}}, environ={})
        async with Client(settings, credentials=FixedKeys(KEYS)) as client:
            with pytest.raises(Unavailable):
                await client.list_phone_numbers("i")
    assert listener.heads
    for head in listener.heads:
        assert head.startswith(b"CONNECT ccc.cn-shanghai.aliyuncs.com:443 ")
        assert not [secret for secret in SECRETS if secret.encode() in head]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with serving(lambda query: ok()) as elsewhere:

        def redirect(query: Mapping[str, str]) -> bytes:
            return (
                f"HTTP/1.1 {status} Elsewhere\r\nLocation: {elsewhere.url}/?AccessKeyId=x\r\n"
                "Content-Length: 0\r\n\r\n"
            ).encode()

        async with serving(redirect) as server, client_of(server, operation=1) as client:
            with pytest.raises(CccError):
                await client.modify_phone_number("i", "1", Usage.INBOUND)
        assert server.calls
        assert elsewhere.connections == 0


def own_address() -> str:
    """An address of this machine that is not loopback; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no other address than loopback")
        return str(probe.getsockname()[0])


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", ["localhost", "evil.localhost"])
async def test_a_name_of_this_machine_that_leads_elsewhere_gets_no_request(
    scheme: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resolver that somebody else rules, or one that changes its mind: the connection itself is looked at."""
    elsewhere, real = own_address(), socket.getaddrinfo

    def lied(host: str, port: int, *more: Any, **options: Any) -> object:
        return real(elsewhere if host == name else host, port, *more, **options)

    with listening("0.0.0.0") as listener:
        monkeypatch.setattr(socket, "getaddrinfo", lied)
        settings = Settings.parse(
            {"endpoint": f"{scheme}://{name}:{listener.port}", "timeouts": {"operation": 1}}, environ={}
        )
        async with Client(settings, credentials=FixedKeys(KEYS)) as client:
            with pytest.raises(Unavailable, match="not this machine"):
                await client.modify_phone_number("i", "1", Usage.INBOUND)
        assert settings.asked().simulator is None, "nor is a simulator asked there who it is"
    assert set(listener.heads) <= {b""}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        response(b"[" * 2_000),
        response({"identity": "a" * 2_000}),
        response({"identity": ", account 1"}),
        response({"identity": 7}),
        response({"identity": "it"}, status=302),
        response(["identity"]),
    ],
)
async def test_an_odd_answer_is_not_an_identity(answer: bytes) -> None:
    async with serving(lambda query: answer) as server:
        settings = Settings.parse({"endpoint": server.url}, environ={})
        assert (await asyncio.to_thread(settings.asked)).simulator is None
    assert [line for line in server.heads if "Signature" in line or "AccessKey" in line] == []


@pytest.mark.parametrize("name", ["localhost", "x.localhost"])
async def test_a_name_of_this_machine_works(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def resolved(host: str, port: int, *more: Any, **options: Any) -> object:
        return real("127.0.0.1" if host == name else host, port, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    async with serving(lambda query: ok()) as server:
        server.url = f"http://{name}:{urlsplit(server.url).port}"
        async with client_of(server) as client:
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert len(server.calls) == 1
