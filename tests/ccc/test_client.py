"""The client against a server of odd answers: what goes out, what comes back, what is tried again."""

import asyncio
import json
import logging
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from ccc import retry
from ccc.client import Client
from ccc.credentials import Credentials, FixedKeys, Keys
from ccc.endpoint import Endpoint
from ccc.errors import (
    ApiError,
    CccError,
    ConfigError,
    Denied,
    Incomplete,
    InstanceNotRunning,
    Invalid,
    NotExists,
    Throttled,
    Unavailable,
)
from ccc.rows import FlowType, Usage
from ccc.sdk import _proxies
from ccc.settings import Settings
from tests.ccc.raw import CLOSE, HANG, Answer, Query, RawServer, ok, page, refused, response, serving

KEYS: Final = Keys("LTAI5tTestKeyId", "s3cr3t-of-the-key", "t0ken-of-the-session")
SECRETS: Final = ("LTAI5tTestKeyId", "s3cr3t", "t0ken", "Signature=")


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(retry, "_LONGEST_WAIT", 0.05)


def client_of(
    server: RawServer, *, credentials: Credentials | None = None, read: float = 5, operation: float = 10
) -> Client:
    settings = Settings.parse(
        {"endpoint": server.url, "timeouts": {"read": read, "operation": operation, "connect": 2}}, environ={}
    )
    return Client(settings, credentials=credentials or FixedKeys(KEYS))


def numbers(count: int) -> list[dict[str, object]]:
    return [{"Number": f"0218{n:07d}", "Usage": "Inbound", "InstanceId": "i"} for n in range(count)]


def in_turn(*answers: bytes) -> Answer:
    """Each answer once, the last one for ever."""
    left = list(answers)
    return lambda query: left.pop(0) if len(left) > 1 else left[0]


# What goes out


async def test_a_list_travels_as_compact_json_and_what_is_not_given_not_at_all() -> None:
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


async def test_an_outbound_number_is_sent_without_a_flow() -> None:
    async with serving(lambda query: ok()) as server, client_of(server) as client:
        await client.modify_phone_number("i", "02180001001", Usage.OUTBOUND, "flow-1")
        await client.modify_phone_number("i", "02180001001", Usage.BIDIRECTIONAL, "flow-1")
    assert [call.get("ContactFlowId") for call in server.calls] == [None, "flow-1"]
    assert [call["Usage"] for call in server.calls] == ["Outbound", "Bidirection"]


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

    async with serving(lambda query: ok()) as server, client_of(server, credentials=Rotating()) as client:
        await client.modify_phone_number("i", "1", Usage.INBOUND)
        await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert [call["AccessKeyId"] for call in server.calls] == ["key-1", "key-2"]


# TLS


