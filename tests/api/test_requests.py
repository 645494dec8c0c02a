"""What the client sends, and to whom."""

import asyncio
import re
import ssl
from pathlib import Path

import pytest

from ccc_numbers.api.credentials import FixedKeys, Keys
from ccc_numbers.api.endpoint import Endpoint
from ccc_numbers.api.errors import CccError, ConfigError, Denied
from ccc_numbers.api.rows import FlowType, Usage
from ccc_numbers.api.sdk import _proxies
from tests.api.clients import KEYS, client_of
from tests.api.raw import ok, refused, serving
from tests.support.certificate import certificate

pytestmark = pytest.mark.usefixtures("short_waits")


async def test_a_list_travels_as_compact_json_and_none_not_at_all() -> None:
    async with serving(lambda query: ok([])) as server, client_of(server) as client:
        await client.add_phone_numbers("i", ["02180001001", "4008001001", "02180001001"], Usage.INBOUND)
        [call] = server.calls
    assert call["NumberList"] == '["02180001001","4008001001"]'
    assert call["Usage"] == "Inbound"
    assert "ContactFlowId" not in call
    assert "None" not in call.values()


async def test_chinese_survives_the_way() -> None:
    async with serving(lambda query: ok("flow-1")) as server, client_of(server) as client:
        made = await client.create_contact_flow("i", "主流程 1*~", FlowType.MAIN, '{"a": "值"}', "说明")
        [call] = server.calls
    assert made == "flow-1"
    assert (call["Name"], call["Type"], call["Definition"]) == ("主流程 1*~", "MAIN_FLOW", '{"a": "值"}')


async def test_only_a_parameter_too_long_for_a_url_travels_in_the_body() -> None:
    short, long = '{"a": "值"}', '{"a": "' + "值" * 1_000 + '"}'
    async with serving(lambda query: ok("")) as server, client_of(server) as client:
        await client.commit_contact_flow("i", "f", "d", short)
        await client.commit_contact_flow("i", "f", "d", long)
        first, second = server.calls
    assert first["Definition"] == short
    assert "Definition" not in second
    assert second["ContactFlowId"] == "f"


async def test_an_outbound_number_is_sent_without_a_flow() -> None:
    async with serving(lambda query: ok()) as server, client_of(server) as client:
        await client.modify_phone_number("i", "02180001001", Usage.OUTBOUND, "flow-1")
        await client.modify_phone_number("i", "02180001001", Usage.BIDIRECTIONAL, "flow-1")
        await client.add_phone_numbers("i", ["02180001001"], Usage.OUTBOUND, "flow-1")
        await client.add_phone_numbers("i", ["02180001001"], Usage.INBOUND, "flow-1")
    assert [call.get("ContactFlowId") for call in server.calls] == [None, "flow-1", None, "flow-1"]
    assert [call["Usage"] for call in server.calls] == ["Outbound", "Bidirection", "Outbound", "Inbound"]


async def test_an_empty_list_makes_no_call() -> None:
    async with serving(lambda query: ok()) as server, client_of(server) as client:
        assert await client.add_phone_numbers("i", [], Usage.INBOUND) == ()
        assert await client.remove_phone_numbers("i", []) == ()
        await client.add_numbers_to_skill_group("i", "g", [])
        await client.remove_phone_numbers_from_skill_group("i", "g", [])
        await client.add_phone_number_to_skill_groups("i", "1", [])
        await client.remove_phone_number_from_skill_groups("i", "1", [])
    assert server.calls == []


async def test_the_region_is_ours_not_the_sdks_default() -> None:
    async with serving(lambda query: ok({})) as server, client_of(server) as client:
        with pytest.raises(CccError):
            await client.get_instance("i")
    assert server.calls[0]["RegionId"] == "cn-shanghai"


async def test_requests_do_not_grow_from_call_to_call() -> None:
    async with serving(lambda query: ok()) as server, client_of(server) as client:
        for _ in range(5):
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    agents = {re.search(r"User-Agent: (.*)\r", head).group(1) for head in server.heads}  # type: ignore[union-attr]
    assert len(agents) == 1


