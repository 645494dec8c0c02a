"""Everything that can go wrong with CCC, as one tree with one root.

`str()` of each is one line that anybody may see: `redacted` removes control characters, keys, signatures, tokens and URL
queries. The codes are those of the CCC OpenAPI 2020-07-01 and of Alibaba Cloud's gateway before it.
"""

import re

from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.visible import visible

_LONGEST = 400

# Order matters: whole URL queries first, then single parameters, then bare key ids.
_SECRETS = (
    (re.compile(r"(/?\?)[^\s'\")]*(?:AccessKeyId|Signature|SecurityToken)=[^\s'\")]*"), r"\1…"),
    (
        re.compile(
            r"(?i)(access_?key_?id|access_?key_?secret|signature|security_?token)(=|%3D|: ?)[^\s&'\",;)]+"
        ),
        r"\1\2…",
    ),
    (re.compile(r"(?i)(external_?id|oidc_?token)(=|%3D)[^\s&'\",;)]+"), r"\1\2…"),
    (re.compile(r"(?i)(string ?to ?sign|CanonicalRequest) is ?:? ?.*"), r"\1 …"),
    (re.compile(r"\b(?:LTAI|STS\.)[A-Za-z0-9]{6,}"), "…"),
    (re.compile(r"(\w+://)[^\s/@]+:[^\s/@]+@"), r"\1…@"),
)


def redacted(text: str) -> str:
    """`text` as one visible line of at most 400 characters, without keys, signatures, tokens and URL queries."""
    line = " ".join(text.split())
    for pattern, replacement in _SECRETS:
        line = pattern.sub(replacement, line)
    line = visible(line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


class CccError(Exception):
    """The root: one line of plain English about CCC or the connection to it."""

    def __init__(self, message: str) -> None:
        super().__init__(redacted(message))

    @property
    def cause(self) -> str:
        """Equal for all failures that have one reason, so that it is reported once."""
        return str(self)


class ConfigError(CccError):
    """A setting that cannot work: region, endpoint, credentials, budget URL. No call was made."""


class WrongAccount(ConfigError):
    """The keys in use are of another account than `ccc:account` says, or nothing shows whose they are."""


class Incomplete(CccError):
    """A listing cannot be read whole (over CCC's 10,000 rows, or ever changing): better none than a part."""


class ApiError(CccError):
    """CCC or its gateway refused a call.

    `action` is the operation ("AddPhoneNumbers"), `code` CCC's error code ("NotExists.InstanceId") or our own
    word when there was none, `detail` its message. `http_status` and `request_id` are None when there was no
    answer. `may_have_happened` says whether a write may have been executed nevertheless: look before writing again.
    """

    def __init__(
        self,
        action: str,
        code: str,
        message: str,
        *,
        http_status: int | None = None,
        request_id: str | None = None,
        may_have_happened: bool = False,
    ) -> None:
        self.action = action
        self.code = redacted(code)
        self.detail = redacted(message)
        self.http_status = http_status
        self.request_id = request_id
        self.may_have_happened = may_have_happened
        status = f"HTTP {http_status}" if http_status else ""
        asides = (self.code, status, tr("request {id}", id=request_id) if request_id else "")
        said = tr("{text} ({aside})", text=self.detail, aside=", ".join(filter(None, asides)))
        super().__init__(f"{action}: {said}")


class Throttled(ApiError):
    """Refused by flow control: certainly not executed, to be tried again later."""


class Unavailable(ApiError):
    """No usable answer: a 5xx, a dropped connection, a timeout, something that is not JSON."""

    @property
    def cause(self) -> str:
        return tr("no usable answer")


class NotSeen(Unavailable):
    """CCC accepted a write, but its effect cannot be seen even after a while."""

    def __init__(self) -> None:
        super().__init__("Look", "NotSeen", tr("it was written but cannot be seen"), may_have_happened=True)


class Denied(ApiError):
    """The access key, its signature, its token or its permissions do not allow the call."""

    @property
    def cause(self) -> str:
        # A missing permission is one of its operation; keys are wrong for all of them.
        by_permission = self.code.startswith(("Permission", "NoPermission", "Forbidden"))
        return f"{self.code} {self.action}" if by_permission else self.code


class NotExists(ApiError):
    """An instance, number, flow, draft, skill group or user that is not there."""


class Conflict(ApiError):
    """It exists already, or is in use (AlreadyExists.*, InUse.*)."""


class InstanceNotRunning(ApiError):
    """The instance is being created, stopped or disabled (AbnormalService.*)."""

    @property
    def cause(self) -> str:
        return f"{self.code} {self.detail}"


class Invalid(ApiError):
    """A parameter CCC does not take (Parameter.*, Missing*, Invalid*)."""


SESSION_ENDED = "InvalidSecurityToken.Expired"

_ADVICE = {
    "InvalidAccessKeyId.NotFound": mark(
        "no such access key: check ALIBABA_CLOUD_ACCESS_KEY_ID or your profile"
    ),
    "InvalidAccessKeyId.Inactive": mark("this access key is disabled: enable it in RAM or use another"),
    "InvalidAccessKeySecret": mark("wrong secret for this access key: check ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    "SignatureDoesNotMatch": mark("signature refused: check ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    SESSION_ENDED: mark("the temporary credentials (STS token) have expired: get new ones"),
    "InvalidTimeStamp.Expired": mark("this machine's clock is more than 15 minutes off: set it right"),
    "NoPermission": mark("not allowed: grant this RAM identity ccc:{action}"),
    "Forbidden.RAM": mark("not allowed: grant this RAM identity ccc:{action}"),
}

# The first prefix that fits decides; "InvalidApi." is in no family on purpose.
_FAMILIES: tuple[tuple[str, type[ApiError]], ...] = (
    ("Throttling", Throttled),
    ("NotExists.", NotExists),
    ("AlreadyExists.", Conflict),
    ("InUse.", Conflict),
    ("AbnormalService.", InstanceNotRunning),
    ("Permission.", Denied),
    ("NoPermission", Denied),
    ("Forbidden", Denied),
    ("InvalidAccessKey", Denied),
    ("InvalidSecurityToken", Denied),
    ("SignatureDoesNotMatch", Denied),
    ("SignatureNonceUsed", Denied),
    ("InvalidTimeStamp", Denied),
    ("MissingSecurityToken", Denied),
    ("Parameter.", Invalid),
    ("Missing", Invalid),
    ("InvalidApi.", ApiError),
    ("InvalidProduct.", ApiError),
    ("InvalidProtocol.", ApiError),
    ("Invalid", Invalid),
)


def api_error(
    action: str, code: str, message: str, *, http_status: int | None = None, request_id: str | None = None
) -> ApiError:
    """The error of the tree that stands for CCC's `code` (and, without a known code, for the HTTP status)."""
    family = next((kind for prefix, kind in _FAMILIES if code.startswith(prefix)), None)
    if family is None and http_status == 429:
        family = Throttled
    unavailable = code.startswith(("InternalService.", "InternalError", "ServiceUnavailable"))
    if unavailable or (family is None and http_status is not None and http_status >= 500):
        return Unavailable(
            action, code, message, may_have_happened=True, http_status=http_status, request_id=request_id
        )
    advice = tr(_ADVICE[code], action=action) if code in _ADVICE else ""
    text = advice or message
    if advice and message:
        text = tr("{text} ({aside})", text=advice, aside=message.rstrip("."))
    return (family or ApiError)(action, code, text, http_status=http_status, request_id=request_id)