def certificate(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file


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


# What comes back


async def test_a_code_that_is_not_ok_is_an_error_whatever_the_http_status() -> None:
    for status in (200, 404):
        async with (
            serving(lambda query, status=status: refused("NotExists.Number", "gone", status)) as server,  # type: ignore[misc]
            client_of(server) as client,
        ):
            with pytest.raises(
                NotExists, match=f"ModifyPhoneNumber: gone .NotExists.Number, HTTP {status}, request R-2"
            ):
                await client.modify_phone_number("i", "1", Usage.INBOUND)


async def test_the_numbers_ccc_did_not_take_are_told() -> None:
    for data, failed in ((["1"], ("1",)), ([], ()), (None, ())):
        async with serving(lambda query, data=data: ok(data)) as server, client_of(server) as client:  # type: ignore[misc]
            assert await client.add_phone_numbers("i", ["1", "2"], Usage.INBOUND) == failed
            assert await client.remove_phone_numbers("i", ["1", "2"], force=True) == failed
        assert server.calls[1]["Force"] == "True"


async def test_an_instance_being_created_is_told_as_such() -> None:
    answer = refused("AbnormalService.Creating", "The instance i is being created.", 403)
    async with serving(lambda query: answer) as server, client_of(server) as client:
        with pytest.raises(InstanceNotRunning):
            await client.list_phone_numbers("i")


async def test_a_created_skill_group_has_the_display_name_ccc_leaves_out() -> None:
    answer = ok({"SkillGroupId": "sales@i", "Name": "sales", "InstanceId": "i", "MediaType": "AUDIO"})
    async with serving(lambda query: answer) as server, client_of(server) as client:
        group = await client.create_skill_group("i", "sales", "销售组")
    assert (group.id, group.display_name) == ("sales@i", "销售组")


async def test_a_request_too_long_for_the_gateway_is_no_mystery() -> None:
    answer = response(b"<html>Request-URI Too Long</html>", 414, "Request-URI Too Long")
    async with serving(lambda query: answer) as server, client_of(server) as client:
        with pytest.raises(Invalid, match="CommitContactFlow: the request is too long"):
            await client.commit_contact_flow("i", "f", "d", "{}")


# Keys that are refused


async def test_a_wrong_secret_is_named_and_the_signed_text_is_not_shown() -> None:
    def answer(query: Query) -> bytes:
        from aliyunsdkcore.auth.composer.rpc_signature_composer import __dict__ as composer

        unsigned = {name: value for name, value in query.items() if name != "Signature"}
        text = composer["__compose_string_to_sign"]("POST", unsigned)
        return refused(
            "SignatureDoesNotMatch",
            f"Specified signature is not matched with our calculation. server string to sign is:{text}",
        )

    async with serving(answer) as server, client_of(server) as client:
        with pytest.raises(
            Denied, match="wrong secret for this access key: check ALIBABA_CLOUD_ACCESS"
        ) as error:
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert not any(secret in str(error.value) for secret in SECRETS)


@pytest.mark.parametrize(
    "message",
    ["Specified signature does not match our calculation.", "", "server string to sign is:POST&%2F&other"],
)
async def test_a_signature_mismatch_without_the_sdks_colon_breaks_nothing(message: str) -> None:
    async with (
        serving(lambda query: refused("SignatureDoesNotMatch", message)) as server,
        client_of(server) as client,
    ):
        with pytest.raises(Denied, match="signature refused: check ALIBABA_CLOUD_ACCESS_KEY_SECRET"):
            await client.modify_phone_number("i", "1", Usage.INBOUND)


async def test_no_permission_names_the_action_to_grant() -> None:
    async with (
        serving(lambda query: refused("NoPermission", "You are not authorized.", 403)) as server,
        client_of(server) as client,
    ):
        with pytest.raises(Denied, match="grant this RAM identity ccc:ListInstances"):
            await client.list_instances()


async def test_a_nonce_seen_before_is_signed_anew() -> None:
    async with (
        serving(in_turn(refused("SignatureNonceUsed"), ok())) as server,
        client_of(server) as client,
    ):
        await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert server.calls[0]["SignatureNonce"] != server.calls[1]["SignatureNonce"]


async def test_no_credentials_means_no_call() -> None:
    class Nothing:
        def current(self) -> Keys:
            raise ConfigError("no credentials")

    async with serving(lambda query: ok()) as server, client_of(server, credentials=Nothing()) as client:
        with pytest.raises(ConfigError, match="no credentials"):
            await client.list_phone_numbers("i")
    assert server.calls == []


# What is tried again

Write = Callable[[Client], Awaitable[object]]
WRITES: list[Write] = [
    lambda client: client.add_phone_numbers("i", ["1"], Usage.INBOUND),
    lambda client: client.modify_phone_number("i", "1", Usage.INBOUND),
    lambda client: client.remove_phone_numbers("i", ["1"]),
    lambda client: client.add_phone_number_to_skill_groups("i", "1", ["g"]),
    lambda client: client.remove_phone_number_from_skill_groups("i", "1", ["g"]),
    lambda client: client.add_numbers_to_skill_group("i", "g", ["1"]),
    lambda client: client.remove_phone_numbers_from_skill_group("i", "g", ["1"]),
    lambda client: client.create_skill_group("i", "sales", "Sales"),
    lambda client: client.modify_skill_group("i", "g", "Sales", ""),
    lambda client: client.delete_skill_group("i", "g"),
    lambda client: client.create_contact_flow("i", "f", FlowType.MAIN, "{}"),
    lambda client: client.start_edit_contact_flow("i", "f"),
    lambda client: client.commit_contact_flow("i", "f", "d", "{}"),
    lambda client: client.publish_contact_flow("i", "f", "d"),
    lambda client: client.discard_editing_contact_flow("i", "f", "d"),
    lambda client: client.delete_contact_flow("i", "f"),
]


@pytest.mark.parametrize("write", WRITES)
async def test_no_write_is_ever_repeated_blindly(write: Write) -> None:
    async with serving(lambda query: CLOSE) as server, client_of(server) as client:
        with pytest.raises(Unavailable) as error:
            await write(client)
    assert error.value.may_have_happened
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "odd",
    [
        response(b"<html>Bad Gateway</html>", 502, "Bad Gateway"),
        refused("ServiceUnavailable", "later", 503),
        refused("InternalService.DB", "db", 500),
        response(b"<html>hello</html>"),
        response(b""),
        response(b"[1, 2]"),
        response(b'{"RequestId": "x"}'),
        b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"Code": "OK", "Data"',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"Cod',
        b"this is no HTTP at all\r\n\r\n",
        CLOSE,
    ],
)
async def test_an_odd_answer_is_read_again_but_never_written_again(odd: bytes) -> None:
    closing: Answer = lambda query: odd  # noqa: E731
    async with serving(closing, close_after=True) as server, client_of(server) as client:
        with pytest.raises(Unavailable) as error:
            await client.modify_phone_number("i", "1", Usage.INBOUND)
        assert error.value.may_have_happened
        assert "\n" not in str(error.value)
        assert len(server.calls) == 1
    row = {"Number": "1", "Province": "上海", "City": "上海"}
    async with serving(in_turn(odd, odd, ok(row)), close_after=True) as server, client_of(server) as client:
        assert (await client.get_number_location("i", "1")).city == "上海"
        assert len(server.calls) == 3