async def test_many_calls_share_few_connections() -> None:
    async with serving(lambda query: ok()) as server, client_of(server) as client:
        await asyncio.gather(*(client.modify_phone_number("i", str(n), Usage.INBOUND) for n in range(60)))
    assert len(server.calls) == 60
    assert server.connections <= 16


async def test_keys_in_alibabas_old_variables_do_not_take_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIYUN_ACCESS_KEY_ID", "foreign")
    monkeypatch.setenv("ALIYUN_ACCESS_KEY_SECRET", "foreign")
    for keys in (KEYS, Keys("plain", "secret")):
        async with (
            serving(lambda query: ok()) as server,
            client_of(server, credentials=FixedKeys(keys)) as client,
        ):
            await client.modify_phone_number("i", "1", Usage.INBOUND)
        assert server.calls[0]["AccessKeyId"] == keys.id
        assert server.calls[0].get("SecurityToken") == keys.token


async def test_a_netrc_adds_nothing_to_our_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password s3cr3t\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    async with serving(lambda query: ok()) as server, client_of(server) as client:
        await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert "Authorization" not in server.heads[0]


async def test_a_proxy_of_the_environment_is_not_asked_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(lambda query: ok()) as server, client_of(server) as client:
        await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert len(server.calls) == 1


def test_a_proxy_is_used_for_ccc_itself_unless_no_proxy_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    endpoint = Endpoint.of_region("cn-shanghai")
    assert _proxies(endpoint) == {"http": None, "https": "http://proxy:3128"}
    assert _proxies(Endpoint.parse("https://127.0.0.1:8443")) == {"http": None, "https": None}
    monkeypatch.setenv("no_proxy", ".aliyuncs.com")
    assert _proxies(endpoint) == {"http": None, "https": None}


async def test_rotated_keys_sign_the_next_call() -> None:
    class Rotating:
        def __init__(self) -> None:
            self.count = 0

        def current(self) -> Keys:
            self.count += 1
            return Keys(f"key-{self.count}", "secret", "token")

        def ended(self, keys: Keys) -> None: ...

    async with serving(lambda query: ok()) as server, client_of(server, credentials=Rotating()) as client:
        await client.modify_phone_number("i", "1", Usage.INBOUND)
        await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert [call["AccessKeyId"] for call in server.calls] == ["key-1", "key-2"]


async def test_a_session_that_ended_is_replaced_and_the_call_made_again() -> None:
    class Sessions:
        now = 1

        def current(self) -> Keys:
            return Keys(f"STS.{self.now}", "secret", "token")

        def ended(self, keys: Keys) -> None:
            assert keys == self.current()
            self.now += 1

    ended = refused("InvalidSecurityToken.Expired")
    async with (
        serving(lambda query: ended if query["AccessKeyId"] == "STS.1" else ok()) as server,
        client_of(server, credentials=Sessions()) as client,
    ):
        await client.modify_phone_number("i", "1", Usage.INBOUND)
        await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert [call["AccessKeyId"] for call in server.calls] == ["STS.1", "STS.2", "STS.2"]


async def test_keys_that_cannot_be_replaced_are_refused_once_more_and_named() -> None:
    async with (
        serving(lambda query: refused("InvalidSecurityToken.Expired")) as server,
        client_of(server) as client,
    ):
        with pytest.raises(Denied, match=r"temporary credentials \(STS token\) have expired"):
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert len(server.calls) == 2


# TLS


# The SDK carries an old urllib3.
@pytest.mark.filterwarnings("ignore:ssl.PROTOCOL_TLS is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:ssl.match_hostname.. is deprecated:DeprecationWarning")
async def test_https_is_really_spoken_and_its_certificate_really_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    async with serving(lambda query: ok(), tls=context) as server:
        # Built at run time: the SDK takes an equal string that is another object for plain HTTP.
        server.url = "".join(["htt", "ps://", server.url.partition("://")[2]])
        async with client_of(server) as client:
            with pytest.raises(ConfigError, match=r"certificate is not trusted.*ALIBABA_CLOUD_CA_BUNDLE"):
                await client.modify_phone_number("i", "1", Usage.INBOUND)
            monkeypatch.setenv("ALIBABA_CLOUD_CA_BUNDLE", str(file))
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert len(server.calls) == 1
