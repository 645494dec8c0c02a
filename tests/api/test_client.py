"""What comes back to the client, and what it tries again."""

import gc
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator

import pytest

from ccc_numbers.api import retry
from ccc_numbers.api.client import Client
from ccc_numbers.api.credentials import Keys
from ccc_numbers.api.errors import (
    ApiError,
    ConfigError,
    Denied,
    InstanceNotRunning,
    Invalid,
    NotExists,
    Throttled,
    Unavailable,
)
from ccc_numbers.api.rows import FlowType, Usage
from tests.api.clients import SECRETS, client_of, in_turn
from tests.api.raw import CLOSE, HANG, Answer, Query, RawServer, ok, refused, response, serving

pytestmark = pytest.mark.usefixtures("short_waits")


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


async def test_the_numbers_ccc_did_not_take_are_returned() -> None:
    for data, failed in ((["1"], ("1",)), ([], ()), (None, ())):
        async with serving(lambda query, data=data: ok(data)) as server, client_of(server) as client:  # type: ignore[misc]
            assert await client.add_phone_numbers("i", ["1", "2"], Usage.INBOUND) == failed
            assert await client.remove_phone_numbers("i", ["1", "2"], force=True) == failed
        assert server.calls[1]["Force"] == "True"


async def test_an_instance_being_created_is_not_running() -> None:
    answer = refused("AbnormalService.Creating", "The instance i is being created.", 403)
    async with serving(lambda query: answer) as server, client_of(server) as client:
        with pytest.raises(InstanceNotRunning):
            await client.list_phone_numbers("i")


async def test_a_created_skill_group_has_the_display_name_ccc_leaves_out() -> None:
    answer = ok({"SkillGroupId": "sales@i", "Name": "sales", "InstanceId": "i", "MediaType": "AUDIO"})
    async with serving(lambda query: answer) as server, client_of(server) as client:
        group = await client.create_skill_group("i", "sales", "销售组")
    assert (group.id, group.display_name) == ("sales@i", "销售组")


async def test_a_request_too_long_for_the_gateway_is_named_so() -> None:
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


async def test_a_nonce_seen_before_is_signed_again() -> None:
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

        def ended(self, keys: Keys) -> None: ...

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


@pytest.fixture
def nothing_is_finalised() -> Iterator[None]:
    """What other tests left is not finalised in the depth of a nested answer, where no frame is left for it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


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
        response(b'{"Code": "OK", "Data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        response(b'{"Code": "OK", "Data": ' + b"1" * 5_000 + b"}"),
        b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"Code": "OK", "Data"',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"Cod',
        b"this is no HTTP at all\r\n\r\n",
        CLOSE,
    ],
)
@pytest.mark.usefixtures("nothing_is_finalised")
async def test_an_odd_answer_is_read_again_but_never_written_again(odd: bytes) -> None:
    closing: Answer = lambda query: odd  # noqa: E731
    async with serving(closing, close_after=True) as server, client_of(server) as client:
        with pytest.raises(Unavailable) as error:
            await client.modify_phone_number("i", "1", Usage.INBOUND)
        assert error.value.may_have_happened
        assert "\n" not in str(error.value)
        assert len(server.calls) == 1
    row = {"SkillGroupId": "g@i", "Name": "g"}
    async with serving(in_turn(odd, odd, ok(row)), close_after=True) as server, client_of(server) as client:
        assert (await client.get_skill_group("i", "g@i")).name == "g"
        assert len(server.calls) == 3


async def test_throttled_writes_are_repeated_and_nobody_hears_of_it(caplog: pytest.LogCaptureFixture) -> None:
    throttled = refused("Throttling.User", "Request was denied due to user flow control.")
    async with serving(in_turn(throttled, throttled, ok([]))) as server, client_of(server) as client:
        assert await client.add_phone_numbers("i", ["1"], Usage.INBOUND) == ()
    assert len(server.calls) == 3
    assert not [record for record in caplog.records if record.levelno > logging.DEBUG]


async def test_a_missing_answer_ends_the_wait_at_the_timeout() -> None:
    async with serving(lambda query: HANG) as server, client_of(server, read=0.2) as client:
        with pytest.raises(Unavailable, match="no answer in time") as error:
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert error.value.may_have_happened
    assert len(server.calls) == 1


async def test_a_deadline_ends_the_retries() -> None:
    async with (
        serving(lambda query: refused("Throttling.Api")) as server,
        client_of(server, operation=1) as client,
    ):
        with pytest.raises(Throttled):
            await client.modify_phone_number("i", "1", Usage.INBOUND)
    assert len(server.calls) >= 2


async def test_an_address_nobody_listens_at_is_one_line_soon(
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


# No secret is shown


@pytest.mark.parametrize(
    "odd",
    [
        refused("SignatureDoesNotMatch", "server string to sign is:POST&%2F&AccessKeyId%3DLTAI5tTestKeyId"),
        refused("InvalidAccessKeyId.NotFound", "The key LTAI5tTestKeyId is unknown", 404),
        response(b"<html>proxy error for /?AccessKeyId=LTAI5tTestKeyId&Signature=abc</html>", 502),
        CLOSE,
    ],
)
async def test_errors_and_logs_show_no_secret(
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
                await client.get_skill_group("i", "g@i")
    out, err = capfd.readouterr()
    told = "\n".join([str(error.value), repr(error.value), caplog.text, out, err])
    assert not [secret for secret in SECRETS if secret in told]
    assert out == err == ""