async def test_throttled_writes_are_repeated_and_nobody_hears_of_it(caplog: pytest.LogCaptureFixture) -> None:
    throttled = refused("Throttling.User", "Request was denied due to user flow control.")
    async with serving(in_turn(throttled, throttled, ok([]))) as server, client_of(server) as client:
        assert await client.add_phone_numbers("i", ["1"], Usage.INBOUND) == ()
    assert len(server.calls) == 3
    assert not [record for record in caplog.records if record.levelno > logging.DEBUG]


async def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_told() -> None:
    async with serving(lambda query: HANG) as server, client_of(server, read=0.2) as client:
        with pytest.raises(Unavailable, match="no answer in time") as error:
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert error.value.may_have_happened
    assert len(server.calls) == 1


async def test_a_deadline_ends_the_retries() -> None:
    async with (
        serving(lambda query: refused("Throttling.Api")) as server,
        client_of(server, operation=60) as client,
    ):
        with pytest.raises(Throttled):
            await client.within(1).modify_phone_number("i", "1", Usage.INBOUND)
    assert len(server.calls) >= 2


async def test_an_address_nobody_listens_at_is_told_soon_and_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retry, "_FIRST_CONTACT_SECONDS", 0.2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = RawServer(url=f"http://127.0.0.1:{free.getsockname()[1]}")
    async with client_of(server, operation=60) as client:
        with pytest.raises(Unavailable, match=r"no connection: .*Connection refused") as error:
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert not error.value.may_have_happened
    assert server.url.partition("://")[2] in str(error.value)


# Whole listings


async def test_a_listing_has_all_pages_sorted() -> None:
    rows = numbers(250)
    rows.reverse()
    async with serving(lambda query: page(query, rows)) as server, client_of(server) as client:
        listed = await client.list_phone_numbers("i")
    assert [row.number for row in listed] == sorted(str(row["Number"]) for row in rows)
    assert sorted(call["PageNumber"] for call in server.calls) == ["1", "2", "3"]
    assert {call["PageSize"] for call in server.calls} == {"100"}


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (1, 1), (100, 1), (101, 2), (1000, 10)])
async def test_a_listing_makes_no_more_calls_than_it_has_pages(count: int, calls: int) -> None:
    rows = numbers(count)
    async with serving(lambda query: page(query, rows)) as server, client_of(server) as client:
        assert len(await client.list_unassigned_numbers()) == count
    assert len(server.calls) == calls


async def test_a_listing_that_changes_meanwhile_is_made_again() -> None:
    before, after = numbers(201), numbers(202)
    seen: list[Query] = []

    def answer(query: Query) -> bytes:
        seen.append(query)
        return page(query, before if len(seen) <= 1 else after)

    async with serving(answer) as server, client_of(server) as client:
        assert len(await client.list_phone_numbers("i")) == 202
    assert len(server.calls) == 6


async def test_a_row_that_slipped_to_another_page_is_noticed() -> None:
    rows = numbers(150)
    seen: list[Query] = []

    def answer(query: Query) -> bytes:
        seen.append(query)
        # While the first listing is made, the rows shift by one: one twice, one never.
        shifted = rows if len(seen) != 2 else [rows[-1], *rows[:-1]]
        return page(query, shifted)

    async with serving(answer) as server, client_of(server) as client:
        assert len({row.number for row in await client.list_phone_numbers("i")}) == 150
    assert len(server.calls) == 4


async def test_a_number_that_joins_on_top_while_the_last_page_is_fetched_is_not_missed() -> None:
    rows = numbers(201)
    joined: dict[str, object] = {"Number": "4008001001", "Usage": "Inbound"}
    seen: list[Query] = []

    def answer(query: Query) -> bytes:
        seen.append(query)
        # The newest first: all others move one place down, and every old row is still seen once.
        late = len(seen) > 3 or (query["PageNumber"] == "3")
        return page(query, [joined, *rows] if late else rows)

    async with serving(answer) as server, client_of(server) as client:
        assert len(await client.list_phone_numbers("i")) == 202


