"""Both signature recipes against published vectors, and what the gateway answers when they do not hold."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest

from ccc_numbers.simulator import signature
from ccc_numbers.simulator.request import Request
from tests.simulator.calling import LegacySdk, TeaSdk
from tests.simulator.inside import Inside, inside, query_request
from tests.support.simulator import Simulator, signed_query, start_simulator

LIST = {"InstanceId": "acme", "PageNumber": 1, "PageSize": 10}
KEYS = [
    {"id": "simulator", "secret": "simulator"},
    {"id": "asleep", "secret": "s", "active": False},
    {"id": "sts", "secret": "s", "securityToken": "token"},
    {"id": "old", "secret": "s", "securityToken": "token", "tokenExpired": True},
    {"id": "reader", "secret": "s", "user": "reader", "denied": ["AddPhoneNumbers"]},
]
SEED = {"accessKeys": KEYS, "instances": {"acme": {}}}

BUSINESS = {
    "InstanceId": "ccc-test",
    "Usage": "Bidirection",
    "ContactFlowId": "78128960-bb00-4ddc-8a82-923a8c5bd22d",
    "NumberList": '["01012345678", "4001234567"]',
}
NONCE = "0123456789abcdef0123456789abcdef"
V3_HEADERS = {
    "accept": "application/json",
    "host": "ccc.cn-shanghai.aliyuncs.com",
    "user-agent": "ccc-vector",
    "x-acs-action": "AddPhoneNumbers",
    "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "x-acs-credentials-provider": "static_ak",
    "x-acs-date": "2026-01-02T03:04:05Z",
    "x-acs-signature-nonce": NONCE,
    "x-acs-version": "2020-07-01",
}


def test_a_v1_signature_of_the_legacy_sdk() -> None:
    parameters = BUSINESS | {
        "AccessKeyId": "testid",
        "Action": "AddPhoneNumbers",
        "Format": "JSON",
        "RegionId": "cn-shanghai",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": NONCE,
        "SignatureType": "",
        "SignatureVersion": "1.0",
        "Timestamp": "2026-01-02T03:04:05Z",
        "Version": "2020-07-01",
    }
    text = signature.v1_string_to_sign("POST", parameters)
    assert text.startswith("POST&%2F&AccessKeyId%3Dtestid%26Action%3DAddPhoneNumbers%26ContactFlowId%3D")
    assert "NumberList%3D%255B%252201012345678%2522%252C%2520%25224001234567%2522%255D%26" in text
    assert signature.v1_signature("testsecret", text) == "nyOv85CWx/OsQl2pV+j+DZW6u/Y="


def test_the_vendors_published_v1_signature() -> None:
    query = (
        "Timestamp=2016-02-23T12:46:24Z&Format=XML&AccessKeyId=testid&Action=DescribeRegions"
        "&SignatureMethod=HMAC-SHA1&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"
        "&Version=2014-05-26&SignatureVersion=1.0"
    )
    text = signature.v1_string_to_sign("GET", dict(parse_qsl(query)))
    assert signature.v1_signature("testsecret", text) == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_a_v3_signature_of_the_newer_sdk() -> None:
    names = ";".join(sorted(V3_HEADERS))
    request = signature.v3_canonical_request("POST", BUSINESS, V3_HEADERS, names, b"")
    text = signature.v3_string_to_sign(request)
    assert text.endswith("\n357cfeee3849642ee8b0709863beebdd3551c52ebffe8edd777a3f369656e2e3")
    expected = "91457437e4db3f2f8265b4cf828f2f9d7f78e6ae26a1ef74b9569c274a388ed5"
    assert signature.v3_signature("testsecret", text) == expected


def test_a_v3_signature_over_a_form_body() -> None:
    body = b"FlowPackageData=%7B%7D&InstanceId=ccc-test"
    headers = V3_HEADERS | {
        "content-type": "application/x-www-form-urlencoded",
        "x-acs-action": "ImportContactFlow",
        "x-acs-content-sha256": "176fd9d752d1e50c9a46ec5fd2bc09773de3df5df012c6ee92bdfaff15454d45",
    }
    request = signature.v3_canonical_request("POST", {}, headers, ";".join(sorted(headers)), body)
    expected = "0079f308249ecc60a94b7bac8f40183c4fd8fa7b9d1b98dee17507be62c894a2"
    assert signature.v3_signature("testsecret", signature.v3_string_to_sign(request)) == expected


@pytest.fixture(scope="module")
def world() -> Iterator[Inside]:
    with inside(SEED) as world:
        yield world


def v1(key: str = "simulator", secret: str = "simulator", **fields: str) -> Request:
    """A V1 request; `fields` are signed along, a blank one takes a field away before signing."""
    values = dict(parse_qsl(signed_query("POST", "ListPhoneNumbers", LIST, key, secret)))
    values |= fields
    values = {name: value for name, value in values.items() if value}
    text = signature.v1_string_to_sign("POST", values)
    return Request("POST", "/", values | {"Signature": signature.v1_signature(secret, text)}, {}, {}, b"")


def v3(key: str = "simulator", secret: str = "simulator", signed: str = "", **headers: str) -> Request:
    """A V3 request; header names with underscores; `signed` replaces the list of signed headers."""
    sent = V3_HEADERS | {
        "x-acs-action": "ListPhoneNumbers",
        "x-acs-date": now(),
        "x-acs-signature-nonce": uuid4().hex,
    }
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    query = {name: str(value) for name, value in LIST.items()}
    names = signed or ";".join(sorted(sent))
    text = signature.v3_string_to_sign(signature.v3_canonical_request("POST", query, sent, names, b""))
    proof = signature.v3_signature(secret, text)
    sent["authorization"] = f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={proof}"
    return Request("POST", "/", query, {}, sent, b"")


def now(minutes: float = 0) -> str:
    return f"{datetime.now(UTC) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


Change = Callable[[Request], Request]


def without(header: str) -> Change:
    return lambda request: replace(
        request, headers={name: value for name, value in request.headers.items() if name != header}
    )


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (lambda: v1(), 200, "OK"),
        (lambda: v1(Timestamp=now(14)), 200, "OK"),
        (lambda: v1(Timestamp=now(-14)), 200, "OK"),
        (lambda: v1(Timestamp=now(16)), 400, "InvalidTimeStamp.Expired"),
        (lambda: v1(Timestamp=now(-16)), 400, "InvalidTimeStamp.Expired"),
        (lambda: v1(Timestamp="yesterday"), 400, "InvalidTimeStamp.Format"),
        (lambda: v1(Timestamp="2026-13-02T03:04:05Z"), 400, "InvalidTimeStamp.Format"),
        (lambda: v1(Timestamp="0001-01-01T00:00:00Z"), 400, "InvalidTimeStamp.Expired"),
        (lambda: v1("nobody"), 404, "InvalidAccessKeyId.NotFound"),
        (lambda: v1("asleep", "s"), 400, "InvalidAccessKeyId.Inactive"),
        (lambda: v1("simulator", "wrong"), 400, "SignatureDoesNotMatch"),
        (lambda: v1("sts", "s"), 400, "MissingSecurityToken"),
        (lambda: v1("sts", "s", SecurityToken="token"), 200, "OK"),
        (lambda: v1("sts", "s", SecurityToken="other"), 400, "InvalidSecurityToken.MismatchWithAccessKey"),
        (lambda: v1("old", "s", SecurityToken="token"), 400, "InvalidSecurityToken.Expired"),
        (lambda: v1(SignatureMethod="HMAC-MD5"), 400, "InvalidSignatureMethod"),
        (lambda: v1(SignatureVersion="2.0"), 400, "InvalidSignatureVersion"),
        (lambda: v1(SignatureNonce=""), 400, "MissingSignatureNonce"),
        (lambda: v1(Timestamp=""), 400, "MissingTimestamp"),
        (lambda: v1(AccessKeyId=""), 400, "MissingAccessKeyId"),
        (lambda: v1(Format="CSV"), 400, "InvalidParameter.Format"),
        (lambda: v1(Action=""), 400, "MissingAction"),
        (lambda: v1(Action="ListNothing"), 404, "InvalidApi.NotFound"),
        (lambda: v1(Version=""), 400, "MissingVersion"),
        (lambda: v1(Version="2017-07-05"), 400, "InvalidVersion"),
        (lambda: v1("reader", "s", Action="AddPhoneNumbers"), 403, "NoPermission"),
        (lambda: query_request("Action=ListPhoneNumbers&Version=2020-07-01"), 400, "MissingSignature"),
        (lambda: replace(v1(), method="DELETE"), 400, "UnsupportedHTTPMethod"),
        (lambda: v3(), 200, "OK"),
        (lambda: v3("nobody"), 404, "InvalidAccessKeyId.NotFound"),
        (lambda: v3("simulator", "wrong"), 400, "SignatureDoesNotMatch"),
        (lambda: v3("sts", "s", x_acs_security_token="token", x_acs_accesskey_id="sts"), 200, "OK"),
        (lambda: v3("sts", "s"), 400, "MissingSecurityToken"),
        (lambda: v3(x_acs_date=now(-16)), 400, "InvalidTimeStamp.Expired"),
        (lambda: v3(x_acs_date=""), 400, "MissingTimestamp"),
        (lambda: v3(x_acs_signature_nonce=""), 400, "MissingSignatureNonce"),
        (lambda: v3(x_acs_version="2017-07-05"), 400, "InvalidVersion"),
        (lambda: v3(signed="host;x-acs-date"), 400, "IncompleteSignature"),
        (
            lambda: replace(v3(), headers=v3().headers | {"authorization": "ACS3-X"}),
            400,
            "InvalidSignatureMethod",
        ),
        (lambda: without("x-acs-action")(v3()), 400, "MissingAction"),
        (lambda: replace(v3(), query=v3().query | {"PageSize": "20"}), 400, "SignatureDoesNotMatch"),
        (lambda: replace(v1(), query=v1().query | {"PageSize": "20"}), 400, "SignatureDoesNotMatch"),
        (lambda: replace(v3(), body=b"more"), 400, "SignatureDoesNotMatch"),
    ],
)
def test_the_gateway_answers(world: Inside, request_: Callable[[], Request], status: int, code: str) -> None:
    # Signed when it is sent: a request is good for 15 minutes, and a test run may be longer.
    answer = world.send(request_())
    assert (answer.status, answer.code) == (status, code), answer
    if code != "OK":
        assert set(answer.body) >= {"RequestId", "HostId", "Code", "Message", "Recommend"}


@pytest.mark.parametrize("signed", [v1, v3])
def test_a_nonce_is_good_once(world: Inside, signed: Callable[[], Request]) -> None:
    request = signed()
    assert world.send(request).code == "OK"
    assert world.send(request).code == "SignatureNonceUsed"


def test_a_denied_action_says_which(world: Inside) -> None:
    detail = world.send(v1("reader", "s", Action="AddPhoneNumbers")).body["AccessDeniedDetail"]
    assert detail["AuthAction"] == "ccc:AddPhoneNumbers"
    assert detail["AuthPrincipalDisplayName"] == "reader"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with start_simulator(SEED) as simulator:
        yield simulator


def test_the_legacy_sdk_is_told_its_secret_is_wrong(simulator: Simulator) -> None:
    """It finds its own string to sign in the message and rewrites the code: the message is as CCC's."""
    assert LegacySdk(simulator.endpoint, ("simulator", "wrong"))("GetInstance", InstanceId="acme").code == (
        "InvalidAccessKeySecret"
    )


def test_a_get_request_is_as_good(simulator: Simulator) -> None:
    status, answer = simulator.signed("GET", "GetInstance", {"InstanceId": "acme"})
    assert (status, answer["Code"]) == (200, "OK")


def test_the_newer_sdk_may_use_a_token(simulator: Simulator) -> None:
    assert TeaSdk(simulator.endpoint, ("sts", "s"), "token")("GetInstance", InstanceId="acme").code == "OK"
    refused = TeaSdk(simulator.endpoint, ("old", "s"), "token")("GetInstance", InstanceId="acme")
    assert refused.code == "InvalidSecurityToken.Expired"


@pytest.mark.parametrize("sdk", [LegacySdk, TeaSdk])
def test_any_text_survives_both_signatures(simulator: Simulator, sdk: type[Any]) -> None:
    text = "中文 * ~ + / ' ( ) ! & = % 😀 \\n"
    call = sdk(simulator.endpoint)
    name = sdk.__name__
    assert call("CreateSkillGroup", InstanceId="acme", Name=name, DisplayName=text).code == "OK"
    group = call("GetSkillGroup", InstanceId="acme", SkillGroupId=f"{name}@acme")
    assert group.data["DisplayName"] == text
