"""Every error is one line, of the right kind, and tells no secret."""

import pytest

from ccc_numbers.api.errors import (
    ApiError,
    CccError,
    ConfigError,
    Conflict,
    Denied,
    InstanceNotRunning,
    Invalid,
    NotExists,
    Throttled,
    Unavailable,
    api_error,
    redacted,
)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("Throttling", 400, Throttled),
        ("Throttling.User", 400, Throttled),
        ("Throttling.Api", 400, Throttled),
        ("SomethingElse", 429, Throttled),
        ("NotExists.InstanceId", 404, NotExists),
        ("NotExists.DraftId", 404, NotExists),
        ("AlreadyExists.PhoneNumber", 409, Conflict),
        ("InUse.SkillGroup", 400, Conflict),
        ("AbnormalService.Creating", 403, InstanceNotRunning),
        ("AbnormalService.Ceased", 403, InstanceNotRunning),
        ("AbnormalService.Disabled", 403, InstanceNotRunning),
        ("Permission.SkillGroup", 403, Denied),
        ("NoPermission", 403, Denied),
        ("Forbidden.RAM", 403, Denied),
        ("InvalidAccessKeyId.NotFound", 404, Denied),
        ("InvalidAccessKeyId.Inactive", 400, Denied),
        ("InvalidAccessKeySecret", 400, Denied),
        ("SignatureDoesNotMatch", 400, Denied),
        ("InvalidSecurityToken.Expired", 400, Denied),
        ("InvalidTimeStamp.Expired", 400, Denied),
        ("Parameter.Enumeration", 400, Invalid),
        ("MissingInstanceId", 400, Invalid),
        ("InvalidVersion", 400, Invalid),
        ("InternalService.DB", 500, Unavailable),
        ("InternalService.Common", 200, Unavailable),
        ("InternalError", 500, Unavailable),
        ("ServiceUnavailable", 503, Unavailable),
        ("NeverHeardOf", 502, Unavailable),
        ("InvalidApi.NotFound", 404, ApiError),
        ("NeverHeardOf", 418, ApiError),
    ],
)
def test_each_code_of_ccc_has_its_kind(code: str, status: int, kind: type[ApiError]) -> None:
    assert type(api_error("AddPhoneNumbers", code, "text", http_status=status)) is kind


def test_every_kind_is_of_the_one_tree() -> None:
    assert all(
        issubclass(kind, CccError)
        for kind in (ConfigError, Throttled, Unavailable, Denied, NotExists, Conflict, Invalid)
    )


def test_a_server_error_may_have_happened_nevertheless() -> None:
    error = api_error("AddPhoneNumbers", "InternalService.DB", "broken", http_status=500)
    assert isinstance(error, Unavailable)
    assert error.may_have_happened


def test_an_error_says_operation_reason_code_status_and_request() -> None:
    error = api_error(
        "GetInstance",
        "NotExists.InstanceId",
        "The specified instance ccc-x does not exist.",
        http_status=404,
        request_id="4B1E",
    )
    assert str(error) == (
        "GetInstance: The specified instance ccc-x does not exist. "
        "(NotExists.InstanceId, HTTP 404, request 4B1E)"
    )


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("InvalidAccessKeyId.NotFound", "check ALIBABA_CLOUD_ACCESS_KEY_ID"),
        ("InvalidAccessKeySecret", "check ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        ("SignatureDoesNotMatch", "check ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        ("InvalidSecurityToken.Expired", "have expired: get new ones"),
        ("InvalidTimeStamp.Expired", "clock"),
        ("NoPermission", "grant this RAM identity ccc:AddPhoneNumbers"),
        ("Forbidden.RAM", "grant this RAM identity ccc:AddPhoneNumbers"),
    ],
)
def test_a_refused_key_comes_with_advice(code: str, advice: str) -> None:
    assert advice in str(api_error("AddPhoneNumbers", code, "You are not authorized.", http_status=403))


@pytest.mark.parametrize(
    "text",
    [
        "Max retries exceeded with url: /?AccessKeyId=LTAI5tSECRET99&Signature=s3cr3t%3D&SecurityToken=t0ken (Caused",
        "server string to sign is:POST&%2F&AccessKeyId%3DLTAI5tSECRET99%26Action%3DList s3cr3t t0ken",
        "server StringToSign is [ACS3 s3cr3t t0ken] server CanonicalRequest is [POST LTAI5tSECRET99]",
        "key LTAI5tSECRET99 is unknown",
        "AccessKeySecret: s3cr3t and security_token=t0ken",
        "cannot reach redis://user:s3cr3t@cache:6379/0",
        "session STS.NUgSECRET99abc has ended",
    ],
)
def test_no_secret_survives_in_a_message(text: str) -> None:
    shown = redacted(text)
    for secret in ("SECRET99", "s3cr3t", "t0ken"):
        assert secret not in shown


def test_a_message_is_one_line_of_bearable_length() -> None:
    shown = str(ApiError("X", "Code", "first\n\nsecond\t" + "x" * 5000))
    assert "\n" not in shown
    assert "first second" in shown
    assert len(shown) <= 400


def test_text_without_a_secret_stays() -> None:
    assert (
        redacted("number 02180001001 in ccc-acme (flow 主流程)")
        == "number 02180001001 in ccc-acme (flow 主流程)"
    )