async def test_a_listing_that_never_fits_together_is_an_error_not_a_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ccc.paging._PAUSE", 0.001)
    async with serving(lambda query: page(query, numbers(5), total=6)) as server, client_of(server) as client:
        with pytest.raises(Incomplete, match="ListPhoneNumbers of i: the listing changed"):
            await client.list_phone_numbers("i")


async def test_over_ten_thousand_numbers_are_listed_usage_by_usage() -> None:
    usages = ("Inbound", "Outbound", "Bidirection")
    rows: list[dict[str, object]] = [
        {"Number": f"{n:011d}", "Usage": usages[n % 3], "Active": n % 2 == 0, "InstanceId": "i"}
        for n in range(12_000)
    ]

    def answer(query: Query) -> bytes:
        assert int(query["PageNumber"]) <= 100
        return page(query, [row for row in rows if query.get("Usage", row["Usage"]) == row["Usage"]])

    settings = {"rate": json.dumps({"ListPhoneNumbers": 10_000})}
    async with (
        serving(answer) as server,
        Client(
            Settings.parse({"endpoint": server.url, **settings}, environ={}), credentials=FixedKeys(KEYS)
        ) as client,
    ):
        assert len(await client.list_phone_numbers("i")) == 12_000
    assert len(server.calls) == 1 + 3 * 40


async def test_more_rows_than_ccc_can_list_are_an_error_not_a_part() -> None:
    async with (
        serving(lambda query: page(query, numbers(100), total=10_001)) as server,
        client_of(server) as client,
    ):
        for listing in (client.list_phone_numbers("i"), client.list_unassigned_numbers()):
            with pytest.raises(Incomplete, match="10001 rows, but CCC lists 10000 at most"):
                await listing


async def test_a_page_that_fails_for_good_fails_the_listing_with_its_own_error() -> None:
    def answer(query: Query) -> bytes:
        return (
            page(query, numbers(300))
            if query["PageNumber"] != "3"
            else refused("Permission.Common", status=403)
        )

    async with serving(answer) as server, client_of(server) as client:
        with pytest.raises(Denied):
            await client.list_phone_numbers("i")


async def test_listings_pass_their_filters_on() -> None:
    async with serving(lambda query: page(query, [])) as server, client_of(server) as client:
        await client.list_phone_numbers("i", "0218")
        await client.list_unassigned_numbers("")
        await client.list_skill_groups("i", "CHAT")
        await client.list_contact_flows("i", FlowType.SUB, "night")
        await client.list_phone_numbers_of_skill_group("i", "g", is_member=False)
        await client.list_personal_numbers_of_user("i", "agent@i")
    calls = {call["Action"]: call for call in server.calls}
    assert calls["ListPhoneNumbers"]["SearchPattern"] == "0218"
    assert "SearchPattern" not in calls["ListUnassignedNumbers"]
    assert calls["ListSkillGroups"]["MediaType"] == "CHAT"
    assert (calls["ListContactFlows"]["Type"], calls["ListContactFlows"]["SearchPattern"]) == (
        "SUB_FLOW",
        "night",
    )
    assert calls["ListPhoneNumbersOfSkillGroup"]["IsMember"] == "False"
    assert calls["ListPersonalNumbersOfUser"]["IsMember"] == "True"


# Nothing secret is told


@pytest.mark.parametrize(
    "odd",
    [
        refused("SignatureDoesNotMatch", "server string to sign is:POST&%2F&AccessKeyId%3DLTAI5tTestKeyId"),
        refused("InvalidAccessKeyId.NotFound", "The key LTAI5tTestKeyId is unknown", 404),
        response(b"<html>proxy error for /?AccessKeyId=LTAI5tTestKeyId&Signature=abc</html>", 502),
        CLOSE,
    ],
)
async def test_no_secret_is_told_by_errors_or_logs(
    odd: bytes,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # With this variable the SDK writes whole requests to stderr.
    monkeypatch.setenv("DEBUG", "sdk")
    with caplog.at_level(logging.DEBUG):
        async with serving(lambda query: odd) as server, client_of(server, operation=0.1) as client:
            with pytest.raises(ApiError) as error:
                await client.modify_phone_number("i", "1", Usage.INBOUND)
            with pytest.raises(ApiError):
                await client.get_number_location("i", "1")
    out, err = capfd.readouterr()
    told = "\n".join([str(error.value), repr(error.value), caplog.text, out, err])
    assert not [secret for secret in SECRETS if secret in told]
    assert out == err == ""
